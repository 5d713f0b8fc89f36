"""Given names of many languages: what tells "Susan" from "Admin" and "Natalie Nguyen" from "Sleep Apnea".

The list is data beside this module; `benchmarks/names/build.py` makes it from the first names of Faker's locales (MIT licence).
"""

from __future__ import annotations

import gzip
import unicodedata
from importlib.resources import files

__all__ = ["is_given_name"]

_LIST = files(__package__).joinpath("given_names.txt.gz").read_bytes()
_GIVEN = frozenset(gzip.decompress(_LIST).decode().split("\n"))


def is_given_name(word: str) -> bool:
    """Tell whether a word, or its part before a hyphen, is a known given name; blind to case and accents."""
    plain = "".join(char for char in unicodedata.normalize("NFKD", word.casefold()) if not unicodedata.combining(char))
    return plain in _GIVEN or plain.replace("-", "") in _GIVEN or plain.partition("-")[0] in _GIVEN
