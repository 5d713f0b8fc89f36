"""Hold a site's lease: acquire it, renew it in a thread, report its loss.

A holder is named by machine, process id and time, so that a dead process of this machine is recognised at
once; any other holder counts as alive until its lease expires.
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

__all__ = ["LEASE", "hold", "own_name", "release_dead"]

LEASE = 30.0  # seconds after which a lease that is not renewed expires (chosen by hand)
_RENEW = 5.0  # seconds between two renewals (chosen by hand)


def own_name() -> str:
    """Return a new name for this process as a holder: host name, process id and time, separated by "/"."""
    return f"{socket.gethostname()}/{os.getpid()}/{time.time_ns():x}"


@contextmanager
def hold(sites: Sites, name: str, owner: str) -> Iterator[Callable[[], bool]]:
    """Hold a site's lease, renewed by a thread; yield a function that returns whether we still hold it.

    The lease of a dead process of this machine is taken over; CatalogueError if the holder may be alive.
    """
    _take(sites, name, owner)
    ended, lost = threading.Event(), threading.Event()

    def renew() -> None:
        while not ended.wait(_RENEW):
            with suppress(CatalogueError):  # the catalogue is busy; the next renewal will do
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
        until = datetime.fromtimestamp(lease.until, UTC).astimezone()
        raise CatalogueError(
            f"site {name}: another run ({lease.owner.rpartition('/')[0]}) holds it until "
            f"{until:%H:%M:%S %Z}; try again later"
        )


def release_dead(sites: Sites) -> None:
    """Release the leases that dead processes of this machine still hold."""
    for name, owner in sites.holders().items():
        if _is_dead(owner):
            sites.release(name, owner)


def _is_dead(owner: str) -> bool:
    """Whether a holder was a process of this machine that no longer exists."""
    host, _, rest = owner.partition("/")
    process = rest.partition("/")[0]
    if host != socket.gethostname() or not process.isdecimal():
        return False
    try:
        os.kill(int(process), 0)
    except ProcessLookupError:
        return True
    except PermissionError:
        return False
    return False
