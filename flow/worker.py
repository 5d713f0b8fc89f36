"""A worker: one job done in a process of its own, which is killed when an item takes too long or too much memory.

Executor pools hang when a worker is killed (docs/measurements.md, executor-pools); here the supervisor owns both ends. A worker whose
supervisor dies ends as well, because its pipe closes.
"""

from __future__ import annotations

import logging
import multiprocessing
import os
import resource
import threading
import traceback
from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import dataclass
from multiprocessing.connection import Connection
from pathlib import Path
from types import TracebackType
from typing import Any, Generic, Protocol, Self, TypeVar

__all__ = ["Failure", "Job", "Worker"]

_GIGABYTE = 1024**3
_STARTS = 3  # tries to start a process
_PATIENCE = 60.0  # seconds for a process to start and prepare

I = TypeVar("I", contravariant=True)  # noqa: E741  an item
R = TypeVar("R", covariant=True)  # its result


class Job(Protocol[I, R]):
    """What a worker does. Made once in the worker's process by a factory that can be pickled."""

    def prepare(self, setup: Any) -> None:
        """Take what the next items have in common."""

    def do(self, item: I) -> R:
        """Work on one item."""


@dataclass(frozen=True, slots=True)
class Failure:
    """Why an item has no result."""

    detail: str
    trace: str = ""  # the traceback, if there was one


class Worker(Generic[I, R]):
    """Supervises one process. Close it, or use it in a `with` statement."""

    def __init__(
        self, factory: Callable[[], Job[I, R]], *, seconds: float = 10.0, memory: int = _GIGABYTE
    ) -> None:
        """Allow each item so many seconds, and its process so many bytes beyond those it started with."""
        self._factory = factory
        self._seconds = seconds
        self._memory = memory
        self._context = multiprocessing.get_context("spawn")
        self._process: Any = None
        self._pipe: Connection | None = None
        self._setup: Any = None

    def prepare(self, setup: Any) -> None:
        """Say what the next items have in common."""
        if setup != self._setup:
            self._setup = setup
            if self._pipe is not None:
                self._send(("setup", setup))

    def work(self, items: Sequence[I]) -> Iterator[R | Failure]:
        """Give the result of each item, in order. An item that breaks the limits costs its process, not the others."""
        place = 0
        while place < len(items):
            pipe = self._started()
            if not self._send(("items", items[place:])):
                continue
            for result in self._received(pipe, len(items) - place):
                place += 1
                yield result

    def _send(self, message: Any) -> bool:
        """Send to the process; if it died meanwhile, have a new one started with the next items."""
        assert self._pipe is not None
        try:
            self._pipe.send(message)
        except OSError:
            self._kill()
            return False
        return True

    def _received(self, pipe: Connection, count: int) -> Iterator[R | Failure]:
        """Receive results until all are there or one is a reason to start anew."""
        for _ in range(count):
            try:
                if not pipe.poll(self._seconds):
                    self._kill()
                    yield Failure(f"took over {self._seconds:g} s")
                    return
                result, ended = pipe.recv()
            except (EOFError, OSError):
                self._kill()
                yield Failure("its process died, most likely for want of memory")
                return
            yield result
            if ended:
                self._kill()
                return

    def _started(self) -> Connection:
        """Give the pipe to a process that is ready; one that dies while it starts gets a second chance."""
        for _ in range(_STARTS):
            if self._pipe is None and not self._start():
                continue
            assert self._pipe is not None
            return self._pipe
        raise RuntimeError("the worker process did not start")

    def _start(self) -> bool:
        self._pipe, theirs = self._context.Pipe()
        self._process = self._context.Process(
            target=_serve, args=(theirs, self._factory, self._memory), daemon=True
        )
        self._process.start()
        theirs.close()
        try:
            self._pipe.send(("setup", self._setup))
            ready = self._pipe.poll(_PATIENCE) and self._pipe.recv()
        except (EOFError, OSError):
            ready = None
        if not ready:
            self._kill()
        return bool(ready)

    def _kill(self) -> None:
        if self._pipe is not None:
            self._pipe.close()
            self._process.kill()
            self._process.join()
            self._pipe = None

    def close(self) -> None:
        """End the process."""
        self._kill()

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self.close()


def _serve(pipe: Connection, factory: Callable[[], Job[Any, Any]], memory: int) -> None:
    """Be the process: answer until the pipe closes."""
    import signal

    signal.signal(signal.SIGINT, signal.SIG_IGN)  # Ctrl-C is the supervisor's to handle
    threading.Thread(target=_end_with_supervisor, daemon=True).start()
    logging.getLogger().addHandler(logging.NullHandler())  # what went wrong travels in the Failure
    job = factory()
    _limit(memory)
    pipe.send("ready")
    try:
        while True:
            kind, value = pipe.recv()
            if kind == "setup":
                job.prepare(value)
            else:
                _work(pipe, job, value)
    except (EOFError, OSError):
        return


def _end_with_supervisor() -> None:
    """Vanish when the supervisor does, also in the middle of an item."""
    supervisor = multiprocessing.parent_process()
    if supervisor is not None:
        supervisor.join()
        os._exit(1)


def _limit(memory: int) -> None:
    """Bound the heap to what it is now and `memory` bytes more."""
    _, most = resource.getrlimit(resource.RLIMIT_DATA)
    wanted = _data_size() + memory
    resource.setrlimit(
        resource.RLIMIT_DATA, (wanted if most == resource.RLIM_INFINITY else min(wanted, most), most)
    )


def _data_size() -> int:
    """Give the bytes of data of this process, as RLIMIT_DATA counts them (proc(5), statm). Its peak is none of them: a process inherits its parent's."""
    try:
        return int(Path("/proc/self/statm").read_text().split()[5]) * resource.getpagesize()
    except OSError:  # no Linux; the limit is not enforced there either
        return resource.getrusage(resource.RUSAGE_SELF).ru_maxrss * 1024


def _lift_limit() -> None:
    _, most = resource.getrlimit(resource.RLIMIT_DATA)
    resource.setrlimit(resource.RLIMIT_DATA, (most, most))


def _work(pipe: Connection, job: Job[Any, Any], items: Iterable[Any]) -> None:
    for item in items:
        try:
            result, ended = job.do(item), False
        except MemoryError:
            _lift_limit()  # or the answer itself has no room
            result, ended = Failure("took too much memory"), True
        except Exception as error:  # noqa: BLE001  the per-page guard: one page never stops a crawl
            result, ended = Failure(f"{type(error).__name__}: {error}", traceback.format_exc()), False
        pipe.send((result, ended))
        if ended:
            return
