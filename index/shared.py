"""Something open that several readers use at once, and that is let go of when the last one has gone."""

from __future__ import annotations

import threading
from abc import ABC, abstractmethod
from typing import Self

__all__ = ["Shared"]


class Shared(ABC):
    """`use` and `release` count the readers; the last to release closes it once it is `retired`."""

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
        """Count one reader less."""
        with self._counting:
            self._users -= 1
            self._let_go_if_done()

    def retire(self) -> None:
        """Close when the last reader has gone: something newer is there."""
        with self._counting:
            self._retired = True
            self._let_go_if_done()

    def _let_go_if_done(self) -> None:
        if self._retired and self._users == 0:
            self._let_go()

    @abstractmethod
    def _let_go(self) -> None:
        """Close what is shared."""
