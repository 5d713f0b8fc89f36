"""What engines agree on about an article: the text that is searched, the values of its facets, what completes a prefix."""

from __future__ import annotations

import math
from collections import Counter
from collections.abc import Callable, Iterable, Iterator, Sequence
from datetime import date
from typing import Any

from ..records import Article
from .analysis import Analyzer, QueryAnalyzer, fold, words
from .filters import Dated, Has
from .query import Query

__all__ = [
    "BOUNDARY",
    "TELLING",
    "Analyzers",
    "addresses",
    "by_day",
    "completions",
    "day_number",
    "flat_terms",
    "fulfils",
    "name_words",
    "query_terms",
    "searched",
    "telling",
    "values",
    "vocabulary",
]

TELLING = 15  # terms
_NO_DAY = 4_000_000  # later than any day there is, and exact as a float of 32 bits
BOUNDARY = "\x1d"  # no word contains it, so nobody asks for it


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
    first, *rest = searched(article)
    found = analyzer.terms(first)
    for part in rest:
        found += [BOUNDARY, *analyzer.terms(part)]
    return found


def searched(article: Article) -> tuple[str, ...]:
    """Give the parts of an article that are searched, the title first."""
    people = (person.name for person in (*article.authors, *article.reviewed_by))
    return (article.title, article.text, *(topic.label for topic in article.topics), *people)


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


def name_words(article: Article) -> set[str]:
    """Give the folded words of its authors' names."""
    return {word for person in article.authors for word in words(person.name)}


def fulfils(article: Article, condition: Has | Dated, broader: Iterable[str] = ()) -> bool:
    """Tell whether an article fulfils a simple condition; `broader` topics count as its own."""
    if isinstance(condition, Dated):
        return article.published is not None and (condition.since or date.min) <= article.published <= (
            condition.until or date.max
        )
    if condition.field == "id":
        return article.id in condition.values
    if condition.field == "name":
        return not name_words(article).isdisjoint(condition.values)
    if condition.field in ("topic", "author"):
        return not {fold(value) for value in values(article, condition.field, broader)}.isdisjoint(
            map(fold, condition.values)
        )
    return not set(values(article, condition.field)).isdisjoint(condition.values)


def addresses(article: Article) -> tuple[str, ...]:
    """Give every address that an article is known by."""
    return (article.url, *article.also_at)


def by_day(days: Any, sort: str) -> Any:
    """Give day numbers, one or an array, as "date" or "oldest" sorts by them, high first; 0, for none, comes last either way."""
    return days if sort == "date" else -(days + (days == 0) * _NO_DAY)


def day_number(article: Article) -> int:
    """Give the day of publication as a number that grows with time; 0 if it is not known."""
    return article.published.toordinal() if article.published else 0


def completions(article: Article) -> Iterator[str]:
    """Give what may complete a prefix."""
    yield article.title
    yield from (topic.label for topic in article.topics)
    yield from (person.name for person in article.authors)


def query_terms(
    query: Query, query_analyzer: QueryAnalyzer, expanded: Callable[[str], Iterable[str]]
) -> Counter[str]:
    """Give every term that adds to the score, and how often it was asked; `expanded` gives the terms that a prefix stands for."""
    singles = (term for word in (*query.words, *query.required) for term in query_analyzer.terms(word))
    grouped = (term for phrase in query.phrases for one in query_analyzer.phrases(phrase) for term in one)
    begun = (term for prefix in query.prefixes for term in expanded(prefix))
    return Counter([*singles, *grouped, *begun])


def telling(held: Sequence[str], frequency: Callable[[str], int], documents: int) -> list[str]:
    """Choose the terms that say most about a text, by tf-idf; a term of one document only says nothing about others."""
    counts = Counter(held)
    scores = {
        t: n * math.log(documents / df)
        for t, n in counts.items()
        if t != BOUNDARY and (df := frequency(t)) > 1
    }
    return sorted(scores, key=lambda term: (-scores[term], term))[:TELLING]
