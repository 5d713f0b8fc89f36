"""How often a client may ask: the generic cell rate algorithm (ITU-T I.371), in a table of bounded size.

A library would do if one bounded its table: `limits` keeps an entry and a lock for every client that ever came within the window, and wakes a
thread every 10 ms to look for old ones (docs/decisions/0038).
"""

from __future__ import annotations

from collections import OrderedDict

__all__ = ["RateLimit"]

_MOST_CLIENTS = 10_000  # the longest silent goes first


class RateLimit:
    """So many requests a second for each client, and some at once."""

    def __init__(self, rate: float, burst: int) -> None:
        self._interval = 1 / rate  # seconds
        self._ahead = burst * self._interval
        self._due: OrderedDict[str, float] = OrderedDict()  # client -> when its requests so far are paid for

    def wait(self, client: str, now: float) -> float:
        """Count a request and give 0, or give how many seconds it comes too early."""
        due = max(self._due.get(client, now), now) + self._interval
        early = due - now - self._ahead
        if early > 1e-9:
            return early
        self._due[client] = due
        self._due.move_to_end(client)
        if len(self._due) > _MOST_CLIENTS:
            self._due.popitem(last=False)
        return 0.0
