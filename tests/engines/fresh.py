"""A new database or index in a running server; it is deleted afterwards."""

from __future__ import annotations

import uuid
from collections.abc import Iterator
from contextlib import contextmanager

import psycopg
from opensearchpy import OpenSearch

__all__ = ["database", "index"]


@contextmanager
def database(server: str) -> Iterator[str]:
    """Yield the URL of an empty database on the server "postgresql+psycopg://USER@HOST:PORT/"."""
    name = f"test_{uuid.uuid4().hex}"
    with psycopg.connect(server.replace("+psycopg", "") + "postgres", autocommit=True) as connection:
        connection.execute(f"CREATE DATABASE {name}")  # we made the name: no injection
        yield server + name
        connection.execute(f"DROP DATABASE {name} WITH (FORCE)")


@contextmanager
def index(server: str) -> Iterator[str]:
    """Yield the address of an index that does not exist yet on the server "http://HOST:PORT"."""
    name = f"test-{uuid.uuid4().hex}"
    yield f"opensearch+{server}/{name}"
    with OpenSearch(hosts=[server]) as client:
        for index_name in client.indices.get_alias(index=f"{name}*"):
            client.indices.delete(index=index_name)
