"""The topics of some results as a tree, broader topics above narrower ones."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass

from .engine import Facet

__all__ = ["Branch", "grown"]


@dataclass(frozen=True, slots=True)
class Branch:
    """A topic, how many results have it, and the narrower topics below it, most frequent first."""

    topic: str
    count: int
    below: tuple[Branch, ...] = ()


def grown(topics: Sequence[Facet], broader: Callable[[str], Iterable[str]], total: int) -> tuple[Branch, ...]:
    """Return the tree: each topic below the rarest of its `broader` topics that the results also have.

    Topics that all `total` results have are left out, because they narrow nothing.
    """
    counts = {facet.value: facet.count for facet in topics if facet.count < total}
    above: dict[str, str] = {}
    for topic, count in counts.items():
        wider = [
            (counts[candidate], candidate)
            for candidate in broader(topic)
            if candidate in counts and counts[candidate] >= count and candidate != topic
        ]
        if wider and not _leads_to(min(wider)[1], topic, above):
            above[topic] = min(wider)[1]
    children: dict[str | None, list[str]] = {}
    for topic in counts:
        children.setdefault(above.get(topic), []).append(topic)
    return _branches(None, children, counts)


def _leads_to(start: str, topic: str, above: dict[str, str]) -> bool:
    while start in above:
        start = above[start]
        if start == topic:
            return True
    return False


def _branches(
    parent: str | None, children: dict[str | None, list[str]], counts: dict[str, int]
) -> tuple[Branch, ...]:
    branches = (
        Branch(topic, counts[topic], _branches(topic, children, counts)) for topic in children.get(parent, ())
    )
    return tuple(sorted(branches, key=lambda branch: (-branch.count, branch.topic)))
