"""Changes to an index, collected before they are committed: the last word on an id wins."""

from __future__ import annotations

from collections.abc import Iterable

from ..records import Article

__all__ = ["Pending"]


class Pending:
    """Articles that come, and ids that go; an id is never in both."""

    def __init__(self) -> None:
        self.replaced: dict[str, Article] = {}
        self.removed: set[str] = set()

    def replace(self, articles: Iterable[Article]) -> None:
        """Put articles in."""
        for article in articles:
            self.replaced[article.id] = article
            self.removed.discard(article.id)

    def remove(self, ids: Iterable[str]) -> None:
        """Take articles out."""
        for id_ in ids:
            self.replaced.pop(id_, None)
            self.removed.add(id_)

    def clear(self) -> None:
        """Drop all."""
        self.replaced.clear()
        self.removed.clear()
