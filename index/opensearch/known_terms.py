"""What stands in an index at all: words, phrases, beginnings. Asked for many at once, remembered for one question."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from typing import Any

from ..analysis import QueryAnalyzer
from .clauses import Clause, alternatives
from .mapping import joined

__all__ = ["KnownTerms", "counting", "counts"]

Count = Callable[[list[Clause]], list[int]]


class KnownTerms:
    """What is known by now of what stands in any article; what is not known is asked for."""

    def __init__(self, query_analyzer: QueryAnalyzer, count: Count) -> None:
        self._query_analyzer = query_analyzer
        self._count = count
        self._known: dict[str, bool] = {}

    def clauses(self, words: Sequence[str], phrases: Sequence[Sequence[str]]) -> list[Clause]:
        """Give what to ask for to know of these words and phrases; nothing for what is known, and for stop words."""
        wanted = [
            one
            for phrase in (*((word,) for word in words), *phrases)
            if (one := self._query_analyzer.phrases(phrase))
        ]
        return [clause for clause in map(alternatives, wanted) if repr(clause) not in self._known]

    def learn(self, clauses: Sequence[Clause], found: Sequence[int]) -> None:
        """Remember an answer."""
        self._known.update((repr(clause), bool(count)) for clause, count in zip(clauses, found, strict=True))

    def word(self, word: str) -> bool:
        """Tell whether a word stands in any article; a stop word is taken to."""
        return self.phrase((word,))

    def phrase(self, phrase: Sequence[str]) -> bool:
        """Tell whether a phrase does; one of stop words alone is taken to."""
        terms = self._query_analyzer.phrases(phrase)
        return not terms or self._is_there(alternatives(terms))

    def begins(self, prefix: str) -> bool:
        """Tell whether any word begins so."""
        return self._is_there({"prefix": {"all": joined([prefix])}})

    def _is_there(self, clause: Clause) -> bool:
        if repr(clause) not in self._known:
            self.learn([clause], self._count([clause]))
        return self._known[repr(clause)]


def counting(clauses: Sequence[Clause]) -> dict[str, Any]:
    """Give the search that counts what matches each clause."""
    named = {str(place): clause for place, clause in enumerate(clauses)}
    return {"size": 0, "track_total_hits": False, "aggs": {"there": {"filters": {"filters": named}}}}


def counts(answer: dict[str, Any], clauses: Sequence[Clause]) -> list[int]:
    """Read its answer."""
    found = answer["aggregations"]["there"]["buckets"]
    return [found[str(place)]["doc_count"] for place in range(len(clauses))]
