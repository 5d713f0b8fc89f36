"""The reference engine: a dict and a loop. The suite's oracle, and everybody's stand-in."""

from __future__ import annotations

import math
from collections import Counter, defaultdict
from collections.abc import Iterable, Iterator
from types import TracebackType
from typing import Self

from ..article import Article
from ..errors import EngineError, IndexMissing
from . import matching
from .analysis import fold, terms
from .engine import FACETS, Facet, Hit, Results
from .folding import folded
from .query import Query
from .snippet import cut

__all__ = ["MemoryEngine"]

_K1, _B = 1.2, 0.75  # BM25 as Robertson and Zaragoza recommend and Lucene ships
_TITLE = 0.3  # weight of the title's own score beside the flat one (docs/measurements.md, title-weight)


class MemoryEngine:
    """An index in memory."""

    features: frozenset[str] = frozenset()

    def __init__(self) -> None:
        self._current: dict[str, Article] | None = None
        self._stamp = 0
        self._held = False

    def reader(self) -> MemoryReader:
        """Open the articles as they are now."""
        if self._current is None:
            raise IndexMissing("there is no index yet; run `clinicdex reindex`")
        return MemoryReader(dict(self._current), self._stamp)

    def writer(self, *, fresh: bool = False) -> MemoryWriter:
        """Open for writing."""
        if self._current is None and not fresh:
            raise IndexMissing("there is no index yet; run `clinicdex reindex`")
        if self._held:
            raise EngineError("another run holds the index; wait for it to end")
        self._held = True
        return MemoryWriter(self, fresh)

    def problems(self) -> list[str]:
        """Find nothing: memory needs no check."""
        return []


class MemoryWriter:
    """Changes to a copy, put in place by commit."""

    def __init__(self, engine: MemoryEngine, fresh: bool) -> None:
        self._engine = engine
        self._fresh = fresh
        self._committed = {} if fresh else dict(engine._current or {})
        self._articles = dict(self._committed)
        self._stamp = 0

    def replace(self, articles: Iterable[Article]) -> None:
        """Put articles in."""
        self._articles.update((article.id, article) for article in articles)

    def remove(self, ids: Iterable[str]) -> None:
        """Take articles out."""
        for id_ in ids:
            self._articles.pop(id_, None)

    def commit(self, stamp: int) -> None:
        """Put the changes in place."""
        self._committed, self._stamp = dict(self._articles), stamp
        if not self._fresh:
            self.swap()

    def swap(self) -> None:
        """Make what was committed current."""
        self._engine._current, self._engine._stamp = self._committed, self._stamp

    def rollback(self) -> None:
        """Drop what is not committed."""
        self._articles = dict(self._committed)

    def close(self) -> None:
        """Free the index."""
        self.rollback()
        self._engine._held = False

    def __enter__(self) -> Self:
        return self

    def __exit__(self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None) -> None:
        self.close()


class MemoryReader:
    """Articles as they were when it was opened."""

    def __init__(self, articles: dict[str, Article], stamp: int) -> None:
        self._articles = articles
        self._stamp = stamp
        self._flat = {id_: matching.flat_terms(article) for id_, article in articles.items()}
        self._titles = {id_: terms(article.title) for id_, article in articles.items()}

    def search(self, query: Query, *, facets: bool = False) -> Results:
        """Look at every article."""
        found = [id_ for id_, article in self._articles.items() if self._matches(id_, article, query)]
        scores = self._scores(query.words + query.required + tuple(t for p in query.phrases for t in p))
        if query.sort == "date":
            found.sort(key=lambda id_: (-matching.day_number(self._articles[id_]), id_))
        else:
            found.sort(key=lambda id_: (-scores.get(id_, 0.0), id_))
        page = found[query.offset : query.offset + query.size]
        hits = folded(self._hit(id_, scores.get(id_, 0.0), query.asks) for id_ in page)
        return Results(len(found), hits, self._facets(found) if facets else {})

    def _hit(self, id_: str, score: float, asked: tuple[str, ...]) -> Hit:
        article = self._articles[id_]
        return Hit(id_, score, cut(article.text, frozenset(asked), article.limits), article)

    def _matches(self, id_: str, article: Article, query: Query) -> bool:
        held = self._flat[id_]
        needed = query.phrases + tuple((term,) for term in query.required)
        if not matching.passes(article, query.filters) or any(_has(held, one) for one in query.excluded):
            return False
        if any(not _has(held, one) for one in needed):
            return False
        return bool(needed) or not query.words or any(word in held for word in query.words)

    def _scores(self, asked: tuple[str, ...]) -> dict[str, float]:
        scores: dict[str, float] = defaultdict(float)
        for weight, documents in ((1.0, self._flat), (_TITLE, self._titles)):
            mean = sum(map(len, documents.values())) / (len(documents) or 1)
            for term, times in Counter(asked).items():
                counts = {id_: held.count(term) for id_, held in documents.items() if term in held}
                idf = math.log(1 + (len(documents) - len(counts) + 0.5) / (len(counts) + 0.5))
                for id_, tf in counts.items():
                    norm = _K1 * (1 - _B + _B * len(documents[id_]) / mean)
                    scores[id_] += weight * times * idf * tf * (_K1 + 1) / (tf + norm)
        return scores

    def _facets(self, found: list[str]) -> dict[str, tuple[Facet, ...]]:
        counts = {name: Counter(v for id_ in found for v in matching.values(self._articles[id_], name)) for name in FACETS}
        return {name: tuple(Facet(v, n) for v, n in sorted(counts[name].items(), key=lambda e: (-e[1], e[0]))) for name in FACETS}

    def suggest(self, prefix: str, most: int = 8) -> list[str]:
        """Look through every title, topic and author."""
        wanted = fold(prefix).strip()
        found = {entry for article in self._articles.values() for entry in matching.completions(article) if fold(entry).startswith(wanted)}
        return sorted(found, key=lambda entry: (fold(entry), entry))[:most] if wanted else []

    def more_like(self, id: str, most: int = 5) -> list[Hit]:
        """Search with the article's own most telling terms."""
        if id not in self._articles:
            return []
        df = Counter(term for held in self._flat.values() for term in set(held))
        asked = matching.telling(self._flat[id], lambda term: df[term], len(self._flat))
        results = self.search(Query(words=tuple(asked), size=most + 1))
        return [hit for hit in results.hits if hit.id != id][:most]

    def get(self, id: str) -> Article | None:
        """Give an article."""
        return self._articles.get(id)

    def ids(self) -> Iterator[str]:
        """Give every id."""
        return iter(self._articles)

    def stamp(self) -> int:
        """Give the last commit's number."""
        return self._stamp

    def close(self) -> None:
        """Nothing to let go of."""

    def __enter__(self) -> Self:
        return self

    def __exit__(self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None) -> None:
        self.close()


def _has(held: list[str], phrase: tuple[str, ...]) -> bool:
    return any(tuple(held[place : place + len(phrase)]) == phrase for place in range(len(held) - len(phrase) + 1))
