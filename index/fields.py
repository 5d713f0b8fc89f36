"""What all engines derive from an article in the same way.

That is the text that is searched, the values of facets, and what completes a typed prefix.
"""

from __future__ import annotations

import math
from collections import Counter
from collections.abc import Callable, Container, Iterable, Iterator, Sequence
from datetime import date
from typing import Any, NamedTuple

from ..records import Article
from .analysis import Analyzer, QueryAnalyzer
from .filters import Dated, Has
from .folding import fold
from .query import Query
from .words import is_spaceless, words

__all__ = [
    "BOUNDARY",
    "TELLING",
    "Analyzers",
    "Joined",
    "addresses",
    "by_day",
    "completions",
    "day_number",
    "flat_terms",
    "fulfils",
    "joined_terms",
    "name_words",
    "query_terms",
    "searched",
    "shown_terms",
    "telling",
    "title_terms",
    "values",
    "vocabulary",
]

TELLING = 15  # terms that stand for a text in a search for similar ones; chosen by hand
_NO_DAY = 4_000_000  # a day number later than any date, and exact as a 32-bit float
BOUNDARY = "\x1d"  # no word contains it, so no query can contain it


class Joined(NamedTuple):
    """The term of a joined word; it adds to the score of articles that lack a term of one of its parts."""

    term: str
    one: tuple[str, ...]  # terms of the first part; any counts
    other: tuple[str, ...]  # terms of the second part
    share: float  # of its own score that it adds


class Analyzers:
    """One analyzer for each language, created on first use."""

    def __init__(self) -> None:
        self._by_language: dict[str, Analyzer] = {}

    def of(self, article: Article) -> Analyzer:
        """Return the analyzer of an article's language; English if the language is not known."""
        language = article.language or "en"
        if language not in self._by_language:
            self._by_language[language] = Analyzer(language)
        return self._by_language[language]


def flat_terms(article: Article, analyzer: Analyzer) -> list[str]:
    """Return the terms of all searched parts of an article, in one list.

    BOUNDARY stands between two parts, so that no phrase crosses from one into the next. The joined words of
    all parts are the last part.
    """
    first, *rest = searched(article)
    terms = analyzer.terms(first)
    joined = analyzer.joined(first)
    for part in rest:
        terms += [BOUNDARY, *analyzer.terms(part)]
        joined += analyzer.joined(part)
    return [*terms, BOUNDARY, *joined] if joined else terms


def title_terms(article: Article, analyzer: Analyzer) -> list[str]:
    """Return the terms of an article's title, its joined words last."""
    return [*analyzer.terms(article.title), *analyzer.joined(article.title)]


def searched(article: Article) -> tuple[str, ...]:
    """Return the parts of an article that are searched, the title first."""
    people = (person.name for person in (*article.authors, *article.reviewed_by))
    return (article.title, article.text, *(topic.label for topic in article.topics), *people)


def vocabulary(article: Article) -> set[str]:
    """Return the folded words that a mistyped word may have meant.

    Those are the words of the title, headings, topics and people.
    """
    people = [person.name for person in (*article.authors, *article.reviewed_by)]
    parts = (article.title, *article.headings, *(topic.label for topic in article.topics), *people)
    return {word for part in parts for word in words(part)}


def values(article: Article, facet: str, broader: Iterable[str] = ()) -> list[str]:
    """Return an article's values of a facet: "topic", "author", "site", "language" or "year".

    `broader` topics count as the article's own.
    """
    if facet == "topic":
        return list(dict.fromkeys((*(topic.label for topic in article.topics), *broader)))
    if facet == "author":
        return list(dict.fromkeys(person.name for person in article.authors))
    if facet == "year":
        return [str(article.published.year)] if article.published else []
    return [value] if (value := {"site": article.site, "language": article.language}[facet]) else []


def name_words(article: Article) -> set[str]:
    """Return the folded words of the names of an article's authors."""
    return {word for person in article.authors for word in words(person.name)}


def fulfils(article: Article, condition: Has | Dated, broader: Iterable[str] = ()) -> bool:
    """Whether an article fulfils a simple condition; `broader` topics count as its own."""
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
    """Return every URL of an article, its own first."""
    return (article.url, *article.also_at)


def by_day(days: Any, sort: str) -> Any:
    """Return the values that "date" or "oldest" sorts by, highest first.

    `days` is one day number or an array of them. 0 (no date) comes last either way.
    """
    return days if sort == "date" else -(days + (days == 0) * _NO_DAY)


def day_number(article: Article) -> int:
    """Return the day of publication as a number that grows with time; 0 if it is not known."""
    return article.published.toordinal() if article.published else 0


def completions(article: Article) -> Iterator[str]:
    """Yield what a typed prefix may be completed to: title, topics and authors."""
    yield article.title
    yield from (topic.label for topic in article.topics)
    yield from (person.name for person in article.authors)


def query_terms(
    query: Query, query_analyzer: QueryAnalyzer, expanded: Callable[[str], Iterable[str]]
) -> Counter[str]:
    """Count every term that adds to the score, as often as the query has it.

    `expanded` returns the terms that a prefix stands for.
    """
    singles = (term for word in (*query.words, *query.required) for term in query_analyzer.terms(word))
    grouped: Counter[str] = Counter()
    for phrase in query.phrases:
        in_languages: Counter[str] = Counter()
        for terms in query_analyzer.phrases(phrase):
            in_languages |= Counter(terms)
        grouped += in_languages
    begun = (term for prefix in query.prefixes for term in expanded(prefix))
    return Counter([*singles, *begun]) + grouped


def joined_terms(query: Query, query_analyzer: QueryAnalyzer, terms: Container[str]) -> list[Joined]:
    """Return the terms of a query's joined words, each once, without those that are searched for anyway."""
    found = {
        term: Joined(term, query_analyzer.terms(one), query_analyzer.terms(other), share)
        for word, one, other, share in query.joined
        for term in query_analyzer.terms(word)
        if term not in terms
    }
    return list(found.values())


def shown_terms(query: Query, terms: Iterable[str]) -> set[str]:
    """Return the terms to highlight: a single character of a script without spaces stands for itself."""
    alone = {prefix for prefix in query.prefixes if is_spaceless(prefix)}
    return {term for term in terms if not any(term.startswith(one) for one in alone)} | alone


def telling(terms: Sequence[str], frequency: Callable[[str], int], documents: int) -> list[str]:
    """Return up to TELLING terms that say most about a text, by tf-idf.

    A term that only one document has is left out: it says nothing about others.
    """
    counts = Counter(terms)
    scores = {
        t: n * math.log(documents / df)
        for t, n in counts.items()
        if t != BOUNDARY and (df := frequency(t)) > 1
    }
    return sorted(scores, key=lambda term: (-scores[term], term))[:TELLING]
