"""Something open that several readers use at once, and that is closed after the last of them."""

from __future__ import annotations

import threading
from abc import ABC, abstractmethod
from typing import Self

__all__ = ["Shared"]


class Shared(ABC):
    """Counts its readers with `use` and `release`. After `retire`, the last release closes it."""

    def __init__(self) -> None:
        self._counting = threading.Lock()
        self._users = 0
        self._retired = False

    def use(self) -> Self:
        """Count one more reader."""
        with self._counting:
            self._users += 1
        return self

    def release(self) -> None:
        """Count one reader less; close after the last one if it is retired."""
        with self._counting:
            self._users -= 1
            self._let_go_if_done()

    def retire(self) -> None:
        """Close when the last reader releases it, or now if there are none: something newer replaces it."""
        with self._counting:
            self._retired = True
            self._let_go_if_done()

    def _let_go_if_done(self) -> None:
        if self._retired and self._users == 0:
            self._let_go()

    @abstractmethod
    def _let_go(self) -> None:
        """Close what is shared."""
