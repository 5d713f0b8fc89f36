"""What a person gets for a question: results, what the owner put first, and help where there is little."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, replace
from typing import Any

from ...config import Pin
from ...index.analysis import words
from ...index.engine import Facet, Hit, Reader, Results, to_record
from ...index.query import Query
from ...index.spelling import meant, nearby
from ...records import Article
from .topics import focus

__all__ = ["Pinned", "SearchAnswer", "find", "hits_record", "record"]

_FEW = 3  # results below which a question may be mistyped
_SUGGESTIONS = 4


@dataclass(frozen=True, slots=True)
class Pinned:
    """An address that the owner put first, and its article if it is one of ours."""

    url: str
    title: str
    article: Article | None


@dataclass(frozen=True, slots=True)
class SearchAnswer:
    """The answer to a question."""

    text: str  # as typed
    query: Query
    results: Results
    pinned: tuple[Pinned, ...] = ()
    did_you_mean: str | None = None
    near: tuple[str, ...] = ()  # titles, topics and authors that begin alike, when nothing was found
    suggestions: tuple[str, ...] = ()  # what completes the question
    about: tuple[Facet, ...] = ()  # topics of the first results, to narrow the question by
    like: Article | None = None  # the article that these are related to, if that was asked


def find(
    reader: Reader, text: str, query: Query, pins: Iterable[Pin] = (), *, suggesting: bool = False
) -> SearchAnswer:
    """Ask the index."""
    results = reader.search(query, facets=True)
    mended = reader.correct(results.query) if results.total < (1 if query.typing else _FEW) else {}
    near = nearby(query.words, reader.suggest) if not results.total else []
    about = focus([hit.article for hit in results.hits], results.facets["topic"], results.total)
    pinned = _pinned(reader, text, pins) if query.offset == 0 and query.condition() is None else ()
    shown = {one.article.id for one in pinned if one.article}
    results = replace(results, hits=tuple(hit for hit in results.hits if hit.id not in shown))
    suggestions = (
        [one for one in reader.suggest(text, _SUGGESTIONS + 1) if one.casefold() != text.strip().casefold()]
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
    asked = words(text)
    found = []
    for pin in pins:
        if asked and words(pin.query) == asked:
            article = reader.at(pin.url)
            found.append(Pinned(pin.url, pin.title or (article.title if article else "") or pin.url, article))
    return tuple(found)


def record(
    found: SearchAnswer, notice: str | None, no_results_link: str | None, noted: str | None
) -> dict[str, Any]:
    """Give all of it as JSON values; `noted` tells the search box what the owner wants to know: "searches", "clicks" (both), or nothing."""
    pinned = [
        {
            "url": one.url,
            "title": one.title,
            "summary": one.article.limits.shown(one.article.summary) if one.article else "",
        }
        for one in found.pinned
    ]
    return to_record(found.results) | {
        "did_you_mean": found.did_you_mean,
        "near": found.near,
        "suggestions": found.suggestions,
        "about": [facet.value for facet in found.about],
        "pinned": pinned,
        "notice": notice,
        "no_results_link": no_results_link,
        "noted": noted,
        "notices": (*found.query.notices, *found.results.notices),
    }


def hits_record(hits: Sequence[Hit]) -> list[dict[str, Any]]:
    """Give hits alone as JSON values."""
    listed: list[dict[str, Any]] = to_record(Results(len(hits), tuple(hits)))["hits"]
    return listed
