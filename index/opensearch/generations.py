"""The generations of an index: complete indexes of which an alias names the current one, and another the one before it."""

from __future__ import annotations

from typing import Any

from opensearchpy import OpenSearch
from opensearchpy.exceptions import NotFoundError

from ...errors import EngineError, IndexMissing
from .address import Address
from .mapping import begin

__all__ = ["Generations"]


class Generations:
    """All indexes of one address. The client's exceptions pass through."""

    def __init__(self, client: OpenSearch, address: Address) -> None:
        self._client = client
        self._address = address
        self._previously = f"{address.name}-previous"

    def current(self) -> str:
        """Name the current generation; IndexMissing if there is none."""
        name = self._behind(self._address.name)
        if name is None:
            raise IndexMissing(f"there is no index at {self._address.shown}; run `clinicdex reindex`")
        return name

    def previous(self) -> str | None:
        """Name the generation before it; None if none was kept."""
        return self._behind(self._previously)

    def create(self) -> str:
        """Make a new generation, empty, beside the others; what a rebuild that was killed left behind goes."""
        known, kept = self._all(), {self._behind(self._address.name), self.previous()}
        name = (
            f"{self._address.name}-g{max((int(one.rpartition('-g')[2]) for one in known), default=0) + 1:04}"
        )
        for left in set(known) - kept:
            self._client.indices.delete(index=left)
        self._client.indices.create(index=name, body=begin(self._address))
        return name

    def make_current(self, name: str, *, keep: bool) -> None:
        """Make a generation current and the one before it the previous one, in one step; others go, and that one too unless `keep`."""
        if self._address.replicas:
            self._client.indices.put_settings(
                index=name, body={"index": {"number_of_replicas": self._address.replicas}}
            )
        before, oldest = self._behind(self._address.name), self.previous()
        if before != name:
            kept = before if keep else None
            self._point({self._address.name: (before, name), self._previously: (oldest, kept)})
        for left in set(self._all()) - {name, self.previous()}:
            self._client.indices.delete(index=left)

    def roll_back(self) -> None:
        """Make the previous generation current, and the current one the previous; EngineError if none was kept."""
        current, previous = self.current(), self.previous()
        if previous is None:
            raise EngineError(
                f"there is no earlier index at {self._address.shown}; `clinicdex reindex` builds it anew"
            )
        self._point({self._address.name: (current, previous), self._previously: (previous, current)})

    def _point(self, aliases: dict[str, tuple[str | None, str | None]]) -> None:
        """Move aliases (alias -> from, to) all at once."""
        steps: list[dict[str, Any]] = [
            {"remove": {"index": old, "alias": alias}} for alias, (old, _) in aliases.items() if old
        ]
        steps += [{"add": {"index": new, "alias": alias}} for alias, (_, new) in aliases.items() if new]
        self._client.indices.update_aliases(body={"actions": steps})

    def _behind(self, alias: str) -> str | None:
        try:
            found = self._client.indices.get_alias(name=alias)
        except NotFoundError:
            if self._client.indices.exists(index=alias):
                raise EngineError(
                    f"{alias} at {self._address.shown} is an index of somebody else's; choose "
                    f"another name in `index`"
                ) from None
            return None
        return str(min(found))

    def _all(self) -> list[str]:
        found = self._client.indices.get_alias(
            index=f"{self._address.name}-g*", params={"expand_wildcards": "all"}
        )
        return [name for name in found if name.removeprefix(f"{self._address.name}-g").isdecimal()]
