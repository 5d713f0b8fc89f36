"""What a page points to: links, feeds, and the API of its WordPress. Bytes in, addresses out."""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass, field

import lxml.etree

from .. import urls

__all__ = ["PageLinks", "Seen", "allows_following", "of_page"]

_FEED_TYPES = ("application/rss+xml", "application/atom+xml")
_WORDPRESS = "https://api.w.org/"  # the link relation of the WordPress REST API handbook, "Discovery"
_REFRESH = re.compile(r"\s*[\d.]*\s*[;,]?\s*url\s*=\s*['\"]?\s*([^'\"\s>]+)", re.IGNORECASE)
_AGENT = "clinicdex"
_VALUED = ("max-snippet", "max-image-preview", "max-video-preview", "unavailable_after")  # directives with a colon, no agents
_MOST_SEEN = 200_000  # addresses remembered, some 40 MB


@dataclass(slots=True)
class PageLinks:
    """What a page points to, in canonical form, each once, in order."""

    pages: list[str] = field(default_factory=list)
    feeds: list[str] = field(default_factory=list)
    api: str | None = None  # root of a WordPress REST API


class Seen:
    """Addresses met before in this run. Forgets everything when there are too many: to meet one again costs time, nothing else."""

    def __init__(self, most: int = _MOST_SEEN) -> None:
        self._most = most
        self._known: set[str] = set()

    def first(self, address: str) -> bool:
        """Tell whether an address is met for the first time, and remember it."""
        if address in self._known:
            return False
        if len(self._known) >= self._most:
            self._known.clear()
        self._known.add(address)
        return True


def of_page(body: bytes, url: str, charset: str | None, seen: Seen | None = None) -> PageLinks:
    """Find the links of a page: <a>, <area>, rel=next, rel=canonical, hreflang, meta refresh; feeds of <link rel=alternate>.

    rel=nofollow and a robots "nofollow" are heeded. With `seen`, links met before in this run are left out.
    """
    found = PageLinks()
    root = _parsed(body, charset)
    if root is None:
        return found
    pages: dict[str, None] = {}
    named: dict[str, None] = {}  # by the head: not subject to nofollow
    feeds: dict[str, None] = {}
    base, follow = url, True
    for tag in root.iter("a", "area", "link", "meta", "base"):
        href = (tag.get("href") or "").strip()
        if tag.tag in ("a", "area"):
            if href and "nofollow" not in (tag.get("rel") or "").lower():
                pages[href] = None
        elif tag.tag == "link" and href:
            rel = (tag.get("rel") or "").lower().split()
            if "alternate" in rel and (tag.get("type") or "").lower() in _FEED_TYPES:
                feeds[href] = None
            elif _WORDPRESS in rel:
                found.api = urls.canonical(href, base)
            elif "canonical" in rel or "next" in rel or ("alternate" in rel and tag.get("hreflang")):
                named[href] = None
        elif tag.tag == "meta":
            follow = follow and not _forbids_following(tag)
            if refresh := _refresh(tag):
                named[refresh] = None
        elif href:
            base = urls.canonical(href, url) or url
    new = _unseen({**(pages if follow else {}), **named}, urls.origin(base), seen)
    found.pages, found.feeds = _canonical(new, base), _canonical(list(feeds), base)
    return found


def _parsed(body: bytes, charset: str | None) -> lxml.etree._Element | None:
    try:
        return lxml.etree.fromstring(body, parser=lxml.etree.HTMLParser(encoding=charset or "utf-8", remove_comments=True))
    except LookupError:
        return _parsed(body, None)
    except (lxml.etree.LxmlError, ValueError):
        return None


def _forbids_following(meta: lxml.etree._Element) -> bool:
    if (meta.get("name") or "").lower() not in ("robots", _AGENT):
        return False
    return bool({part.strip().lower() for part in (meta.get("content") or "").split(",")} & {"nofollow", "none"})


def allows_following(told: Sequence[str]) -> bool:
    """Tell whether X-Robots-Tag headers let us follow links; what one tells another agent by name is not for us."""
    for value in told:
        agent, colon, rest = value.partition(":")
        named = bool(colon) and "," not in agent and agent.strip().lower() not in _VALUED
        if named and agent.strip().lower() != _AGENT:
            continue
        if {part.strip().lower() for part in (rest if named else value).split(",")} & {"nofollow", "none"}:
            return False
    return True


def _refresh(meta: lxml.etree._Element) -> str | None:
    match = _REFRESH.match(meta.get("content") or "") if (meta.get("http-equiv") or "").lower() == "refresh" else None
    return match[1] if match else None


def _unseen(hrefs: dict[str, None], origin: str, seen: Seen | None) -> list[str]:
    """Leave out what was met before, as far as an address means the same on every page."""
    if seen is None:
        return list(hrefs)
    return [href for href in hrefs if not href.startswith(("/", "http")) or seen.first(f"{origin} {href}")]


def _canonical(hrefs: list[str], base: str) -> list[str]:
    return list(dict.fromkeys(found for href in hrefs if (found := urls.canonical(href, base))))
