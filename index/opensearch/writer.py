"""Changes to an OpenSearch index.

The version of every document is the number of the commit that wrote it. So an older document never replaces
a newer one, and a document that is sent twice is stored once.

A commit becomes visible as a whole: only the end of a commit refreshes a generation. The stamp is written
last, so the next commit sends again what was sent before OpenSearch or this process stopped. If OpenSearch
itself was restarted in between, those documents may be visible before that.
"""

from __future__ import annotations

import time
from collections.abc import Callable, Iterable, Iterator
from contextlib import suppress
from typing import Any, TypeVar

from opensearchpy import OpenSearch
from opensearchpy.helpers import streaming_bulk

from ...errors import EngineAway, EngineError
from ...records import Article
from ..closing import Closing
from ..fields import Analyzers
from ..pending import Pending
from ..synonyms import Synonyms
from .address import Address
from .connection import explained
from .generations import Generations
from .mapping import STAMP, document, stamp_document
from .writer_lease import WriterLease

__all__ = ["OpenSearchWriter"]

_CHUNK = 500  # documents of one request; chosen by hand
_CHUNK_BYTES = 8 * 1024 * 1024  # of one request; chosen by hand
# How often a request that is refused with status 429 is sent again; seconds before the first repetition, and
# the most seconds between two. Chosen by hand.
_BUSY_TRIES, _BUSY_FIRST, _BUSY_MOST = 8, 1, 30
_PATIENCE = 90.0  # seconds to wait for OpenSearch to come back (docs/scale.md)
_PAUSE = 1.0  # seconds between two attempts; chosen by hand
_Answer = TypeVar("_Answer")


class OpenSearchWriter(Closing):
    """Changes to one generation: the current one, or a new one, which readers do not see before `swap`."""

    def __init__(
        self,
        client: OpenSearch,
        address: Address,
        generations: Generations,
        index: str,
        hold: WriterLease,
        synonyms: Synonyms,
        *,
        fresh: bool,
    ) -> None:
        self._client = client
        self._address = address
        self._generations = generations
        self._index = index
        self._hold = hold
        self._synonyms = synonyms
        self._fresh = fresh
        self._analyzers = Analyzers()
        self._changes = Pending()
        self._stamp = 0

    def replace(self, articles: Iterable[Article]) -> None:
        """Add or replace articles; of several with the same id the last one wins."""
        self._changes.replace(articles)

    def remove(self, ids: Iterable[str]) -> None:
        """Remove articles by id."""
        self._changes.remove(ids)

    def commit(self, stamp: int) -> None:
        """Write all changes, then the stamp, then make both visible; wait while OpenSearch is away."""
        self._hold.check()
        self._patiently(lambda: self._send(self._actions(stamp)))
        if not self._fresh:
            self._patiently(lambda: self._publish(stamp))
        self._changes.clear()
        self._stamp = stamp

    def swap(self, *, keep: bool = True) -> None:
        """Make a fresh generation the current one and delete the old ones; do nothing if it is current.

        The generation that was current becomes the previous one with `keep`, else it is deleted too.
        """
        self.rollback()
        if self._fresh:
            self._hold.check()
            self._patiently(lambda: self._publish(self._stamp))
            self._patiently(lambda: self._generations.make_current(self._index, keep=keep))
            self._fresh = False

    def rollback(self) -> None:
        """Drop uncommitted changes."""
        self._changes.clear()

    def close(self) -> None:
        """Release the writer lease; a fresh generation that was not swapped is deleted."""
        self.rollback()
        if self._fresh:
            with suppress(EngineError), explained(self._address):
                self._client.indices.delete(index=self._index)
        self._hold.release()

    def _actions(self, stamp: int) -> Iterator[dict[str, Any]]:
        numbered = self._numbered(stamp)
        for id_ in self._changes.removed:
            yield {"_op_type": "delete", "_id": id_, **numbered}
        for article in self._changes.replaced.values():
            yield {
                "_op_type": "index",
                "_id": article.id,
                "_source": document(article, self._analyzers, self._synonyms.broader(article)),
                **numbered,
            }

    def _send(self, actions: Iterator[dict[str, Any]]) -> None:
        failed = []
        sent = streaming_bulk(
            self._client, actions, chunk_size=_CHUNK, max_chunk_bytes=_CHUNK_BYTES, raise_on_error=False,
            max_retries=_BUSY_TRIES, initial_backoff=_BUSY_FIRST, max_backoff=_BUSY_MOST,
        )  # fmt: skip
        for succeeded, answer in sent:
            (result,) = answer.values()
            # 404: deleted already; 409: written by a newer commit.
            if not succeeded and result["status"] not in (404, 409):
                failed.append(
                    f"{result['_id']}: "
                    f"{result['error']['reason'] if isinstance(result['error'], dict) else result['error']}"
                )
        if failed:
            raise EngineError(
                f"OpenSearch at {self._address.shown} refused {len(failed)} articles, first "
                f"{failed[0]}; nothing of this commit is seen yet"
            )

    def _publish(self, stamp: int) -> None:
        self._hold.check()
        self._send(
            iter(
                [
                    {
                        "_op_type": "index",
                        "_id": STAMP,
                        "_source": stamp_document(stamp),
                        **self._numbered(stamp),
                    }
                ]
            )
        )
        self._client.indices.refresh(index=self._index)

    def _numbered(self, stamp: int) -> dict[str, Any]:
        return {"_index": self._index, "version": stamp, "version_type": "external_gte"}

    def _patiently(self, do: Callable[[], _Answer]) -> _Answer:
        """Run an idempotent action; while OpenSearch is away, repeat it for up to `_PATIENCE` seconds."""
        end = time.monotonic() + _PATIENCE
        while True:
            try:
                with explained(self._address):
                    return do()
            except EngineAway:
                if time.monotonic() > end:
                    raise
                time.sleep(_PAUSE)
