"""The code of the search box: one file for any page, with what it says in it."""

from __future__ import annotations

import json

from .assets import text_of
from .translations import all_words

__all__ = ["code"]

_WORDS_HERE = '"WORDS"'
_SAID = (
    "search results label one many none fewer did near all down later onward topic pinned ask clear".split()
)  # by the box; the rest is the page's


def code() -> str:
    """Give it."""
    text = text_of("clinicdex-search.js")
    said = {language: {name: words[name] for name in _SAID} for language, words in all_words().items()}
    return text.replace(_WORDS_HERE, json.dumps(said, ensure_ascii=False, separators=(",", ":")), 1)
