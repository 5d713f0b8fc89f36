"""One state of an index, held open by OpenSearch while it is asked: what readers of the same commit share."""

from __future__ import annotations

import time
from collections.abc import Sequence
from contextlib import suppress
from typing import Any

from opensearchpy import OpenSearch
from opensearchpy.exceptions import NotFoundError

from ...errors import EngineError, IndexUnreadable
from ..shared import Shared
from .address import Address
from .connection import explained
from .mapping import SCHEMA_VERSION

__all__ = ["PointInTime", "check_version"]

_KEPT = 600  # seconds that OpenSearch keeps it open after it was asked last
_MOST_LANGUAGES = 100


class PointInTime(Shared):
    """A state of one generation. If OpenSearch was started anew meanwhile, or the generation was not kept, the current state stands in for it."""

    def __init__(self, client: OpenSearch, address: Address, index: str) -> None:
        super().__init__()
        self._client = client
        self._address = address
        with explained(address):
            check_version(client, address, index)
            self._id = self._opened(index)
        first = self.search(
            {"size": 1, "query": {"exists": {"field": "stamp"}}, "_source": ["stamp"], "aggs": _WHOLE}
        )
        self.stamp = first["hits"]["hits"][0]["_source"]["stamp"] if first["hits"]["hits"] else 0
        self.newest = int(first["aggregations"]["all"]["newest"]["value"] or 0)  # day number
        self.languages = tuple(
            bucket["key"] for bucket in first["aggregations"]["all"]["languages"]["buckets"]
        )

    def is_fresh(self) -> bool:
        """Tell whether OpenSearch surely still has it: it was asked in the first half of its time."""
        return time.monotonic() - self._asked_at < _KEPT / 2

    def search(self, body: dict[str, Any]) -> dict[str, Any]:
        """Ask it one question. EngineError if a part of the index does not answer."""
        return self.searches([body])[0]

    def searches(self, bodies: Sequence[dict[str, Any]]) -> list[dict[str, Any]]:
        """Ask it several questions at once."""
        with explained(self._address):
            try:
                return self._asked(bodies)
            except NotFoundError:
                self._id = self._opened(self._address.name)
                return self._asked(bodies)

    def _asked(self, bodies: Sequence[dict[str, Any]]) -> list[dict[str, Any]]:
        self._asked_at = time.monotonic()
        held = {"pit": {"id": self._id, "keep_alive": f"{_KEPT}s"}}
        if len(bodies) == 1:
            return [self._whole(self._client.search(body=bodies[0] | held))]
        lines = [line for body in bodies for line in ({}, body | held)]
        return [self._whole(answer) for answer in self._client.msearch(body=lines)["responses"]]

    def _whole(self, answer: dict[str, Any]) -> dict[str, Any]:
        if answer.get("status") == 404:
            raise NotFoundError(404, answer["error"]["type"], answer)
        failed = answer.get("_shards", {}).get("failures") or ([answer["error"]] if "error" in answer else [])
        if failed or answer.get("timed_out"):
            reason = failed[0].get("reason", failed[0]) if failed else "it took too long"
            said = reason.get("reason") or reason.get("type") if isinstance(reason, dict) else reason
            raise EngineError(
                f"OpenSearch at {self._address.shown} could not answer: {said}; try again, or see its log"
            )
        return answer

    def _opened(self, index: str) -> str:
        self._asked_at = time.monotonic()
        return str(self._client.create_pit(index=index, params={"keep_alive": f"{_KEPT}s"})["pit_id"])

    def _let_go(self) -> None:
        with suppress(EngineError), explained(self._address):
            self._client.delete_pit(body={"pit_id": [self._id]})


_WHOLE = {
    "all": {
        "global": {},
        "aggs": {
            "languages": {"terms": {"field": "language", "size": _MOST_LANGUAGES}},
            "newest": {"max": {"field": "day"}},
        },
    }
}


def check_version(client: OpenSearch, address: Address, index: str) -> None:
    """IndexUnreadable if a generation was made by another version of this program."""
    (known,) = client.indices.get_mapping(index=index).values()
    if known["mappings"].get("_meta", {}).get("schema") != SCHEMA_VERSION:
        raise IndexUnreadable(f"the index at {address.shown} is of another version; run `clinicdex reindex`")
