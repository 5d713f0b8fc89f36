"""The embedded engine: Whoosh in a folder, with no server and nothing compiled.

The folder holds generations (g0001, g0002, …) and a file CURRENT. CURRENT names the current generation,
then the previous one; swapping them is one atomic rename. After each commit a new searcher is opened.
Searchers are never refreshed: `refresh()` returns deleted and duplicate documents in every fork of Whoosh
(docs/measurements.md, refresh).
"""

from __future__ import annotations

import json
import os
import shutil
import struct
import threading
import zlib
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from datetime import UTC, datetime
from pathlib import Path
from typing import TYPE_CHECKING, Any

from backports import zstd
from whoosh import index as whoosh_index

from ...errors import EngineBusy, EngineError, IndexMissing, IndexUnreadable
from ..engine import WAIT, Results
from ..query import Query
from ..synonyms import Synonyms
from .reader import PATIENCE, WhooshReader
from .schema import SCHEMA_VERSION, schema
from .snapshot import Snapshot
from .storage import POINTER, DurableStorage, changed, is_intact, point, pointed
from .writer import NAME, FreshWriter, WhooshWriter

if TYPE_CHECKING:
    import filelock

__all__ = ["WhooshEngine"]

_TRIES = 3  # attempts to open an index that may be swapped meanwhile; chosen by hand
# Exceptions that Whoosh and our decoding raise when the content of a file is damaged.
_DAMAGE = (whoosh_index.IndexError, EOFError, zlib.error, zstd.ZstdError, struct.error)
_GONE = (FileNotFoundError, NotADirectoryError, IsADirectoryError)


class WhooshEngine:
    """An index in a folder."""

    features = frozenset({"durable", "roll back", "at hand", "ranked ids"})

    def __init__(self, folder: Path, synonyms: Synonyms | None = None) -> None:
        self._folder, self._pointer = folder, folder / POINTER
        self._synonyms = synonyms or Synonyms()
        self._opening = threading.Lock()
        self._snapshot: tuple[tuple[Path, str, int, int], Snapshot] | None = None

    def reader(self) -> WhooshReader:
        """Open the newest commit of the current generation; its readers share decoded postings."""
        with self._opening:
            for _ in range(_TRIES - 1):
                with suppress(IndexUnreadable):
                    return WhooshReader(self._newest().use(), self._synonyms)
            return WhooshReader(self._newest().use(), self._synonyms)

    def at_hand(self, query: Query) -> Results | None:
        """Answer from the postings that the open commit has decoded, if that takes about a millisecond.

        None if it may take longer, if the open commit is not the newest, or if another thread keeps a lock
        for `PATIENCE` seconds.
        """
        if not self._opening.acquire(timeout=PATIENCE):
            return None
        try:
            folder = self._current()
            if self._snapshot is None or self._snapshot[0] != (folder, *_commit(folder)):
                return None
            reader = WhooshReader(self._snapshot[1].use(), self._synonyms)
        finally:
            self._opening.release()
        with reader:
            return reader.at_hand(query)

    def _newest(self) -> Snapshot:
        folder = self._current()
        key = (folder, *_commit(folder))
        if self._snapshot is None or self._snapshot[0] != key:
            before, self._snapshot = self._snapshot, (key, _snapshot_of(folder))
            if before is not None:
                before[1].retire()
        return self._snapshot[1]

    def writer(self, *, fresh: bool = False, wait: float = WAIT) -> WhooshWriter | FreshWriter:
        """Open the index for writing.

        The index folder is created if it is missing. Files that a killed writer left behind are removed.
        """
        with self._locked(wait) as lock:
            folder = self._new_generation() if fresh else self._current()
            opened = _open(folder)
            if fresh:
                return FreshWriter(self._folder, folder, opened, lock, self._synonyms)
            toc = opened._read_toc()
            whoosh_index.clean_files(opened.storage, NAME, toc.generation, toc.segments)
            return WhooshWriter(folder, opened, lock, self._synonyms)

    def roll_back(self) -> None:
        """Make the generation before the current one current again; EngineError if there is none."""
        with self._locked(WAIT, release=True):
            current, previous = pointed(self._pointer)
            if previous is None or not (self._folder / previous).is_dir():
                raise EngineError(
                    f"there is no earlier index in {self._folder}; `clinicdex reindex` rebuilds it"
                )
            _open(self._folder / previous).close()
            point(self._pointer, f"{previous} {current}")

    def problems(self) -> list[str]:
        """Compare every file with its checksum and load every document; return a message for each problem."""
        try:
            folder = self._current()
        except IndexUnreadable as error:
            return [str(error)]
        problems = [
            f"{folder / name} is not as it was written; run `clinicdex reindex`" for name in changed(folder)
        ]
        try:
            with self.reader() as reader, _explained(folder):
                unreadable = [id_ for id_ in reader.ids() if reader.get(id_) is None]
        except EngineError as error:
            return [*problems, str(error)]
        return problems + [
            f"the index holds {id_} but cannot show it; run `clinicdex reindex`" for id_ in unreadable
        ]

    def close(self) -> None:
        """Release the commit that readers share."""
        with self._opening:
            if self._snapshot is not None:
                self._snapshot[1].retire()
                self._snapshot = None

    @contextmanager
    def _locked(self, wait: float, *, release: bool = False) -> Iterator[filelock.FileLock]:
        """Acquire the lock and yield it; release it if the block fails, or at its end if `release` is set."""
        import filelock  # imported late: readers need no lock

        try:
            self._folder.mkdir(parents=True, exist_ok=True, mode=0o700)
        except OSError as error:
            raise EngineError(
                f"cannot make the index folder {self._folder}: {error.strerror}; check its parent"
            ) from error
        lock, note = filelock.FileLock(self._folder / "lock", timeout=wait), self._folder / "holder"
        try:
            lock.acquire()
        except filelock.Timeout:
            holder = note.read_text(encoding="utf-8") if note.exists() else "another process"
            raise EngineBusy(f"{holder} holds the index {self._folder}; wait for it to end") from None
        try:
            note.write_text(
                f"process {os.getpid()}, since {datetime.now(UTC):%H:%M:%S} UTC,", encoding="utf-8"
            )
            yield lock
        except BaseException:
            lock.release()
            raise
        if release:
            lock.release()

    def _current(self) -> Path:
        with _explained(self._folder):
            name, _ = pointed(self._pointer)
        if name is None:
            raise IndexMissing(f"there is no index in {self._folder}; run `clinicdex reindex`")
        return self._folder / name

    def _new_generation(self) -> Path:
        referenced = set(pointed(self._pointer))
        generations = list(self._folder.glob("g[0-9]*"))
        for generation in generations:
            if generation.name not in referenced:  # left behind by a rebuild that was killed
                shutil.rmtree(generation, ignore_errors=True)
        folder = self._folder / f"g{max((int(path.name[1:]) for path in generations), default=0) + 1:04}"
        folder.mkdir()
        whoosh_index.FileIndex.create(DurableStorage(str(folder)), schema(), NAME).close()
        point(folder / "version.json", json.dumps({"schema": SCHEMA_VERSION}))
        return folder


def _commit(folder: Path) -> tuple[str, int, int]:
    """Return what identifies the newest commit: name, inode and modification time of its table of contents.

    Every query calls this; it takes 10 µs.
    """
    with suppress(OSError), os.scandir(folder) as entries:
        tables = [
            (len(entry.name), entry.name, entry)
            for entry in entries
            if entry.name.startswith(f"_{NAME}_") and entry.name.endswith(".toc")
        ]
        if tables:
            _, name, newest = max(tables)
            status = newest.stat()
            return name, status.st_ino, status.st_mtime_ns
    return "", 0, 0


def _open(folder: Path) -> Any:
    with _explained(folder):
        if _schema_version(folder) != SCHEMA_VERSION:
            raise IndexUnreadable(f"the index in {folder} is of another version; run `clinicdex reindex`")
        # Not the schema in the file: it is pickled, and names our classes as they were called then.
        return whoosh_index.FileIndex(DurableStorage(str(folder)), schema(), NAME)


def _schema_version(folder: Path) -> object:
    """Read the schema version of an index; None if its version.json is malformed."""
    try:
        return json.loads((folder / "version.json").read_text(encoding="utf-8"))["schema"]
    except (ValueError, KeyError, TypeError):
        return None


def _snapshot_of(folder: Path) -> Snapshot:
    with _explained(folder):
        return Snapshot(_open(folder))


@contextmanager
def _explained(folder: Path) -> Iterator[None]:
    """Translate exceptions into IndexUnreadable or EngineError.

    IndexUnreadable: a file is missing or damaged. EngineError: the system refuses to open it. Any other
    exception with an intact index is a bug of ours and passes through unchanged.
    """
    try:
        yield
    except EngineError:
        raise
    except _GONE as error:
        raise IndexUnreadable(f"the index in {folder} lacks a file; run `clinicdex reindex`") from error
    except OSError as error:
        why = error.strerror or type(error).__name__
        raise EngineError(
            f"the index in {folder} cannot be opened: {why}; it stays as it is, try again later"
        ) from error
    except MemoryError as error:
        raise EngineError(
            f"there is not enough memory to open the index in {folder}; it stays as it is, try again later"
        ) from error
    except Exception as error:
        if not isinstance(error, _DAMAGE) and is_intact(folder):
            raise
        raise IndexUnreadable(
            f"the index in {folder} is damaged ({type(error).__name__}); run `clinicdex reindex`"
        ) from error
