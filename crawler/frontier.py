"""The frontier as the crawler needs it: a Protocol. The catalogue implements it; tests use a list."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Protocol

from ..records import FrontierEntry, Visit

__all__ = ["Frontier"]


class Frontier(Protocol):
    """The URLs of one site, held by one run."""

    def take(self, most: int) -> Sequence[FrontierEntry]:
        """Take up to `most` entries to fetch now, best first.

        An entry is not returned again in this run unless its visit is to be retried.
        """

    def commit(self, visits: Sequence[Visit]) -> int:
        """Write visits with their pages and links, all or nothing; return the number of links refused.

        A link is refused if the frontier already has too many queries of its path. Raises if another run now
        holds the site.
        """

    def has_waiting(self) -> bool:
        """Whether any entries are not yet taken, including those that wait for their next try."""
