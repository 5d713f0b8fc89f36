"""One open commit of a Whoosh index: its columns, and a cache of its decoded postings.

Readers of the same commit share it, so that a server decodes a term once. The cache is limited in bytes;
the least recently used entries go first. One query at a time: the lock is held while a query is answered.
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

_MOST_BYTES = 64 * 1024 * 1024  # of decoded postings (docs/decisions/0033)
_MOST_ARTICLES = 4096  # cached without their texts, about 4 KB each; chosen by hand
_ENTRY = 400  # bytes of a cached entry in addition to its values; chosen by hand
_WHOLE, _TITLE = "all", "title"
Mask = npt.NDArray[np.bool_]


class Snapshot(Shared):
    """An open commit, shared by its readers."""

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
        self.languages = frozenset(value.decode("utf-8") for value in reader.lexicon("language"))
        self.query_analyzer = QueryAnalyzer(self.languages)
        self._decoded: OrderedDict[tuple[str, str], Any] = OrderedDict()
        self._bytes = 0
        self._remembered: OrderedDict[int, Article] = OrderedDict()
        self._facets: dict[str, tuple[list[str], Ints, Ints]] = {}
        self._days: Ints | None = None

    def _let_go(self) -> None:
        self._reader.close()
        self._index.close()

    # --- terms ------------------------------------------------------------------------------------------

    def impacts(self, term: str) -> Postings:
        """Return what a term adds to the score of each document that contains it."""
        cached: Postings = self._kept((_WHOLE, term), lambda: self._impacts(term.encode("utf-8", "replace")))
        return cached

    def decoded(self, term: str) -> int | None:
        """Count the documents that contain a term if its postings are decoded; None if they are not."""
        cached = self._decoded.get((_WHOLE, term))
        return None if cached is None else len(cached[0])

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
        """Return the documents that have a value in a field."""
        documents: Ints = self._kept(
            (field, value),
            lambda: postings.of_term(self._reader, field, value.encode("utf-8", "replace"), self.alive)[0],
        )
        return documents

    def frequency(self, term: str) -> int:
        """Count the documents that contain a term."""
        return len(self.impacts(term)[0])

    def knows(self, term: str) -> bool:
        """Whether any document contains a term."""
        return self.frequency(term) > 0

    def beginning(self, prefix: str, most: int) -> list[str]:
        """Return the terms that begin with a prefix, in order, at most `most`."""
        terms: list[str] = []
        for term in self._reader.expand_prefix(_WHOLE, encodable(prefix)):
            if len(terms) >= most:
                break
            terms.append(term.decode("utf-8"))
        return terms

    def with_phrase(self, phrase: Sequence[str]) -> Ints:
        """Return the documents that contain two or more terms in a row."""
        from whoosh.query import Phrase  # imported late: loads tables of English word forms
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

    # --- documents --------------------------------------------------------------------------------------

    def document(self, field: str, value: str) -> int | None:
        """Return the document number of an article by its "id" or a URL ("address"); None if not found."""
        documents, _ = postings.of_term(self._reader, field, encodable(value).encode(), self.alive)
        return int(documents[0]) if len(documents) else None

    def article(self, document: int) -> Article:
        """Return the article of a document, without its text.

        The articles shown last are cached, because the same ones are shown again and again.
        """
        if document in self._remembered:
            self._remembered.move_to_end(document)
            return self._remembered[document]
        article = self._remembered[document] = article_of(self._records[document])
        if len(self._remembered) > _MOST_ARTICLES:
            self._remembered.popitem(last=False)
        return article

    def whole(self, document: int) -> Article:
        """Return the article of a document with its text."""
        return replace(self.article(document), text=text_of(self._texts[document]))

    def stamp(self) -> int:
        """Return the change number of the last commit; 0 before the first."""
        return stamp_of(self._records[int(self._stamped[-1])]) if len(self._stamped) else 0

    def days(self) -> Ints:
        """Return the day number of publication of every document; 0 where it is not known."""
        if self._days is None:
            self._days = np.frombuffer(postings.column(self._reader, "day", 4), ">i4").astype(np.int32)
        return self._days

    def facet(self, name: str) -> tuple[list[str], Ints, Ints]:
        """Return the values of a facet, and two parallel arrays.

        The arrays hold a document, and the index of a value that this document has.
        """
        if name not in self._facets:
            values = [value.decode("utf-8") for value in self._reader.lexicon(name)]
            holders = [
                postings.of_term(self._reader, name, value.encode("utf-8"), self.alive)[0] for value in values
            ]
            documents = np.concatenate(holders) if holders else np.zeros(0, np.int32)
            of_value = np.repeat(
                np.arange(len(values), dtype=np.int32), [len(numbers) for numbers in holders]
            )
            self._facets[name] = (values, documents, of_value)
        return self._facets[name]

    def completions(self, prefix: str) -> Iterator[str]:
        """Yield the entries whose folded text begins with a prefix, in the order of that text."""
        for entry in self._reader.expand_prefix("complete", encodable(prefix)):
            if len(postings.of_term(self._reader, "complete", entry, self.alive)[0]):
                yield entry.decode("utf-8").partition(BETWEEN)[2]

    def near_words(self, word: str, distance: int, same: int) -> list[tuple[str, int]]:
        """Return (word, number of articles) of the words within an edit distance of a word.

        The words are those of titles, headings, topics and people. The first `same` letters must match.
        """
        near = {
            candidate
            for leaf, _ in self._reader.leaf_readers()
            for candidate in leaf.terms_within("word", encodable(word), distance, prefix=same)
        }
        return [(candidate, len(self.holders("word", candidate))) for candidate in sorted(near)]

    def _norms(self, field: str) -> Any:
        lengths = postings.lengths(self._reader, field)
        return ranking.norms(lengths, float(lengths[self.alive].sum()) / (self.articles or 1))


def _size(value: Any) -> int:
    return _ENTRY + (sum(part.nbytes for part in value) if isinstance(value, tuple) else int(value.nbytes))
