"""Which words, phrases and prefixes occur in an index at all.

Many are looked up in one request, and what was found is cached for one query.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from typing import Any

from ..analysis import QueryAnalyzer
from .clauses import ARTICLES, Clause, alternatives
from .mapping import joined

__all__ = ["KnownTerms", "counting", "counts"]

Count = Callable[[list[Clause]], list[int]]


class KnownTerms:
    """A cache of what occurs in any article; what it does not know, it looks up."""

    def __init__(self, query_analyzer: QueryAnalyzer, count: Count) -> None:
        self._query_analyzer = query_analyzer
        self._count = count
        self._known: dict[str, int] = {}  # clause -> articles that match it

    def clauses(self, words: Sequence[str], phrases: Sequence[Sequence[str]]) -> list[Clause]:
        """Return the clauses to count, to find out whether words and phrases occur.

        There is no clause for what is known already, nor for stop words. The last one counts all articles.
        """
        wanted = [
            variants
            for phrase in (*((word,) for word in words), *phrases)
            if (variants := self._query_analyzer.phrases(phrase))
        ]
        clauses = [*map(alternatives, wanted), ARTICLES] if wanted else []
        return [clause for clause in clauses if repr(clause) not in self._known]

    def learn(self, clauses: Sequence[Clause], counted: Sequence[int]) -> None:
        """Remember the counts of clauses."""
        self._known.update((repr(clause), count) for clause, count in zip(clauses, counted, strict=True))

    def word(self, word: str) -> bool:
        """Whether a word occurs in any article; always true for a stop word."""
        return self.phrase((word,))

    def phrase(self, phrase: Sequence[str]) -> bool:
        """Whether a phrase occurs in any article; always true for one of stop words alone."""
        terms = self._query_analyzer.phrases(phrase)
        return not terms or self._counted(alternatives(terms)) > 0

    def begins(self, prefix: str) -> bool:
        """Whether any word of an article begins with a prefix."""
        return self._counted({"prefix": {"all": joined([prefix])}}) > 0

    def frequency(self, word: str) -> int:
        """Count the articles that contain a word; 0 for a stop word."""
        terms = self._query_analyzer.phrases((word,))
        return self._counted(alternatives(terms)) if terms else 0

    def articles(self) -> int:
        """Count all articles."""
        return self._counted(ARTICLES)

    def _counted(self, clause: Clause) -> int:
        if repr(clause) not in self._known:
            self.learn([clause], self._count([clause]))
        return self._known[repr(clause)]


def counting(clauses: Sequence[Clause]) -> dict[str, Any]:
    """Return the search that counts the articles that match each clause."""
    named = {str(number): clause for number, clause in enumerate(clauses)}
    return {"size": 0, "track_total_hits": False, "aggs": {"there": {"filters": {"filters": named}}}}


def counts(answer: dict[str, Any], clauses: Sequence[Clause]) -> list[int]:
    """Return the counts, one for each clause, from the answer to the search of `counting`."""
    buckets = answer["aggregations"]["there"]["buckets"]
    return [buckets[str(number)]["doc_count"] for number in range(len(clauses))]
