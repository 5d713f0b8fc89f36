"""The words of a text as vocabularies compare them: without case, accents, number and inflection."""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Sequence

import Stemmer

__all__ = ["bare", "folded", "is_form", "is_inflected", "key", "split"]

# Han and Hiragana, in which words are not divided, count a character a word; Katakana a run of characters
_WORD = re.compile(
    r"[\u3005\u3041-\u309f\u3400-\u4dbf\u4e00-\u9fff\uf900-\ufaff\U00020000-\U0003ffff]"
    r"|[\u30a1-\u30ff]+"
    r"|(?:(?![\u3005\u3041-\u30ff\u3400-\u4dbf\u4e00-\u9fff\uf900-\ufaff\U00020000-\U0003ffff])[^\W_])+"
    r"(?:['’][^\W\d_]+)?"
)
_SPACELESS = re.compile(r"[\u3005\u3041-\u30ff\u3400-\u4dbf\u4e00-\u9fff\uf900-\ufaff\U00020000-\U0003ffff]")
_SPACED = re.compile(r"[^\W_]+(?:['’][^\W\d_]+)?")  # the words of other texts, found twice as fast
_ELISION = re.compile(r"^(?:[cdjlmnst]|qu|dell|nell|sull|all|dall|un)['’]", re.IGNORECASE)
_NUMERALS = {
    numeral: str(number) for number, numeral in enumerate("i ii iii iv v vi vii viii ix x".split(), 1)
}
_STEMMERS = {
    "cs": "czech", "da": "danish", "de": "german", "el": "greek", "es": "spanish", "fi": "finnish",
    "fr": "french", "hu": "hungarian", "it": "italian", "nl": "dutch", "no": "norwegian", "pl": "polish",
    "pt": "portuguese", "ro": "romanian", "ru": "russian", "sv": "swedish",
}  # fmt: skip
# Letters of a Turkish word that are compared: cut there, words are found as well as with a full analysis (Can
# et al. 2008, Information retrieval on Turkish texts, JASIST 59(3), "F5")
_TURKISH_STEM = 5
_PLAIN = str.maketrans({"ı": "i", "ł": "l", "ø": "o", "đ": "d", "œ": "oe", "æ": "ae", "þ": "th", "ð": "d"})


def split(text: str) -> list[str]:
    """Return the words of a text as written."""
    return (_WORD if _SPACELESS.search(text) else _SPACED).findall(text)


def folded(words: Sequence[str], language: str) -> list[str]:
    """Fold every word of a text in a language (ISO 639-1); "type II" and "type 2" become the same."""
    if language == "en":
        forms = {word: _english(word) for word in set(words)}
        return _numbered([forms[word] for word in words])
    bare = [_ELISION.sub("", word).casefold() for word in words]
    if language == "tr":
        return _numbered([_unaccented(word)[:_TURKISH_STEM] for word in bare])
    if language in _STEMMERS:
        stemmer = Stemmer.Stemmer(_STEMMERS[language])
        bare = stemmer.stemWords(
            stemmer.stemWords(bare)
        )  # the first pass leaves "бронхита" longer than "бронхит"
    return _numbered([word if word.isascii() else _unaccented(word) for word in bare])


def is_inflected(language: str) -> bool:
    """Whether words of a language are folded by a stemmer."""
    return language in _STEMMERS or language == "tr"


def bare(word: str) -> str:
    """Return a word without case and accents."""
    word = _ELISION.sub("", word).casefold()
    return word if word.isascii() else _unaccented(word)


def is_form(word: str, name: str) -> bool:
    """Whether a bare word of the same stem is a form of a name: it begins with all its letters but the last.

    Stemmers cut more than inflection: Italian "borsa" (bag) and "borsite" (bursitis) have one stem.
    """
    return word.startswith(name[:-1] if len(name) > 3 else name)


def key(term: str, language: str) -> str:
    """Return the folded words of a term, joined by spaces."""
    return " ".join(folded(split(term), language))


def _numbered(words: list[str]) -> list[str]:
    return [
        _NUMERALS.get(word, word) if index and words[index - 1].startswith("typ") else word
        for index, word in enumerate(words)
    ]


def _english(word: str) -> str:
    """Fold case, accents, possessive and plural: "Therapies" becomes "therapy"."""
    word = word.casefold().replace("’", "'").removesuffix("'s")
    if not word.isascii():
        word = _unaccented(word)
    if len(word) > 4 and word.endswith("ies"):
        return word[:-3] + "y"
    if len(word) > 3 and word.endswith("s") and not word.endswith(("ss", "us", "is")):
        return word[:-1]
    return word


def _unaccented(word: str) -> str:
    letters = unicodedata.normalize("NFKD", word.translate(_PLAIN))
    return "".join(c for c in letters if not unicodedata.combining(c))
