"""A segment file of Whoosh, mapped into memory and read where it lies.

Whoosh's own way copies every part of a segment when it opens it: an index of 75 MB took 224 MB of a process that asks, and 55 ms
to open; mapped it takes 80 MB and nothing (docs/measurements.md, cold-start). The parts are plain windows on one map, without a
buffer of their own, so that the map can be closed while a window is still held.
"""

from __future__ import annotations

import io
import mmap
from typing import Any

from whoosh.filedb.structfile import StructFile

__all__ = ["MappedFile"]


class _Window(io.RawIOBase):
    """Bytes `start` to `end` of a map, as a file that is read only."""

    def __init__(self, held: mmap.mmap, start: int, end: int) -> None:
        super().__init__()
        self._map, self._start, self._end, self._at = held, start, end, start

    def read(self, size: int | None = -1) -> bytes:
        """Give the next bytes, at most so many."""
        last = self._end if size is None or size < 0 else min(self._at + size, self._end)
        found = self._map[self._at : last]
        self._at = max(self._at, last)
        return found

    def seek(self, offset: int, whence: int = io.SEEK_SET) -> int:
        """Go to a place within the window."""
        self._at = offset + {io.SEEK_SET: self._start, io.SEEK_CUR: self._at, io.SEEK_END: self._end}[whence]
        return self._at - self._start

    def tell(self) -> int:
        """Give the place within the window."""
        return self._at - self._start


class _Part(StructFile):  # type: ignore[misc]
    """A part of a mapped file."""

    def __init__(self, held: mmap.mmap, start: int, length: int, name: str | None) -> None:
        super().__init__(_Window(held, start, start + length), name=name)
        self.is_real = False  # no file of its own to read arrays from
        self._map, self._start, self._length = held, start, length

    def get(self, position: int, length: int) -> bytes:
        """Give bytes of a place."""
        start = self._start + position
        return self._map[start : min(start + length, self._start + self._length)]

    def subset(self, position: int, length: int, name: str | None = None) -> _Part:
        """Give a part of the part."""
        return _Part(self._map, self._start + position, length, name or self._name)


class MappedFile(_Part):
    """A whole file. Whoosh asks it for its parts (`subset`) as it would any file that it may not map itself."""

    def __init__(self, opened: Any, name: str) -> None:
        with opened:
            held = mmap.mmap(opened.fileno(), 0, access=mmap.ACCESS_READ)
        super().__init__(held, 0, len(held), name)

    def close(self) -> None:
        """Close the map: what still looks at it fails from now on."""
        super().close()
        self._map.close()
