"""A real PostgreSQL server for tests.

The cluster is in a temporary folder, has its own port and is run by its own user.
"""

from __future__ import annotations

import os
import pwd
import shutil
import subprocess
import tempfile
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path

from ports import free_port

__all__ = ["Cluster", "start"]

_PROGRAMS = "/usr/lib/postgresql"  # where Debian installs the programs, in a folder per version
_USER = "clinicdex"
_SETTINGS = (
    "listen_addresses=127.0.0.1",
    "unix_socket_directories=",
    "max_connections=200",
    "fsync=on",
    "log_min_messages=error",
)


@dataclass(frozen=True)
class Cluster:
    """A running server."""

    folder: Path
    url: str  # "postgresql+psycopg://clinicdex@127.0.0.1:PORT/"; append a database's name

    def stop(self, mode: str = "fast") -> None:
        """Stop the server and delete its data; "immediate" has the effect of a power failure."""
        _run("pg_ctl", "-D", str(self.folder / "data"), "-m", mode, "-w", "stop")
        shutil.rmtree(self.folder, ignore_errors=True)


def start() -> Cluster:
    """Create a cluster and start it. Raises SystemExit that says what is missing."""
    if not _programs():
        raise SystemExit(
            "initdb is not there: PostgreSQL is not installed; on Debian: sudo apt-get install postgresql"
        )
    folder = Path(tempfile.mkdtemp(prefix="clinicdex-postgresql-"))
    data = folder / "data"
    if user := _other_user():
        os.chown(folder, user.pw_uid, user.pw_gid)
    port = free_port()
    _run(
        "initdb",
        "-D",
        str(data),
        "-U",
        _USER,
        "--auth=trust",
        "--encoding=UTF8",
        "--locale=C.UTF-8",
        "--no-sync",
    )
    options = " ".join(f"-c {setting}" for setting in (f"port={port}", *_SETTINGS))
    _run("pg_ctl", "-D", str(data), "-l", str(folder / "log"), "-w", "-o", options, "start")
    _run("createdb", "-h", "127.0.0.1", "-p", str(port), "-U", _USER, _USER)
    return Cluster(folder, f"postgresql+psycopg://{_USER}@127.0.0.1:{port}/")


def _programs() -> Path | None:
    """Return the folder of the newest PostgreSQL that has a server; None if there is none."""
    installed = (
        sorted(Path(_PROGRAMS).glob("*/bin/initdb"), key=lambda path: int(path.parts[-3]))
        if Path(_PROGRAMS).is_dir()
        else []
    )
    elsewhere = shutil.which("initdb")
    return installed[-1].parent if installed else Path(elsewhere).parent if elsewhere else None


def _other_user() -> pwd.struct_passwd | None:
    """Return the user who runs PostgreSQL if we are root, as whom it refuses to run; else None."""
    if os.geteuid() != 0:
        return None
    for name in ("postgres", "nobody"):
        try:
            return pwd.getpwnam(name)
        except KeyError:
            continue
    raise SystemExit("PostgreSQL may not be run by root, and there is no user postgres or nobody")


def _run(program: str, *arguments: str) -> None:
    folder, user = _programs(), _other_user()
    command: Sequence[str] = [str(folder / program if folder else program), *arguments]
    who = {"user": user.pw_uid, "group": user.pw_gid, "extra_groups": []} if user else {}
    done = subprocess.run(
        command,
        cwd="/",
        stdin=subprocess.DEVNULL,
        stdout=subprocess.DEVNULL,
        stderr=subprocess.PIPE,
        text=True,
        **who,
    )  # type: ignore[call-overload]
    if done.returncode:
        raise SystemExit(f"{program} failed: {done.stderr.strip()}")
