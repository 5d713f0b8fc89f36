"""The canonical URL of an article: the one its page claims, if that can be true; and the id made from it."""

from __future__ import annotations

import hashlib

from .. import urls
from .parsed_page import ParsedPage
from .site import SiteModel

__all__ = ["article_id", "believed_canonical"]


def believed_canonical(parsed_page: ParsedPage, model: SiteModel) -> str:
    """Return the canonical URL that the page claims if it can be true, else the page's own URL.

    A claimed URL cannot be true if it is on another site, is the home page, or is claimed by different pages.
    """
    claimed = parsed_page.canonical
    if not claimed or not urls.same_site(claimed, parsed_page.url) or claimed in model.shared_canonicals:
        return parsed_page.url
    return claimed if urls.path_of(claimed) != "/" else parsed_page.url


def article_id(canonical: str) -> str:
    """Return the id of an article: the first 20 hex digits of the SHA-256 of its canonical URL."""
    return hashlib.sha256(canonical.encode()).hexdigest()[:20]
