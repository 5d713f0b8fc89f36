"""Searches in the reference engine: every article is looked at."""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import replace

from ..records import Article
from . import cursor, fields
from .analysis import QueryAnalyzer
from .answer import Page, answer
from .closing import Closing
from .cursor import Position
from .engine import FACETS, Facet, Hit, Results
from .filters import resolve
from .folding import fold
from .occurrences import occurrences
from .query import Query, Rendered
from .ranking import K1, TITLE, B, favour, idf
from .snippet import Snippet, cut
from .spelling import distance as edits
from .spelling import nearest
from .synonyms import Synonyms
from .wording import pruned

__all__ = ["MemoryReader"]


class MemoryReader(Closing):
    """The articles as they were when the reader was opened."""

    def __init__(self, articles: dict[str, Article], stamp: int, synonyms: Synonyms) -> None:
        self._articles = articles
        self._synonyms = synonyms
        self._stamp = stamp
        analyzers = fields.Analyzers()
        self._flat = {
            id_: fields.flat_terms(article, analyzers.of(article)) for id_, article in articles.items()
        }
        self._titles = {
            id_: fields.title_terms(article, analyzers.of(article)) for id_, article in articles.items()
        }
        self.languages = frozenset(article.language for article in articles.values() if article.language)
        self._query_analyzer = QueryAnalyzer(self.languages)

    def search(self, query: Query, *, facets: bool = False) -> Results:
        """Return one page of results, after looking at every article."""
        return answer(query, self, self._synonyms.names, facets=facets)

    def page(self, query: Query, *, facets: bool) -> Page:
        """Return one page of an understood query."""
        terms = fields.query_terms(query, self._query_analyzer, self._expanded)
        joined = fields.joined_terms(query, self._query_analyzer, terms)
        ids = [
            id_
            for id_, article in self._articles.items()
            if self._matches(id_, article, query, terms, joined)
        ]
        scores = self._values(query, terms, joined, ids)
        values = {id_: float(scores.get(id_, 0.0)) for id_ in ids}
        after = cursor.read(query.after)
        if after is not None and after.id in values:
            after = Position(values[after.id], after.id)
        ordered = sorted((-value, id_) for id_, value in values.items())
        ordered = [entry for entry in ordered if after is None or entry > (-after.value, after.id)]
        page = ordered[query.offset : query.offset + query.size]
        more = bool(page) and query.offset + len(page) < len(ordered)
        marked = fields.shown_terms(query, [*terms, *(one.term for one in joined)])
        return Page(
            total=len(ids),
            hits=(
                self._hit(id_, -value if query.is_scored else 0.0, marked, query.shown) for value, id_ in page
            ),
            end=Position(-page[-1][0], page[-1][1]) if more else None,
            facets=self._facets(ids) if facets else {},
        )

    def has_phrase(self, phrase: Sequence[str]) -> bool:
        """Whether any article contains a phrase."""
        phrases = self._query_analyzer.phrases(phrase)
        return not phrases or any(
            _has(document, terms) for document in self._flat.values() for terms in phrases
        )

    def has_word(self, word: str) -> bool:
        """Whether any article contains a word."""
        terms = self._query_analyzer.terms(word)
        return not terms or any(term in document for document in self._flat.values() for term in terms)

    @property
    def documents(self) -> int:
        """The number of articles."""
        return len(self._articles)

    def frequency(self, word: str) -> int:
        """Count the articles that contain a word."""
        terms = set(self._query_analyzer.terms(word))
        return sum(not terms.isdisjoint(document) for document in self._flat.values())

    def has_beginning(self, prefix: str) -> bool:
        """Whether any term begins with this prefix."""
        return any(term.startswith(prefix) for document in self._flat.values() for term in document)

    def _expanded(self, prefix: str) -> set[str]:
        return {
            *self._query_analyzer.terms(prefix),
            *(term for document in self._flat.values() for term in document if term.startswith(prefix)),
        }

    def _hit(self, id_: str, score: float, query_terms: Iterable[str], shown: Rendered = "snippet") -> Hit:
        article = self._articles[id_]
        if shown != "snippet":
            return Hit(id_, score, Snippet(""), article if shown == "text" else replace(article, text=""))
        return Hit(
            id_,
            score,
            cut(
                article.text,
                occurrences(article.text, query_terms, self._query_analyzer.analyzers),
                article.limits,
            ),
            article,
        )

    def _matches(
        self,
        id_: str,
        article: Article,
        query: Query,
        query_terms: Counter[str],
        joined: Sequence[fields.Joined],
    ) -> bool:
        document = self._flat[id_]
        needed = [
            self._query_analyzer.phrases(phrase)
            for phrase in (*query.phrases, *((word,) for word in query.required))
        ]
        unwanted = [self._query_analyzer.phrases(phrase) for phrase in query.excluded]
        condition, broader = query.condition(), self._synonyms.broader(article)
        if condition and not resolve(
            condition, lambda simple: fields.fulfils(article, simple, broader), True
        ):
            return False
        if any(_has(document, phrase) for phrases in unwanted for phrase in phrases):
            return False
        if any(phrases and not any(_has(document, phrase) for phrase in phrases) for phrases in needed):
            return False
        return not query_terms or not query_terms.keys().isdisjoint(document) or _any(joined, document)

    def _values(
        self, query: Query, query_terms: Counter[str], joined: Sequence[fields.Joined], ids: Iterable[str]
    ) -> dict[str, float]:
        """Return the values that results are ordered by, highest first."""
        days = {id_: fields.day_number(self._articles[id_]) for id_ in ids}
        if not query.is_scored:
            return {id_: fields.by_day(day, query.sort) for id_, day in days.items()}
        newest = max(map(fields.day_number, self._articles.values()), default=0)
        scores = self._scores(query_terms, joined)
        return (
            {id_: scores[id_] * float(favour(day, newest)) for id_, day in days.items()}
            if query.sort == "recent"
            else scores
        )

    def _scores(self, query_terms: Counter[str], joined: Sequence[fields.Joined] = ()) -> dict[str, float]:
        apart = {one.term: one for one in joined}
        scores: dict[str, float] = defaultdict(float)
        for weight, documents in ((1.0, self._flat), (TITLE, self._titles)):
            mean = sum(map(len, documents.values())) / (len(documents) or 1) or 1.0
            for term, times in [*query_terms.items(), *((term, 1) for term in apart)]:
                counts = {
                    id_: document.count(term) for id_, document in documents.items() if term in document
                }
                for id_, tf in counts.items():
                    if term in apart and not _counts(apart[term], self._flat[id_]):
                        continue
                    share = apart[term].share if term in apart else 1.0
                    norm = K1 * (1 - B + B * len(documents[id_]) / mean)
                    scores[id_] += (
                        weight
                        * share
                        * times
                        * idf(len(documents), len(counts))
                        * tf
                        * (K1 + 1)
                        / (tf + norm)
                    )
        return scores

    def _facets(self, found: list[str]) -> dict[str, tuple[Facet, ...]]:
        articles = [
            (article, self._synonyms.broader(article)) for article in map(self._articles.__getitem__, found)
        ]
        counts = {
            name: Counter(v for article, broader in articles for v in fields.values(article, name, broader))
            for name in FACETS
        }
        return {
            name: tuple(Facet(v, n) for v, n in sorted(counts[name].items(), key=lambda e: (-e[1], e[0])))
            for name in FACETS
        }

    def correct(self, query: Query) -> dict[str, str]:
        """Map words that the index does not know to the nearest ones that it knows."""
        spelled = Counter(word for article in self._articles.values() for word in fields.vocabulary(article))

        def within(word: str, distance: int, same: int) -> Iterator[tuple[str, int]]:
            return (
                (known, n)
                for known, n in spelled.items()
                if known[:same] == word[:same] and edits(word, known) <= distance
            )

        asked = pruned(query, self.languages, self.has_word)
        unknown = [word for word in dict.fromkeys((*asked.words, *query.required)) if not self.has_word(word)]
        mended = {
            word: nearest(word, within)
            for word in unknown
            if not any(map(self.has_word, self._synonyms.of(word)))
        }
        return {word: spelling for word, spelling in mended.items() if spelling}

    def suggest(self, prefix: str, most: int = 8) -> list[str]:
        """Return titles, topics and authors that begin with a prefix, after looking at all of them."""
        wanted = fold(prefix).strip()
        entries = {
            entry
            for article in self._articles.values()
            for entry in fields.completions(article)
            if fold(entry).startswith(wanted)
        }
        return sorted(entries, key=lambda entry: (fold(entry), entry))[:most] if wanted else []

    def more_like(self, id: str, most: int = 5) -> list[Hit]:
        """Return the articles that score best for the terms that say most about this one."""
        if id not in self._articles:
            return []
        df = Counter(term for document in self._flat.values() for term in set(document))
        terms = Counter(fields.telling(self._flat[id], lambda term: df[term], len(self._flat)))
        scores = sorted((-score, other) for other, score in self._scores(terms).items() if other != id)
        return [self._hit(other, -score, terms) for score, other in scores[:most]]

    def get(self, id: str) -> Article | None:
        """Return an article; None if it is not in the index."""
        return self._articles.get(id)

    def at(self, url: str) -> Article | None:
        """Return the article at a canonical URL; None if there is none."""
        return next(
            (article for article in self._articles.values() if url in fields.addresses(article)), None
        )

    def ids(self) -> Iterator[str]:
        """Return an iterator over the ids of all articles."""
        return iter(self._articles)

    def stamp(self) -> int:
        """Return the number passed to the last commit."""
        return self._stamp

    def close(self) -> None:
        """Do nothing: there is nothing to close."""


def _any(joined: Iterable[fields.Joined], document: list[str]) -> bool:
    return any(_counts(one, document) for one in joined)


def _counts(joined: fields.Joined, document: list[str]) -> bool:
    """Whether a joined word adds to the score of a document."""
    parts = (joined.one, joined.other)
    return joined.term in document and not all(any(term in document for term in part) for part in parts)


def _has(document: list[str], phrase: tuple[str, ...]) -> bool:
    return any(
        tuple(document[start : start + len(phrase)]) == phrase
        for start in range(len(document) - len(phrase) + 1)
    )
