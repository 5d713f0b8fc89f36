"""Scrapy's item pipeline as an adapter: hand each Visit to the ledger, and count it."""

from __future__ import annotations

from typing import Any

from ..records import Visit

__all__ = ["Sink"]


class Sink:
    """The only item pipeline there is."""

    def __init__(self, crawler: Any) -> None:
        self._crawler = crawler

    @classmethod
    def from_crawler(cls, crawler: Any) -> Sink:
        """Scrapy's way to build a pipeline."""
        return cls(crawler)

    def process_item(self, item: Visit) -> Visit:
        """Write a visit into the ledger."""
        self._crawler.spider.visits.record(item)
        return item
