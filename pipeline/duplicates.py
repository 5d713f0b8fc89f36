"""Which of several URLs of one article is kept.

Two pages are duplicates only if their canonical URLs or their normalised texts are equal: medical texts are
never merged for being similar. The choice follows a rule and never depends on the order of arrival.
"""

from __future__ import annotations

import hashlib
from collections import Counter
from collections.abc import Iterable
from operator import attrgetter

from ..records import ArticleKeys
from .blocks import plain

__all__ = ["choose", "digest"]


def digest(text: str) -> str:
    """Return a key of a text that ignores case, white space and punctuation."""
    return hashlib.sha256(plain(text).encode()).hexdigest()[:32]


def choose(candidates: Iterable[ArticleKeys]) -> dict[str, str]:
    """Map the URL of every page to the URL that is kept for its article."""
    pages = sorted(candidates, key=lambda page: page.url)
    parent = {page.url: page.url for page in pages}

    def root(url: str) -> str:
        while parent[url] != url:
            parent[url] = parent[parent[url]]
            url = parent[url]
        return url

    for same in (attrgetter("canonical"), attrgetter("digest")):
        first: dict[str, str] = {}
        for page in pages:
            parent[root(page.url)] = root(first.setdefault(same(page), page.url))
    groups: dict[str, list[ArticleKeys]] = {}
    for page in pages:
        groups.setdefault(root(page.url), []).append(page)
    return {page.url: _best(group).url for group in groups.values() for page in group}


def _best(group: list[ArticleKeys]) -> ArticleKeys:
    """Return the page whose URL most others call canonical.

    Ties go to a page that calls itself canonical, then to a URL without a query, then to the shortest URL,
    then to the first in alphabetical order.
    """
    claims = Counter(page.canonical for page in group if page.canonical != page.url)
    return min(
        group,
        key=lambda page: (
            -claims[page.url],
            page.canonical != page.url,
            "?" in page.url,
            len(page.url),
            page.url,
        ),
    )
