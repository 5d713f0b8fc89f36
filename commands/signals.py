"""Whether the process was asked to stop.

The first Ctrl-C or SIGTERM lets the command finish what is open; the second stops it at once.
"""

from __future__ import annotations

import signal
from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any

__all__ = ["StopSignal", "stop_signal"]


class StopSignal:
    """Whether to stop: call the object to ask. `code` is 0 until a signal arrives, then the exit code."""

    def __init__(self) -> None:
        self.code = 0

    def __call__(self) -> bool:
        """Whether to stop."""
        return self.code != 0


@contextmanager
def stop_signal() -> Iterator[StopSignal]:
    """Handle SIGINT and SIGTERM inside a `with` block.

    Exit codes are those of a shell: 128 plus the number of the signal.
    """
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
