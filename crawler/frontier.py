"""What the crawler needs of a frontier. The catalogue fills this Protocol; tests fill it with a list."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Protocol

from ..records import FrontierEntry, Visit

__all__ = ["Frontier"]


class Frontier(Protocol):
    """The URLs of one site, held by one run."""

    def take(self, most: int) -> Sequence[FrontierEntry]:
        """Take entries to fetch now, best first. An entry is not given again in this run unless its visit is to be retried."""

    def commit(self, visits: Sequence[Visit]) -> int:
        """Write visits with their pages and links, all or nothing; count the links that were one query of their path too many.

        Raises if another run holds the site by now.
        """

    def has_waiting(self) -> bool:
        """Whether there are entries not yet taken, also those that wait for their next try."""
