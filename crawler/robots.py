"""robots.txt, by RFC 9309: an error of ours (4xx) allows all, an error of the server's (5xx, no answer) forbids all.

Protego parses; the status rules, the size limit and the redirects are ours because Scrapy's middleware has none of them.
"""

from __future__ import annotations

import asyncio
import logging
from dataclasses import dataclass
from typing import Any

import protego
from scrapy import Request
from scrapy.exceptions import IgnoreRequest
from scrapy.http import Response
from scrapy.http.request import NO_CALLBACK

from .. import urls
from .frontier import ROBOTS

__all__ = ["AGENT", "Forbidden", "RobotsGate", "Rules", "rules_from"]

AGENT = "clinicdex"
_MOST_BYTES = 500 * 1024  # RFC 9309 §2.5: at least 500 kibibytes must be read
LONGEST_DELAY = 30.0  # seconds; a host that asks for more is left alone (docs/measurements.md, crawl-delay)
_MOST_REDIRECTS = 5  # RFC 9309 §2.3.1.2
_log = logging.getLogger(__name__)


class Forbidden(IgnoreRequest):
    """robots.txt forbids the address, or could not be had."""


@dataclass(frozen=True, slots=True)
class Rules:
    """What the robots.txt of one origin says."""

    parsed: protego.Protego | None  # None: `forbids_all` decides
    forbids_all: str | None = None  # why nothing may be fetched
    body: bytes = b""

    @property
    def delay(self) -> float:
        """Seconds between two requests that the host asks for; 0 if it asks for none."""
        return float((self.parsed.crawl_delay(AGENT) if self.parsed else None) or 0)

    def refusal(self, url: str) -> str | None:
        """Say why an address is not to be fetched; None if it may be."""
        if self.forbids_all:
            return self.forbids_all
        if self.delay > LONGEST_DELAY:
            return "crawl delay too long"
        if self.parsed is not None and not self.parsed.can_fetch(url, AGENT):
            return "robots"
        return None


def rules_from(status: int | None, body: bytes) -> Rules:
    """Read the answer to a request for robots.txt; status None means there was no answer."""
    if status is None or status >= 500 or status == 429:
        return Rules(None, "robots.txt unreachable")
    if status >= 300:
        return Rules(None)
    body = body[:_MOST_BYTES]
    return Rules(protego.Protego.parse(body.decode("utf-8-sig", "replace")), None, body)


class RobotsGate:
    """Scrapy downloader middleware: lets a request pass when the robots.txt of its origin allows it."""

    def __init__(self, crawler: Any) -> None:
        self._crawler = crawler
        self._rules: dict[str, asyncio.Future[Rules]] = {}

    @classmethod
    def from_crawler(cls, crawler: Any) -> RobotsGate:
        """Scrapy's way to build a middleware."""
        return cls(crawler)

    async def process_request(self, request: Request) -> Response | None:
        """Answer a request for robots.txt itself from what is known; refuse what it forbids."""
        if request.meta.get("gate_open"):
            return None
        rules = await self._of(urls.origin(request.url))
        entry = request.meta.get("entry")
        if entry is not None and entry.kind == ROBOTS:
            return Response(request.url, body=rules.body)
        reason = rules.refusal(request.url)
        if reason:
            raise Forbidden(reason)
        return None

    async def _of(self, origin: str) -> Rules:
        if origin not in self._rules:
            self._rules[origin] = asyncio.get_running_loop().create_future()
            rules = await self._fetched(f"{origin}/robots.txt")
            self._slow_down(origin, rules.delay)
            self._rules[origin].set_result(rules)
        return await self._rules[origin]

    def _slow_down(self, origin: str, delay: float) -> None:
        """Let the host wait as long as it asks; fetching robots.txt has made its slot."""
        slot = self._crawler.engine.downloader.slots.get(urls.host_port(origin)[0])
        if slot is not None and delay > slot.delay:
            slot.delay, slot.concurrency = delay, 1

    async def _fetched(self, url: str) -> Rules:
        for _ in range(_MOST_REDIRECTS + 1):
            request = Request(url, meta={"gate_open": True} | self._crawler.spider.route, callback=NO_CALLBACK, priority=1_000, dont_filter=True)
            try:
                response = await self._crawler.engine.download_async(request)
            except Exception as error:  # noqa: BLE001  whatever went wrong, there is no robots.txt
                _log.warning("robots url=%s error=%s", url, type(error).__name__)
                return rules_from(None, b"")
            location = response.headers.get("Location", b"").decode("latin-1")
            target = urls.canonical(location, url) if 300 <= response.status < 400 and location else None
            if target is None:
                return rules_from(response.status, response.body)
            url = target
        return rules_from(404, b"")  # RFC 9309 §2.3.1.2: too many redirects count as unavailable
