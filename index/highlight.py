"""Where the words of a query occur in any text: a title, a heading, a name."""

from __future__ import annotations

from collections.abc import Iterable

from .analysis import QueryAnalyzer
from .occurrences import occurrences
from .query import Query
from .words import is_spaceless

__all__ = ["Highlighter"]


class Highlighter:
    """Finds the words of one query in texts of some languages. Not thread-safe."""

    def __init__(self, query: Query, languages: Iterable[str | None] = ()) -> None:
        self._query_analyzer = QueryAnalyzer(language or "en" for language in languages)
        single = (*query.words, *query.required)
        self._terms = {term for word in single for term in self._query_analyzer.terms(word)}
        self._terms |= {
            term
            for phrase in query.phrases
            for terms in self._query_analyzer.phrases(phrase)
            for term in terms
        }
        self._prefixes = query.prefixes

    def places(self, text: str) -> list[tuple[int, int, str]]:
        """Return (start, end, term) of every query word in a text, in order; offsets in characters."""
        begun = {
            term
            for prefix in self._prefixes
            for term in ([prefix] if is_spaceless(prefix) else self._query_analyzer.beginning(text, prefix))
        }
        wanted = self._terms | begun
        return occurrences(text, wanted, self._query_analyzer.analyzers) if wanted and text else []
