"""A job for the worker tests, in its own module so that a new process can import it."""

from __future__ import annotations

import os
import time
from typing import Any

__all__ = ["Odd"]


class Odd:
    """A job that misbehaves on demand."""

    def __init__(self) -> None:
        self.setup: Any = None

    def prepare(self, setup: Any) -> None:
        self.setup = setup

    def do(self, item: str) -> str:
        if item == "sleep":
            time.sleep(60)
        if item == "die":
            os._exit(9)
        if item == "eat":
            return "x" * len(bytearray(900_000_000))
        if item == "raise":
            raise ValueError("odd")
        return f"{self.setup}:{item}"
