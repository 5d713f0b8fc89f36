"""Which articles come first: BM25 over all that is searched, and a share of the title's own. Pure, over arrays.

For a term with `df` of `n` articles, `tf` times in one of length `l` (mean `m`):

    idf = ln(1 + (n - df + 0.5) / (df + 0.5))                       Lucene's BM25Similarity
    score = idf · tf · (K1 + 1) / (tf + K1 · (1 - B + B · l / m))   Robertson and Zaragoza 2009, eq. 3.15

Who asks for recent articles gets each score times 1 + FAVOUR · 2^(-a / HALF_LIFE), where `a` is how many days older an article is than the newest.

A word asked twice counts twice. B and the title's weight were chosen on every other query of four collections and reported on
the rest (docs/measurements.md, ranking).
"""

from __future__ import annotations

import math
from collections.abc import Iterable, Sequence
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
    "idf",
    "impacts",
    "norms",
    "together",
]

K1, B = 1.2, 0.7
TITLE = 0.3  # weight of the title's own score beside that of the whole
FAVOUR = (
    0.5  # of a score, for the newest article; chosen, not measured: no collection of ours has judged dates
)
HALF_LIFE = 730  # days; chosen as well
# Below 1/4 of the documents gather by posting; above, scan the whole array (docs/measurements.md, at-hand).
_FEW = 4

Ints = npt.NDArray[np.int32]
Floats = npt.NDArray[np.float32]
Postings = tuple[Ints, Floats]  # document numbers; a value for each
Places = npt.NDArray[np.intp]
Scored = tuple[Places, Floats]  # the same of what was found, in the numbers that numpy looks up by


def idf(documents: int, frequency: int) -> float:
    """Give the weight of a term that `frequency` of `documents` contain."""
    return math.log(1 + (documents - frequency + 0.5) / (frequency + 0.5))


def norms(lengths: Floats, mean: float) -> Floats:
    """Give, for every document, what its length adds to a term's frequency."""
    return (K1 * (1 - B + B * lengths / (mean or 1.0))).astype(np.float32)


def impacts(postings: Postings, norm: Floats, documents: int) -> Postings:
    """Turn the frequencies of a term into what each adds to its document's score."""
    found, frequencies = postings
    weight = np.float32(idf(documents, len(found)) * (K1 + 1))
    return found, weight * frequencies / (frequencies + norm[found])


def together(whole: Postings, title: Postings) -> Postings:
    """Add the title's share to the impacts of the whole, which contains the title."""
    found, values = whole[0], whole[1].copy()
    places = np.searchsorted(found, title[0])
    values[places] += np.float32(TITLE) * title[1]
    return found, values


def favour(days: Any, newest: int) -> Any:
    """Give what scores are multiplied by when recent articles are favoured; 1 for those without a date. Day numbers, one or an array."""
    return 1 + FAVOUR * np.where(days > 0, np.exp2((np.asarray(days) - newest) / HALF_LIFE), 0)


class Sums:
    """An array in which the scores of one query are summed up, term by term. Not for two threads at once."""

    def __init__(self, documents: int) -> None:
        self._scores = np.zeros(documents, np.float32)
        self._parts: list[Places] = []

    def scored(self, terms: Iterable[tuple[Postings, int]], allowed: npt.NDArray[np.bool_] | None) -> Scored:
        """Return the documents that hold a term and are allowed, in no order, with their scores; a term comes with how often it was asked.

        Whatever happens, no score is left for the next query.
        """
        try:
            for postings, times in terms:
                self._add(postings, times)
            found, values = self._taken()
        except BaseException:
            self._scores.fill(0)
            self._parts = []
            raise
        if allowed is not None:
            kept = allowed[found]
            found, values = found[kept], values[kept]
        return found, values

    def _add(self, postings: Postings, times: int) -> None:
        found, values = (
            postings[0].astype(np.intp),
            postings[1],
        )  # once, where numpy would do it at every look
        np.add.at(self._scores, found, values if times == 1 else np.float32(times) * values)
        self._parts.append(found)

    def _taken(self) -> Scored:
        """Take the scores out: from all documents where the terms stand in many, else from where they were added."""
        parts, self._parts = self._parts, []
        if sum(map(len, parts)) * _FEW > len(self._scores):
            found = np.flatnonzero(self._scores != 0)
            values = self._scores.take(found)
            self._scores.fill(0)
            return found, values
        taken = [self._taken_from(part) for part in parts] or [self._taken_from(np.zeros(0, np.intp))]
        return np.concatenate([found for found, _ in taken]), np.concatenate([values for _, values in taken])

    def _taken_from(self, part: Places) -> Scored:
        """Take the scores of some documents out, but of those whose score has been taken already."""
        values = self._scores.take(part)
        new = np.flatnonzero(values != 0)
        self._scores[part] = 0
        return part.take(new), values.take(new)


def best(values: Any, most: int) -> Sequence[int]:
    """Give the places of the `most` highest values and of all that equal the lowest of them, in no order."""
    if most <= 0 or len(values) <= most:
        return range(len(values) if most > 0 else 0)
    lowest = np.partition(values, len(values) - most)[len(values) - most]
    places: Sequence[int] = np.flatnonzero(values >= lowest).tolist()
    return places
