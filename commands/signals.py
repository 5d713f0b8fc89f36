"""Whether we were asked to stop: the first Ctrl-C or SIGTERM finishes what is open, the second stops at once."""

from __future__ import annotations

import signal
from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any

__all__ = ["StopSignal", "stop_signal"]


class StopSignal:
    """Call it to hear whether to stop; `code` is the exit code then, 0 before."""

    def __init__(self) -> None:
        self.code = 0

    def __call__(self) -> bool:
        """Tell whether to stop."""
        return self.code != 0


@contextmanager
def stop_signal() -> Iterator[StopSignal]:
    """Heed SIGINT and SIGTERM inside a `with` block; exit codes as a shell gives them, 128 and the signal's number."""
    stopping = StopSignal()

    def heed(number: int, _frame: Any) -> None:
        if stopping.code:
            raise KeyboardInterrupt
        stopping.code = 128 + number

    before = {number: signal.signal(number, heed) for number in (signal.SIGINT, signal.SIGTERM)}
    try:
        yield stopping
    finally:
        for number, handler in before.items():
            signal.signal(number, handler)
