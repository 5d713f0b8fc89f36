"""Searches in one commit of a Whoosh index: filters, matches, ranks and shows its documents."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Iterator, Sequence
from typing import Any

import numpy as np

from ...records import Article
from .. import cursor, fields
from ..answer import Page, answer, understood
from ..closing import Closing
from ..cursor import Position
from ..engine import FACETS, Facet, Hit, Results
from ..filters import Dated, Has, resolve
from ..folding import fold
from ..occurrences import occurrences
from ..query import Query, Rendered
from ..ranking import Postings, Scored, favour, first, lacking
from ..snippet import Snippet, cut
from ..spelling import nearest
from ..synonyms import Synonyms
from ..wording import pruned
from .at_hand import is_at_hand
from .schema import encodable, sort_id
from .snapshot import Mask, Snapshot

__all__ = ["MOST_EXPANSIONS", "WhooshReader"]

MOST_EXPANSIONS = 100  # terms that one prefix expands to (docs/measurements.md, query-limits)
PATIENCE = 0.002  # seconds that an at-hand query waits for a lock (docs/measurements.md, at-hand)


class WhooshReader(Closing):
    """One commit as it was when the reader was opened."""

    def __init__(self, snapshot: Snapshot, synonyms: Synonyms) -> None:
        self._snapshot = snapshot
        self._synonyms = synonyms
        self.languages = snapshot.languages
        self._closed = False

    def search(self, query: Query, *, facets: bool = False) -> Results:
        """Find the articles that match a query."""
        with self._snapshot.lock:
            return answer(query, self, self._synonyms.names, facets=facets)

    def at_hand(self, query: Query) -> Results | None:
        """Answer from decoded postings if that takes about a millisecond, else return None."""
        if not self._snapshot.lock.acquire(timeout=PATIENCE):
            return None
        try:
            return answer(query, self, self._synonyms.names) if is_at_hand(query, self._snapshot) else None
        finally:
            self._snapshot.lock.release()

    def page(self, query: Query, *, facets: bool) -> Page:
        """Return one page of an understood query. The caller holds the lock."""
        terms = self._query_terms(query)
        documents, values = self._matching(query, terms)
        ranked, total = self._page(documents, values, query)
        joined = fields.joined_terms(query, self._snapshot.query_analyzer, terms)
        marked = fields.shown_terms(query, [*terms, *(one.term for one in joined)])
        hits = (
            self._hit(number, value if query.is_scored else 0.0, marked, query.shown)
            for number, value in ranked
        )
        more = bool(ranked) and query.offset + len(ranked) < total
        end = Position(ranked[-1][1], self._snapshot.ids[ranked[-1][0]].decode("utf-8")) if more else None
        return Page(
            total=len(documents), hits=hits, end=end, facets=self._facets(documents) if facets else {}
        )

    def ranked_ids(self, query: Query) -> list[str]:
        """Return only the ids of the results, in order."""
        snapshot = self._snapshot
        with snapshot.lock:
            query, _ = understood(query, self, self._synonyms.names)
            documents, values = self._matching(query, self._query_terms(query))
            ranked, _ = self._page(documents, values, query)
        return [snapshot.ids[number].decode("utf-8") for number, _ in ranked]

    def has_phrase(self, phrase: Sequence[str]) -> bool:
        """Whether a phrase occurs in any article. The caller holds the lock."""
        phrases = self._snapshot.query_analyzer.phrases(phrase)
        return not phrases or bool(self._with_any(phrases).any())

    def has_word(self, word: str) -> bool:
        """Whether a word occurs in any article. The caller holds the lock."""
        terms = self._snapshot.query_analyzer.terms(word)
        return not terms or any(map(self._snapshot.knows, terms))

    @property
    def documents(self) -> int:
        """The number of articles."""
        return self._snapshot.articles

    def frequency(self, word: str) -> int:
        """Count the articles that contain a word. The caller holds the lock."""
        held = [self._snapshot.impacts(term)[0] for term in self._snapshot.query_analyzer.terms(word)]
        return len(held[0]) if len(held) == 1 else int(self._mask(*held).sum())

    def has_beginning(self, prefix: str) -> bool:
        """Whether any term begins with a prefix. The caller holds the lock."""
        return bool(self._snapshot.beginning(prefix, 1))

    def _query_terms(self, query: Query) -> Counter[str]:
        return fields.query_terms(query, self._snapshot.query_analyzer, self._expanded)

    def _expanded(self, prefix: str) -> list[str]:
        """Return the terms that a prefix stands for: those that begin with it, and its own stem.

        The stem counts because "exercise*" means "exercis" as well.
        """
        return list(
            dict.fromkeys(
                [
                    *self._snapshot.query_analyzer.terms(prefix),
                    *self._snapshot.beginning(prefix, MOST_EXPANSIONS),
                ]
            )
        )

    def _matching(self, query: Query, query_terms: Counter[str]) -> Scored:
        """Return the documents that match, with their scores."""
        snapshot = self._snapshot
        allowed = self._allowed(query)
        if not query_terms:
            documents = np.flatnonzero(snapshot.alive if allowed is None else allowed)
            return documents, np.zeros(len(documents), np.float32)
        # Decode all of them before any is added to the sums.
        decoded = [(snapshot.impacts(term), times) for term, times in query_terms.items()]
        decoded += [
            (self._joined(joined), 1)
            for joined in fields.joined_terms(query, snapshot.query_analyzer, query_terms)
        ]
        return snapshot.sums.scored(decoded, allowed)

    def _joined(self, joined: fields.Joined) -> Postings:
        """Return what a joined word adds to the documents that lack a part of it."""
        snapshot = self._snapshot
        whole = snapshot.impacts(joined.term)
        parts = [[snapshot.impacts(term)[0] for term in part] for part in (joined.one, joined.other)]
        docs, values = lacking(whole, parts)
        return docs, np.float32(joined.share) * values

    def _allowed(self, query: Query) -> Mask | None:
        """Return a mask of the documents that satisfy filters, required and excluded words; None for all."""
        snapshot, query_analyzer = self._snapshot, self._snapshot.query_analyzer
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
            wanted.append(resolve(condition, self._fulfilled, snapshot.alive))
        unwanted = [
            self._with_any(phrases)
            for phrase in query.excluded
            if (phrases := query_analyzer.phrases(phrase))
        ]
        if not wanted and not unwanted:
            return None
        allowed: Mask = snapshot.alive.copy()
        for mask in wanted:
            allowed &= mask
        for mask in unwanted:
            allowed &= ~mask
        return allowed

    def _with_any(self, phrases: Iterable[Sequence[str]]) -> Mask:
        snapshot = self._snapshot
        return self._mask(
            *(
                snapshot.impacts(phrase[0])[0] if len(phrase) == 1 else snapshot.with_phrase(phrase)
                for phrase in phrases
            )
        )

    def _mask(self, *places: Any) -> Mask:
        mask = np.zeros(self._snapshot.count, bool)
        for numbers in places:
            mask[numbers] = True
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

    def _page(self, documents: Any, values: Any, query: Query) -> tuple[list[tuple[int, float]], int]:
        """Return a page's (document, value) in order, and the number of results after the cursor."""
        ids = self._snapshot.ids
        if query.sort == "recent":
            days = self._snapshot.days()
            values = (values * favour(days[documents], int(days.max(initial=0)))).astype(np.float32)
        elif not query.is_scored:
            values = fields.by_day(self._snapshot.days()[documents], query.sort).astype(np.float32)
        after = cursor.read(query.after)
        if after is not None:
            positions = np.flatnonzero(ids[documents] == sort_id(after.id))
            if len(positions):  # use its current score: a commit in between changes all scores
                after = Position(float(values[positions[0]]), after.id)
            rest = (values < after.value) | ((values == after.value) & (ids[documents] > sort_id(after.id)))
            documents, values = documents[rest], values[rest]
        most = query.offset + query.size
        candidates = first(documents, values, ids, most)
        ordered = sorted(
            (-float(values[number]), ids[documents[number]], int(documents[number])) for number in candidates
        )
        return [
            (number, -value) for value, _, number in ordered[query.offset : query.offset + query.size]
        ], len(documents)

    def _hit(self, document: int, score: float, marked: Iterable[str], shown: Rendered = "snippet") -> Hit:
        article = self._snapshot.article(document) if shown == "record" else self._snapshot.whole(document)
        if shown != "snippet":
            return Hit(article.id, score, Snippet(""), article)
        matches = (
            []
            if article.limits.nosnippet
            else occurrences(article.text, marked, self._snapshot.query_analyzer.analyzers)
        )
        return Hit(article.id, score, cut(article.text, matches, article.limits), article)

    def _facets(self, documents: Any) -> dict[str, tuple[Facet, ...]]:
        matched = self._mask(documents)
        counts = {}
        for name in FACETS:
            values, documents, of_value = self._snapshot.facet(name)
            times = np.bincount(of_value[matched[documents]], minlength=len(values))
            named = sorted((-int(count), values[index]) for index, count in enumerate(times) if count)
            counts[name] = tuple(Facet(value, -count) for count, value in named)
        return counts

    def correct(self, query: Query) -> dict[str, str]:
        """Map words that the index does not know to the nearest words that it knows."""
        snapshot = self._snapshot
        with snapshot.lock:
            asked = pruned(query, self.languages, self.has_word)
            unknown = [
                word for word in dict.fromkeys((*asked.words, *query.required)) if not self.has_word(word)
            ]
            spellings = {
                word: nearest(word, snapshot.near_words)
                for word in unknown
                if not any(map(self.has_word, self._synonyms.of(word)))
            }
        return {word: known for word, known in spellings.items() if known}

    def suggest(self, prefix: str, most: int = 8) -> list[str]:
        """Return what completes a prefix, in sorted order and each entry once."""
        entries: dict[str, None] = {}
        wanted = fold(prefix).strip()
        with self._snapshot.lock:
            for entry in self._snapshot.completions(wanted) if wanted else ():
                entries[entry] = None
                if len(entries) >= most:
                    break
        return list(entries)

    def more_like(self, id: str, most: int = 5) -> list[Hit]:
        """Search with the most significant terms of the article itself."""
        article = self.get(id)
        if article is None:
            return []
        snapshot = self._snapshot
        with snapshot.lock:
            own = fields.flat_terms(article, fields.Analyzers().of(article))
            terms = Counter(fields.telling(own, snapshot.frequency, snapshot.articles))
            documents, values = (
                self._matching(Query(), terms) if terms else (np.zeros(0, np.intp), np.zeros(0, np.float32))
            )
            ranked, _ = self._page(documents, values, Query(size=most + 1))
            hits = [self._hit(document, value, terms) for document, value in ranked]
        return [hit for hit in hits if hit.id != id][:most]

    def get(self, id: str) -> Article | None:
        """Return the article with an id; None if it is not in the index."""
        return self._article("id", id)

    def at(self, url: str) -> Article | None:
        """Return the article at a canonical URL, main or alternative; None if there is none."""
        return self._article("address", url)

    def _article(self, field: str, value: str) -> Article | None:
        with self._snapshot.lock:
            document = self._snapshot.document(field, value)
            return self._snapshot.whole(document) if document is not None else None

    def ids(self) -> Iterator[str]:
        """Return an iterator over the ids of all articles."""
        return (id_.decode("utf-8") for id_ in self._snapshot.ids[self._snapshot.alive])

    def stamp(self) -> int:
        """Return the change number of the last commit, from the hidden document; 0 before the first."""
        with self._snapshot.lock:
            return self._snapshot.stamp()

    def close(self) -> None:
        """Release the commit."""
        if not self._closed:
            self._closed = True
            self._snapshot.release()
