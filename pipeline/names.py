"""Given names of many languages: what tells "Susan" from "Admin" and "Natalie Nguyen" from "Sleep Apnea".

The list is data next to this module; `benchmarks/names/build.py` makes it from the first names of Faker's locales (MIT licence).
"""

from __future__ import annotations

import unicodedata
from collections.abc import Iterable

__all__ = ["GivenNames"]


class GivenNames:
    """A list of given names, without accents and in lower case."""

    def __init__(self, names: Iterable[str]) -> None:
        self._names = frozenset(names)

    def __contains__(self, word: object) -> bool:
        """Whether a word, or its part before a hyphen, is a known given name; case and accents do not matter."""
        if not isinstance(word, str):
            return False
        marked = unicodedata.normalize("NFKD", word.casefold())
        plain = "".join(char for char in marked if not unicodedata.combining(char))
        return (
            plain in self._names
            or plain.replace("-", "") in self._names
            or plain.partition("-")[0] in self._names
        )
