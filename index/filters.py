"""Which articles may be found at all: conditions on their fields, put together with and, or and not."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from datetime import date
from functools import reduce
from operator import and_, or_
from typing import Any, Literal

__all__ = ["Both", "Condition", "Dated", "Either", "Has", "Not", "resolve"]

Field = Literal["id", "topic", "author", "name", "site", "language"]


@dataclass(frozen=True, slots=True)
class Has:
    """A field has one of these values. Topics and authors are blind to case, broader topics count as an article's own; a name is a word of an author's."""

    field: Field
    values: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Dated:
    """The day of publication is known and between these, both included; None means no bound."""

    since: date | None = None
    until: date | None = None


@dataclass(frozen=True, slots=True)
class Both:
    """All of these hold; none at all holds always."""

    parts: tuple[Condition, ...]


@dataclass(frozen=True, slots=True)
class Either:
    """One of these holds; none at all holds never."""

    parts: tuple[Condition, ...]


@dataclass(frozen=True, slots=True)
class Not:
    """This does not hold."""

    part: Condition


Condition = Has | Dated | Both | Either | Not


def resolve(condition: Condition, leaf: Callable[[Has | Dated], Any], everything: Any) -> Any:
    """Work out a condition where `leaf` gives what fulfils a simple one, and `everything` all there is: truth values, sets or masks."""
    if isinstance(condition, Not):
        return everything ^ (everything & resolve(condition.part, leaf, everything))
    if isinstance(condition, Both | Either):
        parts = [resolve(part, leaf, everything) for part in condition.parts]
        return (
            reduce(and_, parts, everything)
            if isinstance(condition, Both)
            else reduce(or_, parts, everything ^ everything)
        )
    return leaf(condition)
