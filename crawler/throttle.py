"""Set the delay between two requests to a host.

It is never shorter than its robots.txt and the owner ask for, longer when the host is slow, and much longer
when the host says that it is overloaded.
"""

from __future__ import annotations

import hashlib
from typing import Any

from scrapy import Request, signals
from scrapy.http import Response

__all__ = ["Throttle", "jitter", "next_delay"]

LONGEST = 60.0  # seconds between two requests to a host that says it is overloaded (chosen by hand)
_SHORTEST_AFTER_REFUSAL = 2.0  # seconds (chosen by hand)
_OVERLOADED = (429, 503)
_NOTHING = 0.05  # seconds; a shorter delay is treated as 0 (chosen by hand)
_JITTER = 0.25  # share of the delay that is added at most (chosen by hand)


def next_delay(floor: float, delay: float, latency: float, status: int) -> float:
    """Return the seconds to wait before the next request to a host.

    `floor` is the delay that the owner and robots.txt ask for, `delay` the current one, `latency` the seconds
    the host took to respond. Each 429 or 503 doubles the delay. Otherwise the delay moves half-way to the
    latency, as in Scrapy's AutoThrottle, so that the host works for us at most half of the time. With a floor
    of 0 (a site on this machine) the delay returns to 0.
    """
    if status in _OVERLOADED:
        return min(max(2 * delay, _SHORTEST_AFTER_REFUSAL, floor), max(LONGEST, floor))
    slower = (delay + latency) / 2 if floor else delay / 2
    return max(floor, slower if slower > _NOTHING else 0.0)


def jitter(url: str) -> float:
    """Return the factor, 1 to 1.25, that lengthens the delay after a URL; always the same for a URL."""
    return 1 + _JITTER * int.from_bytes(hashlib.blake2b(url.encode(), digest_size=4).digest(), "big") / 2**32


class Throttle:
    """Scrapy extension: sets the delay of a host's slot after each response."""

    def __init__(self, crawler: Any) -> None:
        self._crawler = crawler
        self._floor: float = crawler.settings.getfloat("DOWNLOAD_DELAY")
        self._delays: dict[str, float] = {}  # slot -> delay without jitter, in seconds
        self._asked: dict[str, float] = {}  # slot -> delay that robots.txt asks for, in seconds
        crawler.throttle = self
        crawler.signals.connect(self._answered, signal=signals.response_downloaded)

    @classmethod
    def from_crawler(cls, crawler: Any) -> Throttle:
        """Build the extension; Scrapy calls this."""
        return cls(crawler)

    def ask_for(self, slot: str, delay: float) -> None:
        """Set the crawl delay that a host's robots.txt asks for."""
        self._asked[slot] = delay
        self._set(slot, max(delay, self._floor), "")

    def _answered(self, response: Response, request: Request) -> None:
        slot = request.meta.get("download_slot", "")
        floor = max(self._floor, self._asked.get(slot, 0.0))
        before = self._delays.get(slot, floor)
        after = next_delay(floor, before, request.meta.get("download_latency", 0.0), response.status)
        if after != before or after:
            self._set(slot, after, request.url)

    def _set(self, name: str, delay: float, url: str) -> None:
        self._delays[name] = delay
        slot = self._crawler.engine.downloader.slots.get(name)
        if slot is not None:
            slot.delay = delay * jitter(url) if url else delay
            if delay:
                slot.concurrency = 1
