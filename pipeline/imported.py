"""An article that comes from somewhere else as a JSON record, taken as it is."""

from __future__ import annotations

from dataclasses import replace
from typing import Any

from .. import urls
from ..article import Article, Person, from_record
from . import fingerprint, language, person
from .blocks import words_in
from .read import article_id

__all__ = ["article_from"]


def article_from(record: Any) -> Article:
    """Make an article of a record with the field names of Article; only url and title or text are needed.

    Authors and topics may be plain strings. ValueError says what does not fit.
    """
    if not isinstance(record, dict):
        raise ValueError('needs an object such as {"url": "https://…", "title": "…", "text": "…"}')
    record = _encodable(record)
    url = urls.canonical(str(record.get("url") or ""))
    if not url:
        raise ValueError(f"url must be an http(s) address, not {record.get('url')!r}")
    title, text = str(record.get("title") or ""), str(record.get("text") or "")
    if not (title or text):
        raise ValueError("needs a title or a text")
    host, _ = urls.host_port(url)
    filled = dict(record) | {
        "id": article_id(url),
        "url": url,
        "site": record.get("site") or host,
        "title": title,
        "text": text,
        "authors": _objects(record.get("authors"), _person),
        "reviewed_by": _objects(record.get("reviewed_by"), _person),
        "topics": _objects(record.get("topics"), lambda label: {"label": label}),
        "source": {"name": record["source"]} if isinstance(record.get("source"), str) else record.get("source"),
        "also_at": record.get("also_at") or (),
        "near": record.get("near") or (),
        "fingerprint": record.get("fingerprint") or "0",
        "summary": record.get("summary") or "",
    }
    try:
        article = from_record(filled)
    except (TypeError, KeyError, AttributeError) as error:
        raise ValueError(f"does not fit the fields of an article: {error}") from error
    wrong = _misfit(article)
    if wrong:
        raise ValueError(wrong)
    return replace(
        article,
        word_count=article.word_count or words_in(text),
        fingerprint=article.fingerprint or fingerprint.simhash(text),
        language=article.language or language.detect(text),
    )


def _encodable(value: Any) -> Any:
    """Replace unpaired surrogates, which no file can hold, throughout a record."""
    if isinstance(value, str):
        return value.encode("utf-8", "replace").decode("utf-8")
    if isinstance(value, list):
        return [_encodable(entry) for entry in value]
    return {_encodable(name): _encodable(entry) for name, entry in value.items()} if isinstance(value, dict) else value


def _misfit(article: Article) -> str | None:
    """Say which field holds something else than it should; None if all fit."""
    people = [part for one in (*article.authors, *article.reviewed_by) for part in (one.as_written, one.name, one.role or "", *one.credentials)]
    topics = [part for topic in article.topics for part in (topic.label, topic.concept or "", topic.origin)]
    source = [article.source.name, article.source.url or ""] if article.source else []
    texts = {"site": [article.site], "kind": [article.kind], "language": [article.language or ""], "summary": [article.summary],
             "image": [article.image or ""], "authors": people, "topics": topics, "source": source, "headings": [*article.headings],
             "also_at": [*article.also_at], "near": [*article.near]}  # fmt: skip
    for name, values in texts.items():
        if not all(isinstance(value, str) for value in values):
            return f"{name} must be text"
    most = article.limits.max_snippet
    if not isinstance(article.limits.nosnippet, bool) or not (most is None or (isinstance(most, int) and most >= 0)):
        return "limits must be {nosnippet: true or false, max_snippet: a number or null}"
    return None if isinstance(article.word_count, int) else "word_count must be a number"


def _objects(values: Any, make: Any) -> list[dict[str, Any]]:
    if values is None:
        return []
    if isinstance(values, str):
        values = [values]
    if not isinstance(values, list):
        raise ValueError("authors, reviewed_by and topics must be lists")
    return [make(value) if isinstance(value, str) else value for value in values]


def _person(text: str) -> dict[str, Any]:
    found = person.parse(text) or Person(text, text)
    return {"as_written": found.as_written, "name": found.name, "credentials": list(found.credentials), "role": found.role}
