"""What a person gets for a query: results, what the owner pinned, and help if there are few results."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, replace
from typing import Any

from ...config import Pin
from ...index.engine import Facet, Hit, Reader, Results, to_record
from ...index.query import Query
from ...index.spelling import meant, nearby
from ...index.words import words
from ...records import Article
from .topics import focus

__all__ = ["Pinned", "SearchAnswer", "find", "hits_record", "record"]

_FEW = 3  # results; below that a query may be mistyped (chosen by hand)
_SUGGESTIONS = 4  # completions of a query (chosen by hand)


@dataclass(frozen=True, slots=True)
class Pinned:
    """A URL that the owner pinned to the top for a query, and its article if it is in the index."""

    url: str
    title: str
    article: Article | None


@dataclass(frozen=True, slots=True)
class SearchAnswer:
    """The answer to a query."""

    text: str  # as typed
    query: Query
    results: Results
    pinned: tuple[Pinned, ...] = ()
    did_you_mean: str | None = None
    # titles, topics and authors that begin like words of the query; only if nothing matched
    near: tuple[str, ...] = ()
    suggestions: tuple[str, ...] = ()  # completions of the query
    about: tuple[Facet, ...] = ()  # topics of the first results, to narrow the query by
    like: Article | None = None  # the article that the results are related to, if that was requested


def find(
    reader: Reader, text: str, query: Query, pins: Iterable[Pin] = (), *, suggesting: bool = False
) -> SearchAnswer:
    """Search the index and return the answer; completions of the query only with `suggesting`."""
    results = reader.search(query, facets=True)
    mended = reader.correct(results.query) if results.total < (1 if query.typing else _FEW) else {}
    near = nearby(results.query.words, reader.suggest) if not results.total else []
    about = focus([hit.article for hit in results.hits], results.facets["topic"], results.total)
    pinned = _pinned(reader, text, pins) if query.offset == 0 and query.condition() is None else ()
    pinned_ids = {item.article.id for item in pinned if item.article}
    results = replace(results, hits=tuple(hit for hit in results.hits if hit.id not in pinned_ids))
    suggestions = (
        [
            item
            for item in reader.suggest(text, _SUGGESTIONS + 1)
            if item.casefold() != text.strip().casefold()
        ]
        if suggesting
        else []
    )
    return SearchAnswer(
        text,
        query,
        results,
        pinned,
        meant(text, mended),
        tuple(near),
        tuple(suggestions[:_SUGGESTIONS]),
        about,
    )


def _pinned(reader: Reader, text: str, pins: Iterable[Pin]) -> tuple[Pinned, ...]:
    query_words = words(text)
    pinned = []
    for pin in pins:
        if query_words and words(pin.query) == query_words:
            article = reader.at(pin.url)
            pinned.append(
                Pinned(pin.url, pin.title or (article.title if article else "") or pin.url, article)
            )
    return tuple(pinned)


def record(
    answer: SearchAnswer, notice: str | None, no_results_link: str | None, noted: str | None
) -> dict[str, Any]:
    """Return the answer as JSON values.

    `noted` tells the search box what the owner wants logged: "searches", "clicks" (both) or None.
    """
    pinned = [
        {
            "url": pin.url,
            "title": pin.title,
            "summary": pin.article.limits.shown(pin.article.summary) if pin.article else "",
        }
        for pin in answer.pinned
    ]
    return to_record(answer.results) | {
        "did_you_mean": answer.did_you_mean,
        "near": answer.near,
        "suggestions": answer.suggestions,
        "about": [facet.value for facet in answer.about],
        "pinned": pinned,
        "notice": notice,
        "no_results_link": no_results_link,
        "noted": noted,
        "notices": (*answer.query.notices, *answer.results.notices),
    }


def hits_record(hits: Sequence[Hit]) -> list[dict[str, Any]]:
    """Return hits alone as JSON values."""
    listed: list[dict[str, Any]] = to_record(Results(len(hits), tuple(hits)))["hits"]
    return listed
