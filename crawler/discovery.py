"""Where a crawl begins, and which addresses are worth a guess."""

from __future__ import annotations

from .. import urls
from ..records import Link, UrlKind
from .priority import FIRST, FOUND, SOON

__all__ = ["feed_guess", "seeds", "sitemap_guesses"]

# Where sitemaps lie when robots.txt names none: WordPress with the usual plugins, and WordPress by itself.
_USUAL = ("/sitemap.xml", "/sitemap_index.xml", "/wp-sitemap.xml")


def seeds(start: str) -> list[Link]:
    """Give the addresses a crawl of a site begins with."""
    return [
        Link(url=f"{urls.origin(start)}/robots.txt", kind=UrlKind.ROBOTS, depth=0, priority=FIRST),
        Link(url=start, kind=UrlKind.PAGE, depth=0, priority=SOON),
    ]


def sitemap_guesses(origin: str, *, named: bool) -> list[Link]:
    """Give the sitemaps to try: /sitemap.xml, and the others when robots.txt named none."""
    paths = _USUAL[:1] if named else _USUAL
    return [Link(url=f"{origin}{path}", kind=UrlKind.SITEMAP, depth=1, priority=FOUND) for path in paths]


def feed_guess(origin: str) -> Link:
    """Give the feed to try when the home page names none."""
    return Link(url=f"{origin}/feed/", kind=UrlKind.FEED, depth=1, priority=FOUND)
