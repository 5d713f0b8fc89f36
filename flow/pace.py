"""Which of the running crawls are slow, so that they do not hold up the others."""

from __future__ import annotations

import time
from collections.abc import Callable

from .summary import Progress

__all__ = ["MOST_SLOW", "Pace"]

MOST_SLOW = 8  # runs that may be open in addition, because others keep us waiting (chosen by hand)

# A run that finishes fewer pages in this time waits for its site nearly all of it. Both chosen by hand: at
# the usual second between two requests it would finish 20.
_WINDOW = 20.0  # seconds
_FEWEST = 5  # pages


class Pace:
    """How fast one run gets on; it is told the run's progress."""

    def __init__(self, tell: Callable[[Progress], None], clock: Callable[[], float] = time.monotonic) -> None:
        """Pass every progress report on to `tell`."""
        self._tell = tell
        self._clock = clock
        self._since = clock()
        self._before = self._now = 0
        self._was_slow = False

    def __call__(self, progress: Progress) -> None:
        """Take a progress report, and pass it on."""
        self._now = progress.visited + progress.extracted
        self._tell(progress)

    def is_slow(self) -> bool:
        """Whether the run has hardly got on lately; false in its first seconds."""
        if self._clock() - self._since >= _WINDOW:
            self._was_slow = self._now - self._before < _FEWEST
            self._since, self._before = self._clock(), self._now
        return self._was_slow
