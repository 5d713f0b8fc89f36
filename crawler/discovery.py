"""Where addresses come from: seeds, links of a page, sitemaps, feeds. Bytes in, addresses out."""

from __future__ import annotations

import gzip
import io
import re
import zlib
from collections.abc import Iterator
from dataclasses import dataclass, field

import lxml.etree
import lxml.html

from .. import urls
from .frontier import PAGE, ROBOTS, SITEMAP, Link

__all__ = ["MOST_URLS", "PageLinks", "feed_links", "page_links", "robots_sitemaps", "seeds", "sitemap_links"]

MOST_URLS = 50_000  # of one sitemap: the sitemaps standard's own limit
_MOST_BYTES = 50 * 1024 * 1024  # of one unpacked sitemap: the standard's own limit
_FIRST, _SOON = 1_000, 100  # priorities: discovery before pages, the home page before the rest
_FEED_TYPES = ("application/rss+xml", "application/atom+xml")
_REFRESH = re.compile(r"\s*[\d.]*\s*[;,]?\s*url\s*=\s*['\"]?\s*([^'\"\s>]+)", re.IGNORECASE)
_SITEMAP_LINE = re.compile(rb"^\s*sitemap\s*:\s*(\S+)", re.IGNORECASE | re.MULTILINE)


@dataclass(slots=True)
class PageLinks:
    """What a page points to, in canonical form, each once, in order."""

    pages: list[str] = field(default_factory=list)
    feeds: list[str] = field(default_factory=list)


def seeds(start: str) -> list[Link]:
    """Give the addresses a crawl of a site begins with."""
    origin = urls.origin(start)
    return [
        Link(f"{origin}/robots.txt", ROBOTS, 0, _FIRST),
        Link(f"{origin}/sitemap.xml", SITEMAP, 0, _FIRST),
        Link(start, PAGE, 0, _SOON),
    ]


def page_links(body: bytes, url: str, charset: str | None) -> PageLinks:
    """Find the links of a page: <a>, <area>, rel=next, rel=canonical, meta refresh; feeds of <link rel=alternate>.

    rel=nofollow and a robots "nofollow" are heeded.
    """
    found = PageLinks()
    root = _parsed(body, charset)
    if root is None:
        return found
    base = next((urls.canonical(b.get("href"), url) for b in root.iter("base") if b.get("href")), None) or url
    pages: dict[str, None] = {}
    for tag in root.iter("a", "area"):
        href = tag.get("href")
        if href and "nofollow" not in (tag.get("rel") or "").lower():
            pages[href.strip()] = None
    if _forbids_following(root):
        pages = {}
    feeds: dict[str, None] = {}
    for tag in root.iter("link"):
        rel, href = (tag.get("rel") or "").lower().split(), tag.get("href")
        if href and "alternate" in rel and (tag.get("type") or "").lower() in _FEED_TYPES:
            feeds[href.strip()] = None
        elif href and ("canonical" in rel or "next" in rel or ("alternate" in rel and tag.get("hreflang"))):
            pages[href.strip()] = None
    pages.update(dict.fromkeys(_refreshes(root)))
    found.pages = _canonical(pages, base)
    found.feeds = _canonical(feeds, base)
    return found


def _parsed(body: bytes, charset: str | None) -> lxml.html.HtmlElement | None:
    try:
        parser = lxml.html.HTMLParser(encoding=charset or "utf-8", remove_comments=True)
        return lxml.html.document_fromstring(body, parser=parser)
    except LookupError:
        return _parsed(body, None)
    except (lxml.etree.LxmlError, ValueError):
        return None


def _forbids_following(root: lxml.html.HtmlElement) -> bool:
    for tag in root.iter("meta"):
        words = {part.strip().lower() for part in (tag.get("content") or "").split(",")}
        if (tag.get("name") or "").lower() in ("robots", "clinicdex") and words & {"nofollow", "none"}:
            return True
    return False


def _refreshes(root: lxml.html.HtmlElement) -> Iterator[str]:
    for tag in root.iter("meta"):
        match = _REFRESH.match(tag.get("content") or "") if (tag.get("http-equiv") or "").lower() == "refresh" else None
        if match:
            yield match[1]


def _canonical(hrefs: dict[str, None], base: str) -> list[str]:
    return list(dict.fromkeys(found for href in hrefs if (found := urls.canonical(href, base))))


def robots_sitemaps(body: bytes, url: str) -> list[str]:
    """Give the sitemaps that a robots.txt names."""
    lines = (match.decode("utf-8", "replace") for match in _SITEMAP_LINE.findall(body))
    return list(dict.fromkeys(found for line in lines if (found := urls.canonical(line, url))))


def sitemap_links(body: bytes, url: str) -> tuple[list[str], list[str]]:
    """Read a sitemap or sitemap index, XML or plain text, gzipped or not: (pages, further sitemaps)."""
    body = _unpacked(body)
    root = _xml(body)
    if root is None:
        lines = body[: 2_100 * MOST_URLS].decode("utf-8-sig", "replace").split()
        return [found for line in lines[:MOST_URLS] if line.startswith("http") and (found := urls.canonical(line, url))], []
    pages: list[str] = []
    sitemaps: list[str] = []
    for element in root.iter():
        if not isinstance(element.tag, str) or (not element.tag.endswith("}loc") and element.tag != "loc"):
            continue
        found = urls.canonical(element.text or "", url)
        parent = element.getparent()
        holder = parent.tag if parent is not None else ""
        if found and len(pages) + len(sitemaps) < MOST_URLS:
            (sitemaps if str(holder).endswith("sitemap") else pages).append(found)
    return pages, sitemaps


def feed_links(body: bytes, url: str) -> list[str]:
    """Give the entries of an RSS or Atom feed."""
    root = _xml(body)
    found: list[str] = []
    for element in root.iter() if root is not None else ():
        name = element.tag.rsplit("}", 1)[-1] if isinstance(element.tag, str) else ""
        holder = element.getparent()
        entry = holder is not None and str(holder.tag).rsplit("}", 1)[-1] in ("item", "entry")
        if name == "link" and entry and (element.get("rel") or "alternate") == "alternate":
            found.append(element.text or element.get("href") or "")
    return list(dict.fromkeys(address for link in found[:MOST_URLS] if (address := urls.canonical(link, url))))


def _xml(body: bytes) -> lxml.etree._Element | None:
    """Parse without entities, network or DTD; None if this is no XML."""
    if not body.lstrip().startswith((b"<", b"\xef\xbb\xbf<")):
        return None
    parser = lxml.etree.XMLParser(resolve_entities=False, no_network=True, huge_tree=False, recover=True, load_dtd=False)
    try:
        return lxml.etree.fromstring(body, parser=parser)
    except lxml.etree.LxmlError:
        return None


def _unpacked(body: bytes) -> bytes:
    if not body.startswith(b"\x1f\x8b"):
        return body
    try:
        return gzip.GzipFile(fileobj=io.BytesIO(body)).read(_MOST_BYTES)
    except (OSError, EOFError, zlib.error):
        return b""
