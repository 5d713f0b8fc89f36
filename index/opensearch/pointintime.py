"""A point in time of an index, kept open by OpenSearch and shared by the readers of one commit."""

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

_KEPT = 600  # seconds that OpenSearch keeps it open after the last request; chosen by hand
_MOST_LANGUAGES = 100  # of an index; chosen by hand


class PointInTime(Shared):
    """One state of one generation.

    If OpenSearch was restarted meanwhile, or the generation was deleted, the current state takes its place.
    """

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
        """Whether OpenSearch surely still keeps it open: its time is less than half over."""
        return time.monotonic() - self._searched_at < _KEPT / 2

    def search(self, body: dict[str, Any]) -> dict[str, Any]:
        """Run one search. EngineError if a part of the index does not answer."""
        return self.searches([body])[0]

    def searches(self, bodies: Sequence[dict[str, Any]]) -> list[dict[str, Any]]:
        """Run several searches in one request."""
        with explained(self._address):
            try:
                return self._searched(bodies)
            except NotFoundError:
                self._id = self._opened(self._address.name)
                return self._searched(bodies)

    def _searched(self, bodies: Sequence[dict[str, Any]]) -> list[dict[str, Any]]:
        self._searched_at = time.monotonic()
        pit = {"pit": {"id": self._id, "keep_alive": f"{_KEPT}s"}}
        if len(bodies) == 1:
            return [self._whole(self._client.search(body=bodies[0] | pit))]
        lines = [line for body in bodies for line in ({}, body | pit)]
        return [self._whole(answer) for answer in self._client.msearch(body=lines)["responses"]]

    def _whole(self, answer: dict[str, Any]) -> dict[str, Any]:
        if answer.get("status") == 404:
            raise NotFoundError(404, answer["error"]["type"], answer)
        failed = answer.get("_shards", {}).get("failures") or ([answer["error"]] if "error" in answer else [])
        if failed or answer.get("timed_out"):
            reason = failed[0].get("reason", failed[0]) if failed else "it took too long"
            message = reason.get("reason") or reason.get("type") if isinstance(reason, dict) else reason
            raise EngineError(
                f"OpenSearch at {self._address.shown} could not answer: {message}; try again, or see its log"
            )
        return answer

    def _opened(self, index: str) -> str:
        self._searched_at = time.monotonic()
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
    """Raise IndexUnreadable if a generation was made with another schema version."""
    (known,) = client.indices.get_mapping(index=index).values()
    if known["mappings"].get("_meta", {}).get("schema") != SCHEMA_VERSION:
        raise IndexUnreadable(f"the index at {address.shown} is of another version; run `clinicdex reindex`")
