"""What to crawl and how: all that a crawl needs to know beside its frontier."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field

from ..records import RobotsAnswer

__all__ = ["ROBOTS_FRESH", "CrawlSpec", "CrawlTally"]

ROBOTS_FRESH = 86400.0  # seconds a robots.txt may be used without a new one (RFC 9309 §2.4)


@dataclass(frozen=True, slots=True, kw_only=True)
class CrawlSpec:
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
    likely: Mapping[str, float] = field(
        default_factory=dict
    )  # folder of the site -> share of its pages that are articles
    forgotten: tuple[
        str, ...
    ] = ()  # addresses, and folders of them (`urls.is_under`), that are never fetched again
    since: float = 0.0  # Unix seconds; what has not changed since, is known
    robots: Mapping[str, RobotsAnswer] = field(default_factory=dict)  # origin -> the last robots.txt it gave
    robots_age: float = 0.0  # seconds for which a robots.txt is used without being asked for again


@dataclass(frozen=True, slots=True, kw_only=True)
class CrawlTally:
    """What one crawl did, counted."""

    requests: int
    bytes: int  # received
    dropped: Mapping[str, int]  # links not followed, by reason
    robots: Mapping[str, RobotsAnswer]  # origin -> the robots.txt that was fetched
