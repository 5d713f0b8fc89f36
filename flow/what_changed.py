"""What a run changed: the articles that are new, changed, gone, or missing, with their titles."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from typing import Any

from ..catalogue import Catalogue
from ..catalogue.snapshot import Known

__all__ = ["Changes", "Some", "changes_since"]

_MOST = 10  # titles that are kept of each kind (chosen by hand)


@dataclass(frozen=True, slots=True)
class Some:
    """Some articles: how many, and the first of them."""

    count: int = 0
    first: tuple[str, ...] = ()  # titles, or URLs of articles that are gone; at most _MOST

    @classmethod
    def of(cls, names: Iterable[str]) -> Some:
        """Return how many names there are, and the first of them in alphabetical order."""
        ordered = sorted(names)
        return cls(len(ordered), tuple(ordered[:_MOST]))


@dataclass(frozen=True, slots=True, kw_only=True)
class Changes:
    """What one run changed of the articles of a site."""

    new: Some = field(default_factory=Some)
    changed: Some = field(default_factory=Some)  # in title or text
    gone: Some = field(default_factory=Some)
    missing: Some = field(default_factory=Some)  # answered 404 once

    @classmethod
    def from_record(cls, record: Mapping[str, Any]) -> Changes:
        """Rebuild the changes that a run's record holds; none if it has none."""
        kinds = ("new", "changed", "gone", "missing")
        some = {name: record.get(name) or {} for name in kinds}
        return cls(
            **{name: Some(one.get("count", 0), tuple(one.get("first", ()))) for name, one in some.items()}
        )


def changes_since(
    catalogue: Catalogue, site: str, before: Mapping[str, Known], *, same_reading: bool
) -> Changes:
    """Return what changed since a snapshot of a site's articles.

    With `same_reading`, pages are extracted now as they were then; otherwise a changed title may be our own
    doing, and only a changed text counts.
    """
    after = catalogue.articles.snapshot(site)
    changed = {
        id_
        for id_, known in after.items()
        if id_ in before and known.differs_from(before[id_], whole_record=same_reading)
    }
    missing = set(catalogue.articles.missing(site))
    titles = catalogue.articles.titles(site, {*(after.keys() - before.keys()), *changed, *missing})
    return Changes(
        new=Some.of(titles[id_] for id_ in after.keys() - before.keys() if id_ in titles),
        changed=Some.of(titles[id_] for id_ in changed if id_ in titles),
        gone=Some.of(before[id_].url for id_ in before.keys() - after.keys()),
        missing=Some.of(titles[id_] for id_ in missing if id_ in titles),
    )
