"""Changes to a Whoosh index: collected under a lock, written in one commit, undone if it fails.

A `WhooshWriter` changes the current generation. A `FreshWriter` writes a new one, which readers do not see
before `swap`.
"""

from __future__ import annotations

import shutil
from collections.abc import Iterable, Iterator
from contextlib import contextmanager, suppress
from pathlib import Path
from typing import TYPE_CHECKING, Any

from whoosh import index as whoosh_index

from ...errors import EngineBusy, EngineError, IndexUnreadable
from ...records import Article
from ..closing import Closing
from ..fields import Analyzers
from ..pending import Pending
from ..synonyms import Synonyms
from .schema import STAMP, TermPositions, codec, document, stamp_document
from .storage import POINTER, is_intact, point, pointed, seal

if TYPE_CHECKING:
    import filelock

__all__ = ["NAME", "FreshWriter", "WhooshWriter"]

NAME = "MAIN"  # of the index in its folder, Whoosh's default
# MB of postings, by Whoosh's estimate, that are collected before they are written out to be sorted later;
# the real size is about five times as much. Chosen by hand.
_POOL = 128


class _Buffered(Closing):
    """What both writers share: changes collected under a lock."""

    def __init__(self, folder: Path, index: Any, lock: filelock.FileLock, synonyms: Synonyms) -> None:
        self._folder = folder
        self._synonyms = synonyms
        self._index = index
        self._lock = lock
        self._analyzers, self._places = Analyzers(), TermPositions()
        self._changes = Pending()

    def replace(self, articles: Iterable[Article]) -> None:
        """Add or replace articles; of several with the same id the last one wins."""
        self._changes.replace(articles)

    def remove(self, ids: Iterable[str]) -> None:
        """Remove articles by id."""
        self._changes.remove(ids)

    def rollback(self) -> None:
        """Drop uncommitted changes."""
        self._changes.clear()

    def close(self) -> None:
        """Drop uncommitted changes, close the index and release its lock."""
        self.rollback()
        self._index.close()
        self._lock.release()

    def _began(self) -> Any:
        try:
            return self._index.writer(procs=1, limitmb=_POOL, codec=codec())
        except whoosh_index.LockError:
            raise EngineBusy(f"another process writes to {self._folder}; wait for it to end") from None

    def _put(self, writer: Any) -> None:
        """Pass all changes to a Whoosh writer: first deletions of old documents, then the new documents."""
        for id_ in (*self._changes.removed, *self._changes.replaced):
            writer.delete_by_term("id", id_)
        for article in self._changes.replaced.values():
            writer.add_document(
                **document(article, self._analyzers, self._places, self._synonyms.broader(article))
            )
        self.rollback()

    @contextmanager
    def _writing(self, writer: Any) -> Iterator[None]:
        """Undo a commit that fails, and delete its files to free their disk space.

        Raises EngineError for an OSError, and IndexUnreadable if the index is damaged, so that Whoosh cannot
        merge it. Any other failure is a bug of ours and is raised as it is.
        """
        try:
            yield
        except OSError as error:
            self._undo(writer)
            raise EngineError(
                f"cannot write the index in {self._folder}: {error.strerror}; free some space and run again"
            ) from error
        except Exception as error:
            self._undo(writer)
            if is_intact(self._folder):
                raise
            raise IndexUnreadable(
                f"the index in {self._folder} is damaged ({type(error).__name__}); run `clinicdex reindex`"
            ) from error

    def _undo(self, writer: Any) -> None:
        with suppress(Exception):
            writer.cancel()
        with suppress(Exception):
            toc = self._index._read_toc()
            whoosh_index.clean_files(self._index.storage, NAME, toc.generation, toc.segments)


class WhooshWriter(_Buffered):
    """Changes to the current generation."""

    def commit(self, stamp: int) -> None:
        """Write all changes and the stamp as one Whoosh commit.

        Whoosh merges small segments on the way, so that there are few.
        """
        writer = self._began()
        with self._writing(writer):
            writer.delete_by_term("id", STAMP)
            self._put(writer)
            writer.add_document(**stamp_document(stamp))
            writer.commit()
            seal(self._folder)

    def swap(self, *, keep: bool = True) -> None:
        """Do nothing: this generation is current."""


class FreshWriter(_Buffered):
    """A new generation, which readers do not see before `swap`.

    It is written in one pass, as one segment, with bounded memory.
    """

    def __init__(
        self, root: Path, folder: Path, index: Any, lock: filelock.FileLock, synonyms: Synonyms
    ) -> None:
        super().__init__(folder, index, lock, synonyms)
        self._root = root
        self._writer: Any = None
        self._seen: set[str] = set()
        self._stamp = 0

    def commit(self, stamp: int) -> None:
        """Pass the collected changes to Whoosh and remember the stamp; `swap` does the commit itself."""
        if self._writer is not None and self._seen & (self._changes.replaced.keys() | self._changes.removed):
            with self._writing(self._writer):
                self._writer.commit(merge=False)  # Whoosh deletes only committed documents
            self._writer = None
        self._writer = self._writer or self._began()
        self._seen |= self._changes.replaced.keys()
        with self._writing(self._writer):
            self._put(self._writer)
        self._stamp = stamp

    def swap(self, *, keep: bool = True) -> None:
        """Commit, make this generation the current one and delete the old ones.

        The generation that was current becomes the previous one with `keep`, else it is deleted too.
        """
        self.rollback()
        self._writer = self._writer or self._began()
        with self._writing(self._writer):
            self._writer.delete_by_term("id", STAMP)
            self._writer.add_document(**stamp_document(self._stamp))
            self._writer.commit(optimize=True)
            self._writer = None
            seal(self._folder)
            current, _ = pointed(self._root / POINTER)
            point(
                self._root / POINTER,
                f"{self._folder.name} {current}" if current and keep else self._folder.name,
            )
        referenced = pointed(self._root / POINTER)
        for old in self._root.glob("g[0-9]*"):
            if old.name not in referenced:
                shutil.rmtree(old, ignore_errors=True)

    def close(self) -> None:
        """Close the index and release its lock; a generation that was not swapped is deleted."""
        if self._writer is not None:
            with suppress(Exception):
                self._writer.cancel()
            self._writer = None
        super().close()
        if self._folder.name not in pointed(self._root / POINTER):
            shutil.rmtree(self._folder, ignore_errors=True)
