"""Read sitemaps and sitemap indexes: XML or plain text, gzipped or not. Feeds serve as sitemaps, too.

Takes bytes; returns URLs with the time of their last change.
"""

from __future__ import annotations

import io
import re
from collections.abc import Iterator
from dataclasses import dataclass, field
from datetime import UTC, datetime
from typing import NamedTuple

import lxml.etree

from .. import urls
from ..records import Hints
from .xml_source import XmlSource, decoded, open_source

__all__ = ["MOST_URLS", "FoundUrl", "Sitemap", "moment", "named_in_robots", "read"]

MOST_URLS = 50_000  # of one sitemap: the limit of the sitemaps standard
_LINE = re.compile(r"\s*sitemap\s*:\s*(\S+)", re.IGNORECASE)
_ENTRIES = ("url", "sitemap")
_END = re.compile(r"</(?:[\w.-]+:)?(?:url|sitemap)\s*>", re.IGNORECASE)
_MARKUP = ("html", "head", "body", "div", "p")  # roots of pages that are served in place of a sitemap


class FoundUrl(NamedTuple):
    """A URL, and what the sitemap, feed or post list that contains it says about it."""

    url: str  # canonical
    modified: float | None = None  # time of the last change in Unix seconds; None if not stated
    hints: Hints | None = None


@dataclass(frozen=True, slots=True)
class Sitemap:
    """What a sitemap lists."""

    pages: list[FoundUrl] = field(default_factory=list)
    sitemaps: list[FoundUrl] = field(default_factory=list)
    unreadable: int = 0  # entries that name no URL; 1 if nothing of the file could be read


def named_in_robots(body: bytes, url: str) -> list[str]:
    """Return the URLs of the sitemaps that a robots.txt names."""
    lines = (match[1] for line in decoded(body).splitlines() if (match := _LINE.match(line)))
    return list(dict.fromkeys(sitemap for line in lines if (sitemap := urls.canonical(line, url))))


def read(body: bytes, url: str, *, is_whole: bool = True) -> Sitemap:
    """Read a sitemap that is no feed; `is_whole` tells whether all of it was received."""
    source = open_source(body, is_whole=is_whole)
    if not source.root:
        return _lines(source, url)
    return _xml(source, url)


def moment(text: str | None) -> float | None:
    """Return a W3C date or time in Unix seconds; None if the text is not one.

    "2026-03-01" and "2026-03-01T10:00:00Z" are such times. A time without a zone is in UTC.
    """
    try:
        parsed = datetime.fromisoformat((text or "").strip())
        return (parsed if parsed.tzinfo else parsed.replace(tzinfo=UTC)).timestamp()
    except (ValueError, OverflowError):
        return None


def _xml(source: XmlSource, url: str) -> Sitemap:
    found = Sitemap()
    by_kind = {"url": found.pages, "sitemap": found.sitemaps}
    unreadable = 0
    for name, location, modified in _entries(source):
        entry_url = urls.canonical(location, url) if location else None
        if entry_url:
            by_kind[name].append(FoundUrl(entry_url, moment(modified)))
        unreadable += entry_url is None
        if len(found.pages) + len(found.sitemaps) >= MOST_URLS:
            break
    empty = not found.pages and not found.sitemaps and source.root not in (*_MARKUP, "urlset", "sitemapindex")
    return Sitemap(found.pages, found.sitemaps, unreadable or int(empty))


def _entries(source: XmlSource) -> Iterator[tuple[str, str | None, str | None]]:
    """Yield (name, loc, lastmod) of each entry while the file is parsed, without entities, DTD or network.

    An entry whose end is missing is left out: its URL may be half of one.
    """
    ends = [match.end() for match in _END.finditer(source.text)][-1:]
    events = lxml.etree.iterparse(
        io.BytesIO(source.text[: ends[0] if ends else 0].encode("utf-8", "replace")),
        events=("end",),
        encoding="utf-8",
        resolve_entities=False,
        no_network=True,
        load_dtd=False,
        huge_tree=False,
        recover=True,
    )
    try:
        for _, element in events:
            name = _name(element)
            if name in _ENTRIES:
                inner = {_name(child): child.text for child in element}
                yield name, (inner.get("loc") or "").strip() or None, inner.get("lastmod")
                _drop(element)
    except (lxml.etree.LxmlError, ValueError):
        return


def _name(element: lxml.etree._Element) -> str:
    return element.tag.rpartition("}")[2].lower() if isinstance(element.tag, str) else ""


def _drop(element: lxml.etree._Element) -> None:
    """Free an element and those before it, so that a long file is never in memory as a whole."""
    element.clear()
    parent = element.getparent()
    while parent is not None and element.getprevious() is not None:
        del parent[0]


def _lines(source: XmlSource, url: str) -> Sitemap:
    """Read a sitemap of plain lines; the last one is left out if its end is missing."""
    lines = [line.strip() for line in source.text.splitlines() if line.strip()]
    whole = lines if source.is_whole else lines[:-1]
    pages = [urls.canonical(line, url) for line in whole[:MOST_URLS] if line.startswith("http")]
    found = [FoundUrl(page) for page in pages if page]
    return Sitemap(found, [], len(pages) - len(found) if found else int(bool(lines)))
