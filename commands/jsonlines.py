"""Read JSON lines as people write them: one value per line; empty lines are skipped."""

from __future__ import annotations

import json
import sys
from collections.abc import Iterator
from pathlib import Path
from typing import Any

from ..errors import ConfigError

__all__ = ["of_file", "read"]


def of_file(name: str) -> Iterator[tuple[int, Any]]:
    """Yield (line number, value) pairs of a file, or of stdin for "-"; ConfigError if it cannot be read."""
    try:
        if name == "-":
            yield from read(iter(sys.stdin))
            return
        with Path(name).open(encoding="utf-8") as file:
            yield from read(iter(file))
    except (OSError, UnicodeDecodeError) as error:
        raise ConfigError(
            f"cannot read {name}: {getattr(error, 'strerror', None) or error}; check the path"
        ) from error


def read(lines: Iterator[str]) -> Iterator[tuple[int, Any]]:
    """Yield (line number, value) pairs; ConfigError names a line that is not JSON."""
    for number, written in enumerate(lines, 1):
        line = written.removeprefix("\ufeff") if number == 1 else written  # as Windows programs save files
        if line.strip():
            try:
                yield number, json.loads(line)
            except (ValueError, RecursionError) as error:
                raise ConfigError(f"line {number} is not JSON: {error}") from error
