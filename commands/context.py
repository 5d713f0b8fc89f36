"""What commands have in common: the settings, the house, the index, a site by its name, and records on stdout."""

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

__all__ = ["config_of", "file_of", "json_line", "moment", "reader_of", "workspace_of"]


def config_of(ctx: click.Context) -> Config:
    """Read all settings."""
    from .. import config

    return config.load(file_of(ctx), os.environ, {"data_dir": ctx.obj["data_dir"]})


def file_of(ctx: click.Context) -> Path | None:
    """Give the settings file: the one named, else the one found from here upwards; None if there is none."""
    from pathlib import Path

    from .. import config

    given = ctx.obj["file"]
    return Path(given) if given else config.find(Path.cwd())


@contextlib.contextmanager
def workspace_of(ctx: click.Context) -> Iterator[Workspace]:
    """Open the house with them."""
    from ..flow.workspace import Workspace

    with Workspace(config_of(ctx)) as workspace:
        yield workspace


@contextlib.contextmanager
def reader_of(ctx: click.Context) -> Iterator[Reader]:
    """Open the index, and nothing else."""
    from ..index.open import reader_at

    atexit.register(
        gc.freeze
    )  # what was loaded goes with the process; looking through it for cycles before that takes 20 ms
    with reader_at(config_of(ctx).index_url) as reader:
        yield reader


def json_line(value: Any) -> None:
    """Print a record."""
    click.echo(json.dumps(value, ensure_ascii=False))


def moment(seconds: float | None) -> str | None:
    """Give Unix seconds as people and programs read them; None for None."""
    return datetime.fromtimestamp(seconds, UTC).isoformat(timespec="seconds") if seconds else None
