"""Read JSON lines as people write them: one value per line; empty lines are skipped."""

from __future__ import annotations

import json
import sys
from collections.abc import Iterator
from pathlib import Path
from typing import Any

from ..errors import ConfigError

__all__ = ["each", "of_file"]


def of_file(name: str) -> Iterator[tuple[int, Any]]:
    """Yield (line number, value) pairs of a file, or of stdin for "-".

    ConfigError if it cannot be read, or names a line that is not JSON.
    """
    for number, value in each(name):
        if isinstance(value, ConfigError):
            raise value
        yield number, value


def each(name: str) -> Iterator[tuple[int, Any]]:
    """Yield the pairs of `of_file`; the value of a line that is not JSON is the ConfigError that names it."""
    try:
        if name == "-":
            yield from _read(iter(sys.stdin))
            return
        with Path(name).open(encoding="utf-8", errors="surrogateescape") as file:
            yield from _read(iter(file))
    except (OSError, UnicodeDecodeError) as error:
        raise ConfigError(
            f"cannot read {name}: {getattr(error, 'strerror', None) or error}; check the path"
        ) from error


def _read(lines: Iterator[str]) -> Iterator[tuple[int, Any]]:
    for number, written in enumerate(lines, 1):
        line = written.removeprefix("\ufeff") if number == 1 else written  # as Windows programs save files
        if line.strip():
            try:
                line.encode()
                yield number, json.loads(line)
            except UnicodeEncodeError:
                yield number, ConfigError(f"line {number} is not UTF-8; save the file as UTF-8")
            except (ValueError, RecursionError) as error:
                yield number, ConfigError(f"line {number} is not JSON: {error}")
