"""Answers from the index, off the event loop: a few threads, and a limit of time for each question.

What is at hand is answered at once: a thread costs more than such an answer (docs/measurements.md, at-hand).
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
_SECONDS = 10.0  # for one question, waiting for a thread included
_Answer = TypeVar("_Answer")


class SearchExecutor:
    """The index, asked by web pages."""

    def __init__(self, engine: Engine, seconds: float = _SECONDS) -> None:
        self._engine, self._seconds = engine, seconds
        self._threads: anyio.CapacityLimiter | None = None  # it belongs to an event loop

    def at_hand(self, query: Query) -> Results | None:
        """Return the answer without a thread if it takes about a millisecond, else None. EngineError if there is no index."""
        return cast(AtHand, self._engine).at_hand(query) if "at hand" in self._engine.features else None

    async def ask(self, question: Callable[[Reader], _Answer]) -> _Answer:
        """Put a question to the newest commit. Problem 503 if it takes too long; EngineError if there is no index."""
        self._threads = self._threads or anyio.CapacityLimiter(_THREADS)
        with anyio.move_on_after(self._seconds):
            return await anyio.to_thread.run_sync(
                self._answer, question, abandon_on_cancel=True, limiter=self._threads
            )
        raise Problem(503, f"no answer within {self._seconds:.0f} seconds; try again", "busy", retry_after=5)

    def _answer(self, question: Callable[[Reader], _Answer]) -> _Answer:
        with self._engine.reader() as reader:
            return question(reader)
