"""Answers from one commit of a Whoosh index: which documents are allowed, which match, which come first, and what is shown of them."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Iterator, Sequence
from heapq import nsmallest
from types import TracebackType
from typing import Any, Self

import numpy as np

from ...records import Article
from .. import cursor, fields
from ..analysis import fold
from ..answer import Page, answer, understood
from ..cursor import Position
from ..engine import FACETS, Facet, Hit, Results
from ..filters import Dated, Has, resolve
from ..occurrences import occurrences
from ..query import Query, Rendered
from ..ranking import Scored, best, favour
from ..snippet import Snippet, cut
from ..spelling import nearest
from ..synonyms import Synonyms
from .schema import encodable, sort_id
from .snapshot import Mask, Snapshot

__all__ = ["MOST_EXPANSIONS", "WhooshReader"]

MOST_EXPANSIONS = 100  # terms that one prefix stands for (docs/measurements.md, query-limits)
PATIENCE = 0.002  # seconds that a question at hand waits for a lock (docs/measurements.md, at-hand)
_MOST_POSTINGS, _MOST_HITS = (
    50_000,
    20,
)  # of a question at hand: a millisecond (docs/measurements.md, at-hand)


class WhooshReader:
    """One commit as it was when it was opened."""

    def __init__(self, snapshot: Snapshot, synonyms: Synonyms) -> None:
        self._snapshot = snapshot
        self._synonyms = synonyms
        self._closed = False

    def search(self, query: Query, *, facets: bool = False) -> Results:
        """Find articles."""
        with self._snapshot.lock:
            return answer(query, self, self._synonyms.names, facets=facets)

    def at_hand(self, query: Query) -> Results | None:
        """Find articles if no more than a millisecond or so goes by; None if it may be more."""
        if not self._snapshot.lock.acquire(timeout=PATIENCE):
            return None
        try:
            return answer(query, self, self._synonyms.names) if self._is_at_hand(query) else None
        finally:
            self._snapshot.lock.release()

    def _is_at_hand(self, query: Query) -> bool:
        """Tell whether nothing but words is asked for, all of them decoded, there, and not in too many articles, and little of each result."""
        more = query.prefixes or query.phrases or query.required or query.excluded or query.condition()
        if (
            more
            or not query.words
            or query.sort != "relevance"
            or query.shown != "record"
            or query.size > _MOST_HITS
        ):
            return False
        held, postings = self._snapshot, 0
        for word in query.words:
            counts = [held.decoded(term) for term in held.query_analyzer.terms(word)]
            if None in counts or (counts and not any(counts)):
                return False
            postings += sum(filter(None, counts))
        return 0 < postings <= _MOST_POSTINGS  # stop words alone ask for all articles

    def page(self, query: Query, *, facets: bool) -> Page:
        """Return one page of an understood query; the lock is held."""
        asked = self._asked(query)
        found, values = self._found(query, asked)
        documents, total = self._page(found, values, query)
        hits = (
            self._hit(number, value if query.is_scored else 0.0, asked, query.shown)
            for number, value in documents
        )
        more = bool(documents) and query.offset + len(documents) < total
        end = (
            Position(documents[-1][1], self._snapshot.ids[documents[-1][0]].decode("utf-8")) if more else None
        )
        return Page(total=len(found), hits=hits, end=end, facets=self._facets(found) if facets else {})

    def ranked_ids(self, query: Query) -> list[str]:
        """Return the ids of the results alone, in order."""
        held = self._snapshot
        with held.lock:
            query, _ = understood(query, self, self._synonyms.names)
            found, values = self._found(query, self._asked(query))
            documents, _ = self._page(found, values, query)
        return [held.ids[number].decode("utf-8") for number, _ in documents]

    def has_phrase(self, phrase: Sequence[str]) -> bool:
        """Whether a phrase stands in any article; the lock is held."""
        phrases = self._snapshot.query_analyzer.phrases(phrase)
        return not phrases or bool(self._with_any(phrases).any())

    def has_word(self, word: str) -> bool:
        """Whether a word stands in any article; the lock is held."""
        terms = self._snapshot.query_analyzer.terms(word)
        return not terms or any(map(self._snapshot.knows, terms))

    def has_beginning(self, prefix: str) -> bool:
        """Whether any term begins so; the lock is held."""
        return bool(self._snapshot.beginning(prefix, 1))

    def _asked(self, query: Query) -> Counter[str]:
        return fields.query_terms(query, self._snapshot.query_analyzer, self._expanded)

    def _expanded(self, prefix: str) -> list[str]:
        """Give what a prefix stands for: the terms that begin so, and its own stem, for "exercise*" means "exercis" as well."""
        return list(
            dict.fromkeys(
                [
                    *self._snapshot.query_analyzer.terms(prefix),
                    *self._snapshot.beginning(prefix, MOST_EXPANSIONS),
                ]
            )
        )

    def _found(self, query: Query, asked: Counter[str]) -> Scored:
        """Give the documents that match, with their scores."""
        held = self._snapshot
        allowed = self._allowed(query)
        if not asked:
            places = np.flatnonzero(held.alive if allowed is None else allowed)
            return places, np.zeros(len(places), np.float32)
        decoded = [
            (held.impacts(term), times) for term, times in asked.items()
        ]  # all of them before any is added
        return held.sums.scored(decoded, allowed)

    def _allowed(self, query: Query) -> Mask | None:
        """Give a mask of the documents within the filters that hold what they must and nothing that they must not; None for all."""
        held, query_analyzer = self._snapshot, self._snapshot.query_analyzer
        wanted = [
            self._with_any(query_analyzer.phrases((word,)))
            for word in query.required
            if query_analyzer.terms(word)
        ]
        wanted += [
            self._with_any(phrases) for phrase in query.phrases if (phrases := query_analyzer.phrases(phrase))
        ]
        condition = query.condition()
        if condition is not None:
            wanted.append(resolve(condition, self._fulfilled, held.alive))
        unwanted = [
            self._with_any(phrases)
            for phrase in query.excluded
            if (phrases := query_analyzer.phrases(phrase))
        ]
        if not wanted and not unwanted:
            return None
        allowed: Mask = held.alive.copy()
        for mask in wanted:
            allowed &= mask
        for mask in unwanted:
            allowed &= ~mask
        return allowed

    def _with_any(self, phrases: Iterable[Sequence[str]]) -> Mask:
        held = self._snapshot
        return self._mask(
            *(
                held.impacts(phrase[0])[0] if len(phrase) == 1 else held.with_phrase(phrase)
                for phrase in phrases
            )
        )

    def _mask(self, *places: Any) -> Mask:
        mask = np.zeros(self._snapshot.count, bool)
        for some in places:
            mask[some] = True
        return mask

    def _fulfilled(self, condition: Has | Dated) -> Mask:
        if isinstance(condition, Has):
            blind = condition.field in ("topic", "author")
            name, values = (
                (f"{condition.field}_key", map(fold, condition.values))
                if blind
                else (condition.field, condition.values)
            )
            return self._mask(*(self._snapshot.holders(name, encodable(value)) for value in values))
        days = self._snapshot.days()
        since = condition.since.toordinal() if condition.since else 1
        until = condition.until.toordinal() if condition.until else np.iinfo(np.int32).max
        dated: Mask = (days >= since) & (days <= until)
        return dated

    def _page(self, found: Any, values: Any, query: Query) -> tuple[list[tuple[int, float]], int]:
        """Give (document, value) of the results of a page, in order, and how many there are from the cursor on."""
        ids = self._snapshot.ids
        if query.sort == "recent":
            days = self._snapshot.days()
            values = (values * favour(days[found], int(days.max(initial=0)))).astype(np.float32)
        elif not query.is_scored:
            values = fields.by_day(self._snapshot.days()[found], query.sort).astype(np.float32)
        after = cursor.read(query.after)
        if after is not None:
            there = np.flatnonzero(ids[found] == sort_id(after.id))
            if len(there):  # its score as it is now: a commit in between changes all scores
                after = Position(float(values[there[0]]), after.id)
            rest = (values < after.value) | ((values == after.value) & (ids[found] > sort_id(after.id)))
            found, values = found[rest], values[rest]
        most = query.offset + query.size
        some = _first(found, values, ids, most)
        ordered = sorted((-float(values[place]), ids[found[place]], int(found[place])) for place in some)
        return [
            (place, -value) for value, _, place in ordered[query.offset : query.offset + query.size]
        ], len(found)

    def _hit(self, place: int, score: float, asked: Iterable[str], shown: Rendered = "snippet") -> Hit:
        article = self._snapshot.article(place) if shown == "record" else self._snapshot.whole(place)
        if shown != "snippet":
            return Hit(article.id, score, Snippet(""), article)
        matches = (
            []
            if article.limits.nosnippet
            else occurrences(article.text, asked, self._snapshot.query_analyzer.analyzers)
        )
        return Hit(article.id, score, cut(article.text, matches, article.limits), article)

    def _facets(self, found: Any) -> dict[str, tuple[Facet, ...]]:
        matched = self._mask(found)
        counts = {}
        for name in FACETS:
            values, documents, of_value = self._snapshot.facet(name)
            times = np.bincount(of_value[matched[documents]], minlength=len(values))
            named = sorted((-int(count), values[place]) for place, count in enumerate(times) if count)
            counts[name] = tuple(Facet(value, -count) for count, value in named)
        return counts

    def correct(self, query: Query) -> dict[str, str]:
        """Map words that the index does not know to the nearest that it does."""
        held = self._snapshot
        with held.lock:
            unknown = [
                word for word in dict.fromkeys((*query.words, *query.required)) if not self.has_word(word)
            ]
            mended = {
                word: nearest(word, held.near_words)
                for word in unknown
                if not any(map(self.has_word, self._synonyms.of(word)))
            }
        return {word: known for word, known in mended.items() if known}

    def suggest(self, prefix: str, most: int = 8) -> list[str]:
        """Walk the sorted completions from the prefix on."""
        found: dict[str, None] = {}
        wanted = fold(prefix).strip()
        with self._snapshot.lock:
            for entry in self._snapshot.completions(wanted) if wanted else ():
                found[entry] = None
                if len(found) >= most:
                    break
        return list(found)

    def more_like(self, id: str, most: int = 5) -> list[Hit]:
        """Search with the article's own most telling terms."""
        article = self.get(id)
        if article is None:
            return []
        held = self._snapshot
        with held.lock:
            own = fields.flat_terms(article, fields.Analyzers().of(article))
            asked = Counter(fields.telling(own, held.frequency, held.articles))
            found, values = (
                self._found(Query(), asked) if asked else (np.zeros(0, np.intp), np.zeros(0, np.float32))
            )
            places, _ = self._page(found, values, Query(size=most + 1))
            hits = [self._hit(place, value, asked) for place, value in places]
        return [hit for hit in hits if hit.id != id][:most]

    def get(self, id: str) -> Article | None:
        """Give an article."""
        return self._article("id", id)

    def at(self, url: str) -> Article | None:
        """Give the article at an address."""
        return self._article("address", url)

    def _article(self, field: str, value: str) -> Article | None:
        with self._snapshot.lock:
            place = self._snapshot.place(field, value)
            return self._snapshot.whole(place) if place is not None else None

    def ids(self) -> Iterator[str]:
        """Give every id."""
        return (id_.decode("utf-8") for id_ in self._snapshot.ids[self._snapshot.alive])

    def stamp(self) -> int:
        """Read the hidden document."""
        with self._snapshot.lock:
            return self._snapshot.stamp()

    def close(self) -> None:
        """Let go of the commit."""
        if not self._closed:
            self._closed = True
            self._snapshot.release()

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self.close()


def _first(found: Any, values: Any, ids: Any, most: int) -> Sequence[int]:
    """Give the places of the best, by their ids where values are the same: those may be very many."""
    places = best(values, most)
    if len(places) <= most:
        return places
    some = np.asarray(places)
    lowest = values[some].min()
    tied = some[values[some] == lowest]
    names = ids[found[tied]]
    last = nsmallest(most - (len(some) - len(tied)), names.tolist())[-1]
    return [*some[values[some] > lowest].tolist(), *tied[names <= last].tolist()]
