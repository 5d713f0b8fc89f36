"""How a language writes dates: the names of its months, and the order of day, month and year in numbers.

Names and orders are those of Unicode's CLDR, read through Babel.
"""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Iterable, Iterator
from functools import cache

import babel

__all__ = ["Months", "folded", "months_of", "order_of"]

# Regions whose names of months differ from those of the language as a whole
_REGIONS = {"ar": ("ar_SY", "ar_DZ", "ar_MA"), "sr": ("sr_Latn",), "uz": ("uz_Cyrl",), "az": ("az_Cyrl",)}
_SHORTEST = 3  # letters of an abbreviation that stands for the one month that begins with it; chosen by hand

Months = dict[str, int]


def folded(text: str) -> str:
    """Return a composed text in lower case without accents; every character keeps its position."""
    return text.casefold() if text.isascii() else "".join(map(_fold, text))


@cache  # a table of constants, not a cache of data
def _fold(char: str) -> str:
    base = char
    # Hangul letters are not accents
    if unicodedata.decomposition(char) and not "\uac00" <= char <= "\ud7a3":
        base = unicodedata.normalize("NFD", char)[0]
    lower = base.casefold()
    return lower if len(lower) == 1 else base


@cache
def months_of(language: str) -> Months:
    """Return the folded names and abbreviations of a language's months -> 1 to 12; {} for an unknown one.

    An abbreviation that CLDR does not have, such as "Sept", counts if only one month begins with it.
    """
    names: Months = {}
    for locale in _locales(language):
        for form in ("format", "stand-alone"):
            for width in ("wide", "abbreviated"):
                for number, name in locale.months[form][width].items():
                    names.setdefault(folded(unicodedata.normalize("NFC", name)).strip(" ."), number)
    return _cut(names) | {name: number for name, number in names.items() if not name.isdecimal()}


def _cut(names: Months) -> Months:
    """Return the beginnings of names that only one month has."""
    months: dict[str, set[int]] = {}
    for name, number in names.items():
        if name.isalpha():
            for length in range(_SHORTEST, len(name)):
                months.setdefault(name[:length], set()).add(number)
    return {start: min(numbers) for start, numbers in months.items() if len(numbers) == 1}


@cache
def order_of(language: str, region: str) -> str:
    """Return the order of day, month and year in numeric dates: "dmy", "mdy" or "ymd".

    A language without a region has the order of its most populous one, as CLDR says; "dmy" if it is unknown.
    """
    locale = next(iter(_locales(language, region)), None) or next(iter(_locales(language)), None)
    if locale is None:
        return "dmy"
    pattern = re.sub(r"'[^']*'", "", locale.date_formats["short"].pattern).lower()
    return "".join(dict.fromkeys(char for char in pattern if char in "dmy"))


def _locales(language: str, region: str = "") -> Iterator[babel.Locale]:
    names: Iterable[str] = (f"{language}_{region}",) if region else (language, *_REGIONS.get(language, ()))
    for name in names:
        try:
            yield babel.Locale.parse(name)
        except (babel.UnknownLocaleError, ValueError):
            continue
