"""One commit of a Whoosh index, opened: its columns, and what has been decoded of its postings so far.

Readers of the same commit share it, so that a server decodes a term once. What is decoded is kept within a limit of bytes, the
least used goes first. One question at a time: the lock is held while one is answered.
"""

from __future__ import annotations

import threading
from collections import OrderedDict
from collections.abc import Iterator, Sequence
from dataclasses import replace
from typing import Any

import numpy as np
import numpy.typing as npt

from ...records import Article
from .. import ranking
from ..analysis import QueryAnalyzer
from ..ranking import Ints, Postings
from ..shared import Shared
from . import postings
from .schema import BETWEEN, ID_BYTES, STAMP, article_of, encodable, sort_id, stamp_of, text_of

__all__ = ["Mask", "Snapshot"]

_MOST_BYTES = 64 * 1024 * 1024  # of decoded postings
_MOST_ARTICLES = 4096  # without their texts; some 4 KB each
_ENTRY = 400  # bytes of a kept entry beside its values
_WHOLE, _TITLE = "all", "title"
Mask = npt.NDArray[np.bool_]


class Snapshot(Shared):
    """An open commit."""

    def __init__(self, index: Any) -> None:
        super().__init__()
        self._index = index
        reader = self._reader = index.reader()
        self._records, self._texts = reader.column_reader("record"), reader.column_reader("text")
        self.lock = threading.Lock()
        self.count = reader.doc_count_all()
        self.ids = np.frombuffer(postings.column(reader, "sort_id", ID_BYTES), f"S{ID_BYTES}")
        there, hidden = postings.alive(reader), self.ids == sort_id(STAMP)
        self.alive: Mask = there & ~hidden
        self._stamped = np.flatnonzero(there & hidden)
        self.articles = int(self.alive.sum())
        self._whole, self._titles = (self._norms(field) for field in (_WHOLE, _TITLE))
        self.sums = ranking.Sums(self.count)
        self.query_analyzer = QueryAnalyzer(value.decode("utf-8") for value in reader.lexicon("language"))
        self._decoded: OrderedDict[tuple[str, str], Any] = OrderedDict()
        self._bytes = 0
        self._remembered: OrderedDict[int, Article] = OrderedDict()
        self._facets: dict[str, tuple[list[str], Ints, Ints]] = {}
        self._days: Ints | None = None

    def _let_go(self) -> None:
        self._reader.close()
        self._index.close()

    # --- terms -----------------------------------------------------------------------------------------------------

    def impacts(self, term: str) -> Postings:
        """Give what a term adds to the score of each document that holds it."""
        kept: Postings = self._kept((_WHOLE, term), lambda: self._impacts(term.encode("utf-8", "replace")))
        return kept

    def decoded(self, term: str) -> int | None:
        """Count the documents that hold a term, if that is known without reading; None if not."""
        kept = self._decoded.get((_WHOLE, term))
        return None if kept is None else len(kept[0])

    def _impacts(self, term: bytes) -> Postings:
        whole = ranking.impacts(
            postings.of_term(self._reader, _WHOLE, term, self.alive), self._whole, self.articles
        )
        title = postings.of_term(self._reader, _TITLE, term, self.alive)
        return (
            ranking.together(whole, ranking.impacts(title, self._titles, self.articles))
            if len(title[0])
            else whole
        )

    def holders(self, field: str, value: str) -> Ints:
        """Give the documents that hold a value in a field."""
        held: Ints = self._kept(
            (field, value),
            lambda: postings.of_term(self._reader, field, value.encode("utf-8", "replace"), self.alive)[0],
        )
        return held

    def frequency(self, term: str) -> int:
        """Count the documents that hold a term."""
        return len(self.impacts(term)[0])

    def knows(self, term: str) -> bool:
        """Tell whether any document holds a term."""
        return self.frequency(term) > 0

    def beginning(self, prefix: str, most: int) -> list[str]:
        """Give terms that begin so, in order, at most so many."""
        found: list[str] = []
        for term in self._reader.expand_prefix(_WHOLE, encodable(prefix)):
            if len(found) >= most:
                break
            found.append(term.decode("utf-8"))
        return found

    def with_phrase(self, phrase: Sequence[str]) -> Ints:
        """Give the documents that hold two or more terms in a row."""
        from whoosh.query import Phrase  # it loads tables of English word forms that nobody else asks for
        from whoosh.searching import Searcher

        return np.fromiter(Searcher(self._reader).docs_for_query(Phrase(_WHOLE, list(phrase))), np.int32)

    def _kept(self, key: tuple[str, str], decode: Any) -> Any:
        if key in self._decoded:
            self._decoded.move_to_end(key)
            return self._decoded[key]
        value = self._decoded[key] = decode()
        self._bytes += _size(value)
        while self._bytes > _MOST_BYTES and len(self._decoded) > 1:
            self._bytes -= _size(self._decoded.popitem(last=False)[1])
        return value

    # --- documents -------------------------------------------------------------------------------------------------

    def place(self, field: str, value: str) -> int | None:
        """Give the document of an article by its "id", or by an "address" of it; None if there is none."""
        found, _ = postings.of_term(self._reader, field, encodable(value).encode(), self.alive)
        return int(found[0]) if len(found) else None

    def article(self, place: int) -> Article:
        """Give the article of a document, without its text. Those shown last are remembered, for the same are shown again and again."""
        if place in self._remembered:
            self._remembered.move_to_end(place)
            return self._remembered[place]
        article = self._remembered[place] = article_of(self._records[place])
        if len(self._remembered) > _MOST_ARTICLES:
            self._remembered.popitem(last=False)
        return article

    def whole(self, place: int) -> Article:
        """Give the article of a document with its text."""
        return replace(self.article(place), text=text_of(self._texts[place]))

    def stamp(self) -> int:
        """Give the number handed to the last commit; 0 before the first."""
        return stamp_of(self._records[int(self._stamped[-1])]) if len(self._stamped) else 0

    def days(self) -> Ints:
        """Give the day of publication of every document, 0 where it is not known."""
        if self._days is None:
            self._days = np.frombuffer(postings.column(self._reader, "day", 4), ">i4").astype(np.int32)
        return self._days

    def facet(self, name: str) -> tuple[list[str], Ints, Ints]:
        """Give the values of a facet, and two arrays side by side: a document, and the place of a value that it has."""
        if name not in self._facets:
            values = [value.decode("utf-8") for value in self._reader.lexicon(name)]
            holders = [
                postings.of_term(self._reader, name, value.encode("utf-8"), self.alive)[0] for value in values
            ]
            documents = np.concatenate(holders) if holders else np.zeros(0, np.int32)
            of_value = np.repeat(np.arange(len(values), dtype=np.int32), [len(one) for one in holders])
            self._facets[name] = (values, documents, of_value)
        return self._facets[name]

    def completions(self, prefix: str) -> Iterator[str]:
        """Give the entries whose folded text begins so, in the order of that text."""
        for entry in self._reader.expand_prefix("complete", encodable(prefix)):
            if len(postings.of_term(self._reader, "complete", entry, self.alive)[0]):
                yield entry.decode("utf-8").partition(BETWEEN)[2]

    def near_words(self, word: str, distance: int, same: int) -> list[tuple[str, int]]:
        """Give (word, articles) of the words of titles, headings, topics and people within an edit distance, the first `same` letters the same."""
        near = {
            one
            for leaf, _ in self._reader.leaf_readers()
            for one in leaf.terms_within("word", encodable(word), distance, prefix=same)
        }
        return [(one, len(self.holders("word", one))) for one in sorted(near)]

    def _norms(self, field: str) -> Any:
        lengths = postings.lengths(self._reader, field)
        return ranking.norms(lengths, float(lengths[self.alive].sum()) / (self.articles or 1))


def _size(value: Any) -> int:
    return _ENTRY + (sum(part.nbytes for part in value) if isinstance(value, tuple) else int(value.nbytes))
