"""A segment file of Whoosh, mapped into memory and read in place.

Whoosh itself copies every part of a segment when it opens the segment. With an index of 75 MB, a process
that searches took 224 MB and 55 ms to open the index. Mapped, it takes 80 MB and no measurable time
(docs/measurements.md, cold-start). Each part is a range of one map and exports no buffer, so the map can be
closed while parts are still referenced.
"""

from __future__ import annotations

import io
import mmap
from typing import Any

from whoosh.filedb.structfile import StructFile

__all__ = ["MappedFile"]


class _Window(io.RawIOBase):
    """Bytes `start` to `end` of a map, as a read-only file."""

    def __init__(self, mapped: mmap.mmap, start: int, end: int) -> None:
        super().__init__()
        self._map, self._start, self._end, self._at = mapped, start, end, start

    def read(self, size: int | None = -1) -> bytes:
        """Return the next bytes, at most `size`; all that are left if `size` is None or negative."""
        last = self._end if size is None or size < 0 else min(self._at + size, self._end)
        data = self._map[self._at : last]
        self._at = max(self._at, last)
        return data

    def seek(self, offset: int, whence: int = io.SEEK_SET) -> int:
        """Move to an offset and return the new position within the window."""
        self._at = offset + {io.SEEK_SET: self._start, io.SEEK_CUR: self._at, io.SEEK_END: self._end}[whence]
        return self._at - self._start

    def tell(self) -> int:
        """Return the position within the window."""
        return self._at - self._start


class _Part(StructFile):  # type: ignore[misc]
    """A part of a mapped file."""

    def __init__(self, mapped: mmap.mmap, start: int, length: int, name: str | None) -> None:
        super().__init__(_Window(mapped, start, start + length), name=name)
        self.is_real = False  # no file of its own to read arrays from
        self._map, self._start, self._length = mapped, start, length

    def get(self, position: int, length: int) -> bytes:
        """Return `length` bytes from `position` on; fewer at the end of the part."""
        start = self._start + position
        return self._map[start : min(start + length, self._start + self._length)]

    def subset(self, position: int, length: int, name: str | None = None) -> _Part:
        """Return a range of this part as a part of its own."""
        return _Part(self._map, self._start + position, length, name or self._name)


class MappedFile(_Part):
    """A whole file. Whoosh takes its parts with `subset`, as of any file that it may not map itself."""

    def __init__(self, opened: Any, name: str) -> None:
        with opened:
            mapped = mmap.mmap(opened.fileno(), 0, access=mmap.ACCESS_READ)
        super().__init__(mapped, 0, len(mapped), name)

    def close(self) -> None:
        """Close the map; parts that are still referenced can no longer be read."""
        super().close()
        self._map.close()
