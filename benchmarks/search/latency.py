"""Wall-clock times of queries that are run one after the other."""

from __future__ import annotations

import time
from collections.abc import Callable, Iterable
from typing import Any

__all__ = ["again", "percentile", "times"]


def times(ask: Callable[[str], Any], questions: Iterable[str]) -> list[float]:
    """Run every query once; return the milliseconds that each took, the shortest first."""
    milliseconds = []
    for question in questions:
        started = time.perf_counter()
        ask(question)
        milliseconds.append(1000 * (time.perf_counter() - started))
    return sorted(milliseconds)


def percentile(taken: list[float], share: float) -> float:
    """Return the time that a share (0 to 1) of the times does not exceed; the times are sorted."""
    return taken[min(len(taken) - 1, int(share * len(taken)))]


def again(ask: Callable[[str], Any], questions: list[str]) -> tuple[float, float]:
    """Run every query twice; return the median and 99th percentile of the second round in milliseconds."""
    times(ask, questions)
    milliseconds = times(ask, questions)
    return percentile(milliseconds, 0.5), percentile(milliseconds, 0.99)
