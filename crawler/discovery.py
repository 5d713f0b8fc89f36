"""Where a crawl begins, and which sitemap and feed URLs are worth a guess."""

from __future__ import annotations

from collections.abc import Sequence

from .. import urls
from ..records import Link, UrlKind
from .priority import FIRST, FOUND, SOON

__all__ = ["feed_guess", "seeds", "sitemap_guesses"]

_TDMREP = "/.well-known/tdmrep.json"  # W3C TDM Reservation Protocol
# Where sitemaps usually are if robots.txt names none: WordPress with common plugins, and WordPress by itself.
_USUAL = ("/sitemap.xml", "/sitemap_index.xml", "/wp-sitemap.xml")


def seeds(start: str, further: Sequence[str] = ()) -> list[Link]:
    """Return the URLs that a crawl of a site begins with.

    They are its robots.txt, its text-mining reservations, its start page, and `further` pages, feeds or
    sitemaps that the owner named.
    """
    origin = urls.origin(start)
    return [
        Link(url=f"{origin}/robots.txt", kind=UrlKind.ROBOTS, depth=0, priority=FIRST),
        Link(url=f"{origin}{_TDMREP}", kind=UrlKind.TDMREP, depth=0, priority=FIRST),
        Link(url=start, kind=UrlKind.PAGE, depth=0, priority=SOON),
        *(Link(url=url, kind=UrlKind.START, depth=0, priority=SOON) for url in further if url != start),
    ]


def sitemap_guesses(origin: str, *, named: bool) -> list[Link]:
    """Return the sitemaps to try: /sitemap.xml always, the others only if robots.txt named none."""
    paths = _USUAL[:1] if named else _USUAL
    return [Link(url=f"{origin}{path}", kind=UrlKind.SITEMAP, depth=1, priority=FOUND) for path in paths]


def feed_guess(origin: str) -> Link:
    """Return the feed to try if the home page names none."""
    return Link(url=f"{origin}/feed/", kind=UrlKind.FEED, depth=1, priority=FOUND)
