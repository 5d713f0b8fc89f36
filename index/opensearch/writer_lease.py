"""The lease of the one writer of an index.

The lease is a document that its holder renews, so that a waiting writer notices when the holder has died.

No clocks of different machines are compared. A holder is dead if a waiting writer has seen its document
unchanged for `_DEAD` seconds. If two writers should write at once all the same, the numbers of their
changes decide (`writer.py`), not the lease.
"""

from __future__ import annotations

import os
import socket
import threading
import time
import uuid
from contextlib import suppress
from datetime import UTC, datetime
from typing import Any

from opensearchpy import OpenSearch
from opensearchpy.exceptions import ConflictError, NotFoundError, RequestError

from ...errors import EngineBusy, EngineError
from .address import Address
from .connection import explained

__all__ = ["WriterLease"]

_DEAD = 8.0  # seconds without renewal after which a holder counts as dead; chosen by hand
_RENEW = 2.0  # seconds between two renewals; chosen by hand
_LOOK = 0.2  # seconds between two looks at another writer's lease; chosen by hand
_ID = "writer"


class WriterLease:
    """The right to write to an index, until `release`."""

    def __init__(self, client: OpenSearch, address: Address, wait: float) -> None:
        """Acquire the lease.

        EngineBusy, with who holds the lease and since when, if another writer does not end within `wait`
        seconds.
        """
        self._client = client
        self._address = address
        self._index = f"{address.name}-writer"
        self._said = {
            "holder": f"process {os.getpid()} on {socket.gethostname()}",
            "since": f"{datetime.now(UTC):%Y-%m-%d %H:%M:%S} UTC",
            "token": uuid.uuid4().hex,
        }
        self._ended, self._lost = threading.Event(), threading.Event()
        with explained(address):
            self._version = self._take(wait)
        self._renewing = threading.Thread(target=self._renew, daemon=True)
        self._renewing.start()

    def check(self) -> None:
        """Raise EngineError if another process took over the lease because it was not renewed in time."""
        if self._lost.is_set():
            raise EngineError(
                f"another process writes to the index at {self._address.shown} now; this one stops"
            )

    def release(self) -> None:
        """Release the lease. If OpenSearch is away, the lease expires by itself."""
        self._ended.set()
        self._renewing.join()
        with suppress(EngineError), explained(self._address), suppress(ConflictError, NotFoundError):
            self._client.delete(index=self._index, id=_ID, params=self._version)

    def _take(self, wait: float) -> dict[str, int]:
        end, since = time.monotonic() + wait, time.monotonic()
        seen: dict[str, int] = {}
        while True:
            holder = self._holder()
            version = _version(holder) if holder else {}
            if version != seen:
                seen, since = version, time.monotonic()
            if holder is None or time.monotonic() - since > _DEAD:
                with suppress(ConflictError):
                    return self._put(version or {"op_type": "create"})
            elif time.monotonic() > end:
                source = holder["_source"]
                raise EngineBusy(
                    f"{source['holder']}, since {source['since']}, holds the index "
                    f"{self._address.shown}; wait for it to end"
                )
            time.sleep(_LOOK)

    def _holder(self) -> dict[str, Any] | None:
        try:
            document: dict[str, Any] = self._client.get(index=self._index, id=_ID)
        except NotFoundError as error:
            if error.error == "index_not_found_exception":
                with suppress(RequestError):  # another process created it meanwhile
                    self._client.indices.create(index=self._index, body=_SETTINGS)
            return None
        return document

    def _put(self, condition: dict[str, Any]) -> dict[str, int]:
        return _version(self._client.index(index=self._index, id=_ID, body=self._said, params=condition))

    def _renew(self) -> None:
        while not self._ended.wait(_RENEW):
            with suppress(EngineError):  # away for a moment; the next renewal suffices
                try:
                    with explained(self._address):
                        self._version = self._put(self._version)
                except EngineError as error:
                    if not isinstance(error.__cause__, ConflictError):
                        raise
                    if not self._is_ours():
                        self._lost.set()
                        return

    def _is_ours(self) -> bool:
        """Whether the document is as we wrote it.

        The answer to a renewal may be lost, so that the client sends it again and gets a conflict.
        """
        with explained(self._address):
            holder = self._holder()
        if holder is None or holder["_source"] != self._said:
            return False
        self._version = _version(holder)
        return True


_SETTINGS = {"settings": {"index": {"number_of_shards": 1, "auto_expand_replicas": "0-1"}}}


def _version(answer: dict[str, Any]) -> dict[str, int]:
    return {"if_seq_no": answer["_seq_no"], "if_primary_term": answer["_primary_term"]}
