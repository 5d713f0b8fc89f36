"""Read what a site reports as new: RSS, Atom, and the post list of the WordPress API.

Takes bytes; returns URLs with the time of their last change.
"""

from __future__ import annotations

import html
import json
from collections.abc import Iterable, Sequence
from datetime import date
from email.utils import parsedate_to_datetime
from typing import Any

import lxml.etree

from .. import urls
from ..records import Hints
from .sitemap import FoundUrl, moment

__all__ = ["more_posts", "posts_address", "read", "read_posts"]

_MOST = 1_000  # entries of one feed or post list (chosen by hand)
_A_PAGE = 100  # posts; the most that WordPress returns at once
_MOST_PAGES = 50  # of a post list: 5,000 posts, as many as the default of max_pages
_LONGEST_NAME = 200  # characters (chosen by hand)
# Atom, dcterms, RSS, Atom, Dublin Core, Atom 0.3; the first that an entry has counts
_TIMES = ("updated", "modified", "pubDate", "published", "date", "issued")


def read(body: bytes, url: str) -> list[FoundUrl]:
    """Return the entries of an RSS or Atom feed; empty if the body is not a feed."""
    parser = lxml.etree.XMLParser(
        resolve_entities=False, no_network=True, huge_tree=False, recover=True, load_dtd=False
    )
    try:
        root = lxml.etree.fromstring(body.lstrip(), parser=parser)
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
    page_url: str | None = None
    times: dict[str, float | None] = {}
    for child in entry:
        name = _name(child)
        if name == "link" and (child.get("rel") or "alternate") == "alternate":
            pointed = (child.text or "").strip() or child.get("href")
            page_url = page_url or (urls.canonical(pointed, url) if pointed else None)
        elif name in _TIMES:
            times.setdefault(name, _time(child.text))
    changed = next((times[name] for name in _TIMES if times.get(name)), None)
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
