"""The ledger between Scrapy and the frontier: takes entries in batches, writes visits in batches.

A visit waits at most INTERVAL seconds and BATCH fellows; then all are written in one short transaction.
"""

from __future__ import annotations

import time
from collections import deque
from collections.abc import Callable

from ..records import FrontierEntry, UrlKind, Visit
from .frontier import Frontier

__all__ = ["BATCH", "INTERVAL", "VisitBuffer"]

BATCH = 200  # visits
INTERVAL = 0.5  # seconds
_TAKEN = 32  # entries in hand; what is in hand when a process dies is fetched again


class VisitBuffer:
    """One run's view of its frontier."""

    def __init__(self, frontier: Frontier, most: int, clock: Callable[[], float] = time.monotonic) -> None:
        """Hand out at most `most` pages; sitemaps, feeds and robots.txt are not counted."""
        self._frontier = frontier
        self._left = most
        self._clock = clock
        self._ready: deque[FrontierEntry] = deque()
        self._written: list[Visit] = []
        self._since = clock()
        self.variants = 0  # links that were one query of their path too many

    def next(self) -> FrontierEntry | None:
        """Give the next entry to fetch; None if none is ready now."""
        if not self._ready and self._left > 0:
            self.flush()
            self._ready.extend(self._frontier.take(min(_TAKEN, self._left)))
        if not self._ready:
            return None
        entry = self._ready.popleft()
        if entry.kind is UrlKind.PAGE:
            self._left -= 1
        return entry

    def record(self, visit: Visit) -> None:
        """Note what became of an entry."""
        if not self._written:
            self._since = self._clock()
        self._written.append(visit)
        if len(self._written) >= BATCH:
            self.flush()

    def flush_if_due(self) -> None:
        """Write what has waited for INTERVAL."""
        if self._written and self._clock() - self._since >= INTERVAL:
            self.flush()

    def flush(self) -> None:
        """Write everything noted so far."""
        if self._written:
            self.variants += self._frontier.commit(self._written)
            self._written = []

    def pending(self) -> bool:
        """Tell whether there is or may still be something to fetch."""
        if self._ready:
            return True
        self.flush()
        return self._left > 0 and self._frontier.has_waiting()
