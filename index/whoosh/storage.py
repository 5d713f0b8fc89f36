"""Files that are on disk before anything points to them, and checksums that show when one has changed.

Whoosh writes a commit as new files and then renames its table of contents into place, without a single
fsync. After a power cut the table can point to empty files. Here the files are synced before the rename,
and the folder after it.
"""

from __future__ import annotations

import hashlib
import json
import os
from pathlib import Path
from typing import Any

from whoosh.filedb.filestore import FileStorage

from .mapped_file import MappedFile

__all__ = ["POINTER", "DurableStorage", "changed", "is_intact", "point", "pointed", "seal", "sync_folder"]

POINTER = "CURRENT"  # the file in an index folder that names its current generation

_SEALS = "checksums.json"
_CHUNK = 1 << 20  # bytes; chosen by hand


class DurableStorage(FileStorage):  # type: ignore[misc]
    """Whoosh's folder, synced before every rename; its segments are mapped, not copied."""

    def __init__(self, path: str) -> None:
        super().__init__(path, supports_mmap=False)  # with mmap Whoosh maps a file, then copies its parts
        self._written: set[str] = set()

    def open_file(self, name: str, **more: Any) -> Any:
        """Open a file; a segment is mapped."""
        opened = super().open_file(name, **more)
        return MappedFile(opened, name) if name.endswith(".seg") else opened

    def create_file(self, name: str, **more: Any) -> Any:
        """Create a file that the next rename will sync."""
        self._written.add(name)
        return super().create_file(name, **more)

    def rename_file(self, oldname: str, newname: str, safe: bool = False) -> None:
        """Sync the files created since the last rename, then rename, then sync the folder."""
        for name in sorted(self._written):
            _sync_file(Path(self.folder, name))
        super().rename_file(oldname, newname, safe=safe)
        sync_folder(Path(self.folder))
        self._written.clear()


def point(pointer: Path, name: str) -> None:
    """Write a name to a pointer file, durably and atomically."""
    new = pointer.with_suffix(".new")
    new.write_text(name, encoding="utf-8")
    _sync_file(new)
    new.replace(pointer)
    sync_folder(pointer.parent)


def pointed(pointer: Path) -> tuple[str | None, str | None]:
    """Return the two names in a pointer file; None for each that is missing."""
    try:
        names = pointer.read_bytes().decode("utf-8", "replace").split()
    except (FileNotFoundError, NotADirectoryError):
        names = []
    return (names[0] if names else None), (names[1] if len(names) > 1 else None)


def _sync_file(path: Path) -> None:
    if not path.exists():  # a temporary file, needed only while a segment was built
        return
    with path.open("rb") as file:
        os.fsync(file.fileno())


def sync_folder(folder: Path) -> None:
    """Sync a folder, so that the names in it are on disk."""
    descriptor = os.open(folder, os.O_RDONLY)
    try:
        os.fsync(descriptor)
    finally:
        os.close(descriptor)


def seal(folder: Path) -> None:
    """Record the checksum of every index file that has none yet; files never change once they are written."""
    known = _seals(folder)
    seals = {path.name: known.get(path.name) or _digest(path) for path in _index_files(folder)}
    point(folder / _SEALS, json.dumps(seals))


def _index_files(folder: Path) -> list[Path]:
    return [path for path in folder.glob("*MAIN_*") if path.is_file() and not path.name.endswith("LOCK")]


def changed(folder: Path) -> list[str]:
    """Return the names of the index files whose content does not match their checksum.

    Missing files are not among them: an index that lacks a file that it needs does not open.
    """
    return sorted(
        name
        for name, digest in _seals(folder).items()
        if (folder / name).is_file() and _digest(folder / name) != digest
    )


def is_intact(folder: Path) -> bool:
    """Whether every index file has a recorded checksum and matches it.

    A file without one was written by a commit that did not end, so nothing is known of it.
    """
    seals = _seals(folder)
    if any(path.name not in seals for path in _index_files(folder)):
        return False
    return bool(seals) and all((folder / name).is_file() for name in seals) and not changed(folder)


def _seals(folder: Path) -> dict[str, str]:
    try:
        seals: dict[str, str] = json.loads((folder / _SEALS).read_text(encoding="utf-8"))
    except (OSError, ValueError):
        return {}
    return seals


def _digest(path: Path) -> str:
    digest = hashlib.blake2b(digest_size=16)
    with path.open("rb") as file:
        while chunk := file.read(_CHUNK):
            digest.update(chunk)
    return digest.hexdigest()
