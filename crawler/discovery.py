"""Where a crawl begins, and which addresses are worth a guess."""

from __future__ import annotations

from .. import urls
from .frontier import FEED, PAGE, ROBOTS, SITEMAP, Link
from .priority import FIRST, FOUND, SOON

__all__ = ["feed_guess", "seeds", "sitemap_guesses"]

# Where sitemaps lie when robots.txt names none: WordPress with the usual plugins, and WordPress by itself.
_USUAL = ("/sitemap.xml", "/sitemap_index.xml", "/wp-sitemap.xml")


def seeds(start: str) -> list[Link]:
    """Give the addresses a crawl of a site begins with."""
    return [Link(f"{urls.origin(start)}/robots.txt", ROBOTS, 0, FIRST), Link(start, PAGE, 0, SOON)]


def sitemap_guesses(origin: str, *, named: bool) -> list[Link]:
    """Give the sitemaps to try: /sitemap.xml, and the others when robots.txt named none."""
    return [Link(f"{origin}{path}", SITEMAP, 1, FOUND) for path in (_USUAL[:1] if named else _USUAL)]


def feed_guess(origin: str) -> Link:
    """Give the feed to try when the home page names none."""
    return Link(f"{origin}/feed/", FEED, 1, FOUND)
