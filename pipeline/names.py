"""Given names of many languages: they tell "Susan" from "Admin" and "Natalie Nguyen" from "Sleep Apnea".

The list is a data file next to this module; `benchmarks/names/build.py` builds it from the first names in
Faker's locales (MIT licence).
"""

from __future__ import annotations

import unicodedata
from collections.abc import Iterable

__all__ = ["GivenNames"]


class GivenNames:
    """A set of given names, in lower case and without accents."""

    def __init__(self, names: Iterable[str]) -> None:
        self._names = frozenset(names)

    def __contains__(self, word: object) -> bool:
        """Whether a word, or its part before a hyphen, is a known given name; ignores case and accents."""
        if not isinstance(word, str):
            return False
        decomposed = unicodedata.normalize("NFKD", word.casefold())
        plain = "".join(char for char in decomposed if not unicodedata.combining(char))
        return (
            plain in self._names
            or plain.replace("-", "") in self._names
            or plain.partition("-")[0] in self._names
        )
