"""Find what a page points to: links, feeds, and the API of its WordPress. Takes bytes, returns URLs."""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass, field

import lxml.etree

from .. import urls
from ..robots_tags import META_NAMES, forbids_following, rules_for_us
from .encoding import in_utf_8

__all__ = ["PageLinks", "Seen", "of_page"]

_FEED_TYPES = ("application/rss+xml", "application/atom+xml", "application/feed+json")
_WORDPRESS = "https://api.w.org/"  # the link relation of the WordPress REST API handbook, "Discovery"
# WHATWG HTML, "shared declarative refresh steps": seconds, a separator, then the URL with or without "url="
_REFRESH = re.compile(
    r"""\s*(?:\d[\d.]*|\.[\d.]*)   # the time, which may be left out before a fraction
        (?:\s*[;,]\s*|\s+)          # the separator
        (?:url\s*=\s*)?             # the word may be left out
        (?:'([^']*)|"([^"]*)|(.+))   # the URL, to the closing quote if there is an opening one
    """,
    re.IGNORECASE | re.VERBOSE | re.DOTALL,
)
_LONGEST_REFRESH = 2_100  # characters (chosen by hand)
_MOST_SEEN = 200_000  # URLs remembered, about 40 MB


@dataclass(slots=True)
class PageLinks:
    """What a page points to: canonical URLs, each once, in page order."""

    pages: list[str] = field(default_factory=list)
    feeds: list[str] = field(default_factory=list)
    api: str | None = None  # root of a WordPress REST API


class Seen:
    """URLs met before in this run.

    Forgets all of them when there are too many: handling a URL again costs time, nothing else.
    """

    def __init__(self, most: int = _MOST_SEEN) -> None:
        self._most = most
        self._known: set[str] = set()

    def first(self, url: str) -> bool:
        """Whether a URL is met for the first time; it is remembered."""
        if url in self._known:
            return False
        if len(self._known) >= self._most:
            self._known.clear()
        self._known.add(url)
        return True


def of_page(
    body: bytes,
    url: str,
    charset: str | None,
    *,
    robots_headers: Sequence[str] = (),
    seen: Seen | None = None,
) -> PageLinks:
    """Return the links, feeds and WordPress API of a page.

    Links come from <a>, <area>, rel=next, rel=canonical, hreflang and meta refresh; feeds come from
    <link rel=alternate>. A "nofollow" is obeyed in rel, in a robots meta tag and in an X-Robots-Tag header
    (`robots_headers` holds its values). With `seen`, links met before in this run are left out.
    """
    markup, encoding = in_utf_8(body, charset)
    root = _parsed(markup)
    if root is None:
        return PageLinks()
    written = _Written(url, encoding)
    for tag in root.iter("a", "area", "link", "meta", "base"):
        written.add(tag)
    follow = not forbids_following(rules_for_us(robots_headers, written.robots))
    hrefs = {**(written.pages if follow else {}), **written.named}
    base = written.base
    return PageLinks(
        pages=_canonical(_unseen(hrefs, urls.origin(base), seen), base, encoding),
        feeds=_canonical(list(written.feeds), base, encoding),
        api=written.api,
    )


class _Written:
    """The links of a page as its HTML writes them, each once, in order."""

    def __init__(self, url: str, encoding: str) -> None:
        self._url = url
        self._encoding = encoding
        self.base = url
        self.pages: dict[str, None] = {}
        self.named: dict[str, None] = {}  # by <link> and <meta>: not subject to nofollow
        self.feeds: dict[str, None] = {}
        self.robots: list[str] = []  # contents of robots meta tags
        self.api: str | None = None

    def add(self, tag: lxml.etree._Element) -> None:
        """Record the link or the rule of one tag."""
        href = (tag.get("href") or "").strip()
        if tag.tag == "meta":
            self._add_meta(tag)
        elif not href:
            return
        elif tag.tag == "base":
            self.base = urls.canonical(href, self._url, self._encoding) or self._url
        elif tag.tag == "link":
            self._add_link(tag, href)
        elif "nofollow" not in (tag.get("rel") or "").lower():
            self.pages[href] = None

    def _add_link(self, tag: lxml.etree._Element, href: str) -> None:
        rel = (tag.get("rel") or "").lower().split()
        if "alternate" in rel and (tag.get("type") or "").lower() in _FEED_TYPES:
            self.feeds[href] = None
        elif _WORDPRESS in rel:
            self.api = urls.canonical(href, self.base)
        elif "canonical" in rel or "next" in rel or ("alternate" in rel and tag.get("hreflang")):
            self.named[href] = None

    def _add_meta(self, tag: lxml.etree._Element) -> None:
        if (tag.get("name") or "").lower() in META_NAMES:
            self.robots.append(tag.get("content") or "")
        if refresh := _refresh(tag):
            self.named[refresh] = None


def _parsed(markup: bytes) -> lxml.etree._Element | None:
    try:
        return lxml.etree.fromstring(
            markup, parser=lxml.etree.HTMLParser(encoding="utf-8", remove_comments=True)
        )
    except (lxml.etree.LxmlError, ValueError):
        return None


def _refresh(meta: lxml.etree._Element) -> str | None:
    """Return the URL of a meta refresh; None if the tag is none, or only loads its page again."""
    if (meta.get("http-equiv") or "").strip().lower() != "refresh":
        return None
    match = _REFRESH.match((meta.get("content") or "")[:_LONGEST_REFRESH])
    return next((url.strip() for url in match.groups() if url), None) if match else None


def _unseen(hrefs: dict[str, None], origin: str, seen: Seen | None) -> list[str]:
    """Leave out links met before; hrefs relative to the page are kept, as they differ from page to page."""
    if seen is None:
        return list(hrefs)
    return [href for href in hrefs if not href.startswith(("/", "http")) or seen.first(f"{origin} {href}")]


def _canonical(hrefs: list[str], base: str, encoding: str) -> list[str]:
    return list(dict.fromkeys(url for href in hrefs if (url := urls.canonical(href, base, encoding))))
