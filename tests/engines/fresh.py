"""A database or an index that nobody else uses, in servers that run; it goes afterwards."""

from __future__ import annotations

import uuid
from collections.abc import Iterator
from contextlib import contextmanager

import psycopg
from opensearchpy import OpenSearch

__all__ = ["database", "index"]


@contextmanager
def database(server: str) -> Iterator[str]:
    """Give the address of an empty database in "postgresql+psycopg://USER@HOST:PORT/"."""
    name = f"test_{uuid.uuid4().hex}"
    with psycopg.connect(server.replace("+psycopg", "") + "postgres", autocommit=True) as connection:
        connection.execute(f"CREATE DATABASE {name}")  # a name of ours
        yield server + name
        connection.execute(f"DROP DATABASE {name} WITH (FORCE)")


@contextmanager
def index(server: str) -> Iterator[str]:
    """Give the address of an index that is not there yet in "http://HOST:PORT"."""
    name = f"test-{uuid.uuid4().hex}"
    yield f"opensearch+{server}/{name}"
    with OpenSearch(hosts=[server]) as client:
        for one in client.indices.get_alias(index=f"{name}*"):
            client.indices.delete(index=one)
