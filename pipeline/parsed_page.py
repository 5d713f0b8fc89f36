"""A page as one parsed tree, with the metadata of its head.

lxml parses the page once; every later stage walks this tree and none parses again.
"""

from __future__ import annotations

import json
import re
from collections.abc import Iterator
from dataclasses import dataclass, field
from typing import Any

import lxml.etree

from .. import urls
from ..records import Hints

__all__ = ["ParsedPage", "parse", "text_of"]

_LONG_TAG = 50_000  # characters; only the attributes of longer tags are counted; chosen by hand
# Attributes of one tag; libxml2 compares each with all before it (docs/measurements.md, attributes)
_MOST_ATTRIBUTES = 5_000
_QUOTED = re.compile(r"\"[^\"]*\"|'[^']*'")
_DEEPEST_GRAPH = 12  # levels of nested JSON-LD followed; schema.org articles nest 3 to 5
_SPACE = re.compile(r"\s+")


@dataclass(frozen=True, slots=True)
class ParsedPage:
    """A parsed page."""

    markup: str
    root: lxml.etree._Element
    url: str  # canonical form of the URL that the page came from
    title: str  # text of the <title> element, white space folded
    language: str | None  # <html lang> as written
    canonical: str | None  # <link rel=canonical> in canonical form, not yet believed
    # Name, property, itemprop or http-equiv in lower case -> contents in document order
    meta: dict[str, list[str]]
    data: list[dict[str, Any]] = field(default_factory=list)  # every JSON-LD object, flattened
    hints: Hints = field(default_factory=Hints)  # what the site's list of posts says about the page

    def first(self, *names: str) -> str:
        """Return the first non-empty meta content among names; "" if there is none."""
        return next((value for name in names for value in self.meta.get(name, ()) if value), "")


def parse(text: str, url: str, hints: Hints | None = None) -> ParsedPage | None:
    """Parse markup; return None if it holds nothing to parse, or if parsing it would take minutes."""
    if _is_hostile(text):
        return None
    parser = lxml.etree.HTMLParser(encoding="utf-8", remove_comments=True, remove_pis=True, huge_tree=True)
    try:
        root = lxml.etree.fromstring(text.encode("utf-8", "replace"), parser=parser)
    except (lxml.etree.LxmlError, ValueError):
        return None
    if root is None:
        return None
    return ParsedPage(
        markup=text,
        root=root,
        url=url,
        title=_folded(root.findtext(".//title") or ""),
        language=root.get("lang") or root.get("{http://www.w3.org/XML/1998/namespace}lang"),
        canonical=_canonical(root, url),
        meta=_meta(root),
        data=list(_json_ld(root)),
        hints=hints or Hints(),
    )


def _is_hostile(text: str) -> bool:
    """Whether a tag has so many attributes that parsing would take minutes."""
    ends = (piece for piece in text.split(">") if len(piece) > _LONG_TAG)
    tags = (piece[piece.rfind("<") :] for piece in ends)
    return any(len(tag) > _LONG_TAG and len(_QUOTED.sub("", tag).split()) > _MOST_ATTRIBUTES for tag in tags)


def text_of(element: lxml.etree._Element) -> str:
    """Return all text in an element, with white space as in the markup."""
    return "".join(map(str, element.itertext()))


def _folded(text: str) -> str:
    return _SPACE.sub(" ", text).strip()


def _canonical(root: lxml.etree._Element, url: str) -> str | None:
    for link in root.iter("link"):
        if "canonical" in (link.get("rel") or "").lower().split():
            return urls.canonical(link.get("href") or "", url)
    return None


def _meta(root: lxml.etree._Element) -> dict[str, list[str]]:
    contents: dict[str, list[str]] = {}
    for tag in root.iter("meta"):
        name = tag.get("name") or tag.get("property") or tag.get("itemprop") or tag.get("http-equiv")
        content = tag.get("content")
        if name and content:
            contents.setdefault(name.strip().lower(), []).append(_folded(content))
    return contents


def _json_ld(root: lxml.etree._Element) -> Iterator[dict[str, Any]]:
    for script in root.iter("script"):
        if "ld+json" in (script.get("type") or ""):
            yield from _objects(_loads(script.text or ""), 0)


def _loads(text: str) -> Any:
    """Parse JSON as sites write it: in an HTML comment, with raw newlines in strings; None if invalid."""
    text = text.strip().removeprefix("<!--").removesuffix("-->").strip().rstrip(";")
    try:
        return json.loads(text, strict=False)
    except (ValueError, RecursionError):
        return None


def _objects(value: Any, depth: int) -> Iterator[dict[str, Any]]:
    if depth > _DEEPEST_GRAPH:
        return
    if isinstance(value, list):
        for entry in value:
            yield from _objects(entry, depth + 1)
    elif isinstance(value, dict):
        yield value
        for entry in value.values():
            if isinstance(entry, list | dict):
                yield from _objects(entry, depth + 1)
