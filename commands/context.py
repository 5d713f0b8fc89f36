"""What commands share: the settings, the workspace, the index, and records on stdout."""

from __future__ import annotations

import atexit
import contextlib
import gc
import json
import os
from collections.abc import Iterator
from datetime import UTC, datetime
from typing import TYPE_CHECKING, Any

import click

if TYPE_CHECKING:
    from pathlib import Path

    from ..config import Config
    from ..flow.workspace import Workspace
    from ..index.engine import Reader

__all__ = ["config_of", "file_of", "json_line", "moment", "readable_by_others", "reader_of", "workspace_of"]


def config_of(ctx: click.Context) -> Config:
    """Return the settings: those of the settings file, the environment and the command line."""
    from .. import config

    return config.load(file_of(ctx), os.environ, {"data_dir": ctx.obj["data_dir"]})


def file_of(ctx: click.Context) -> Path | None:
    """Return the settings file: the one named on the command line, else the nearest from this folder upwards.

    None if there is none.
    """
    from pathlib import Path

    from .. import config

    named = ctx.obj["file"]
    return Path(named) if named else config.find(Path.cwd())


@contextlib.contextmanager
def workspace_of(ctx: click.Context) -> Iterator[Workspace]:
    """Open the workspace with this command's settings."""
    from ..flow.workspace import Workspace

    with Workspace(config_of(ctx)) as workspace:
        yield workspace


@contextlib.contextmanager
def reader_of(ctx: click.Context) -> Iterator[Reader]:
    """Open the index for searching, without a workspace."""
    from ..index.open import reader_at

    # The end of the process frees all that was loaded; searching it for cycles before that would take 20 ms.
    atexit.register(gc.freeze)
    with reader_at(config_of(ctx).index_url) as reader:
        yield reader


@contextlib.contextmanager
def readable_by_others(ctx: click.Context) -> Iterator[None]:
    """Let the files that are written meanwhile be as readable as the user's other files; they are for others.

    Everything else that clinicdex makes only its owner can read (cli.py).
    """
    private = os.umask(ctx.obj["umask"])
    try:
        yield
    finally:
        os.umask(private)


def json_line(value: Any) -> None:
    """Print a value as one line of JSON."""
    click.echo(json.dumps(value, ensure_ascii=False))


def moment(seconds: float | None) -> str | None:
    """Return Unix seconds as an ISO 8601 time in UTC; None for None or 0."""
    return datetime.fromtimestamp(seconds, UTC).isoformat(timespec="seconds") if seconds else None
