"""Which addresses are asked for first: those that look like articles. Pure."""

from __future__ import annotations

import re
from collections.abc import Mapping

from .. import urls

__all__ = ["FIRST", "FOUND", "SOON", "of_page"]

FIRST, FOUND, SOON = 1_000, 500, 100  # seeds; sitemaps and feeds that were found; the home page
_SLUG = re.compile(
    r"[a-z0-9]+(?:[-_][a-z0-9]+){2,}(?:\.\w{3,5})?/?$", re.IGNORECASE
)  # "low-back-pain" and more: three words
_DATED = re.compile(r"/(?:19|20)\d\d/\d\d?/")
_LISTS = re.compile(r"/(?:category|tag|author|archives?|page|topics?)(?:/|$)", re.IGNORECASE)
_SERVICE = re.compile(
    r"/(?:contact|about|privacy|terms|team|staff|login|cart|account|search)\b", re.IGNORECASE
)
# Weights by hand; they only order what is fetched anyway, so that a run that is cut short has the articles.
_LEARNED, _LOOKS, _ASIDE = 20, 10, -10


def of_page(url: str, depth: int, likely: Mapping[str, float]) -> int:
    """Give the priority of a page: what was learned of its folder, else what its address looks like; nearer pages first."""
    folder = urls.folder_of(url)
    if folder in likely:
        return round(_LEARNED * likely[folder]) - depth
    path = urls.path_of(url)
    if _SERVICE.search(path):
        return _ASIDE - depth
    looks = (_LOOKS if _SLUG.search(path) or _DATED.search(path) else 0) - (_LOOKS // 2 if "?" in url else 0)
    return (0 if _LISTS.search(path) else looks) - depth
