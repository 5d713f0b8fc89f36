"""What to crawl and how: all that a crawl needs to know in addition to its frontier."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field

from .. import urls
from ..records import RobotsAnswer

__all__ = ["ROBOTS_FRESH", "CrawlSpec", "CrawlTally"]

ROBOTS_FRESH = 86400.0  # seconds a robots.txt may be used without being fetched again (RFC 9309 §2.4)


@dataclass(frozen=True, slots=True, kw_only=True)
class CrawlSpec:
    """Instructions for one crawl of one site."""

    start: str  # canonical URL of the site
    user_agent: str
    delay: float  # seconds between two requests to one host; 0 only for a site on this machine
    timeout: float  # seconds for one response
    max_bytes: int  # of one response, after decompression
    max_pages: int  # pages fetched in one run
    starts: tuple[str, ...] = ()  # further pages, feeds and sitemaps to begin with
    # headers that only the origin of `start` gets; their values are never logged
    headers: tuple[tuple[str, str], ...] = field(default=(), repr=False)
    allow: tuple[str, ...] = ()
    deny: tuple[str, ...] = ()
    allow_hosts: tuple[str, ...] = ()  # "host:port" or networks that may be fetched although not public
    proxy: str | None = None  # "http://host:port" that every request goes through
    # folder of the site -> share of its pages that are articles
    likely: Mapping[str, float] = field(default_factory=dict)
    # URLs, and folders of URLs (`urls.is_under`), that are never fetched again
    forgotten: tuple[str, ...] = ()
    since: float = 0.0  # Unix seconds; pages that have not changed since then are known already
    robots: Mapping[str, RobotsAnswer] = field(default_factory=dict)  # origin -> its last robots.txt
    robots_age: float = 0.0  # seconds for which a robots.txt in `robots` is used without being fetched again

    def headers_for(self, url: str) -> dict[str, str]:
        """Return the owner's headers for a request; none for another origin than the site's."""
        return dict(self.headers) if self.headers and urls.origin(url) == urls.origin(self.start) else {}


@dataclass(frozen=True, slots=True, kw_only=True)
class CrawlTally:
    """Counts of what one crawl did."""

    requests: int
    bytes: int  # received
    dropped: Mapping[str, int]  # links not followed, by reason
    robots: Mapping[str, RobotsAnswer]  # origin -> the robots.txt fetched by this crawl
    opt_outs: Mapping[str, str]  # origin -> the text of its tdmrep.json; "" if it has none
