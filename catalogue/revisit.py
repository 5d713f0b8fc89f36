"""When to visit a page again, learned from how often it was found changed. Pure.

The rule of Nutch's AdaptiveFetchSchedule and of SOSSE (docs/measurements.md, revisit): a page that has not
changed waits longer, one that has changed waits half as long.
"""

from __future__ import annotations

from typing import NamedTuple

__all__ = ["ALWAYS", "Bounds", "after"]

_LONGER, _SHORTER = 1.5, 0.5  # factors of the wait: page unchanged, page changed
ALWAYS = 3600.0  # seconds; a page that would wait less is visited in every run (chosen by hand)


class Bounds(NamedTuple):
    """The shortest and the longest wait of a page, in seconds."""

    least: float = 0.0
    most: float = 30 * 86400.0


def after(waits: float, since: float | None, changed: bool, bounds: Bounds) -> float:
    """Return the seconds that a page waits for its next visit; 0 means until the next run.

    `waits` is the planned wait since its last visit, `since` the real one; None at its first visit.
    """
    if since is None:
        return bounds.least
    longer = waits * _SHORTER if changed else max(waits, since) * _LONGER
    bounded = min(max(longer, bounds.least), bounds.most)
    return bounded if bounded >= ALWAYS else 0.0
