"""Scrapy's scheduler as a thin adapter: requests come from the visit buffer; nothing else is queued."""

from __future__ import annotations

from typing import Any

from scrapy import Request, Spider
from scrapy.core.scheduler import BaseScheduler
from twisted.internet.task import LoopingCall

from ..records import FrontierEntry
from .visit_buffer import INTERVAL, VisitBuffer

__all__ = ["FrontierScheduler"]


class FrontierScheduler(BaseScheduler):
    """Hands the visit buffer's entries to Scrapy as requests."""

    _visits: VisitBuffer
    _spider: Any

    def open(self, spider: Spider) -> None:
        """Start writing the buffered visits as they fall due."""
        self._spider = spider
        self._visits = spider.visits  # type: ignore[attr-defined]
        self._writing = LoopingCall(self._visits.flush_if_due)
        self._writing.start(INTERVAL, now=False).addErrback(self._lost)

    def _lost(self, failure: Any) -> None:
        """Stop the crawl when visits can no longer be written (lease lost, disk full)."""
        self._spider.write_error = failure.value
        self._spider.crawler.stop()

    def close(self, reason: str) -> None:
        """Write the visits that are still buffered."""
        if not self._writing.running:
            return
        self._writing.stop()
        try:
            self._visits.flush()
        except Exception as error:  # noqa: BLE001  run.crawl raises it when the reactor has ended
            self._spider.write_error = error

    def has_pending_requests(self) -> bool:
        """Whether anything is left to fetch, or may still turn up."""
        return self._writing.running and self._visits.pending()

    def enqueue_request(self, request: Request) -> bool:
        """Refuse requests from spiders and middleware: links go to the frontier with their page."""
        return False

    def next_request(self) -> Request | None:
        """Return the next request; None if none is ready now."""
        entry = self._visits.next() if self._writing.running else None
        return self._request(entry) if entry else None

    def _request(self, entry: FrontierEntry) -> Request:
        headers = {"If-None-Match": entry.etag, "If-Modified-Since": entry.last_modified}
        return Request(
            entry.url,
            headers={name: value for name, value in headers.items() if value}
            | self._spider.spec.headers_for(entry.url),
            callback=self._spider.parse,
            errback=self._spider.failed,
            meta={"entry": entry} | self._spider.route,
            dont_filter=True,
        )
