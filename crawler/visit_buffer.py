"""The visit buffer between Scrapy and the frontier: takes entries in batches, writes visits in batches.

Visits are written in one short transaction once BATCH of them wait or the first has waited INTERVAL seconds.
"""

from __future__ import annotations

import time
from collections import deque
from collections.abc import Callable

from ..records import FrontierEntry, UrlKind, Visit
from .frontier import Frontier

__all__ = ["BATCH", "INTERVAL", "VisitBuffer"]

BATCH = 200  # visits (docs/decisions/0005)
INTERVAL = 0.5  # seconds (docs/decisions/0005)
_TAKEN = 32  # entries held at most; those held when a process dies are fetched again (chosen by hand)


class VisitBuffer:
    """One run's access to its frontier."""

    def __init__(self, frontier: Frontier, most: int, clock: Callable[[], float] = time.monotonic) -> None:
        """Hand out at most `most` pages; sitemaps, feeds and robots.txt are not counted."""
        self._frontier = frontier
        self._left = most
        self._clock = clock
        self._ready: deque[FrontierEntry] = deque()
        self._written: list[Visit] = []
        self._since = clock()
        self.variants = 0  # links refused because the frontier has too many queries of their path

    def next(self) -> FrontierEntry | None:
        """Return the next entry to fetch; None if none is ready now."""
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
        """Buffer the visit of an entry."""
        if not self._written:
            self._since = self._clock()
        self._written.append(visit)
        if len(self._written) >= BATCH:
            self.flush()

    def flush_if_due(self) -> None:
        """Write the buffered visits if the first has waited INTERVAL seconds."""
        if self._written and self._clock() - self._since >= INTERVAL:
            self.flush()

    def flush(self) -> None:
        """Write all buffered visits."""
        if self._written:
            self.variants += self._frontier.commit(self._written)
            self._written = []

    def pending(self) -> bool:
        """Whether there is something to fetch, or may still be."""
        if self._ready:
            return True
        self.flush()
        return self._left > 0 and self._frontier.has_waiting()
