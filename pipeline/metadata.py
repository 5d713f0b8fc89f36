"""What the head of a page claims: JSON-LD and meta tags as plain values, not yet trusted.

What the site's list of posts claims (`Document.hints`) comes last.
"""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

from .parsed_page import ParsedPage

__all__ = ["articles", "authors", "is_news", "reviewers", "strings", "types"]

# schema.org types whose properties describe the text of the page itself
_ARTICLES = frozenset(
    (
        "article newsarticle blogposting medicalwebpage scholarlyarticle "
        "medicalscholarlyarticle report techarticle "
        "healthtopiccontent socialmediaposting liveblogposting opinionnewsarticle analysisnewsarticle webpage"
    ).split()
)


def types(node: dict[str, Any]) -> set[str]:
    """Return the schema.org types of a JSON-LD object, in lower case and without prefix."""
    kinds = node.get("@type")
    return {
        str(kind).rsplit("/", 1)[-1].lower()
        for kind in (kinds if isinstance(kinds, list) else [kinds])
        if kind
    }


def articles(parsed_page: ParsedPage) -> list[dict[str, Any]]:
    """Return the JSON-LD objects that describe the article, WebPage objects last."""
    nodes = [node for node in parsed_page.data if types(node) & _ARTICLES]
    return sorted(nodes, key=lambda node: types(node) <= {"webpage"})


def is_news(parsed_page: ParsedPage) -> bool:
    """Whether a page calls itself news."""
    return bool(parsed_page.meta.get("news_keywords")) or any(
        "news" in kind for node in parsed_page.data for kind in types(node)
    )


def strings(value: Any) -> Iterator[str]:
    """Yield every text in a JSON-LD value: the value itself, the members of a list, the name of an object."""
    if isinstance(value, str):
        if value.strip():
            yield " ".join(value.split())
    elif isinstance(value, list):
        for entry in value:
            yield from strings(entry)
    elif isinstance(value, dict):
        yield from strings(value.get("name") or value.get("@value"))


def authors(parsed_page: ParsedPage) -> list[str]:
    """Return the author names that the metadata claims, in order, each once."""
    names = [
        name
        for node in articles(parsed_page)
        for key in ("author", "creator")
        for name in _people(parsed_page, node.get(key))
    ]
    names.extend(parsed_page.meta.get("author", ()))
    names.extend(name for name in parsed_page.meta.get("article:author", ()) if not name.startswith("http"))
    for key in (
        "parsely-author",
        "sailthru.author",
        "dc.creator",
        "dcterms.creator",
        "citation_author",
        "cxenseparse:author",
        "og:article:author",
        "byl",
        "twitter:misc:written by",
    ):
        names.extend(parsed_page.meta.get(key, ()))
    for number in ("1", "2"):  # written by Yoast and Ghost for Slack's link previews
        if parsed_page.first(f"twitter:label{number}").lower() in (
            "written by",
            "verfasst von",
            "escrito por",
            "écrit par",
            "geschreven door",
            "scritto da",
        ):
            names.append(parsed_page.first(f"twitter:data{number}"))
    names.extend(parsed_page.hints.authors)
    return list(dict.fromkeys(name for name in names if name))


def reviewers(parsed_page: ParsedPage) -> list[str]:
    """Return the reviewer names that the metadata claims, in order, each once."""
    return list(
        dict.fromkeys(
            name for node in articles(parsed_page) for name in _people(parsed_page, node.get("reviewedBy"))
        )
    )


def _people(parsed_page: ParsedPage, value: Any) -> Iterator[str]:
    """Yield the names in a JSON-LD value; `@id` references are followed, organisations are left out."""
    by_id = {
        node["@id"]: node for node in parsed_page.data if isinstance(node.get("@id"), str) and "name" in node
    }
    for entry in _listed(value):
        if isinstance(entry, dict):
            entry = by_id.get(entry.get("@id", ""), entry) if "name" not in entry else entry
            if types(entry) & _ORGANISATIONS:
                continue
        yield from strings(entry)


_ORGANISATIONS = frozenset(
    (
        "organization corporation medicalorganization newsmediaorganization localbusiness "
        "medicalbusiness medicalclinic brand"
    ).split()
)


def _listed(value: Any) -> list[Any]:
    return value if isinstance(value, list) else [value] if value else []
