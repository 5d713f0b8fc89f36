"""What the crawler needs of a frontier. The catalogue fills this Protocol; tests fill it with a list."""

from __future__ import annotations

from collections.abc import Sequence
from typing import NamedTuple, Protocol

from ..article import Hints, Page

__all__ = ["FEED", "MORE", "PAGE", "POSTS", "ROBOTS", "SITEMAP", "Entry", "Frontier", "Link", "Visit"]

PAGE, SITEMAP, FEED, POSTS, MORE, ROBOTS = "page", "sitemap", "feed", "posts", "more posts", "robots"


class Link(NamedTuple):
    """An address that was found."""

    url: str  # canonical
    kind: str  # PAGE, SITEMAP, FEED, POSTS, MORE (of a list of posts: asked for only when it is found) or ROBOTS
    depth: int  # links followed from a seed to get here, 0 for a seed
    priority: int  # higher is fetched first
    modified: float | None = None  # Unix seconds, as a sitemap or feed says
    hints: Hints | None = None  # of what a list of posts says of a page


class Entry(NamedTuple):
    """An address to fetch now."""

    id: int
    url: str
    kind: str
    depth: int
    tries: int  # earlier tries in this run that failed
    etag: str  # of the version we have; "" for none
    modified: str  # its Last-Modified; "" for none


class Visit(NamedTuple):
    """What became of one entry."""

    id: int
    outcome: str  # the HTTP status, or "robots", "refused", "timeout", "unreachable", "too large", "moved"
    page: Page | None  # None if there is nothing new to keep
    links: Sequence[Link] = ()
    retry_at: float | None = None  # Unix seconds; None if the entry is finished
    etag: str = ""  # validators for the next time
    last_modified: str = ""


class Frontier(Protocol):
    """The addresses of one site, held by one run."""

    def take(self, most: int) -> Sequence[tuple[int, str, str, int, int, str, str]]:
        """Take entries to fetch now (the fields of Entry), best first. They are not given again in this run unless they failed."""

    def commit(self, visits: Sequence[Visit]) -> int:
        """Write visits with their pages and links, all or nothing; count the links that were one query of their path too many.

        Raises if another run holds the site by now.
        """

    def has_waiting(self) -> bool:
        """Tell whether there are entries not yet taken, also such as wait for their next try."""
