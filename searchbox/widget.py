"""The JavaScript of the search box: one file for any page, with its translations filled in."""

from __future__ import annotations

import json

from .assets import text_of
from .translations import all_words

__all__ = ["code"]

_WORDS_HERE = '"WORDS"'
# names of the texts that the search box shows; the other texts belong to the search page
_SAID = (
    "search results label one many none fewer did near all down later onward topic pinned ask clear".split()
)


def code() -> str:
    """Return the widget's JavaScript with its translations filled in."""
    text = text_of("clinicdex-search.js")
    texts = {language: {name: words[name] for name in _SAID} for language, words in all_words().items()}
    return text.replace(_WORDS_HERE, json.dumps(texts, ensure_ascii=False, separators=(",", ":")), 1)
