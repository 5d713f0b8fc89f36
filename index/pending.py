"""Changes to an index, collected before a commit: the last change of an id wins."""

from __future__ import annotations

from collections.abc import Iterable

from ..records import Article

__all__ = ["Pending"]


class Pending:
    """Articles to add or replace, and ids to remove; an id is never in both."""

    def __init__(self) -> None:
        self.replaced: dict[str, Article] = {}
        self.removed: set[str] = set()

    def replace(self, articles: Iterable[Article]) -> None:
        """Add articles, each replacing the one with its id."""
        for article in articles:
            self.replaced[article.id] = article
            self.removed.discard(article.id)

    def remove(self, ids: Iterable[str]) -> None:
        """Remove articles."""
        for id_ in ids:
            self.replaced.pop(id_, None)
            self.removed.add(id_)

    def clear(self) -> None:
        """Discard all changes."""
        self.replaced.clear()
        self.removed.clear()
