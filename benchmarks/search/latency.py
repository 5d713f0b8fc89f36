"""How long questions take by the clock, one after the other."""

from __future__ import annotations

import time
from collections.abc import Callable, Iterable
from typing import Any

__all__ = ["again", "percentile", "times"]


def times(ask: Callable[[str], Any], questions: Iterable[str]) -> list[float]:
    """Ask everything once; give the milliseconds that each took, the shortest first."""
    taken = []
    for question in questions:
        started = time.perf_counter()
        ask(question)
        taken.append(1000 * (time.perf_counter() - started))
    return sorted(taken)


def percentile(taken: list[float], share: float) -> float:
    """Give the time that a share (0 to 1) of some times, the shortest first, stay under."""
    return taken[min(len(taken) - 1, int(share * len(taken)))]


def again(ask: Callable[[str], Any], questions: list[str]) -> tuple[float, float]:
    """Ask everything twice; give the median and the 99th percentile of the second round, in milliseconds."""
    times(ask, questions)
    taken = times(ask, questions)
    return percentile(taken, 0.5), percentile(taken, 0.99)
