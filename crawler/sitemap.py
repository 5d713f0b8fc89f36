"""Read sitemaps and sitemap indexes: XML or plain text, gzipped or not.

Takes bytes; returns URLs with the time of their last change.
"""

from __future__ import annotations

import gzip
import io
import re
import zlib
from collections.abc import Iterator
from datetime import UTC, datetime
from typing import NamedTuple, cast

import lxml.etree

from .. import urls
from ..records import Hints

__all__ = ["MOST_URLS", "FoundUrl", "moment", "named_in_robots", "read"]

MOST_URLS = 50_000  # of one sitemap: the limit of the sitemaps standard
_MOST_BYTES = 50 * 1024 * 1024  # of one unpacked sitemap: the limit of the sitemaps standard
_LONGEST_LINE = 2_100  # bytes (chosen by hand)
_LINE = re.compile(rb"^\s*sitemap\s*:\s*(\S+)", re.IGNORECASE | re.MULTILINE)
_ENTRIES = ("url", "sitemap")


class FoundUrl(NamedTuple):
    """A URL, and what the sitemap, feed or post list that contains it says about it."""

    url: str  # canonical
    modified: float | None = None  # time of the last change in Unix seconds; None if not stated
    hints: Hints | None = None


def named_in_robots(body: bytes, url: str) -> list[str]:
    """Return the URLs of the sitemaps that a robots.txt names."""
    lines = (match.decode("utf-8", "replace") for match in _LINE.findall(body))
    return list(dict.fromkeys(sitemap for line in lines if (sitemap := urls.canonical(line, url))))


def read(body: bytes, url: str) -> tuple[list[FoundUrl], list[FoundUrl]]:
    """Read a sitemap; return (pages, further sitemaps)."""
    stream = _Bounded(
        gzip.GzipFile(fileobj=io.BytesIO(body)) if body.startswith(b"\x1f\x8b") else io.BytesIO(body)
    )
    start = stream.peek().lstrip(b"\xef\xbb\xbf \t\r\n")
    return _xml(stream, url) if start.startswith(b"<") else (_lines(stream, url), [])


def moment(text: str | None) -> float | None:
    """Return a W3C date or time in Unix seconds; None if the text is not one.

    "2026-03-01" and "2026-03-01T10:00:00Z" are such times. A time without a zone is in UTC.
    """
    try:
        parsed = datetime.fromisoformat((text or "").strip())
        return (parsed if parsed.tzinfo else parsed.replace(tzinfo=UTC)).timestamp()
    except (ValueError, OverflowError):
        return None


class _Bounded(io.RawIOBase):
    """The first _MOST_BYTES of a stream; data that cannot be unpacked ends it."""

    def __init__(self, source: io.BytesIO | gzip.GzipFile) -> None:
        self._source = source
        self._left = _MOST_BYTES
        self._ahead = b""

    def peek(self) -> bytes:
        """Return the first bytes without consuming them."""
        self._ahead = self._ahead or self.read(64)
        return self._ahead

    def read(self, size: int = -1) -> bytes:
        """Consume and return bytes; empty at the end."""
        if self._ahead:
            ahead, self._ahead = self._ahead, b""
            return ahead
        try:
            data = self._source.read(min(size, self._left) if size >= 0 else self._left)
        except (OSError, EOFError, zlib.error):
            return b""
        self._left -= len(data)
        return data


def _xml(stream: _Bounded, url: str) -> tuple[list[FoundUrl], list[FoundUrl]]:
    by_kind: dict[str, list[FoundUrl]] = {name: [] for name in _ENTRIES}
    for name, location, modified in _entries(stream):
        entry_url = urls.canonical(location, url)
        if entry_url:
            by_kind[name].append(FoundUrl(entry_url, moment(modified)))
        if sum(map(len, by_kind.values())) >= MOST_URLS:
            break
    return by_kind["url"], by_kind["sitemap"]


def _entries(stream: _Bounded) -> Iterator[tuple[str, str, str | None]]:
    """Yield (name, loc, lastmod) of each entry while the file is parsed, without entities, DTD or network."""
    source = cast("io.BufferedIOBase", stream)
    events = lxml.etree.iterparse(
        source,
        events=("end",),
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
                if inner.get("loc"):
                    yield name, str(inner["loc"]), inner.get("lastmod")
                _drop(element)
    except (lxml.etree.LxmlError, ValueError):
        return


def _name(element: lxml.etree._Element) -> str:
    return element.tag.rpartition("}")[2] if isinstance(element.tag, str) else ""


def _drop(element: lxml.etree._Element) -> None:
    """Free an element and those before it, so that a long file is never in memory as a whole."""
    element.clear()
    parent = element.getparent()
    while parent is not None and element.getprevious() is not None:
        del parent[0]


def _lines(stream: _Bounded, url: str) -> list[FoundUrl]:
    lines = stream.read(64) + stream.read(_LONGEST_LINE * MOST_URLS)
    words = lines.decode("utf-8-sig", "replace").split()[:MOST_URLS]
    return [
        FoundUrl(page) for word in words if word.startswith("http") and (page := urls.canonical(word, url))
    ]
