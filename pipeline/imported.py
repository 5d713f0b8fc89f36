"""Build an article from a JSON record of another system, without extraction."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import replace
from typing import Any

from .. import urls
from ..records import Article, Person, from_record
from . import language, near
from .blocks import words_in
from .canonical import article_id
from .person import PersonParser

__all__ = ["article_from"]


def article_from(record: Any, persons: PersonParser) -> Article:
    """Return the article of a record that has the field names of Article.

    Only `url` and one of `title` and `text` are required. Authors and topics may be plain strings. Raises
    ValueError, which says what does not fit.
    """
    if not isinstance(record, dict):
        raise ValueError('needs an object such as {"url": "https://…", "title": "…", "text": "…"}')
    record = _encodable(record)
    url = urls.canonical(str(record.get("url") or ""))
    if not url:
        raise ValueError(f"url must be an http(s) URL, not {record.get('url')!r}")
    title, text = str(record.get("title") or ""), str(record.get("text") or "")
    if not (title or text):
        raise ValueError("needs a title or a text")
    known = {"id": article_id(url), "url": url, "title": title, "text": text}
    try:
        article = from_record(record | _plain_values(record, persons) | known)
    except (TypeError, KeyError, AttributeError) as error:
        raise ValueError(f"does not fit the fields of an article: {error}") from error
    _check(article)
    return replace(
        article,
        site=article.site or urls.host_port(url)[0],
        word_count=article.word_count or words_in(text),
        fingerprint=article.fingerprint or near.simhash(text),
        language=article.language or language.detect(text),
    )


def _plain_values(record: dict[str, Any], persons: PersonParser) -> dict[str, Any]:
    """Return the fields that may be missing, null or simpler in a record, in the form for `from_record`."""

    def person(text: str) -> dict[str, Any]:
        parsed = persons.parse(text) or Person(text, text)
        return {
            "as_written": parsed.as_written,
            "name": parsed.name,
            "credentials": list(parsed.credentials),
            "role": parsed.role,
        }

    source = record.get("source")
    return {
        "site": record.get("site") or "",
        "authors": _objects(record.get("authors"), person),
        "reviewed_by": _objects(record.get("reviewed_by"), person),
        "topics": _objects(record.get("topics"), lambda label: {"label": label}),
        "source": {"name": source} if isinstance(source, str) else source,
        "also_at": record.get("also_at") or (),
        "near": record.get("near") or (),
        "fingerprint": record.get("fingerprint") or "0",
        "summary": record.get("summary") or "",
    }


def _encodable(value: Any) -> Any:
    """Return a record with unpaired surrogates, which UTF-8 cannot encode, replaced throughout."""
    if isinstance(value, str):
        return value.encode("utf-8", "replace").decode("utf-8")
    if isinstance(value, list):
        return [_encodable(entry) for entry in value]
    return (
        {_encodable(name): _encodable(entry) for name, entry in value.items()}
        if isinstance(value, dict)
        else value
    )


def _check(article: Article) -> None:
    """Raise ValueError if a field holds a value of the wrong type."""
    for name, value in _texts(article):
        if not isinstance(value, str):
            raise ValueError(f"{name} must be text")
    limits = article.limits
    if not isinstance(limits.nosnippet, bool) or not _is_count(limits.max_snippet, optional=True):
        raise ValueError("limits must be {nosnippet: true or false, max_snippet: a number or null}")
    if not isinstance(article.word_count, int):
        raise ValueError("word_count must be a number")


def _is_count(value: object, *, optional: bool) -> bool:
    return (optional and value is None) or (isinstance(value, int) and value >= 0)


def _texts(article: Article) -> Iterator[tuple[str, object]]:
    """Yield (field, value) for every value that must be text."""
    for name in ("site", "kind", "summary"):
        yield name, getattr(article, name)
    for name in ("language", "image"):
        yield name, getattr(article, name) or ""
    for name in ("headings", "also_at", "near", "opt_outs"):
        yield from ((name, value) for value in getattr(article, name))
    for person in (*article.authors, *article.reviewed_by):
        yield from (
            ("authors", value)
            for value in (person.as_written, person.name, person.role or "", *person.credentials)
        )
    for topic in article.topics:
        yield from (("topics", value) for value in (topic.label, topic.concept or "", topic.origin))
    if article.source:
        yield from (("source", value) for value in (article.source.name, article.source.url or ""))


def _objects(values: Any, make: Callable[[str], dict[str, Any]]) -> list[dict[str, Any]]:
    if values is None:
        return []
    if isinstance(values, str):
        values = [values]
    if not isinstance(values, list):
        raise ValueError("authors, reviewed_by and topics must be lists")
    return [make(value) if isinstance(value, str) else value for value in values]
