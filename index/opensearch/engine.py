"""The engine for many machines: an OpenSearch cluster. Many processes can read, one at a time can write."""

from __future__ import annotations

import threading
from typing import Any

from opensearchpy.exceptions import NotFoundError

from ...errors import EngineError, IndexUnreadable
from ..engine import WAIT
from ..synonyms import Synonyms
from .address import Address
from .connection import connect, explained
from .generations import Generations
from .mapping import STAMP
from .pointintime import PointInTime, check_version
from .reader import OpenSearchReader
from .writer import OpenSearchWriter
from .writer_lease import WriterLease

__all__ = ["OpenSearchEngine"]


class OpenSearchEngine:
    """An index in a cluster."""

    features = frozenset({"durable", "roll back", "ranked ids"})

    def __init__(self, address: Address, synonyms: Synonyms | None = None) -> None:
        """Create the client; no request is sent yet. ConfigError if the address cannot be used."""
        self._address = address
        self._synonyms = synonyms or Synonyms()
        self._client = connect(address)
        self._generations = Generations(self._client, address)
        self._opening = threading.Lock()
        self._state: tuple[tuple[str, int, int], PointInTime] | None = None

    def reader(self) -> OpenSearchReader:
        """Open the newest commit; its readers share the point in time that OpenSearch keeps open for them."""
        with self._opening, explained(self._address):
            key = self._newest_commit()
            if self._state is None or self._state[0] != key or not self._state[1].is_fresh():
                before, self._state = self._state, (key, PointInTime(self._client, self._address, key[0]))
                if before is not None:
                    before[1].retire()
            return OpenSearchReader(self._state[1].use(), self._synonyms)

    def _newest_commit(self) -> tuple[str, int, int]:
        """Return what identifies the newest visible commit.

        That is its generation, and the sequence number and primary term of its stamp document.
        """
        try:
            stamp: dict[str, Any] = self._client.get(
                index=self._address.name, id=STAMP, params={"realtime": "false", "_source": "false"}
            )
        except NotFoundError as error:
            if error.error == "index_not_found_exception":
                raise
            raise IndexUnreadable(
                f"the index at {self._address.shown} has no stamp; run `clinicdex reindex`"
            ) from error
        return stamp["_index"], stamp["_seq_no"], stamp["_primary_term"]

    def writer(self, *, fresh: bool = False, wait: float = WAIT) -> OpenSearchWriter:
        """Open the current generation for writing, or with `fresh` a new generation."""
        with explained(self._address):
            if not fresh:
                self._generations.current()  # fails before anyone waits for the lease
            lease = WriterLease(self._client, self._address, wait)
            try:
                index = self._generations.create() if fresh else self._generations.current()
                check_version(self._client, self._address, index)
            except BaseException:
                lease.release()
                raise
            return OpenSearchWriter(
                self._client, self._address, self._generations, index, lease, self._synonyms, fresh=fresh
            )

    def roll_back(self) -> None:
        """Make the generation before the current one current again; EngineError if there is none."""
        with explained(self._address):
            lease = WriterLease(self._client, self._address, WAIT)
            try:
                self._generations.roll_back()
            finally:
                lease.release()

    def problems(self) -> list[str]:
        """Check for missing shards and load every document; return a message for each problem."""
        problems: list[str] = []
        try:
            with explained(self._address):
                health = self._client.cluster.health(index=self._generations.current())
            if health["status"] == "red":
                problems.append(
                    f"{health['unassigned_shards']} shards of the index at {self._address.shown} "
                    f"are missing; see the cluster's log"
                )
            with self.reader() as reader:
                unreadable = reader.unreadable()
        except EngineError as error:
            return [*problems, str(error)]
        return problems + [
            f"the index holds {id_} but cannot show it; run `clinicdex reindex`" for id_ in unreadable
        ]

    def close(self) -> None:
        """Release the point in time that readers share; readers that are open remain usable."""
        with self._opening:
            if self._state is not None:
                self._state[1].retire()
                self._state = None
