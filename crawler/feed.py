"""What a site says is new: RSS, Atom, and the list of posts that WordPress answers. Bytes in, addresses with their time out."""

from __future__ import annotations

import json
from email.utils import parsedate_to_datetime

import lxml.etree

from .. import urls
from .sitemap import Found, moment

__all__ = ["posts_address", "read", "read_posts"]

_MOST = 1_000  # entries
_TIMES = ("updated", "modified", "pubDate", "published", "date", "issued")  # Atom, dcterms, RSS, Atom, Dublin Core, Atom 0.3; the first counts


def read(body: bytes, url: str) -> list[Found]:
    """Give the entries of an RSS or Atom feed; none if it is no feed."""
    parser = lxml.etree.XMLParser(resolve_entities=False, no_network=True, huge_tree=False, recover=True, load_dtd=False)
    try:
        root = lxml.etree.fromstring(body.lstrip(), parser=parser)
    except (lxml.etree.LxmlError, ValueError):
        return []
    entries = [element for element in (root.iter() if root is not None else ()) if _name(element) in ("item", "entry")]
    found = (_entry(entry, url) for entry in entries[:_MOST])
    return [one for one in found if one]


def _entry(entry: lxml.etree._Element, url: str) -> Found | None:
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
    return Found(address, changed) if address else None


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


def posts_address(api: str) -> str:
    """Give the address of the newest 100 posts below the API that a WordPress page names with rel="https://api.w.org/"."""
    joined = "&" if "?" in api else "?"
    return f"{api}wp/v2/posts{joined}per_page=100&orderby=modified&_fields=link,modified_gmt"


def read_posts(body: bytes, url: str) -> list[Found]:
    """Give the posts of WordPress's answer; none if it is something else."""
    try:
        posts = json.loads(body)
    except (ValueError, RecursionError):
        return []
    entries = [post for post in posts if isinstance(post, dict)] if isinstance(posts, list) else []
    found = ((urls.canonical(str(post["link"]), url), moment(str(post.get("modified_gmt")))) for post in entries[:_MOST] if post.get("link"))
    return [Found(address, time) for address, time in found if address]
