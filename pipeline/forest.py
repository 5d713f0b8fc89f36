"""Boosted decision trees as plain data, evaluated for many rows at once.

No tree is traversed node by node. Instead, each failed test rules out the leaves on one side by a bit mask,
and the lowest bit that remains set is the leaf (Lucchese et al., "QuickScorer", SIGIR 2015). numpy evaluates
all trees and rows together. The same rows have the same scores on every machine, because the evaluation
consists only of comparisons and one sum in fixed order.
"""

from __future__ import annotations

import math
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np
from numpy.typing import NDArray

__all__ = ["Forest"]

Floats = NDArray[np.float32]
_MOST_LEAVES = 32  # of a tree: the bits of a mask
_EVERY = np.uint32(0xFFFFFFFF)
_CHUNK = 64  # rows at a time, so that the masks stay in the processor's cache; chosen by hand


@dataclass(frozen=True, slots=True, eq=False)
class Forest:
    """Trees of at most 32 leaves each.

    A test is `row[feature] <= threshold`; true goes left, and leaves are counted from the left.
    """

    features: NDArray[np.int64]  # (tests,) column that each test compares
    thresholds: NDArray[np.float32]  # (tests,)
    masks: NDArray[np.uint32]  # (tests,) the leaves that remain possible when the test fails
    starts: NDArray[np.int64]  # (trees,) first test of each tree
    leaves: NDArray[np.float64]  # (trees, 32) value of each leaf

    @classmethod
    def from_record(cls, record: Mapping[str, Sequence[Any]]) -> Forest:
        """Build a forest from lists of numbers: "features", "thresholds", "masks", "starts", "leaves"."""
        leaves = np.zeros((len(record["leaves"]), _MOST_LEAVES))
        for tree, values in enumerate(record["leaves"]):
            leaves[tree, : len(values)] = values
        return cls(
            np.asarray(record["features"], np.int64), np.asarray(record["thresholds"], np.float32),
            np.asarray(record["masks"], np.uint32), np.asarray(record["starts"], np.int64), leaves,
        )  # fmt: skip

    def score(self, rows: Floats, hopeless: float = -math.inf) -> NDArray[np.float64]:
        """Return the sum of the trees for each row, as log-odds.

        A row whose sum is below `hopeless` after the first quarter of the trees keeps that sum as its score.
        """
        quarter = len(self.starts) // 4 if hopeless > -math.inf else len(self.starts)
        scores = self._sum(rows, 0, quarter)
        open_rows = np.flatnonzero(scores >= hopeless)
        scores[open_rows] += self._sum(rows[open_rows], quarter, len(self.starts))
        return scores

    def score_kinds(self, rows: Floats, kinds: int) -> NDArray[np.float64]:
        """Return one score per row and kind, as an array of shape (rows, kinds).

        The trees belong to the kinds in turn: the first tree to the first kind, the second to the second, …
        """
        leaves = self._leaves_of(rows, slice(0, len(self.features)), slice(0, len(self.starts)))
        summed: NDArray[np.float64] = leaves.reshape(len(rows), -1, kinds).sum(axis=1)
        return summed

    def _sum(self, rows: Floats, first: int, last: int) -> NDArray[np.float64]:
        if first == last or not len(rows):
            return np.zeros(len(rows))
        begin = self.starts[first]
        end = self.starts[last] if last < len(self.starts) else len(self.features)
        chunks = (rows[start : start + _CHUNK] for start in range(0, len(rows), _CHUNK))
        return np.concatenate(
            [self._leaves_of(chunk, slice(begin, end), slice(first, last)).sum(axis=1) for chunk in chunks]
        )

    def _leaves_of(self, rows: Floats, tests: slice, trees: slice) -> NDArray[np.float64]:
        failed = rows.take(self.features[tests], axis=1) > self.thresholds[tests]
        possible = np.where(failed, self.masks[tests], _EVERY)
        standing = np.bitwise_and.reduceat(possible, self.starts[trees] - tests.start, axis=1)
        lowest = (standing & (~standing + np.uint32(1))).astype(np.float32)
        leaf = np.frexp(lowest)[1] - 1
        values: NDArray[np.float64] = self.leaves[np.arange(trees.start, trees.stop), leaf]
        return values
