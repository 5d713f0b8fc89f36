"""Run index queries off the event loop: a few threads, and a time limit for each query.

A query that is at hand is answered on the event loop, because a thread costs more than such an answer
(docs/measurements.md, at-hand).
"""

from __future__ import annotations

from collections.abc import Callable
from typing import TypeVar, cast

import anyio
import anyio.to_thread

from ...index.engine import AtHand, Engine, Reader, Results
from ...index.query import Query
from .problem import Problem

__all__ = ["SearchExecutor"]

_THREADS = 4  # docs/measurements.md, threads
_SECONDS = 10.0  # for one query, including the wait for a thread (chosen by hand)
_Answer = TypeVar("_Answer")


class SearchExecutor:
    """Runs queries against the index for the web application."""

    def __init__(self, engine: Engine, seconds: float = _SECONDS) -> None:
        self._engine, self._seconds = engine, seconds
        # created on first use, because it belongs to an event loop
        self._threads: anyio.CapacityLimiter | None = None

    def at_hand(self, query: Query) -> Results | None:
        """Return the results without using a thread if that takes about a millisecond, else None.

        EngineError if there is no index.
        """
        return cast(AtHand, self._engine).at_hand(query) if "at hand" in self._engine.features else None

    async def ask(self, work: Callable[[Reader], _Answer]) -> _Answer:
        """Call `work` in a thread with a reader of the newest commit, and return its answer.

        Problem 503 if it takes too long; EngineError if there is no index.
        """
        self._threads = self._threads or anyio.CapacityLimiter(_THREADS)
        with anyio.move_on_after(self._seconds):
            return await anyio.to_thread.run_sync(
                self._answer, work, abandon_on_cancel=True, limiter=self._threads
            )
        raise Problem(503, f"no answer within {self._seconds:.0f} seconds; try again", "busy", retry_after=5)

    def _answer(self, work: Callable[[Reader], _Answer]) -> _Answer:
        with self._engine.reader() as reader:
            return work(reader)
