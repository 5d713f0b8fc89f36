"""What was asked, and how people ask it.

    low back pain            any of these words, best match first
    "slipped disc"           these words together
    -surgery  -"back brace"  none of this
    +stretching              this without fail
    sciat*                   any word that begins so
    topic:"back pain"  author:hill  site:my-clinic  language:en
    date:2024  date:2023-05..2024  date:..2020

Anything else is text. Parsing never fails; what is too long is cut and said so.
"""

from __future__ import annotations

import calendar
import re
from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass, field, replace
from datetime import date
from typing import Any, Literal

from .analysis import words
from .filters import Both, Condition, Dated, Has
from .question_words import without_question_words
from .synonyms import instead

__all__ = [
    "BATCH",
    "PEOPLE",
    "Filters",
    "Limits",
    "Query",
    "Rendered",
    "completed",
    "parse",
    "relaxed",
    "widened",
]


_FEWEST_BEFORE_STAR = 2  # characters
_PART = re.compile(r'([+-]?)(?:(topic|author|site|language|date):)?(?:"([^"]*)"?|(\S+))', re.IGNORECASE)
_PLAIN = str.maketrans("\x00“”„«»", ' """""')  # phones write typographic quotes
_DAY = re.compile(r"((?:19|20)\d\d)(?:-(\d\d?)(?:-(\d\d?))?)?")
Rendered = Literal[
    "snippet", "text", "record"
]  # of each article: all of it and a snippet, all of it, or all but its text
# recent: by relevance, newer articles favoured (`rank.favour`); date: newest first; what has no date comes last either way
Sort = Literal["relevance", "recent", "date", "oldest"]


@dataclass(frozen=True, slots=True)
class Limits:
    """How much of a question is read."""

    characters: int
    terms: int  # of each sort


PEOPLE = Limits(500, 32)  # what a person types (docs/measurements.md, query-limits)
BATCH = Limits(10_000, 500)  # what an owner measures with, on a machine of one's own


@dataclass(frozen=True, slots=True)
class Filters:
    """Limits on what is found; None means no limit."""

    site: str | None = None
    topic: str | None = None  # label, blind to case
    author: str | None = None  # whole name, blind to case
    language: str | None = None  # ISO 639-1
    since: date | None = None  # first day of publication
    until: date | None = None  # last day
    named: str | None = None  # words that all stand in its authors' names, as people ask for an author

    def condition(self) -> Condition | None:
        """Give what they ask of an article; None if nothing."""
        named = (
            ("site", self.site),
            ("topic", self.topic),
            ("author", self.author),
            ("language", self.language),
        )
        parts: list[Condition] = [Has(field, (value,)) for field, value in named if value is not None]  # type: ignore[arg-type]
        parts += [Has("name", (word,)) for word in words(self.named or "")]
        if self.since or self.until:
            parts.append(Dated(self.since, self.until))
        return Both(tuple(parts)) if parts else None


@dataclass(frozen=True, slots=True)
class Query:
    """A question to an engine, in folded words. Without words and phrases it asks for everything that the filters let through."""

    words: tuple[str, ...] = ()  # repeats kept; any may match
    prefixes: tuple[str, ...] = ()  # any may match
    phrases: tuple[tuple[str, ...], ...] = ()  # each must match
    required: tuple[str, ...] = ()  # each must match
    excluded: tuple[tuple[str, ...], ...] = ()  # none may match; one word or a phrase each
    filters: Filters = field(default_factory=Filters)
    where: Condition | None = None  # more of the same, as programs put it
    typing: bool = False  # the last word may be the beginning of one
    shown: Rendered = "snippet"
    sort: Sort = "relevance"
    offset: int = 0  # hits to skip
    size: int = 10  # hits to give
    after: str | None = None  # the cursor of the page before; `offset` counts from there
    notices: tuple[str, ...] = ()  # what was left out of the question, for people

    @property
    def is_scored(self) -> bool:
        """Tell whether results come by their scores, not by a date alone."""
        return self.sort in ("relevance", "recent")

    def condition(self) -> Condition | None:
        """Give what is asked of an article beside its words; None if nothing."""
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
    """Read what a person typed. Filters in the text come before those given."""
    reading = _Reading()
    for sign, name, quoted, plain in _PART.findall(text[: limits.characters].translate(_PLAIN)):
        reading.take(sign, name.lower(), quoted, plain)
    asked, most = without_question_words(reading.words), limits.terms
    notices = (
        [f"only the first {limits.characters} characters were searched for"]
        if len(text) > limits.characters
        else []
    )
    if len(asked) > most:
        notices.append(f"only the first {most} words were searched for")
    return Query(
        words=tuple(asked[:most]),
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


def relaxed(query: Query, is_there: Callable[[tuple[str, ...]], bool]) -> tuple[Query, tuple[str, ...]]:
    """Ask for the words of phrases that are nowhere, and say so for people."""
    absent = [phrase for phrase in query.phrases if not is_there(phrase)]
    if not absent:
        return query, ()
    words = without_question_words([word for phrase in absent for word in phrase])
    kept = tuple(phrase for phrase in query.phrases if phrase not in absent)
    notices = tuple(
        f'no article has "{" ".join(phrase)}" word for word; its words were searched for' for phrase in absent
    )
    return replace(query, words=(*query.words, *words), phrases=kept), notices


def completed(query: Query, is_there: Callable[[str], bool], begins: Callable[[str], bool]) -> Query:
    """Take the last word, while it is being typed and is nowhere, for the beginning of one, if any begins so."""
    last = query.words[-1] if query.typing and query.words else ""
    if len(last) < _FEWEST_BEFORE_STAR or is_there(last) or not begins(last):
        return query
    return replace(query, words=query.words[:-1], prefixes=(*query.prefixes, last))


def widened(
    query: Query, is_there: Callable[[str], bool], names: Callable[[str], Iterable[Sequence[str]]]
) -> tuple[Query, tuple[str, ...]]:
    """Ask beside words that are nowhere for what means the same, and say so for people; `names` gives the names of what a word means."""
    notices: list[str] = []
    more: list[str] = []
    for word in dict.fromkeys(query.words):
        others = instead(names(word), is_there) if not is_there(word) else ()
        if others:
            more += others
            notices.append(f'no article has "{word}"; {" ".join(others)} was searched for as well')
    return (replace(query, words=(*query.words, *more)), tuple(notices)) if more else (query, ())


class _Reading:
    """A question as far as it is read."""

    def __init__(self) -> None:
        self.words: list[str] = []
        self.prefixes: list[str] = []
        self.phrases: list[tuple[str, ...]] = []
        self.required: list[str] = []
        self.excluded: list[tuple[str, ...]] = []
        self.filters: dict[str, Any] = {}

    def take(self, sign: str, name: str, quoted: str, plain: str) -> None:
        """Take one part: a filter if it is one, else text."""
        value = quoted or plain
        if name and not sign and value.strip():
            found = _days(value) if name == "date" else {"named" if name == "author" else name: value.strip()}
            if found:
                self.filters |= found
                return
        self._take_text(
            sign, f"{name}:{plain}" if name and plain else plain, words(quoted) if quoted else None
        )

    def _take_text(self, sign: str, plain: str, quoted: list[str] | None) -> None:
        if (
            quoted is None
            and not sign
            and plain.endswith("*")
            and len(prefix := "".join(words(plain))) >= _FEWEST_BEFORE_STAR
        ):
            self.prefixes.append(prefix)
            return
        found = words(plain) if quoted is None else quoted
        if not found:
            return
        if sign == "-":
            self.excluded.append(tuple(found))
        elif quoted and len(found) > 1:
            self.phrases.append(tuple(found))
        else:
            (self.required if sign == "+" else self.words).extend(found)


def _days(value: str) -> dict[str, str | date]:
    """Read "2024", "2024-05", "2024-05-31" or two of them with ".." between; empty if it is none of these."""
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
