"""Results beyond what one request returns: each request continues where the last one ended."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

from .pointintime import PointInTime

__all__ = ["WINDOW", "walked"]

WINDOW = 10_000  # results of one request, OpenSearch's default (index.max_result_window)


def walked(state: PointInTime, body: dict[str, Any], most: int | None = None) -> Iterator[dict[str, Any]]:
    """Yield the results of a sorted search after its `search_after`, at most `most` (None: all)."""
    count = 0
    while most is None or count < most:
        size = WINDOW if most is None else min(WINDOW, most - count)
        rows = state.search(body | {"size": size})["hits"]["hits"]
        yield from rows
        if len(rows) < size:
            return
        count += size
        body = body | {"search_after": rows[-1]["sort"]}
