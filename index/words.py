"""The words of a text, the same for every engine and for the search box without a server.

A word is folded (`folding.py`) and loses apostrophes: a possessive 's, and the elided articles and pronouns
of French, Italian, Catalan and Irish (l', d', qu', dell' …). Scripts without spaces between words are cut
into pairs of characters: 慢性腰痛 is 慢性, 性腰, 腰痛.

In addition, a text has *joined* words, for what people write in several ways: parts with a hyphen ("x-ray" is
also "xray"), numbers with their unit ("5 mg", "5mg"), a single letter with what follows it ("B 12", "T
score"), and a word in capitals that looks like a stop word with its neighbours ("vitamin A" is also
"vitamin_a").
"""

from __future__ import annotations

import re
from collections.abc import Container, Iterable, Iterator
from itertools import pairwise

from .folding import MARKS, fold

__all__ = [
    "APOSTROPHES", "LONGEST_JOINED", "RAW", "elided", "is_spaceless", "joined", "pairs", "raw_words", "words",
    "words_of", "written",
]  # fmt: skip

APOSTROPHES = "'’‘ʼ`´′＇ʹꞌ‛"  # every character that people type for one
_HYPHENS = "-‐‑"
_LONGEST = 64  # characters, chosen by hand; longer words are cut off: nobody types them
LONGEST_JOINED = 30  # letters of a joined word; chosen by hand
_WORD = rf"[^\W_][\w{MARKS}]*(?:[{APOSTROPHES}][^\W_][\w{MARKS}]*)*"
RAW = re.compile(_WORD)  # one word as written; in a text whose low lines are blanks
_HYPHEN = re.compile(rf"[{_HYPHENS}](?=[^\W_])")
_APOSTROPHE = re.compile(f"[{APOSTROPHES}]")
_ELIDED = re.compile(
    r"(?:l|d|j|s|n|c|b|qu|jusqu|lorsqu|puisqu|quoiqu|presqu|quelqu|un|all|coll|dall|dell|nell|sull|quest|quell|sant)"
    r"'(?=\w\w)"
)
# Han with its iteration marks, kana, Hangul, Thai, Lao, Khmer and Burmese
_SPACELESS = (
    "\u0e00-\u0eff\u1000-\u109f\u1100-\u11ff\u1780-\u17ff\u3005-\u3007\u3031-\u3035\u3041-\u30ff\u3130-\u318f"
    "\u3400-\u4dbf\u4e00-\u9fff\uac00-\ud7a3\uf900-\ufaff\U00020000-\U0003134f"
)
_HAS_SPACELESS = re.compile(f"[{_SPACELESS}]")
_RUNS = re.compile(f"[{_SPACELESS}]+|[^{_SPACELESS}]+")
# A character with its vowel signs and tone marks
_CLUSTER = re.compile(
    "[^\u0e31\u0e34-\u0e3a\u0e47-\u0e4e\u0eb1\u0eb4-\u0ebc\u0ec8-\u0ecd\u102b-\u103e\u17b6-\u17d3]"
    "[\u0e31\u0e34-\u0e3a\u0e47-\u0e4e\u0eb1\u0eb4-\u0ebc\u0ec8-\u0ecd\u102b-\u103e\u17b6-\u17d3]*"
)
# Units of the International System and of medicine, as they follow a number
_UNITS = (
    "mg|mcg|µg|μg|ug|ng|kg|g|ml|cl|dl|l|cc|mm|cm|km|m|kcal|cal|kj|iu|ie|ui|mmol|mol|mmhg|hz|khz|mhz"
    "|gy|bpm|rpm"
)
# The patterns that follow begin with what is rare and look behind only then, because they are tried
# everywhere.
_MEASURE = re.compile(rf"\d[ \u00a0\u202f]({_UNITS})(?!\w)", re.IGNORECASE)
_NUMBER = re.compile(r"(?<![\w.,])\d+$")
# A single letter before a number or a word. Of small letters only those that are no word in any language
# that `stop_words.py` has.
_LETTER = re.compile(r"([B-HJ-Zbfghprx])[ ](?<![\w'’.]..)(\d{1,3}(?![\w.,]\d)|[^\W\d_]{3,})(?!\w)")
_CAPITALS = re.compile(r"[A-Z]{1,4}(?!\w)")
_LAST = re.compile(rf"{_WORD}$")
_BEFORE = re.compile(rf"({_WORD})[ \u00a0]$")
_AFTER = re.compile(rf"[ \u00a0]({_WORD})")
_SAME = {"hba1c": ("a1c",)}  # abbreviations of one thing that contain each other


def written(text: str) -> list[str]:
    """Return the words of a text in order, as written."""
    return RAW.findall(_without_low_lines(text))


def raw_words(text: str) -> Iterator[re.Match[str]]:
    """Yield the words of a text as written, with their places."""
    return RAW.finditer(_without_low_lines(text))


def words(text: str) -> list[str]:
    """Return the words of a text in order, folded; stop words are included, joined words are not."""
    return [word for raw in written(text) for word in words_of(raw)]


def words_of(raw: str) -> tuple[str, ...]:
    """Return the words of one raw word: one, or the pairs of a script without spaces; () for none."""
    word = fold(raw if raw.isalnum() else _APOSTROPHE.sub("'", raw))
    if "'" in word:
        word = word.removesuffix("'s")
        word = word[_elided(word) :].replace("'", "")
    if not word.isascii() and is_spaceless(word):
        return tuple(pair for run in _RUNS.findall(word) for pair in _of_run(run))
    return (word[:_LONGEST],) if word else ()


def elided(raw: str) -> int:
    """Return how many characters of a raw word are an elided article or pronoun with its apostrophe."""
    return _elided(_APOSTROPHE.sub("'", raw.lower()))


def _elided(word: str) -> int:
    match = _ELIDED.match(word)
    return match.end() if match else 0


def _of_run(run: str) -> Iterable[str]:
    return pairs(run) if is_spaceless(run) else (run[:_LONGEST],)


def is_spaceless(text: str) -> bool:
    """Whether a text has characters of a script without spaces between words."""
    return bool(_HAS_SPACELESS.search(text))


def pairs(run: str) -> list[str]:
    """Return the pairs of neighbouring characters of a run, each with its marks; the character if alone."""
    clusters = _CLUSTER.findall(run)
    return [one + other for one, other in pairwise(clusters)] or clusters


def joined(text: str, stops: Container[str]) -> list[str]:
    """Return the joined words of a text, and the last characters of runs without spaces.

    The latter let a question of one character find it wherever it stands: all others begin a pair. `stops`
    are the stop words of the text's language.
    """
    text = _without_low_lines(text)
    found = [*_hyphenated(text), *_measures(text)]
    if not text.isascii() and is_spaceless(text):
        found += _lasts(text)
    found += [_folded(letter + word) for letter, word in _LETTER.findall(text) if word.lower() not in stops]
    found += [other for one, others in _SAME.items() if one in text.lower() for other in others]
    return [*found, *_named(text, stops)]


def _hyphenated(text: str) -> Iterator[str]:
    """Yield what two words with a hyphen between them make together."""
    for match in _HYPHEN.finditer(text):
        before = _LAST.search(text, max(0, match.start() - LONGEST_JOINED), match.start())
        after = RAW.match(text, match.end())
        if before and after and len(before[0]) + len(after[0]) <= LONGEST_JOINED:
            together = _folded(before[0]) + _folded(after[0])
            if not is_spaceless(together):
                yield together


def _measures(text: str) -> Iterator[str]:
    """Yield numbers with their unit; the parts of a decimal number are left out."""
    for match in _MEASURE.finditer(text):
        number = _NUMBER.search(text, max(0, match.start() - 8), match.start() + 1)
        if number:
            yield _folded(number[0] + match[1])


def _lasts(text: str) -> list[str]:
    runs = (run for raw in RAW.findall(text) for run in _RUNS.findall(fold(raw)) if is_spaceless(run))
    clusters = (_CLUSTER.findall(run) for run in runs)
    return [some[-1] for some in clusters if len(some) > 1]


def _named(text: str, stops: Container[str]) -> Iterator[str]:
    """Yield what stop words in capitals make with their neighbours: "vitamin_a", "it_band"."""
    for match in _CAPITALS.finditer(text):
        stop = match.group().lower()
        if stop not in stops or text[match.start() - 1 : match.start()].isalnum():
            continue
        before = _BEFORE.search(text, max(0, match.start() - _LONGEST), match.start())
        after = _AFTER.match(text, match.end())
        around = [one[1] for one in (before, after) if one]
        if any(word.isupper() for word in around):
            continue  # a line in capitals
        if before:
            yield f"{_folded(before[1])}_{stop}"
        if after and len(stop) > 1:
            yield f"{stop}_{_folded(after[1])}"


def _folded(raw: str) -> str:
    return "".join(words_of(raw))


def _without_low_lines(text: str) -> str:
    return text.replace("_", " ") if "_" in text else text
