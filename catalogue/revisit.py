"""When a page is worth asking for again, learned from how often it was found changed. Pure.

The rule of Nutch's AdaptiveFetchSchedule and of SOSSE (evidence in docs/measurements.md, revisit): a page that has not changed
waits longer, one that has changed waits half as long.
"""

from __future__ import annotations

from typing import NamedTuple

__all__ = ["ALWAYS", "Bounds", "after"]

_LONGER, _SHORTER = 1.5, 0.5
ALWAYS = 3600.0  # seconds; a page that would wait less is asked for at every run


class Bounds(NamedTuple):
    """How long a page may wait, in seconds."""

    least: float = 0.0
    most: float = 30 * 86400.0


def after(waits: float, since: float | None, changed: bool, bounds: Bounds) -> float:
    """Give the seconds a page waits for its next visit; 0 means until the next run.

    `waits` is what it has waited by plan, `since` what it really has; None at its first visit.
    """
    if since is None:
        return bounds.least
    longer = waits * _SHORTER if changed else max(waits, since) * _LONGER
    bounded = min(max(longer, bounds.least), bounds.most)
    return bounded if bounded >= ALWAYS else 0.0
