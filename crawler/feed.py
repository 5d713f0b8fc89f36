"""Read what a site reports as new: RSS, Atom, JSON Feed, and the post list of the WordPress API.

Takes bytes; returns URLs with the time of their last change.
"""

from __future__ import annotations

import html
import json
import re
from collections.abc import Iterable, Sequence
from datetime import date
from email.utils import parsedate_to_datetime
from typing import Any

import lxml.etree

from .. import urls
from ..records import Hints
from .sitemap import FoundUrl, moment
from .xml_source import decoded, open_source

__all__ = ["is_feed", "more_posts", "posts_address", "read", "read_posts"]

_MOST = 1_000  # entries of one feed or post list (chosen by hand)
_A_PAGE = 100  # posts; the most that WordPress returns at once
_MOST_PAGES = 50  # of a post list: 5,000 posts, as many as the default of max_pages
_LONGEST_NAME = 200  # characters (chosen by hand)
_ROOTS = ("rss", "feed", "rdf")
_BASE = "{http://www.w3.org/XML/1998/namespace}base"
# Atom, dcterms, RSS, Atom, Dublin Core, Atom 0.3; the first that an entry has counts
_TIMES = ("updated", "modified", "pubDate", "published", "date", "issued")
# The texts of entries, in which unclosed HTML would swallow the entries after them. None of them is read.
_TEXT_TAG = re.compile(
    r"<(/?)((?:[\w.-]+:)?(?:description|encoded|summary|content|subtitle|item|entry))\b[^<>]*>", re.IGNORECASE
)
_END = re.compile(r"</(?:[\w.-]+:)?(?:item|entry)\s*>", re.IGNORECASE)


def is_feed(body: bytes) -> bool:
    """Whether a file is an RSS, Atom or JSON feed, by what it holds."""
    return open_source(body).root in _ROOTS or bool(_json_feed(body))


def read(body: bytes, url: str) -> list[FoundUrl]:
    """Return the entries of an RSS, Atom or JSON feed; empty if the body is not a feed.

    An entry whose end is missing is left out.
    """
    source = open_source(body)
    if source.root not in _ROOTS:
        return [found for item in _json_feed(body) if (found := _item(item, url))]
    text = _without_texts(source.text)
    ends = [match.end() for match in _END.finditer(text)][-1:]
    parser = lxml.etree.XMLParser(
        resolve_entities=False, no_network=True, huge_tree=False, recover=True, load_dtd=False,
        encoding="utf-8",
    )  # fmt: skip
    try:
        root = lxml.etree.fromstring(text[: ends[0] if ends else 0].encode("utf-8", "replace"), parser=parser)
    except (lxml.etree.LxmlError, ValueError):
        return []
    entries = [
        element
        for element in (root.iter() if root is not None else ())
        if _name(element) in ("item", "entry")
    ]
    pages = (_entry(entry, url) for entry in entries[:_MOST])
    return [page for page in pages if page]


def _entry(entry: lxml.etree._Element, url: str) -> FoundUrl | None:
    times: dict[str, float | None] = {}
    for child in entry:
        if (name := _name(child)) in _TIMES:
            times.setdefault(name, _time(child.text))
    page_url = _page_url(entry, url)
    changed = next((times[name] for name in _TIMES if times.get(name)), None)
    return FoundUrl(page_url, changed) if page_url else None


def _page_url(entry: lxml.etree._Element, url: str) -> str | None:
    """Return the URL of an entry's page: its link, else a permalink guid, else an id that is a URL."""
    found: dict[str, str] = {}
    for child in entry:
        if (name := _name(child)) in _POINTERS and (pointed := _POINTERS[name](child, url)):
            found.setdefault(name, pointed)
    return next((found[name] for name in _POINTERS if name in found), None)


def _original(element: lxml.etree._Element, _url: str) -> str | None:
    return _absolute(element.text)


def _link(element: lxml.etree._Element, url: str) -> str | None:
    if (element.get("rel") or "alternate") != "alternate":
        return None
    pointed = (element.text or "").strip() or element.get("href")
    return urls.canonical(pointed, _base(element, url)) if pointed else None


def _permalink(element: lxml.etree._Element, _url: str) -> str | None:
    is_link = (element.get("isPermaLink") or "true").strip().lower() != "false"  # RSS 2.0: true if not said
    return _absolute(element.text) if is_link else None


# What may name the page of an entry, the best first. origLink is FeedBurner's, behind its own redirect.
_POINTERS = {"origLink": _original, "link": _link, "guid": _permalink, "id": _original}


def _without_texts(text: str) -> str:
    """Leave out the texts of entries; one that is not closed ends with its entry."""
    kept: list[str] = []
    inside, start = "", 0
    for tag in _TEXT_TAG.finditer(text):
        closing, name = bool(tag[1]), tag[2].lower()
        is_entry = name.rpartition(":")[2] in ("item", "entry")
        if inside and closing and (is_entry or name == inside):
            inside, start = "", tag.start() if is_entry else tag.end()
        elif not inside and not closing and not is_entry and not tag[0].endswith("/>"):
            kept.append(text[start : tag.start()])
            inside = name
    return "".join(kept) + ("" if inside else text[start:])


def _base(element: lxml.etree._Element, url: str) -> str:
    """Return the base URL of an element: the xml:base attributes above it, one applied to the other."""
    above = [element.get(_BASE), *(outer.get(_BASE) for outer in element.iterancestors())]
    for written in reversed([base for base in above if base]):
        url = urls.canonical(written, url) or url
    return url


def _absolute(text: str | None) -> str | None:
    written = (text or "").strip()
    return urls.canonical(written) if written.startswith(("http://", "https://")) else None


def _json_feed(body: bytes) -> list[dict[str, Any]]:
    """Return the items of a JSON Feed (jsonfeed.org, versions 1 and 1.1); empty if the body is none."""
    if not body[:_LONGEST_NAME].lstrip(b"\xef\xbb\xbf \t\r\n").startswith(b"{"):
        return []
    try:
        feed = json.loads(decoded(body))
    except (ValueError, RecursionError):
        return []
    version = str(feed.get("version")) if isinstance(feed, dict) else ""
    items = _listed(feed.get("items")) if "jsonfeed.org" in version else []
    return [item for item in items[:_MOST] if isinstance(item, dict)]


def _item(item: dict[str, Any], url: str) -> FoundUrl | None:
    written = item.get("url")
    page_url = urls.canonical(written, url) if isinstance(written, str) else _absolute(str(item.get("id")))
    changed = moment(str(item.get("date_modified"))) or moment(str(item.get("date_published")))
    return FoundUrl(page_url, changed) if page_url else None


def _name(element: lxml.etree._Element) -> str:
    return element.tag.rpartition("}")[2] if isinstance(element.tag, str) else ""


def _time(text: str | None) -> float | None:
    seconds = moment(text)
    if seconds is not None or not text:
        return seconds
    try:
        return parsedate_to_datetime(text.strip()).timestamp()
    except (ValueError, TypeError, OverflowError):
        return None


def posts_address(api: str, number: int = 1) -> str:
    """Return the URL of one page of the post list, in which the latest change comes first.

    `api` is the URL that a WordPress page names with rel="https://api.w.org/".
    """
    joined = "&" if "?" in api else "?"
    fields = "_fields=link,date,modified,modified_gmt,_links,_embedded&_embed=author,wp:term"
    return f"{api}wp/v2/posts{joined}per_page={_A_PAGE}&orderby=modified&{fields}" + (
        f"&page={number}" if number > 1 else ""
    )


def more_posts(url: str, pages: int, posts: Sequence[FoundUrl], since: float) -> list[FoundUrl]:
    """Return the further pages of a post list that has `pages` in all.

    `posts` holds the posts of the page at `url`. Empty if they do not fill that page, if the oldest of them
    has not changed after `since` (Unix seconds), or if `url` is itself a further page.
    """
    oldest = min((post.modified for post in posts if post.modified), default=0.0)
    if len(posts) < _A_PAGE or oldest <= since or "&page=" in url:
        return []
    return [FoundUrl(f"{url}&page={number}") for number in range(2, min(pages, _MOST_PAGES) + 1)]


def read_posts(body: bytes, url: str) -> list[FoundUrl]:
    """Return the posts in a response of WordPress with what it says about each; empty if it has none."""
    try:
        posts = json.loads(body)
    except (ValueError, RecursionError):
        return []
    entries = [post for post in posts if isinstance(post, dict)] if isinstance(posts, list) else []
    pages = (_post(post, url) for post in entries[:_MOST] if post.get("link"))
    return [page for page in pages if page]


def _post(post: dict[str, Any], url: str) -> FoundUrl | None:
    page_url = urls.canonical(str(post["link"]), url)
    embedded = post.get("_embedded")
    embedded = embedded if isinstance(embedded, dict) else {}
    terms = [term for group in _listed(embedded.get("wp:term")) for term in _listed(group)]
    hints = Hints(
        _day(post.get("date")),
        _day(post.get("modified")),
        _names(_listed(embedded.get("author"))),
        _names(terms),
    )
    return (
        FoundUrl(page_url, moment(str(post.get("modified_gmt"))), hints if hints != Hints() else None)
        if page_url
        else None
    )


def _listed(value: Any) -> list[Any]:
    return value if isinstance(value, list) else []


def _names(entries: Iterable[Any]) -> tuple[str, ...]:
    """Return the names of embedded entries, each once, as plain text; WordPress sends HTML entities."""
    names = (
        " ".join(html.unescape(str(entry["name"])).split())
        for entry in entries
        if isinstance(entry, dict) and entry.get("name")
    )
    return tuple(dict.fromkeys(name[:_LONGEST_NAME] for name in names if name))


def _day(value: Any) -> date | None:
    """Return the day of a time in the site's own time zone; None if it is malformed."""
    try:
        return date.fromisoformat(str(value)[:10])
    except ValueError:
        return None
