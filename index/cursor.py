"""Where a page of results ended, as a short text.

The next page begins after the last article of this one, whatever was added in between and wherever that
article ranks now. The score in the cursor is used only if the article is gone.
"""

from __future__ import annotations

import base64
from typing import NamedTuple

__all__ = ["Position", "read", "write"]


_LARGEST = 1e30  # above every score of an article; chosen by hand


class Position(NamedTuple):
    """The position of the last result of a page."""

    value: float  # its score, or its day number when sorted by date
    id: str


def write(position: Position) -> str:
    """Encode a position as text, without loss."""
    return (
        base64.urlsafe_b64encode(f"{float(position.value).hex()} {position.id}".encode("utf-8", "replace"))
        .decode()
        .rstrip("=")
    )


def read(text: str | None) -> Position | None:
    """Decode what `write` returned; None for anything else: the results then begin with the first."""
    if not text:
        return None
    try:
        value, _, id_ = base64.urlsafe_b64decode(f"{text}===").decode("utf-8").partition(" ")
        position = Position(float.fromhex(value), id_)
        return position if id_ and abs(position.value) < _LARGEST else None
    except (ValueError, OverflowError):
        return None
