"""The reference engine, a dict and a loop: the oracle of the test suite, and a stand-in for other engines."""

from __future__ import annotations

from collections.abc import Iterable

from ..errors import EngineBusy, EngineError, IndexMissing
from ..records import Article
from .closing import Closing
from .engine import WAIT
from .memory_reader import MemoryReader
from .synonyms import Synonyms

__all__ = ["MemoryEngine"]


class MemoryEngine:
    """An index in memory."""

    features: frozenset[str] = frozenset({"roll back"})

    def __init__(self, synonyms: Synonyms | None = None) -> None:
        self._synonyms = synonyms or Synonyms()
        self._current: dict[str, Article] | None = None
        self._previous: tuple[dict[str, Article], int] | None = None
        self._stamp = 0
        self._held = False

    def reader(self) -> MemoryReader:
        """Open a reader of the articles as they are now."""
        if self._current is None:
            raise IndexMissing("there is no index yet; run `clinicdex reindex`")
        return MemoryReader(dict(self._current), self._stamp, self._synonyms)

    def writer(self, *, fresh: bool = False, wait: float = WAIT) -> MemoryWriter:
        """Open a writer of the current generation or, with `fresh`, of an empty one."""
        if self._current is None and not fresh:
            raise IndexMissing("there is no index yet; run `clinicdex reindex`")
        if self._held:
            raise EngineBusy("another run holds the index; wait for it to end")
        self._held = True
        return MemoryWriter(self, fresh)

    def roll_back(self) -> None:
        """Make the previous generation current again."""
        if self._previous is None:
            raise EngineError("there is no earlier index; `clinicdex reindex` rebuilds it")
        current = (self._current or {}, self._stamp)
        (self._current, self._stamp), self._previous = self._previous, current

    def problems(self) -> list[str]:
        """Return an empty list: memory needs no check."""
        return []

    def close(self) -> None:
        """Do nothing: there is nothing to close."""


class MemoryWriter(Closing):
    """Changes a copy of the articles, which `commit` puts in their place."""

    def __init__(self, engine: MemoryEngine, fresh: bool) -> None:
        self._engine = engine
        self._fresh = fresh
        self._committed = {} if fresh else dict(engine._current or {})
        self._articles = dict(self._committed)
        self._stamp = 0

    def replace(self, articles: Iterable[Article]) -> None:
        """Add articles, each replacing the one with its id."""
        self._articles.update((article.id, article) for article in articles)

    def remove(self, ids: Iterable[str]) -> None:
        """Remove articles; unknown ids are ignored."""
        for id_ in ids:
            self._articles.pop(id_, None)

    def commit(self, stamp: int) -> None:
        """Commit the changes: readers opened from now on see them, with `fresh` only after `swap`."""
        self._committed, self._stamp = dict(self._articles), stamp
        if not self._fresh:
            self._engine._current, self._engine._stamp = self._committed, self._stamp

    def swap(self, *, keep: bool = True) -> None:
        """Make what was committed the current generation, unless it is already."""
        if self._fresh:
            engine = self._engine
            engine._previous = (
                (engine._current, engine._stamp) if keep and engine._current is not None else None
            )
            self._engine._current, self._engine._stamp = self._committed, self._stamp

    def rollback(self) -> None:
        """Discard what is not committed."""
        self._articles = dict(self._committed)

    def close(self) -> None:
        """Roll back what is not committed and release the index."""
        self.rollback()
        self._engine._held = False
