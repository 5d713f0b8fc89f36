"""The versions of an article in other languages, as its page links them (hreflang)."""

from __future__ import annotations

from .. import urls
from ..records import Version
from .parsed_page import ParsedPage

__all__ = ["of"]

_MOST = 100  # versions of one article; chosen by hand


def of(parsed_page: ParsedPage, url: str) -> tuple[Version, ...]:
    """Return the other versions of the page at `url`, sorted by language, without "x-default"."""
    found: dict[str, str] = {}
    for link in parsed_page.root.iter("link"):
        language = (link.get("hreflang") or "").strip().lower()
        target = urls.canonical(link.get("href") or "", url)
        other = target and target not in (url, parsed_page.canonical)
        if "alternate" in (link.get("rel") or "").lower().split() and other and _is_tag(language):
            found.setdefault(language, str(target))
    return tuple(Version(language, found[language]) for language in sorted(found)[:_MOST])


def _is_tag(language: str) -> bool:
    """Whether a text may be a BCP 47 language tag."""
    parts = language.replace("_", "-").split("-")
    return language != "x-default" and 2 <= len(parts[0]) <= 3 and all(part.isalnum() for part in parts)
