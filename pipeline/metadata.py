"""What the head of a page claims: JSON-LD and meta tags as plain values, not yet trusted.

What the site's list of posts claims (`Document.hints`) comes last.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from types import MappingProxyType
from typing import Any

from .. import urls
from .parsed_page import ParsedPage

__all__ = [
    "articles",
    "authors",
    "cited",
    "is_news",
    "people",
    "publisher",
    "reviewers",
    "site_names",
    "strings",
    "types",
]

NOBODY: Mapping[str, str] = MappingProxyType({})
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


def authors(parsed_page: ParsedPage, known: Mapping[str, str] = NOBODY) -> list[str]:
    """Return the author names that the metadata claims, in order, each once.

    `known` are the people whom other pages of the site define: id -> name. An author who is only referred to,
    by an id that no page defines, is the site's publisher if that is a person.
    """
    names = [
        name
        for node in articles(parsed_page)
        for key in ("author", "creator")
        for name in _people(parsed_page, node.get(key), known)
    ]
    names.extend(parsed_page.meta.get("author", ()))
    names.extend(parsed_page.meta.get("article:author", ()))
    for key in (
        "parsely-author",
        "sailthru.author",
        "cxenseparse:author",
        "og:article:author",
        "byl",
        "twitter:misc:written by",
    ):
        names.extend(parsed_page.meta.get(key, ()))
    for number in ("1", "2"):  # written by Yoast and Ghost for Slack's link previews
        if parsed_page.first(f"twitter:label{number}").lower() in _WRITTEN_BY:
            names.append(parsed_page.first(f"twitter:data{number}"))
    names.extend(parsed_page.hints.authors)
    return list(dict.fromkeys(name for name in names if name and not _is_address(name)))


def cited(parsed_page: ParsedPage) -> list[str]:
    """Return the author fields of bibliographic metadata, which write "Last, First"."""
    return [
        name
        for key in (
            "citation_author",
            "citation_authors",
            "dc.creator",
            "dcterms.creator",
            "bepress_citation_author",
        )
        for name in parsed_page.meta.get(key, ())
    ]


def reviewers(parsed_page: ParsedPage, known: Mapping[str, str] = NOBODY) -> list[str]:
    """Return the reviewer names that the metadata claims, in order, each once."""
    nodes = articles(parsed_page)
    return list(
        dict.fromkeys(name for node in nodes for name in _people(parsed_page, node.get("reviewedBy"), known))
    )


def people(parsed_page: ParsedPage) -> tuple[tuple[str, str], ...]:
    """Return the people whom a page defines under an id: (id, name)."""
    return tuple(
        dict.fromkeys(
            (str(node["@id"]), name)
            for node in parsed_page.data
            if types(node) & _PEOPLE and isinstance(node.get("@id"), str)
            for name in list(strings(node.get("name")))[:1]
        )
    )


def publisher(parsed_page: ParsedPage) -> str:
    """Return the name of the one person who publishes the site; "" if that is no person."""
    for node in parsed_page.data:
        if types(node) & {"website", "blog"}:
            for entry in _resolved(parsed_page, node.get("publisher") or node.get("author"), NOBODY):
                if isinstance(entry, dict) and types(entry) & _PEOPLE and not types(entry) & _ORGANISATIONS:
                    return next(strings(entry), "")
    return ""


def site_names(parsed_page: ParsedPage) -> list[str]:
    """Return the names of the site and of its firm in the page's head, its JSON-LD and its host name."""
    names = [
        parsed_page.first("og:site_name"),
        parsed_page.first("application-name"),
        parsed_page.first("apple-mobile-web-app-title"),
    ]
    for node in parsed_page.data:
        if types(node) & _SITES:
            names += [
                name for key in ("name", "alternateName", "legalName") for name in strings(node.get(key))
            ]
            names += [
                name
                for entry in _resolved(parsed_page, node.get("publisher"), NOBODY)
                if not (isinstance(entry, dict) and types(entry) & _PEOPLE)
                for name in strings(entry)
            ]
    host, _ = urls.host_port(parsed_page.url)
    labels = host.removeprefix("www.").split(".")
    return [*filter(None, names), labels[0], ".".join(labels), host]


def _people(parsed_page: ParsedPage, value: Any, known: Mapping[str, str]) -> Iterator[str]:
    """Yield the names in a JSON-LD value; `@id` references are followed, organisations are left out."""
    for entry in _resolved(parsed_page, value, known):
        if isinstance(entry, dict) and types(entry) & _ORGANISATIONS:
            continue
        if isinstance(entry, dict) and "name" not in entry and "@id" in entry:
            # refers to somebody whom no page defines
            yield from filter(None, (publisher(parsed_page),))
        yield from strings(entry)


def _resolved(parsed_page: ParsedPage, value: Any, known: Mapping[str, str]) -> Iterator[Any]:
    """Yield the members of a JSON-LD value with references replaced by what they refer to."""
    by_id = {
        node["@id"]: node for node in parsed_page.data if isinstance(node.get("@id"), str) and "name" in node
    }
    for entry in _listed(value):
        reference = entry.get("@id", entry.get("url", "")) if isinstance(entry, dict) else entry
        if isinstance(entry, dict) and "name" in entry:
            yield entry
        elif not isinstance(reference, str):
            continue
        elif reference in by_id:
            yield by_id[reference]
        elif reference in known:
            yield {"@type": "Person", "name": known[reference]}
        else:
            yield entry


def _is_address(name: str) -> bool:
    """Whether an author field holds a link or an id in place of a name."""
    return "://" in name or name.startswith(("/", "#", "http", "www."))


_WRITTEN_BY = frozenset(
    (
        "written by", "verfasst von", "escrito por", "écrit par", "geschreven door", "scritto da",
        "napisane przez", "написано автором", "автор", "yazan", "skrivet av", "skrevet av", "kirjoittanut",
        "napsal(a)", "autor", "作者", "執筆者", "글쓴이", "ditulis oleh", "szerző:", "scris de",
        "نوشته شده توسط",
    )
)  # fmt: skip
_PEOPLE = frozenset(("person", "physician", "dentist", "individualphysician"))
_SITES = frozenset(
    (
        "website organization newsmediaorganization medicalorganization localbusiness medicalbusiness "
        "medicalclinic corporation hospital"
    ).split()
)
_ORGANISATIONS = frozenset(
    (
        "organization corporation medicalorganization newsmediaorganization localbusiness "
        "medicalbusiness medicalclinic brand"
    ).split()
)


def _listed(value: Any) -> list[Any]:
    return value if isinstance(value, list) else [value] if value else []
