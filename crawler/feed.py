"""What a site says is new: RSS, Atom, and the list of posts that WordPress answers. Bytes in, addresses with their time out."""

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

_MOST = 1_000  # entries
_A_PAGE = 100  # posts; WordPress gives no more at once
_MOST_PAGES = 50  # of a list of posts: as many posts as pages are fetched of a site
_LONGEST_NAME = 200  # characters
_TIMES = (
    "updated",
    "modified",
    "pubDate",
    "published",
    "date",
    "issued",
)  # Atom, dcterms, RSS, Atom, Dublin Core, Atom 0.3; the first counts


def read(body: bytes, url: str) -> list[FoundUrl]:
    """Give the entries of an RSS or Atom feed; none if it is no feed."""
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
    found = (_entry(entry, url) for entry in entries[:_MOST])
    return [one for one in found if one]


def _entry(entry: lxml.etree._Element, url: str) -> FoundUrl | None:
    address: str | None = None
    times: dict[str, float | None] = {}
    for child in entry:
        name = _name(child)
        if name == "link" and (child.get("rel") or "alternate") == "alternate":
            pointed = (child.text or "").strip() or child.get("href")
            address = address or (urls.canonical(pointed, url) if pointed else None)
        elif name in _TIMES:
            times.setdefault(name, _time(child.text))
    changed = next((times[name] for name in _TIMES if times.get(name)), None)
    return FoundUrl(address, changed) if address else None


def _name(element: lxml.etree._Element) -> str:
    return element.tag.rpartition("}")[2] if isinstance(element.tag, str) else ""


def _time(text: str | None) -> float | None:
    found = moment(text)
    if found is not None or not text:
        return found
    try:
        return parsedate_to_datetime(text.strip()).timestamp()
    except (ValueError, TypeError, OverflowError):
        return None


def posts_address(api: str, number: int = 1) -> str:
    """Give the address of a page of the list of posts, newest change first, below the API that a WordPress page names with rel="https://api.w.org/"."""
    joined = "&" if "?" in api else "?"
    fields = "_fields=link,date,modified,modified_gmt,_links,_embedded&_embed=author,wp:term"
    return f"{api}wp/v2/posts{joined}per_page={_A_PAGE}&orderby=modified&{fields}" + (
        f"&page={number}" if number > 1 else ""
    )


def more_posts(url: str, pages: int, found: Sequence[FoundUrl], since: float) -> list[FoundUrl]:
    """Give the further pages of a list of posts that has `pages` in all; none if the oldest post on this one has not changed `since`."""
    oldest = min((one.modified for one in found if one.modified), default=0.0)
    if len(found) < _A_PAGE or oldest <= since or "&page=" in url:
        return []
    return [FoundUrl(f"{url}&page={number}") for number in range(2, min(pages, _MOST_PAGES) + 1)]


def read_posts(body: bytes, url: str) -> list[FoundUrl]:
    """Give the posts of WordPress's answer with what it says of each; none if it is something else."""
    try:
        posts = json.loads(body)
    except (ValueError, RecursionError):
        return []
    entries = [post for post in posts if isinstance(post, dict)] if isinstance(posts, list) else []
    found = (_post(post, url) for post in entries[:_MOST] if post.get("link"))
    return [one for one in found if one]


def _post(post: dict[str, Any], url: str) -> FoundUrl | None:
    address = urls.canonical(str(post["link"]), url)
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
        FoundUrl(address, moment(str(post.get("modified_gmt"))), hints if hints != Hints() else None)
        if address
        else None
    )


def _listed(value: Any) -> list[Any]:
    return value if isinstance(value, list) else []


def _names(entries: Iterable[Any]) -> tuple[str, ...]:
    """Give the names of what WordPress embeds, each once, as text: it sends them with HTML entities."""
    names = (
        " ".join(html.unescape(str(entry["name"])).split())
        for entry in entries
        if isinstance(entry, dict) and entry.get("name")
    )
    return tuple(dict.fromkeys(name[:_LONGEST_NAME] for name in names if name))


def _day(value: Any) -> date | None:
    """Read the day of a time as the site's own clock has it."""
    try:
        return date.fromisoformat(str(value)[:10])
    except ValueError:
        return None
