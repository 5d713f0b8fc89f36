"""Where a page of results ended, as a short text, so that the next page begins there whatever came in before it.

The article counts, wherever it is by now; its score only if it is gone.
"""

from __future__ import annotations

import base64
from typing import NamedTuple

__all__ = ["Position", "read", "write"]


_LARGEST = 1e30  # a score that no article has


class Position(NamedTuple):
    """The last result of a page."""

    value: float  # its score, or its day as a number
    id: str


def write(place: Position) -> str:
    """Write a place, without loss."""
    return (
        base64.urlsafe_b64encode(f"{float(place.value).hex()} {place.id}".encode("utf-8", "replace"))
        .decode()
        .rstrip("=")
    )


def read(text: str | None) -> Position | None:
    """Read what `write` wrote; None if it is anything else, and the results begin with the first."""
    if not text:
        return None
    try:
        value, _, id_ = base64.urlsafe_b64decode(f"{text}===").decode("utf-8").partition(" ")
        place = Position(float.fromhex(value), id_)
        return place if id_ and abs(place.value) < _LARGEST else None
    except (ValueError, OverflowError):
        return None
