"""Answers from the index, off the event loop: a few threads, and a limit of time for each question."""

from __future__ import annotations

from collections.abc import Callable
from typing import TypeVar

import anyio
import anyio.to_thread

from ..index.engine import Engine, Reader
from .problem import Problem

__all__ = ["Finder"]

_THREADS = 4  # docs/measurements.md, threads
_SECONDS = 10.0  # for one question, waiting for a thread included
_Answer = TypeVar("_Answer")


class Finder:
    """The index, asked by web pages."""

    def __init__(self, engine: Engine) -> None:
        self._engine = engine
        self._threads: anyio.CapacityLimiter | None = None  # it belongs to an event loop

    async def ask(self, question: Callable[[Reader], _Answer]) -> _Answer:
        """Put a question to the newest commit. Problem 503 if it takes too long; EngineError if there is no index."""
        self._threads = self._threads or anyio.CapacityLimiter(_THREADS)
        with anyio.move_on_after(_SECONDS):
            return await anyio.to_thread.run_sync(self._answer, question, abandon_on_cancel=True, limiter=self._threads)
        raise Problem(503, f"no answer within {_SECONDS:.0f} seconds; try again", "busy", retry_after=5)

    def _answer(self, question: Callable[[Reader], _Answer]) -> _Answer:
        with self._engine.reader() as reader:
            return question(reader)
