"""Which articles may be found at all: conditions on their fields, combined with and, or and not."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from datetime import date
from functools import reduce
from operator import and_, or_
from typing import Any, Literal

__all__ = ["Both", "Condition", "Dated", "Either", "Field", "Has", "Not", "resolve"]

Field = Literal["id", "topic", "author", "name", "site", "language"]


@dataclass(frozen=True, slots=True)
class Has:
    """A field has one of these values.

    Topics and authors ignore case, and broader topics count as an article's own. "name" is one word of the
    name of an author.
    """

    field: Field
    values: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Dated:
    """The day of publication is known and within these bounds, both inclusive; None means no bound."""

    since: date | None = None
    until: date | None = None


@dataclass(frozen=True, slots=True)
class Both:
    """All parts hold; always true if there are no parts."""

    parts: tuple[Condition, ...]


@dataclass(frozen=True, slots=True)
class Either:
    """At least one part holds; never true if there are no parts."""

    parts: tuple[Condition, ...]


@dataclass(frozen=True, slots=True)
class Not:
    """The part does not hold."""

    part: Condition


Condition = Has | Dated | Both | Either | Not


def resolve(condition: Condition, leaf: Callable[[Has | Dated], Any], everything: Any) -> Any:
    """Evaluate a condition, in truth values, sets or masks.

    `leaf` returns what fulfils a simple condition; `everything` is all there is.
    """
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
