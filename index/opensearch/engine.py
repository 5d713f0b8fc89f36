"""The engine for many machines: an OpenSearch cluster. Any number of processes read; one at a time writes."""

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
        """Make it ready; nothing is asked yet. ConfigError if the address cannot be used."""
        self._address = address
        self._synonyms = synonyms or Synonyms()
        self._client = connect(address)
        self._generations = Generations(self._client, address)
        self._opening = threading.Lock()
        self._state: tuple[tuple[str, int, int], PointInTime] | None = None

    def reader(self) -> OpenSearchReader:
        """Open the newest commit; readers of one commit share the state that OpenSearch holds open for them."""
        with self._opening, explained(self._address):
            key = self._newest_commit()
            if self._state is None or self._state[0] != key or not self._state[1].is_fresh():
                before, self._state = self._state, (key, PointInTime(self._client, self._address, key[0]))
                if before is not None:
                    before[1].retire()
            return OpenSearchReader(self._state[1].use(), self._synonyms)

    def _newest_commit(self) -> tuple[str, int, int]:
        """Tell the newest commit that can be seen from every other: the generation, and where its stamp stands."""
        try:
            found: dict[str, Any] = self._client.get(
                index=self._address.name, id=STAMP, params={"realtime": "false", "_source": "false"}
            )
        except NotFoundError as error:
            if error.error == "index_not_found_exception":
                raise
            raise IndexUnreadable(
                f"the index at {self._address.shown} has no stamp; run `clinicdex reindex`"
            ) from error
        return found["_index"], found["_seq_no"], found["_primary_term"]

    def writer(self, *, fresh: bool = False, wait: float = WAIT) -> OpenSearchWriter:
        """Open for writing: the current generation, or with `fresh` a new one beside it."""
        with explained(self._address):
            if not fresh:
                self._generations.current()  # before anybody waits
            hold = WriterLease(self._client, self._address, wait)
            try:
                index = self._generations.create() if fresh else self._generations.current()
                check_version(self._client, self._address, index)
            except BaseException:
                hold.release()
                raise
            return OpenSearchWriter(
                self._client, self._address, self._generations, index, hold, self._synonyms, fresh=fresh
            )

    def roll_back(self) -> None:
        """Make the generation before the current one current again; EngineError if there is none."""
        with explained(self._address):
            hold = WriterLease(self._client, self._address, WAIT)
            try:
                self._generations.roll_back()
            finally:
                hold.release()

    def problems(self) -> list[str]:
        """Ask OpenSearch for shards that are missing, and read every document."""
        found: list[str] = []
        try:
            with explained(self._address):
                health = self._client.cluster.health(index=self._generations.current())
            if health["status"] == "red":
                found.append(
                    f"{health['unassigned_shards']} shards of the index at {self._address.shown} "
                    f"are missing; see the cluster's log"
                )
            with self.reader() as reader:
                unreadable = reader.unreadable()
        except EngineError as error:
            return [*found, str(error)]
        return found + [
            f"the index holds {id_} but cannot show it; run `clinicdex reindex`" for id_ in unreadable
        ]

    def close(self) -> None:
        """Let go of what readers share. Readers that are open stay so."""
        with self._opening:
            if self._state is not None:
                self._state[1].retire()
                self._state = None
