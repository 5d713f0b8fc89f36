"""A seal on the catalogue's file: the digest of all its bytes when the last command that wrote to it ended.

It shows damage anywhere in the file, also where SQLite's own check does not look. It is good only as long as
nothing was written since; a counter in the catalogue tells. PostgreSQL has checksums of its own.
"""

from __future__ import annotations

import json
import os
import subprocess
import sys
from contextlib import suppress
from pathlib import Path

__all__ = ["matches", "put"]

_READER = """import hashlib, sys
with open(sys.argv[1], "rb") as file:
    print(hashlib.file_digest(file, "blake2b").hexdigest())
"""


def _seal_of(file: Path) -> Path:
    return file.with_name(f"{file.name}.seal")


def put(file: Path, written: int) -> None:
    """Seal a file, which nobody may write meanwhile; `written` is its counter of writes."""
    new = _seal_of(file).with_suffix(".new")
    with suppress(OSError):  # a full disk: the older seal is void already
        record = json.dumps({"written": written, "blake2b": _digest(file)})
        descriptor = os.open(new, os.O_WRONLY | os.O_CREAT | os.O_TRUNC, 0o600)
        with os.fdopen(descriptor, "w", encoding="utf-8") as out:
            out.write(record)
        new.replace(_seal_of(file))


def matches(file: Path, written: int) -> bool | None:
    """Whether a file is as it was sealed; None if it has no seal, or was written since."""
    try:
        record = json.loads(_seal_of(file).read_text(encoding="utf-8"))
        sealed, digest = int(record["written"]), str(record["blake2b"])
    except (OSError, ValueError, KeyError, TypeError):
        return None
    try:
        return None if sealed != written else digest == _digest(file)
    except OSError:
        return None


def _digest(file: Path) -> str:
    """Return the digest of a file, which a process of its own reads.

    This process must not: when it closes a file that SQLite has open, POSIX takes away all locks that SQLite
    holds on it ("How To Corrupt An SQLite Database File", 2.2). OSError if the process fails.
    """
    reader = [sys.executable, "-I", "-S", "-c", _READER, str(file)]
    try:
        return subprocess.run(reader, capture_output=True, check=True, text=True).stdout.strip()
    except subprocess.CalledProcessError as error:
        raise OSError(f"{file} cannot be read: {error.stderr[-200:]}") from error
