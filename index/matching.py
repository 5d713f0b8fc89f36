"""What engines agree on about an article: the text that is searched, the values of its facets, what completes a prefix."""

from __future__ import annotations

import math
from collections import Counter
from collections.abc import Callable, Iterable, Iterator, Sequence
from datetime import date

from ..article import Article
from .analysis import Analyzer, fold, words
from .query import Filters

__all__ = ["Analyzers", "completions", "day_number", "flat_terms", "passes", "telling", "values", "vocabulary"]

_TELLING = 15  # terms
_BOUNDARY = "\x1d"  # no word contains it, so nobody asks for it


class Analyzers:
    """An analyzer for every language met."""

    def __init__(self) -> None:
        self._by_language: dict[str, Analyzer] = {}

    def of(self, article: Article) -> Analyzer:
        """Give the analyzer of an article's language; English if that is not known."""
        language = article.language or "en"
        if language not in self._by_language:
            self._by_language[language] = Analyzer(language)
        return self._by_language[language]


def flat_terms(article: Article, analyzer: Analyzer) -> list[str]:
    """Give the terms of all that is searched, with a boundary between the parts that no phrase crosses."""
    people = [person.name for person in (*article.authors, *article.reviewed_by)]
    found = analyzer.terms(article.title)
    for part in (article.text, *(topic.label for topic in article.topics), *people):
        found += [_BOUNDARY, *analyzer.terms(part)]
    return found


def vocabulary(article: Article) -> set[str]:
    """Give the folded words that a mistyped word may have meant: those of title, headings, topics and people."""
    people = [person.name for person in (*article.authors, *article.reviewed_by)]
    parts = (article.title, *article.headings, *(topic.label for topic in article.topics), *people)
    return {word for part in parts for word in words(part)}


def values(article: Article, facet: str, broader: Iterable[str] = ()) -> list[str]:
    """Give the values of a facet: "topic", "author", "site", "language" or "year"; `broader` topics count as its own."""
    if facet == "topic":
        return list(dict.fromkeys((*(topic.label for topic in article.topics), *broader)))
    if facet == "author":
        return list(dict.fromkeys(person.name for person in article.authors))
    if facet == "year":
        return [str(article.published.year)] if article.published else []
    return [value] if (value := {"site": article.site, "language": article.language}[facet]) else []


def passes(article: Article, filters: Filters, broader: Iterable[str] = ()) -> bool:
    """Tell whether an article is within the filters; `broader` topics count as its own."""
    for facet, wanted in (("topic", filters.topic), ("author", filters.author)):
        if wanted is not None and fold(wanted) not in {fold(value) for value in values(article, facet, broader)}:
            return False
    if filters.site not in (None, article.site) or filters.language not in (None, article.language):
        return False
    if filters.since is None and filters.until is None:
        return True
    return article.published is not None and (filters.since or date.min) <= article.published <= (filters.until or date.max)


def day_number(article: Article) -> int:
    """Give the day of publication as a number that grows with time; 0 if it is not known."""
    return article.published.toordinal() if article.published else 0


def completions(article: Article) -> Iterator[str]:
    """Give what may complete a prefix."""
    yield article.title
    yield from (topic.label for topic in article.topics)
    yield from (person.name for person in article.authors)


def telling(held: Sequence[str], frequency: Callable[[str], int], documents: int) -> list[str]:
    """Choose the terms that say most about a text, by tf-idf; a term of one document only says nothing about others."""
    counts = Counter(held)
    scores = {t: n * math.log(documents / df) for t, n in counts.items() if t != _BOUNDARY and (df := frequency(t)) > 1}
    return sorted(scores, key=lambda term: (-scores[term], term))[:_TELLING]
