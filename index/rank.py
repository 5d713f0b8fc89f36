"""Which articles come first: BM25 over all that is searched, and a share of the title's own. Pure, over arrays.

For a term with `df` of `n` articles, `tf` times in one of length `l` (mean `m`):

    idf = ln(1 + (n - df + 0.5) / (df + 0.5))                       Lucene's BM25Similarity
    score = idf · tf · (K1 + 1) / (tf + K1 · (1 - B + B · l / m))   Robertson and Zaragoza 2009, eq. 3.15

A word asked twice counts twice. B and the title's weight were chosen on every other query of four collections and reported on
the rest (docs/measurements.md, ranking).
"""

from __future__ import annotations

import math
from collections.abc import Sequence
from typing import Any

import numpy as np
import numpy.typing as npt

__all__ = ["K1", "TITLE", "B", "Floats", "Ints", "Postings", "Sums", "best", "idf", "impacts", "norms", "together"]

K1, B = 1.2, 0.7
TITLE = 0.3  # weight of the title's own score beside that of the whole
_FEW = 3_000  # postings up to which looking at the documents touched is quicker than looking at all

Ints = npt.NDArray[np.int32]
Floats = npt.NDArray[np.float32]
Postings = tuple[Ints, Floats]  # document numbers, ascending; a value for each


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


class Sums:
    """Scores of every document, summed up term by term; to be emptied after each question. Not for two threads at once."""

    def __init__(self, documents: int) -> None:
        self._scores = np.zeros(documents, np.float32)
        self._parts: list[Ints] = []
        self._postings = 0

    def add(self, postings: Postings, times: int = 1) -> None:
        """Add a term that was asked so many times."""
        found, values = postings
        self._scores[found] += values if times == 1 else np.float32(times) * values
        self._parts.append(found)
        self._postings += len(found)

    def matched(self, allowed: npt.NDArray[np.bool_] | None) -> Postings:
        """Give the documents that have a score and are allowed, with their scores; empty the sums."""
        scores = self._scores
        if self._postings <= min(_FEW, len(scores)):
            found: Any = np.unique(np.concatenate(self._parts)) if len(self._parts) > 1 else self._parts[0] if self._parts else np.zeros(0, np.int32)
        else:
            found = np.flatnonzero(scores)
        if allowed is not None:
            found = found[allowed[found]]
        values = scores[found]
        for part in self._parts:
            scores[part] = 0
        self._parts, self._postings = [], 0
        return found.astype(np.int32, copy=False), values


def best(values: Any, most: int) -> Sequence[int]:
    """Give the places of the `most` highest values and of all that equal the lowest of them, in no order."""
    if len(values) <= most:
        return range(len(values))
    lowest = np.partition(values, len(values) - most)[len(values) - most]
    places: Sequence[int] = np.flatnonzero(values >= lowest).tolist()
    return places
