"""Results beyond what one request gives, one after the other, each request going on where the last one ended."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

from .pointintime import PointInTime

__all__ = ["WINDOW", "walked"]

WINDOW = 10_000  # results of one request, OpenSearch's default (index.max_result_window)


def walked(state: PointInTime, body: dict[str, Any], most: int | None = None) -> Iterator[dict[str, Any]]:
    """Give the results of a sorted search from its `search_after` on, at most so many."""
    given = 0
    while most is None or given < most:
        size = WINDOW if most is None else min(WINDOW, most - given)
        rows = state.search(body | {"size": size})["hits"]["hits"]
        yield from rows
        if len(rows) < size:
            return
        given += size
        body = body | {"search_after": rows[-1]["sort"]}
