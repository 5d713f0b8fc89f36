"""What a query is understood by: which words an OpenSearch index contains."""

from __future__ import annotations

from collections.abc import Callable, Collection

from ..answer import Page
from ..query import Query
from .known_terms import KnownTerms

__all__ = ["Source"]


class Source:
    """An OpenSearch index as one query sees it: what it contains, and a page of results."""

    def __init__(
        self, languages: Collection[str], known: KnownTerms, page: Callable[[Query, bool], Page]
    ) -> None:
        self._page = page
        self.languages = languages
        self.has_word, self.has_beginning, self.has_phrase = known.word, known.begins, known.phrase
        self.frequency, self._articles = known.frequency, known.articles

    @property
    def documents(self) -> int:
        """The number of articles."""
        return self._articles()

    def page(self, query: Query, *, facets: bool) -> Page:
        """Return one page of an understood query."""
        return self._page(query, facets)
