"""Near-duplicates on one page of results fold under the best of them."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import replace

from .engine import Hit

__all__ = ["without_near_duplicates"]


def without_near_duplicates(hits: Iterable[Hit]) -> tuple[Hit, ...]:
    """Leave out each hit that an earlier one on the page is nearly the same as, and name its address there."""
    shown: list[Hit] = []
    for hit in hits:
        place = next((place for place, one in enumerate(shown) if hit.article.url in one.article.near), None)
        if place is None:
            shown.append(hit)
        else:
            shown[place] = replace(
                shown[place], near_duplicates=(*shown[place].near_duplicates, hit.article.url)
            )
    return tuple(shown)
