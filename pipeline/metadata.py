"""What the head of a page claims: JSON-LD and meta tags, read into plain values and not yet believed."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

from .document import Document

__all__ = ["articles", "authors", "strings", "types"]

# schema.org types whose properties describe the text of the page itself
_ARTICLES = frozenset(
    (
        "article newsarticle blogposting medicalwebpage scholarlyarticle medicalscholarlyarticle report techarticle "
        "healthtopiccontent socialmediaposting liveblogposting opinionnewsarticle analysisnewsarticle webpage"
    ).split()
)


def types(node: dict[str, Any]) -> set[str]:
    """Give the schema.org types of a JSON-LD object, in lower case without prefix."""
    kinds = node.get("@type")
    return {str(kind).rsplit("/", 1)[-1].lower() for kind in (kinds if isinstance(kinds, list) else [kinds]) if kind}


def articles(document: Document) -> list[dict[str, Any]]:
    """Give the JSON-LD objects that describe the article, WebPage objects last."""
    nodes = [node for node in document.data if types(node) & _ARTICLES]
    return sorted(nodes, key=lambda node: types(node) <= {"webpage"})


def strings(value: Any) -> Iterator[str]:
    """Give every text in a JSON-LD value: itself, the members of a list, the name of an object."""
    if isinstance(value, str):
        if value.strip():
            yield " ".join(value.split())
    elif isinstance(value, list):
        for entry in value:
            yield from strings(entry)
    elif isinstance(value, dict):
        yield from strings(value.get("name") or value.get("@value"))


def authors(document: Document) -> list[str]:
    """Give the author names that metadata claims, in order, each once."""
    by_id = {node["@id"]: node for node in document.data if isinstance(node.get("@id"), str) and "name" in node}
    names: list[str] = []
    for node in articles(document):
        for entry in _listed(node.get("author")) + _listed(node.get("creator")):
            if isinstance(entry, dict):
                entry = by_id.get(entry.get("@id", ""), entry) if "name" not in entry else entry
                if types(entry) & {"organization", "corporation", "medicalorganization", "newsmediaorganization"}:
                    continue
            names.extend(strings(entry))
    names.extend(document.meta.get("author", ()))
    names.extend(name for name in document.meta.get("article:author", ()) if not name.startswith("http"))
    for name in ("parsely-author", "sailthru.author", "dc.creator"):
        names.extend(document.meta.get(name, ()))
    return list(dict.fromkeys(name for name in names if name))


def _listed(value: Any) -> list[Any]:
    return value if isinstance(value, list) else [value] if value else []
