"""What to crawl and how: all that a crawl needs to know beside its frontier."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field

__all__ = ["Order"]


@dataclass(frozen=True, slots=True)
class Order:
    """One crawl of one site."""

    start: str  # canonical URL of the site
    user_agent: str
    delay: float  # seconds between two requests to one host; 0 only for one's own machine
    timeout: float  # seconds for one answer
    max_bytes: int  # of one answer, after decompression
    max_pages: int  # addresses finished in one run
    allow: tuple[str, ...] = ()
    deny: tuple[str, ...] = ()
    allow_hosts: tuple[str, ...] = ()  # "host:port" or networks that may be fetched although not public
    proxy: str | None = None  # "http://host:port" that every request goes through
    likely: Mapping[str, float] = field(default_factory=dict)  # folder of the site -> share of its pages that are articles
