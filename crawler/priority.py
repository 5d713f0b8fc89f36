"""Which URLs are fetched first: those that look like articles. Pure functions."""

from __future__ import annotations

import re
from collections.abc import Mapping

from .. import urls

__all__ = ["FIRST", "FOUND", "SOON", "of_page"]

FIRST, FOUND, SOON = 1_000, 500, 100  # robots.txt; sitemaps and feeds; the start page
# three words or more, as in "low-back-pain"
_SLUG = re.compile(r"[a-z0-9]+(?:[-_][a-z0-9]+){2,}(?:\.\w{3,5})?/?$", re.IGNORECASE)
_DATED = re.compile(r"/(?:19|20)\d\d/\d\d?/")
_LISTS = re.compile(r"/(?:category|tag|author|archives?|page|topics?)(?:/|$)", re.IGNORECASE)
_SERVICE = re.compile(
    r"/(?:contact|about|privacy|terms|team|staff|login|cart|account|search)\b", re.IGNORECASE
)
# Weights chosen by hand. They only order what is fetched anyway, so that a run that is cut short already has
# the articles.
_LEARNED, _LOOKS, _ASIDE = 20, 10, -10


def of_page(url: str, depth: int, likely: Mapping[str, float]) -> int:
    """Return the priority of a page; higher is fetched first, and pages nearer to the start come first.

    It depends on the share of articles in the page's folder if `likely` has that, else on how the URL looks.
    """
    folder = urls.folder_of(url)
    if folder in likely:
        return round(_LEARNED * likely[folder]) - depth
    path = urls.path_of(url)
    if _SERVICE.search(path):
        return _ASIDE - depth
    looks = (_LOOKS if _SLUG.search(path) or _DATED.search(path) else 0) - (_LOOKS // 2 if "?" in url else 0)
    return (0 if _LISTS.search(path) else looks) - depth
