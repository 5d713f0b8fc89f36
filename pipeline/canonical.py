"""Which URL an article has: the one its page claims, where that can be true; and the id made of it."""

from __future__ import annotations

import hashlib

from .. import urls
from .document import Document
from .site import SiteModel

__all__ = ["article_id", "believed_canonical"]


def believed_canonical(document: Document, model: SiteModel) -> str:
    """Give the canonical URL the page claims where it can be true, else its own address.

    It cannot be true on another site, on the home page, or where different pages claim the same one.
    """
    claimed = document.canonical
    if not claimed or not urls.same_site(claimed, document.url) or claimed in model.shared_canonicals:
        return document.url
    return claimed if urls.path_of(claimed) != "/" else document.url


def article_id(canonical: str) -> str:
    """Give the id of an article: the first 20 hex digits of the SHA-256 of its canonical URL."""
    return hashlib.sha256(canonical.encode()).hexdigest()[:20]
