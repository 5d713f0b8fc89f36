"""Limit how often a client may send requests, by the generic cell rate algorithm (GCRA, ITU-T I.371).

The table of clients is bounded. The library `limits` does not bound its table: it keeps an entry and a lock
for every client within the window, and wakes a thread every 10 ms to look for old ones (docs/decisions/0038).
"""

from __future__ import annotations

from collections import OrderedDict

__all__ = ["RateLimit"]

_MOST_CLIENTS = 10_000  # in the table; the one silent longest is dropped first (docs/decisions/0038)


class RateLimit:
    """Allows each client `rate` requests per second, and `burst` at once."""

    def __init__(self, rate: float, burst: int) -> None:
        self._interval = 1 / rate  # seconds
        self._ahead = burst * self._interval
        self._due: OrderedDict[str, float] = OrderedDict()  # client -> theoretical arrival time (GCRA)

    def wait(self, client: str, now: float) -> float:
        """Count a request and return 0, or return how many seconds too early it came, uncounted."""
        due = max(self._due.get(client, now), now) + self._interval
        early = due - now - self._ahead
        if early > 1e-9:
            return early
        self._due[client] = due
        self._due.move_to_end(client)
        if len(self._due) > _MOST_CLIENTS:
            self._due.popitem(last=False)
        return 0.0
