"""Scrapy's item pipeline as an adapter: passes each Visit to the visit buffer."""

from __future__ import annotations

from typing import Any

from ..records import Visit

__all__ = ["Sink"]


class Sink:
    """The only item pipeline of a crawl."""

    def __init__(self, crawler: Any) -> None:
        self._crawler = crawler

    @classmethod
    def from_crawler(cls, crawler: Any) -> Sink:
        """Build the pipeline; Scrapy calls this."""
        return cls(crawler)

    def process_item(self, item: Visit) -> Visit:
        """Record a visit in the visit buffer."""
        self._crawler.spider.visits.record(item)
        return item
