"""Which articles come first: BM25 over all searched text, plus a share of the title's own score.

Pure computation on arrays.

For a term with `df` of `n` articles, `tf` times in one of length `l` (mean `m`):

    idf = ln(1 + (n - df + 0.5) / (df + 0.5))                       Lucene's BM25Similarity
    score = idf · tf · (K1 + 1) / (tf + K1 · (1 - B + B · l / m))   Robertson and Zaragoza 2009, eq. 3.15

When a query is sorted by "recent", each score is multiplied by 1 + FAVOUR · 2^(-a / HALF_LIFE), where `a` is
how many days older the article is than the newest one.

A word that occurs twice in a query counts twice. B and the title's weight were chosen on every other query of
four collections and reported on the rest (docs/measurements.md, ranking).
"""

from __future__ import annotations

import math
from collections.abc import Iterable, Sequence
from heapq import nsmallest
from typing import Any

import numpy as np
import numpy.typing as npt

__all__ = [
    "FAVOUR",
    "HALF_LIFE",
    "K1",
    "TITLE",
    "B",
    "Floats",
    "Ints",
    "Postings",
    "Scored",
    "Sums",
    "best",
    "favour",
    "first",
    "idf",
    "impacts",
    "joined_share",
    "lacking",
    "norms",
    "together",
]

K1, B = 1.2, 0.7  # K1 as in Lucene; B: see above
TITLE = 0.3  # weight of the title's own score; the whole text has weight 1
# Share of a score that the newest article gains; chosen by hand, not measured: none of our collections has
# judged dates.
FAVOUR = 0.5
HALF_LIFE = 730  # days; chosen by hand as well
# Below 1/4 of the documents gather by posting; above, scan the whole array (docs/measurements.md, at-hand).
_FEW = 4

Ints = npt.NDArray[np.int32]
Floats = npt.NDArray[np.float32]
Postings = tuple[Ints, Floats]  # document numbers, and a value for each
Places = npt.NDArray[np.intp]
Scored = tuple[Places, Floats]  # the same for matching documents, numbered in numpy's own index type


def idf(documents: int, frequency: int) -> float:
    """Return the weight of a term that `frequency` of `documents` documents contain."""
    return math.log(1 + (documents - frequency + 0.5) / (frequency + 0.5))


def norms(lengths: Floats, mean: float) -> Floats:
    """Return what the length of each document adds to a term's frequency in the divisor of its score."""
    return (K1 * (1 - B + B * lengths / (mean or 1.0))).astype(np.float32)


def impacts(postings: Postings, norm: Floats, documents: int) -> Postings:
    """Turn the frequencies of a term into what each adds to its document's score."""
    docs, frequencies = postings
    weight = np.float32(idf(documents, len(docs)) * (K1 + 1))
    return docs, weight * frequencies / (frequencies + norm[docs])


def together(whole: Postings, title: Postings) -> Postings:
    """Add the title's share to the impacts of the whole text, which contains the title."""
    docs, values = whole[0], whole[1].copy()
    positions = np.searchsorted(docs, title[0])
    values[positions] += np.float32(TITLE) * title[1]
    return docs, values


def joined_share(documents: int, frequency: int, parts: Iterable[int]) -> float:
    """Return the share of its own score that a joined word adds: it tells no more than its parts together.

    All numbers are frequencies in documents. Without the limit, a rare spelling such as "boundarylayer"
    brings its few articles before all others.
    """
    limit = sum(idf(documents, part) for part in parts if part)
    return min(1.0, limit / idf(documents, frequency)) if limit else 1.0


def lacking(postings: Postings, parts: Iterable[Iterable[Ints]]) -> Postings:
    """Return the postings of the documents that do not have all of some parts.

    Each part comes as the sorted document numbers of its terms, any of which counts.
    """
    docs, values = postings
    has_all = np.ones(len(docs), bool)
    for part in parts:
        has_any = np.zeros(len(docs), bool)
        for holders in part:
            if len(holders):
                places = np.minimum(np.searchsorted(holders, docs), len(holders) - 1)
                has_any |= holders[places] == docs
        has_all &= has_any
    return docs[~has_all], values[~has_all]


def favour(days: Any, newest: int) -> Any:
    """Return the factor of a score when recent articles are favoured; 1 for articles without a date.

    `days` is one day number or an array of them.
    """
    return 1 + FAVOUR * np.where(days > 0, np.exp2((np.asarray(days) - newest) / HALF_LIFE), 0)


class Sums:
    """An array in which the scores of one query are summed up, term by term. Not thread-safe."""

    def __init__(self, documents: int) -> None:
        self._scores = np.zeros(documents, np.float32)
        self._parts: list[Places] = []

    def scored(self, terms: Iterable[tuple[Postings, int]], allowed: npt.NDArray[np.bool_] | None) -> Scored:
        """Return the allowed documents that contain a term, in no particular order, with their scores.

        Each term comes with how often the query has it. `allowed` None means that all documents are allowed.
        Even after an error, no score is left over for the next query.
        """
        try:
            for postings, times in terms:
                self._add(postings, times)
            docs, values = self._taken()
        except BaseException:
            self._scores.fill(0)
            self._parts = []
            raise
        if allowed is not None:
            mask = allowed[docs]
            docs, values = docs[mask], values[mask]
        return docs, values

    def _add(self, postings: Postings, times: int) -> None:
        # Converted once here; otherwise numpy would convert at every access.
        docs, values = postings[0].astype(np.intp), postings[1]
        np.add.at(self._scores, docs, values if times == 1 else np.float32(times) * values)
        self._parts.append(docs)

    def _taken(self) -> Scored:
        """Return the documents with scores, and reset their scores to 0.

        Scans the whole array if the terms are in many documents, else only where scores were added.
        """
        parts, self._parts = self._parts, []
        if sum(map(len, parts)) * _FEW > len(self._scores):
            docs = np.flatnonzero(self._scores != 0)
            values = self._scores.take(docs)
            self._scores.fill(0)
            return docs, values
        scored = [self._taken_from(part) for part in parts] or [self._taken_from(np.zeros(0, np.intp))]
        return np.concatenate([docs for docs, _ in scored]), np.concatenate([values for _, values in scored])

    def _taken_from(self, part: Places) -> Scored:
        """Return these documents with their scores, and reset the scores to 0.

        Documents whose scores have been returned already are left out.
        """
        values = self._scores.take(part)
        new = np.flatnonzero(values != 0)
        self._scores[part] = 0
        return part.take(new), values.take(new)


def best(values: Any, most: int) -> Sequence[int]:
    """Return the positions of the `most` highest values, in no particular order.

    Positions of further values equal to the lowest of these are included.
    """
    if most <= 0 or len(values) <= most:
        return range(len(values) if most > 0 else 0)
    lowest = np.partition(values, len(values) - most)[len(values) - most]
    positions: Sequence[int] = np.flatnonzero(values >= lowest).tolist()
    return positions


def first(documents: Any, values: Any, ids: Any, most: int) -> Sequence[int]:
    """Return the indices of the `most` highest values; `ids` has the id of each of the `documents`.

    Ties at the lowest of these values are decided by id. They are not all sorted: there may be very many.
    """
    indices = best(values, most)
    if len(indices) <= most:
        return indices
    chosen = np.asarray(indices)
    lowest = values[chosen].min()
    tied = chosen[values[chosen] == lowest]
    tied_ids = ids[documents[tied]]
    last = nsmallest(most - (len(chosen) - len(tied)), tied_ids.tolist())[-1]
    return [*chosen[values[chosen] > lowest].tolist(), *tied[tied_ids <= last].tolist()]
