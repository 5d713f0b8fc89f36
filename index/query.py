"""What was asked, and how people ask it.

    low back pain          any of these words, best match first
    "slipped disc"         these words together
    -surgery               none of this
    +stretching            this without fail

Anything else is text. Parsing never fails; what is too long is cut and said so.
"""

from __future__ import annotations

import re
from dataclasses import dataclass, field
from datetime import date
from typing import Literal

from .analysis import terms

__all__ = ["MOST_CHARACTERS", "MOST_TERMS", "Filters", "Query", "parse"]

MOST_CHARACTERS = 500  # (docs/measurements.md, query-limits)
MOST_TERMS = 32
_PART = re.compile(r'([+-]?)"([^"]*)"?|(\S+)')


@dataclass(frozen=True, slots=True)
class Filters:
    """Limits on what is found; None means no limit."""

    site: str | None = None
    topic: str | None = None  # label, blind to case
    author: str | None = None  # name, blind to case
    language: str | None = None  # ISO 639-1
    since: date | None = None  # first day of publication
    until: date | None = None  # last day


@dataclass(frozen=True, slots=True)
class Query:
    """A question to an engine. Without words and phrases it asks for everything that the filters let through."""

    words: tuple[str, ...] = ()  # terms, repeats kept; any may match
    phrases: tuple[tuple[str, ...], ...] = ()  # each must match
    required: tuple[str, ...] = ()  # each must match
    excluded: tuple[tuple[str, ...], ...] = ()  # none may match; one word or a phrase each
    filters: Filters = field(default_factory=Filters)
    sort: Literal["relevance", "date"] = "relevance"
    offset: int = 0  # hits to skip
    size: int = 10  # hits to give
    notices: tuple[str, ...] = ()  # what was left out of the question, for people

    @property
    def asks(self) -> tuple[str, ...]:
        """Every term that a hit may contain, for highlights."""
        return self.words + self.required + tuple(term for phrase in self.phrases for term in phrase)


def parse(text: str, filters: Filters | None = None, *, sort: Literal["relevance", "date"] = "relevance", offset: int = 0, size: int = 10) -> Query:
    """Read what a person typed."""
    notices = [f"only the first {MOST_CHARACTERS} characters were searched for"] if len(text) > MOST_CHARACTERS else []
    words: list[str] = []
    phrases: list[tuple[str, ...]] = []
    required: list[str] = []
    excluded: list[tuple[str, ...]] = []
    for sign, quoted, word in _PART.findall(text[:MOST_CHARACTERS].replace("\x00", " ")):
        sign, found = (sign, terms(quoted)) if not word else _signed(word)
        if not found:
            continue
        if sign == "-":
            excluded.append(tuple(found))
        elif quoted and len(found) > 1:
            phrases.append(tuple(found))
        else:
            (required if sign == "+" else words).extend(found)
    if len(words) > MOST_TERMS:
        notices.append(f"only the first {MOST_TERMS} words were searched for")
    return Query(
        tuple(words[:MOST_TERMS]), tuple(phrases[:MOST_TERMS]), tuple(required[:MOST_TERMS]), tuple(excluded[:MOST_TERMS]),
        filters or Filters(), sort, offset, size, tuple(notices),
    )  # fmt: skip


def _signed(word: str) -> tuple[str, list[str]]:
    sign = word[0] if word[0] in "+-" and len(word) > 1 else ""
    return sign, terms(word[len(sign) :])
