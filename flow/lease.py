"""Hold a site while working on it: take its lease, give signs of life, notice when it is lost.

A holder is named by machine, process and start, so that a process of this machine that died is recognised at once;
any other holder is believed to live until its lease ends.
"""

from __future__ import annotations

import os
import socket
import threading
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager, suppress
from datetime import UTC, datetime

from ..catalogue.sites import Sites
from ..errors import CatalogueError

__all__ = ["LEASE", "hold", "own_name"]

LEASE = 30.0  # seconds without a sign of life until another run may take over
_RENEW = 5.0  # seconds between two signs of life


def own_name() -> str:
    """Name this process as a holder."""
    return f"{socket.gethostname()}/{os.getpid()}/{time.time_ns():x}"


@contextmanager
def hold(sites: Sites, name: str, owner: str) -> Iterator[Callable[[], bool]]:
    """Hold a site and say whether it is still ours; a thread gives the signs of life.

    The lease of a dead process of this machine is taken over; CatalogueError if the holder may live.
    """
    _take(sites, name, owner)
    ended, lost = threading.Event(), threading.Event()

    def renew() -> None:
        while not ended.wait(_RENEW):
            with suppress(CatalogueError):  # a busy moment; the next sign of life will do
                if sites.lease(name, owner, LEASE).owner != owner:
                    lost.set()
                    return

    thread = threading.Thread(target=renew, daemon=True)
    thread.start()
    try:
        yield lambda: not lost.is_set()
    finally:
        ended.set()
        thread.join()
        sites.release(name, owner)


def _take(sites: Sites, name: str, owner: str) -> None:
    lease = sites.lease(name, owner, LEASE)
    if lease.owner != owner and _is_dead(lease.owner):
        sites.release(name, lease.owner)
        lease = sites.lease(name, owner, LEASE)
    if lease.owner != owner:
        until = datetime.fromtimestamp(lease.until, UTC)
        raise CatalogueError(
            f"site {name}: another run ({lease.owner.rpartition('/')[0]}) holds it until "
            f"{until:%H:%M:%S} UTC; try again later"
        )


def _is_dead(owner: str) -> bool:
    """Tell whether a holder was a process of this machine that is gone."""
    host, process, _ = owner.split("/")
    if host != socket.gethostname():
        return False
    try:
        os.kill(int(process), 0)
    except ProcessLookupError:
        return True
    except PermissionError:
        return False
    return False
