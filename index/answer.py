"""The frame of every search, whatever the engine: understand the query, get one page for it, fold near-duplicates.

An engine fills `Source`; what is asked, said to people and shown is the same for all.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Protocol

from .cursor import Position, write
from .engine import Facet, Hit, Results
from .near_duplicates import without_near_duplicates
from .query import Query, completed, relaxed, widened

__all__ = ["Names", "Page", "Source", "answer", "understood"]

Names = Callable[[str], Iterable[Sequence[str]]]  # a word -> the names, word by word, that mean the same


@dataclass(frozen=True, slots=True, kw_only=True)
class Page:
    """One page of what an engine found."""

    total: int  # articles that match, exact
    hits: Iterable[Hit]  # in order
    end: Position | None  # the last result, if there are more after it
    facets: Mapping[str, tuple[Facet, ...]] = field(default_factory=dict)


class Source(Protocol):
    """An index that can be asked what stands in it, and for one page of results."""

    def has_word(self, word: str) -> bool:
        """Whether a folded word stands in any article; a stop word is taken to."""

    def has_beginning(self, prefix: str) -> bool:
        """Whether any word of an article begins so."""

    def has_phrase(self, phrase: Sequence[str]) -> bool:
        """Whether these words stand together in any article; stop words alone are taken to."""

    def page(self, query: Query, *, facets: bool) -> Page:
        """Return the page that a query asks for."""


def understood(query: Query, source: Source, names: Names) -> tuple[Query, tuple[str, ...]]:
    """Return what to search for, and notices for people: the words of a phrase that no article has, synonyms of such words."""
    query, phrases = relaxed(completed(query, source.has_word, source.has_beginning), source.has_phrase)
    query, words = widened(query, source.has_word, names)
    return query, phrases + words


def answer(query: Query, source: Source, names: Names, *, facets: bool = False) -> Results:
    """Return one page of results."""
    query, notices = understood(query, source, names)
    page = source.page(query, facets=facets)
    cursor = write(page.end) if page.end else None
    return Results(page.total, without_near_duplicates(page.hits), cursor, dict(page.facets), notices, query)
