"""The embedded engine: Whoosh in a folder, with no server and nothing compiled.

The folder holds generations (g0001, g0002, …), a file CURRENT that names one and a file PREVIOUS that names the one before;
swapping is one atomic rename. Searchers are opened afresh after each commit and never refreshed: `refresh()` returns deleted and
doubled documents in every fork (docs/measurements.md, refresh).
"""

from __future__ import annotations

import json
import os
import shutil
import struct
import threading
import zlib
from collections.abc import Iterable, Iterator
from contextlib import contextmanager, suppress
from datetime import UTC, datetime
from pathlib import Path
from types import TracebackType
from typing import TYPE_CHECKING, Any, Self

from backports import zstd
from whoosh import index as whoosh_index

from ..article import Article
from ..errors import EngineError, IndexMissing, IndexUnreadable
from .durable import DurableStorage, changed, point, seal
from .layout import SCHEMA_VERSION, STAMP, codec, document, schema, stamp_document
from .lookup import WhooshReader
from .matching import Analyzers
from .snapshot import Snapshot
from .synonyms import Synonyms

if TYPE_CHECKING:
    import filelock

__all__ = ["WhooshEngine"]

_WAIT = 10.0  # seconds for another writer to end
_TRIES = 3  # to open an index that is swapped meanwhile
_BUFFERED = 500  # articles between two writes of a generation that nobody sees yet
_NAME = "MAIN"  # of the index in its folder, Whoosh's default
_READING_ERRORS = (
    whoosh_index.IndexError, OSError, EOFError, ValueError, TypeError, KeyError, AttributeError, ImportError, zlib.error, zstd.ZstdError, struct.error,
)  # fmt: skip


class WhooshEngine:
    """An index in a folder."""

    features = frozenset({"durable", "roll back"})

    def __init__(self, folder: Path, synonyms: Synonyms | None = None) -> None:
        self._folder = folder
        self._synonyms = synonyms or Synonyms()
        self._opening = threading.Lock()
        self._snapshot: tuple[tuple[Path, str, int, int], Snapshot] | None = None

    def reader(self) -> WhooshReader:
        """Open the newest commit of the current generation; readers of one commit share what is decoded."""
        with self._opening:
            for _ in range(_TRIES - 1):
                with suppress(IndexUnreadable):
                    return WhooshReader(self._newest().use(), self._synonyms)
            return WhooshReader(self._newest().use(), self._synonyms)

    def _newest(self) -> Snapshot:
        folder = self._current()
        key = (folder, *_commit(folder))
        if self._snapshot is None or self._snapshot[0] != key:
            opened = _snapshot_of(folder)
            if self._snapshot is not None:
                self._snapshot[1].retire()
            self._snapshot = (key, opened)
        return self._snapshot[1]

    def writer(self, *, fresh: bool = False) -> WhooshWriter | FreshWriter:
        """Open for writing; the index folder is made if it is not there. What a writer that was killed left behind is removed."""
        with self._locked() as lock:
            folder = self._new_generation() if fresh else self._current()
            opened = _open(folder)
            if fresh:
                return FreshWriter(self._folder, folder, opened, lock, self._synonyms)
            toc = opened._read_toc()
            whoosh_index.clean_files(opened.storage, _NAME, toc.generation, toc.segments)
            return WhooshWriter(folder, opened, lock, self._synonyms)

    def roll_back(self) -> None:
        """Make the generation before the current one current again; EngineError if there is none."""
        with self._locked() as lock, lock:
            previous = _named(self._folder / "PREVIOUS")
            if previous is None or not (self._folder / previous).is_dir():
                raise EngineError(f"there is no earlier index in {self._folder}; `clinicdex reindex` builds it anew")
            _open(self._folder / previous).close()
            current = self._current().name
            point(self._folder / "CURRENT", previous)
            point(self._folder / "PREVIOUS", current)

    def problems(self) -> list[str]:
        """Compare every file with its checksum and read every document."""
        try:
            folder = self._current()
        except IndexUnreadable as error:
            return [str(error)]
        found = [f"{folder / name} is not as it was written; run `clinicdex reindex`" for name in changed(folder)]
        try:
            with self.reader() as reader:
                unreadable = [id_ for id_ in reader.ids() if reader.get(id_) is None]
        except IndexUnreadable as error:
            return [*found, str(error)]
        except _READING_ERRORS as error:
            return [*found, f"the index in {self._folder} cannot be read ({type(error).__name__}); run `clinicdex reindex`"]
        return found + [f"the index holds {id_} but cannot show it; run `clinicdex reindex`" for id_ in unreadable]

    @contextmanager
    def _locked(self) -> Iterator[filelock.FileLock]:
        """Take the lock and give it; it is freed only if what follows fails."""
        import filelock  # who only reads needs none

        try:
            self._folder.mkdir(parents=True, exist_ok=True, mode=0o700)
        except OSError as error:
            raise EngineError(f"cannot make the index folder {self._folder}: {error.strerror}; check its parent") from error
        lock, note = filelock.FileLock(self._folder / "lock", timeout=_WAIT), self._folder / "holder"
        try:
            lock.acquire()
        except filelock.Timeout:
            holder = note.read_text(encoding="utf-8") if note.exists() else "another process"
            raise EngineError(f"{holder} holds the index {self._folder}; wait for it to end") from None
        try:
            note.write_text(f"process {os.getpid()}, since {datetime.now(UTC):%H:%M:%S} UTC,", encoding="utf-8")
            yield lock
        except BaseException:
            lock.release()
            raise

    def _current(self) -> Path:
        name = _named(self._folder / "CURRENT")
        if name is None:
            raise IndexMissing(f"there is no index in {self._folder}; run `clinicdex reindex`")
        return self._folder / name

    def _new_generation(self) -> Path:
        kept = {_named(self._folder / "CURRENT"), _named(self._folder / "PREVIOUS")}
        taken = list(self._folder.glob("g[0-9]*"))
        for left in taken:
            if left.name not in kept:  # of a rebuild that was killed
                shutil.rmtree(left, ignore_errors=True)
        folder = self._folder / f"g{max((int(path.name[1:]) for path in taken), default=0) + 1:04}"
        folder.mkdir()
        whoosh_index.FileIndex.create(DurableStorage(str(folder)), schema(), _NAME).close()
        (folder / "version.json").write_text(json.dumps({"schema": SCHEMA_VERSION}), encoding="utf-8")
        return folder


def _named(pointer: Path) -> str | None:
    try:
        return pointer.read_text(encoding="utf-8").strip() or None
    except OSError:
        return None


def _commit(folder: Path) -> tuple[str, int, int]:
    """Tell the newest commit of a generation from every other: name, inode and time of its table of contents."""
    tables = [(len(path.name), path.name, path) for path in folder.glob(f"_{_NAME}_*.toc")]
    if not tables:
        return "", 0, 0
    _, name, path = max(tables)
    with suppress(OSError):
        found = path.stat()
        return name, found.st_ino, found.st_mtime_ns
    return "", 0, 0


def _open(folder: Path) -> Any:
    with _explained(folder):
        version = json.loads((folder / "version.json").read_text(encoding="utf-8"))["schema"]
        if version != SCHEMA_VERSION:
            raise IndexUnreadable(f"the index in {folder} is of another version; run `clinicdex reindex`")
        return whoosh_index.FileIndex(DurableStorage(str(folder)), None, _NAME)


def _snapshot_of(folder: Path) -> Snapshot:
    with _explained(folder):
        return Snapshot(_open(folder))


@contextmanager
def _explained(folder: Path) -> Iterator[None]:
    try:
        yield
    except IndexUnreadable:
        raise
    except _READING_ERRORS as error:
        raise IndexUnreadable(f"the index in {folder} cannot be read ({type(error).__name__}); run `clinicdex reindex`") from error
    except Exception as error:
        raise IndexUnreadable(f"the index in {folder} is damaged ({type(error).__name__}); run `clinicdex reindex`") from error


class _Buffered:
    """What both writers are: changes collected under a lock."""

    def __init__(self, folder: Path, index: Any, lock: filelock.FileLock, synonyms: Synonyms) -> None:
        self._folder = folder
        self._synonyms = synonyms
        self._index = index
        self._lock = lock
        self._analyzers = Analyzers()
        self._replaced: dict[str, Article] = {}
        self._removed: set[str] = set()

    def replace(self, articles: Iterable[Article]) -> None:
        """Put articles in; the last of an id wins."""
        for article in articles:
            self._replaced[article.id] = article
            self._removed.discard(article.id)

    def remove(self, ids: Iterable[str]) -> None:
        """Take articles out."""
        for id_ in ids:
            self._replaced.pop(id_, None)
            self._removed.add(id_)

    def rollback(self) -> None:
        """Drop what is not committed."""
        self._replaced.clear()
        self._removed.clear()

    def close(self) -> None:
        """Free the index."""
        self.rollback()
        self._index.close()
        self._lock.release()

    def _began(self) -> Any:
        try:
            return self._index.writer(procs=1, codec=codec())
        except whoosh_index.LockError:
            raise EngineError(f"another process writes to {self._folder}; wait for it to end") from None

    def _put(self, writer: Any) -> None:
        """Hand all changes to a Whoosh writer: the old documents deleted before the new ones come."""
        for id_ in (*self._removed, *self._replaced):
            writer.delete_by_term("id", id_)
        for article in self._replaced.values():
            writer.add_document(**document(article, self._analyzers, self._synonyms.broader(article)))
        self.rollback()

    @contextmanager
    def _writing(self, writer: Any) -> Iterator[None]:
        """Undo a commit that fails: its files go, so that the disk is as free as before."""
        try:
            yield
        except OSError as error:
            with suppress(Exception):
                writer.cancel()
            with suppress(Exception):
                toc = self._index._read_toc()
                whoosh_index.clean_files(self._index.storage, _NAME, toc.generation, toc.segments)
            raise EngineError(f"cannot write the index in {self._folder}: {error.strerror}; free some space and run again") from error

    def __enter__(self) -> Self:
        return self

    def __exit__(self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None) -> None:
        self.close()


class WhooshWriter(_Buffered):
    """Changes to the current generation."""

    def commit(self, stamp: int) -> None:
        """Write all changes and the stamp as one Whoosh commit. Small segments are merged on the way, so that they stay few."""
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
    """A new generation, which nobody sees before `swap`. It is written in one go, as one segment, with bounded memory."""

    def __init__(self, root: Path, folder: Path, index: Any, lock: filelock.FileLock, synonyms: Synonyms) -> None:
        super().__init__(folder, index, lock, synonyms)
        self._root = root
        self._writer: Any = None
        self._seen: set[str] = set()
        self._stamp = 0
        self._swapped = False

    def replace(self, articles: Iterable[Article]) -> None:
        """Put articles in; written out whenever enough have come together."""
        super().replace(articles)
        if len(self._replaced) >= _BUFFERED:
            self._flush()

    def commit(self, stamp: int) -> None:
        """Note the stamp; the commit itself is done by `swap`."""
        self._flush()
        self._stamp = stamp

    def _flush(self) -> None:
        if self._writer is not None and self._seen & (self._replaced.keys() | self._removed):
            with self._writing(self._writer):
                self._writer.commit(merge=False)  # Whoosh deletes only what is committed
            self._writer = None
        self._writer = self._writer or self._began()
        self._seen |= self._replaced.keys()
        with self._writing(self._writer):
            self._put(self._writer)

    def swap(self, *, keep: bool = True) -> None:
        """Commit, make this generation current and the one before it the previous one; older ones go, and that one too unless `keep`."""
        self._flush()
        with self._writing(self._writer):
            self._writer.delete_by_term("id", STAMP)
            self._writer.add_document(**stamp_document(self._stamp))
            self._writer.commit(optimize=True)
            self._writer = None
            seal(self._folder)
            current = _named(self._root / "CURRENT")
            point(self._root / "PREVIOUS", current if current and keep else "")
            point(self._root / "CURRENT", self._folder.name)
        self._swapped = True
        kept = {_named(self._root / "CURRENT"), _named(self._root / "PREVIOUS")}
        for old in self._root.glob("g[0-9]*"):
            if old.name not in kept:
                shutil.rmtree(old, ignore_errors=True)

    def close(self) -> None:
        """Free the index; a generation that was not swapped goes."""
        if self._writer is not None:
            with suppress(Exception):
                self._writer.cancel()
            self._writer = None
        super().close()
        if not self._swapped:
            shutil.rmtree(self._folder, ignore_errors=True)
