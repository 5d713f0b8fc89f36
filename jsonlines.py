"""JSON lines as people hand them over: one value a line, empty lines passed over."""

from __future__ import annotations

import json
from collections.abc import Iterator
from typing import Any

from .errors import ConfigError

__all__ = ["read"]


def read(lines: Iterator[str]) -> Iterator[tuple[int, Any]]:
    """Give (line number, value) pairs; ConfigError names the line that is no JSON."""
    for number, line in enumerate(lines, 1):
        if line.strip():
            try:
                yield number, json.loads(line)
            except (ValueError, RecursionError) as error:
                raise ConfigError(f"line {number} is not JSON: {error}") from error
