"""A worker: does one job in its own process, which is killed when an item takes too long or too much memory.

Executor pools hang when a worker is killed (docs/measurements.md, executor-pools); here the supervisor owns
both ends of the pipe. A worker whose supervisor dies ends as well, because its pipe closes.
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
_STARTS = 3  # tries to start a process (chosen by hand)
_PATIENCE = 60.0  # seconds for a process to start and prepare (chosen by hand)

I = TypeVar("I", contravariant=True)  # noqa: E741  an item
R = TypeVar("R", covariant=True)  # its result


class Job(Protocol[I, R]):
    """What a worker does. Created once, in the worker's process, by a factory that can be pickled."""

    def prepare(self, setup: Any) -> None:
        """Set what the next items have in common."""

    def do(self, item: I) -> R:
        """Return the result of one item."""


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
        """Limit each item to `seconds`, and its process to `memory` bytes beyond those it starts with."""
        self._factory = factory
        self._seconds = seconds
        self._memory = memory
        self._context = multiprocessing.get_context("spawn")
        self._process: Any = None
        self._pipe: Connection | None = None
        self._setup: Any = None

    def prepare(self, setup: Any) -> None:
        """Set what the next items have in common."""
        if setup != self._setup:
            self._setup = setup
            if self._pipe is not None:
                self._send(("setup", setup))

    def work(self, items: Sequence[I]) -> Iterator[R | Failure]:
        """Yield the result of each item, in order.

        An item that exceeds a limit yields a Failure and ends the process; a new process takes the items
        after it.
        """
        position = 0
        while position < len(items):
            pipe = self._started()
            if not self._send(("items", items[position:])):
                continue
            for result in self._received(pipe, len(items) - position):
                position += 1
                yield result

    def _send(self, message: Any) -> bool:
        """Send a message to the process; False if it has died: the next items start a new one."""
        assert self._pipe is not None
        try:
            self._pipe.send(message)
        except OSError:
            self._kill()
            return False
        return True

    def _received(self, pipe: Connection, count: int) -> Iterator[R | Failure]:
        """Yield results until all are there, or until one is a Failure that has ended the process."""
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
        """Return the pipe to a process that is ready; RuntimeError after _STARTS failed starts."""
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
    """Work on items until the pipe closes: the main function of the process."""
    import signal

    signal.signal(signal.SIGINT, signal.SIG_IGN)  # Ctrl-C is for the supervisor to handle
    threading.Thread(target=_end_with_supervisor, daemon=True).start()
    logging.getLogger().addHandler(logging.NullHandler())  # errors are reported in the Failure
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
    """End this process when the supervisor ends, even in the middle of an item."""
    supervisor = multiprocessing.parent_process()
    if supervisor is not None:
        supervisor.join()
        os._exit(1)


def _limit(memory: int) -> None:
    """Limit the heap to its current size plus `memory` bytes."""
    _, most = resource.getrlimit(resource.RLIMIT_DATA)
    wanted = _data_size() + memory
    resource.setrlimit(
        resource.RLIMIT_DATA, (wanted if most == resource.RLIM_INFINITY else min(wanted, most), most)
    )


def _data_size() -> int:
    """Return the bytes of data of this process, as RLIMIT_DATA counts them (proc(5), statm).

    Not ru_maxrss: on Linux a child inherits its parent's peak.
    """
    try:
        return int(Path("/proc/self/statm").read_text().split()[5]) * resource.getpagesize()
    except OSError:  # not Linux; the limit is not enforced there either
        return resource.getrusage(resource.RUSAGE_SELF).ru_maxrss * 1024


def _lift_limit() -> None:
    _, most = resource.getrlimit(resource.RLIMIT_DATA)
    resource.setrlimit(resource.RLIMIT_DATA, (most, most))


def _work(pipe: Connection, job: Job[Any, Any], items: Iterable[Any]) -> None:
    for item in items:
        try:
            result, ended = job.do(item), False
        except MemoryError:
            _lift_limit()  # else there is no memory for the answer either
            result, ended = Failure("took too much memory"), True
        except Exception as error:  # noqa: BLE001  the per-page guard: one page never stops a crawl
            result, ended = Failure(f"{type(error).__name__}: {error}", traceback.format_exc()), False
        pipe.send((result, ended))
        if ended:
            return
