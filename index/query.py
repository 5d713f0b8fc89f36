"""A query, and the syntax in which people type one.

    low back pain            any of these words, best match first
    "slipped disc"           these words in a row
    -surgery  -"back brace"  without these
    +stretching              only with this
    sciat*                   any word that begins with this
    topic:"back pain"  author:hill  site:my-clinic  language:en
    date:2024  date:2023-05..2024  date:..2020

Anything else is text. Parsing never fails; a query that is too long is cut, with a notice.
"""

from __future__ import annotations

import calendar
import re
from collections.abc import Sequence
from dataclasses import dataclass, field, replace
from datetime import date
from typing import Any, Literal, NamedTuple

from .filters import Both, Condition, Dated, Field, Has
from .question_words import QUESTION_WORDS
from .words import is_spaceless, pairs, words

__all__ = [
    "BATCH",
    "FEWEST_BEFORE_STAR",
    "PEOPLE",
    "Filters",
    "JoinedWord",
    "Limits",
    "Query",
    "Rendered",
    "parse",
]

FEWEST_BEFORE_STAR = 2  # characters; chosen by hand
_MOST_TYPED = 3  # times as many words are read as are searched for; chosen by hand
_PART = re.compile(r'([+-]?)(?:(topic|author|site|language|date):)?(?:"([^"]*)"?|(\S+))', re.IGNORECASE)
_PLAIN = str.maketrans("\x00“”„«»", ' """""')  # phones write typographic quotes
_DAY = re.compile(r"((?:19|20)\d\d)(?:-(\d\d?)(?:-(\d\d?))?)?")
# What a hit has of its article: the whole article and a snippet, the whole article, or all but its text.
Rendered = Literal["snippet", "text", "record"]
# recent: by relevance, newer articles favoured (`ranking.favour`); date: newest first. Articles without a
# date come last with both "date" and "oldest".
Sort = Literal["relevance", "recent", "date", "oldest"]


@dataclass(frozen=True, slots=True)
class Limits:
    """How much of a query is read."""

    characters: int
    terms: int  # of each kind: words, prefixes, phrases, required, excluded


PEOPLE = Limits(500, 32)  # what a person types (docs/measurements.md, query-limits)
BATCH = Limits(10_000, 500)  # for an owner's measurements on their own machine; chosen by hand


@dataclass(frozen=True, slots=True, kw_only=True)
class Filters:
    """Restrictions on the results; None means no restriction."""

    site: str | None = None
    topic: str | None = None  # label; case is ignored
    author: str | None = None  # full name; case is ignored
    language: str | None = None  # ISO 639-1
    since: date | None = None  # first day of publication
    until: date | None = None  # last day of publication
    named: str | None = None  # words that must all occur in the authors' names: how people type an author

    def condition(self) -> Condition | None:
        """Return the filters as a condition; None if there are none."""
        values: dict[Field, str | None] = {
            "site": self.site,
            "topic": self.topic,
            "author": self.author,
            "language": self.language,
        }
        parts: list[Condition] = [
            Has(field, (value,)) for field, value in values.items() if value is not None
        ]
        parts += [Has("name", (word,)) for word in words(self.named or "")]
        if self.since or self.until:
            parts.append(Dated(self.since, self.until))
        return Both(tuple(parts)) if parts else None


class JoinedWord(NamedTuple):
    """Two neighbouring words that some article has as one."""

    word: str
    one: str
    other: str
    share: float  # of its own score that it adds (`ranking.joined_share`)


@dataclass(frozen=True, slots=True)
class Query:
    """A query to an engine, in folded words.

    Without words and phrases, every article that passes the filters matches.
    """

    words: tuple[str, ...] = ()  # as typed, in order; any may match
    joined: tuple[JoinedWord, ...] = ()  # any may match, where its parts do not both stand
    prefixes: tuple[str, ...] = ()  # any may match
    phrases: tuple[tuple[str, ...], ...] = ()  # each must match
    required: tuple[str, ...] = ()  # each must match
    excluded: tuple[tuple[str, ...], ...] = ()  # none may match; one word or a phrase each
    filters: Filters = field(default_factory=Filters)
    where: Condition | None = None  # a further condition, as programs write it
    typing: bool = False  # whether the last word may be unfinished
    shown: Rendered = "snippet"
    sort: Sort = "relevance"
    offset: int = 0  # hits to skip
    size: int = 10  # hits per page
    after: str | None = None  # cursor of the previous page; `offset` counts from there
    notices: tuple[str, ...] = ()  # for people: what was left out of the query

    @property
    def is_scored(self) -> bool:
        """Whether results are ordered by score, not by date alone."""
        return self.sort in ("relevance", "recent")

    def condition(self) -> Condition | None:
        """Return what an article must fulfil in addition to the words; None if nothing."""
        parts = tuple(part for part in (self.filters.condition(), self.where) if part is not None)
        return Both(parts) if parts else None


def parse(
    text: str,
    filters: Filters | None = None,
    *,
    sort: Sort = "relevance",
    offset: int = 0,
    size: int = 10,
    after: str | None = None,
    limits: Limits = PEOPLE,
) -> Query:
    """Parse what a person typed. A filter in the text takes precedence over the same one in `filters`."""
    reading = _Reading()
    for sign, name, quoted, plain in _PART.findall(text[: limits.characters].translate(_PLAIN)):
        reading.take(sign, name.lower(), quoted, plain)
    most = limits.terms
    query_words = _first(reading.words, most)
    notices = (
        [f"only the first {limits.characters} characters were searched for"]
        if len(text) > limits.characters
        else []
    )
    if len(query_words) < len(reading.words):
        notices.append(f"only the first {most} words were searched for")
    return Query(
        words=tuple(query_words),
        prefixes=tuple(reading.prefixes[:most]),
        phrases=tuple(reading.phrases[:most]),
        required=tuple(reading.required[:most]),
        excluded=tuple(reading.excluded[:most]),
        filters=replace(filters or Filters(), **reading.filters),
        sort=sort,
        offset=offset,
        size=size,
        after=after,
        notices=tuple(notices),
    )


def _first(typed: Sequence[str], most: int) -> Sequence[str]:
    """Return the words up to the `most`-th that does not only phrase a question."""
    told = 0
    for place, word in enumerate(typed):
        told += word not in QUESTION_WORDS
        if told > most or place >= _MOST_TYPED * most:
            return typed[:place]
    return typed


class _Reading:
    """The parts of a query parsed so far."""

    def __init__(self) -> None:
        self.words: list[str] = []
        self.prefixes: list[str] = []
        self.phrases: list[tuple[str, ...]] = []
        self.required: list[str] = []
        self.excluded: list[tuple[str, ...]] = []
        self.filters: dict[str, Any] = {}

    def take(self, sign: str, name: str, quoted: str, plain: str) -> None:
        """Add one part of a query: a filter if it is one, else text."""
        value = quoted or plain
        if name and not sign and value.strip():
            filters = (
                _days(value) if name == "date" else {"named" if name == "author" else name: value.strip()}
            )
            if filters:
                self.filters |= filters
                return
        self._take_text(
            sign, f"{name}:{plain}" if name and plain else plain, words(quoted) if quoted else None
        )

    def _take_text(self, sign: str, plain: str, quoted: list[str] | None) -> None:
        if (
            quoted is None
            and not sign
            and plain.endswith("*")
            and len(prefix := "".join(words(plain))) >= FEWEST_BEFORE_STAR
        ):
            self.prefixes.append(prefix)
            return
        folded = words(plain) if quoted is None else quoted
        if not folded:
            return
        if not sign and len(folded) == 1 and is_spaceless(folded[0]) and len(pairs(folded[0] + "x")) == 1:
            self.prefixes.append(folded[0])  # one character begins every pair that it stands in
            return
        if sign == "-":
            self.excluded.append(tuple(folded))
        elif quoted and len(folded) > 1:
            self.phrases.append(tuple(folded))
        else:
            (self.required if sign == "+" else self.words).extend(folded)


def _days(value: str) -> dict[str, str | date]:
    """Parse "2024", "2024-05", "2024-05-31" or two of them joined by ".."; empty for anything else."""
    first, dots, last = value.partition("..")
    since = _day(first, at_end=False) if first else None
    until = _day(last if dots else first, at_end=True) if (last or not dots) else None
    if (first and not since) or ((last or not dots) and not until):
        return {}
    return {name: day for name, day in (("since", since), ("until", until)) if day}


def _day(text: str, *, at_end: bool) -> date | None:
    match = _DAY.fullmatch(text.strip())
    if match is None:
        return None
    year = int(match[1])
    month = int(match[2] or (12 if at_end else 1))
    if not 1 <= month <= 12:
        return None
    last = calendar.monthrange(year, month)[1]
    day = int(match[3] or (last if at_end else 1))
    return date(year, month, day) if 1 <= day <= last else None
