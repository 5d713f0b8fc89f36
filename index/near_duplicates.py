"""Fold the near-duplicates on one page of results into the best of them."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import replace

from .engine import Hit

__all__ = ["without_near_duplicates"]


def without_near_duplicates(hits: Iterable[Hit]) -> tuple[Hit, ...]:
    """Leave out each hit that is a near-duplicate of an earlier one on the page.

    The earlier hit gets the URL of the one left out.
    """
    distinct: list[Hit] = []
    for hit in hits:
        position = next(
            (
                position
                for position, earlier in enumerate(distinct)
                if hit.article.url in earlier.article.near
            ),
            None,
        )
        if position is None:
            distinct.append(hit)
        else:
            distinct[position] = replace(
                distinct[position], near_duplicates=(*distinct[position].near_duplicates, hit.article.url)
            )
    return tuple(distinct)
