"""Find the days that a text names: "March 4, 2024", "7 de março de 2024", 2024年2月7日, 4.3.2024."""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import date
from functools import cache

from .months import folded, months_of, order_of

__all__ = ["Day", "Writing", "days_in", "iso_day"]

_YEAR = r"(?:(?:19|20)\d\d|25[5-9]\d)"  # the last are Buddhist years, as Thailand counts them
_BUDDHIST = 543  # years between the Buddhist and the Common Era
_ERAS = {"令和": 2018, "平成": 1988, "昭和": 1925, "民國": 1911, "民国": 1911}  # year 1 is one more
_ISO = re.compile(r"(?<!\d)(19[89]\d|20\d\d)-(\d\d)-(\d\d)")
_YEAR_FIRST = re.compile(rf"(?<![\d./-])({_YEAR})\s?([./-])\s?(\d\d?)\s?\2\s?(\d\d?)(?!\d)")
_NUMBERS = re.compile(rf"(?<![\d./-])(\d\d?)\s?([./-])\s?(\d\d?)\s?\2\s?({_YEAR})(?!\d)")
_MONTH_AND_YEAR = re.compile(rf"(?<![\d./-])(\d\d?)[./]({_YEAR})(?![\d./])")
_HAN = re.compile(
    rf"(?:({_YEAR})|({'|'.join(_ERAS)})\s?(\d\d?|元))\s?[年년]\s?(\d\d?)\s?[月월]\s?(?:(\d\d?)\s?[日号號일])?"
)
# what may stand between the parts of a date in words: "de", "del", "ngày", "г." and marks
_FILLER = r"[\s.,/ -]{1,3}(?:(?:de|del|di|of|d['’]|den|the|m|nam|năm|г|р|gada)[.,]?\s)?"
_ORDINAL = r"(?:st|nd|rd|th|er|º|ª|\.?o|\.?a|e|-?го|-?е|:nde|:na)?"
_BEFORE = "ב"  # Hebrew's "in", written together with the month
_BEHIND = r"\w{0,4}"  # endings of cases that CLDR does not have


@dataclass(frozen=True, slots=True)
class Writing:
    """How a page writes dates."""

    languages: tuple[str, ...] = ("en",)  # ISO 639-1, the page's own first
    region: str = ""  # ISO 3166 code; "" if the page does not say

    @property
    def order(self) -> str:
        """Return the order of day, month and year in numbers: "dmy", "mdy" or "ymd"."""
        return order_of(self.languages[0], self.region) if self.languages else "dmy"


@dataclass(frozen=True, slots=True)
class Day:
    """One day that a text names, and where."""

    day: date  # the first of the month if the text names only the month
    start: int  # of its first character in the composed text (NFC)
    end: int
    whole: bool = True  # whether the text names the day and not only the month


def days_in(text: str, writing: Writing) -> list[Day]:
    """Return the days that a text names, in order and without overlaps."""
    text = unicodedata.normalize("NFC", text)
    if not any(char.isdecimal() for char in text):
        return []
    plain = _digits(text)
    found: list[Day] = []
    for day in (*_numeric(plain, writing.order), *_in_words(plain, writing.languages)):
        if all(day.end <= other.start or other.end <= day.start for other in found):
            found.append(day)
    return sorted(found, key=lambda day: day.start)


def iso_day(text: str) -> date | None:
    """Return the day of a machine-readable date such as "2024-03-04T08:00Z"; None if there is none."""
    match = _ISO.search(text)
    return _day(*map(int, match.groups())) if match else None


def _digits(text: str) -> str:
    """Return a text with every digit as an ASCII digit."""
    return (
        text
        if text.isascii()
        else "".join(str(unicodedata.digit(char)) if char.isdecimal() else char for char in text)
    )


def _numeric(text: str, order: str) -> Iterator[Day]:
    for match in (*_ISO.finditer(text), *_HAN.finditer(text), *_YEAR_FIRST.finditer(text)):
        groups = match.groups()
        whole = True
        if match.re is _HAN:
            year, era, since, month, number = groups
            year = year or _ERAS[era] + (1 if since == "元" else int(since))
            whole = number is not None
            day = _day(int(year), int(month), int(number or 1))
        else:
            day = _day(int(groups[0]), int(groups[-2]), int(groups[-1]))
        if day:
            yield Day(day, *match.span(), whole)
    for match in _NUMBERS.finditer(text):
        first, _, second, year = match.groups()
        ways = [(int(first), int(second)), (int(second), int(first))]
        if order == "mdy" and match[2] != ".":
            ways.reverse()
        day = next((day for number, month in ways if (day := _day(int(year), month, number))), None)
        if day:
            yield Day(day, *match.span())


def _in_words(text: str, languages: Sequence[str]) -> Iterator[Day]:
    plain = folded(text)
    for language in languages:
        names = months_of(language)
        if not names:
            continue
        for pattern in _patterns(language):
            for match in pattern.finditer(plain):
                groups = match.groupdict()
                day = _day(int(groups["y"]), names[groups["m"]], int(groups.get("d") or 1))
                if day:
                    yield Day(day, *match.span(), "d" in groups)


@cache
def _patterns(language: str) -> tuple[re.Pattern[str], ...]:
    names = sorted(months_of(language), key=len, reverse=True)
    month = rf"(?:{_BEFORE})?(?P<m>{'|'.join(map(re.escape, names))})"
    day, year = r"(?<!\d)(?P<d>[0-3]?\d)", rf"(?P<y>{_YEAR})(?!\d)"
    return tuple(
        re.compile(pattern)
        for pattern in (
            rf"{day}{_ORDINAL}{_FILLER}{month}{_BEHIND}{_FILLER}{year}",
            rf"(?<!\w){month}{_BEHIND}{_FILLER}{day}{_ORDINAL}(?!\d){_FILLER}{year}",
            rf"{year}{_FILLER}{month}{_BEHIND}{_FILLER}{day}(?!\d)",
            rf"(?<!\w){month}{_BEHIND}{_FILLER}{year}",
            rf"{year}{_FILLER}{month}(?!\w)",
        )
    )


def _day(year: int, month: int, number: int) -> date | None:
    try:
        return date(year - _BUDDHIST if year >= 2550 else year, month, number)
    except ValueError:
        return None
