"""Text without the differences that nobody types: case, accents, ligatures, invisible characters.

Folding is Unicode's NFKD without combining marks and format characters, and with the letters replaced that
NFKD leaves as they are. Marks that are letters of their script stay: the vowel signs of Indic scripts, Thai,
Lao, Khmer and Burmese, the voicing marks of kana, and the breve of the Cyrillic й.
"""

from __future__ import annotations

import unicodedata
from functools import cache

__all__ = ["MARKS", "fold"]

# Marks and format characters inside words, as a part of a character class: combining marks of Latin, Greek
# and Cyrillic, points of Hebrew, Arabic and Syriac, the blocks of Indic and South-East Asian scripts without
# their digits' and sentences' punctuation, voicing marks of kana; soft hyphens, zero-width and directional
# marks.
MARKS = (
    "\u0300-\u036f\u0483-\u0489\u0591-\u05bd\u05bf\u05c1\u05c2\u05c4\u05c5\u05c7\u0610-\u061a\u0640"
    "\u064b-\u065f\u0670\u06d6-\u06dc\u06df-\u06e8\u06ea-\u06ed\u0711\u0730-\u074a"
    "\u0900-\u0963\u0966-\u0df3\u0e01-\u0e3a\u0e40-\u0e4e\u0e81-\u0ecd\u0f71-\u0f84\u102b-\u103e"
    "\u1780-\u17d3\u1ab0-\u1aff\u1dc0-\u1dff\u20d0-\u20ff\u3099\u309a\ufe00-\ufe0f\ufe20-\ufe2f"
    "\u00ad\u061c\u200b-\u200f\u202a-\u202e\u2060-\u2064\ufeff"
)
# Blocks whose marks are letters, and the voicing marks of kana
_LETTER_MARKS = ((0x0900, 0x0DFF), (0x0E00, 0x0EFF), (0x1000, 0x109F), (0x1780, 0x17FF), (0x3099, 0x309A))
_LETTERS = {
    "œ": "oe", "æ": "ae", "ø": "o", "ł": "l", "đ": "d", "ð": "d", "þ": "th", "ħ": "h", "ı": "i", "ŋ": "n",
    "ŧ": "t", "ƒ": "f", "ß": "ss", "ς": "σ", "ى": "ي", "ی": "ي", "ک": "ك", "ـ": "",
}  # fmt: skip
_SHORT_I = "и\u0306"


def fold(text: str) -> str:
    """Fold a text: "Café" and "cafe" are one word, and so are "Œdème" and "oedeme"."""
    lowered = text.casefold()
    if lowered.isascii():
        return lowered
    apart = unicodedata.normalize("NFKD", lowered).replace(_SHORT_I, "й")
    return unicodedata.normalize("NFC", "".join(map(_folded, apart)))


@cache
def _folded(character: str) -> str:
    """Return what stands for one character of a decomposed text."""
    if character in _LETTERS:
        return _LETTERS[character]
    category = unicodedata.category(character)
    if category == "Cf":
        return ""
    code = ord(character)
    is_letter = any(first <= code <= last for first, last in _LETTER_MARKS)
    return "" if category[0] == "M" and not is_letter else character
