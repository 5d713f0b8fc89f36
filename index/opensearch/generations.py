"""The generations of an index: complete indexes, with an alias for the current and one for the previous."""

from __future__ import annotations

from typing import Any

from opensearchpy import OpenSearch
from opensearchpy.exceptions import NotFoundError

from ...errors import EngineError, IndexMissing
from .address import Address
from .mapping import begin

__all__ = ["Generations"]


class Generations:
    """All generations of one index address. The client's exceptions are not translated."""

    def __init__(self, client: OpenSearch, address: Address) -> None:
        self._client = client
        self._address = address
        self._previously = f"{address.name}-previous"

    def current(self) -> str:
        """Return the name of the current generation; IndexMissing if there is none."""
        name = self._behind(self._address.name)
        if name is None:
            raise IndexMissing(f"there is no index at {self._address.shown}; run `clinicdex reindex`")
        return name

    def previous(self) -> str | None:
        """Return the name of the previous generation; None if none was kept."""
        return self._behind(self._previously)

    def create(self) -> str:
        """Create an empty generation and return its name.

        Generations that a killed rebuild left behind are deleted.
        """
        known, referenced = self._all(), {self._behind(self._address.name), self.previous()}
        name = (
            f"{self._address.name}-g"
            f"{max((int(generation.rpartition('-g')[2]) for generation in known), default=0) + 1:04}"
        )
        for orphan in set(known) - referenced:
            self._client.indices.delete(index=orphan)
        self._client.indices.create(index=name, body=begin(self._address))
        return name

    def make_current(self, name: str, *, keep: bool) -> None:
        """Make a generation the current one, in one step, and delete the old ones.

        The generation that was current becomes the previous one with `keep`, else it is deleted too.
        """
        if self._address.replicas:
            self._client.indices.put_settings(
                index=name, body={"index": {"number_of_replicas": self._address.replicas}}
            )
        before, oldest = self._behind(self._address.name), self.previous()
        if before != name:
            previous = before if keep else None
            self._point({self._address.name: (before, name), self._previously: (oldest, previous)})
        for orphan in set(self._all()) - {name, self.previous()}:
            self._client.indices.delete(index=orphan)

    def roll_back(self) -> None:
        """Swap the current and the previous generation; EngineError if no previous one was kept."""
        current, previous = self.current(), self.previous()
        if previous is None:
            raise EngineError(
                f"there is no earlier index at {self._address.shown}; `clinicdex reindex` rebuilds it"
            )
        self._point({self._address.name: (current, previous), self._previously: (previous, current)})

    def _point(self, aliases: dict[str, tuple[str | None, str | None]]) -> None:
        """Move aliases (alias -> old index, new index) in one step."""
        steps: list[dict[str, Any]] = [
            {"remove": {"index": old, "alias": alias}} for alias, (old, _) in aliases.items() if old
        ]
        steps += [{"add": {"index": new, "alias": alias}} for alias, (_, new) in aliases.items() if new]
        self._client.indices.update_aliases(body={"actions": steps})

    def _behind(self, alias: str) -> str | None:
        try:
            indexes = self._client.indices.get_alias(name=alias)
        except NotFoundError:
            if self._client.indices.exists(index=alias):
                raise EngineError(
                    f"{alias} at {self._address.shown} is an index of somebody else's; choose "
                    f"another name in `index`"
                ) from None
            return None
        return str(min(indexes))

    def _all(self) -> list[str]:
        indexes = self._client.indices.get_alias(
            index=f"{self._address.name}-g*", params={"expand_wildcards": "all"}
        )
        return [name for name in indexes if name.removeprefix(f"{self._address.name}-g").isdecimal()]
