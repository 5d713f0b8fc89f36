"""The words of a text as vocabularies compare them: by language, without case, accents, number and inflection."""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Sequence

import Stemmer

__all__ = ["folded", "key", "split"]

# Han and Hiragana, in which words are not divided, count a character a word; Katakana a run of characters
_WORD = re.compile(
    r"[\u3005\u3041-\u309f\u3400-\u4dbf\u4e00-\u9fff\uf900-\ufaff\U00020000-\U0003ffff]"
    r"|[\u30a1-\u30ff]+"
    r"|(?:(?![\u3005\u3041-\u30ff\u3400-\u4dbf\u4e00-\u9fff\uf900-\ufaff\U00020000-\U0003ffff])[^\W_])+"
    r"(?:['’][^\W\d_]+)?"
)
_ELISION = re.compile(r"^(?:[cdjlmnst]|qu|dell|nell|sull|all|dall|un)['’]", re.IGNORECASE)
_NUMERALS = {
    numeral: str(number) for number, numeral in enumerate("i ii iii iv v vi vii viii ix x".split(), 1)
}
_STEMMERS = {
    "cs": "czech", "da": "danish", "de": "german", "el": "greek", "es": "spanish", "fi": "finnish",
    "fr": "french", "hu": "hungarian", "it": "italian", "nl": "dutch", "no": "norwegian", "pl": "polish",
    "pt": "portuguese", "ro": "romanian", "ru": "russian", "sv": "swedish", "tr": "turkish",
}  # fmt: skip


def split(text: str) -> list[str]:
    """Return the words of a text as written."""
    return _WORD.findall(text)


def folded(words: Sequence[str], language: str) -> list[str]:
    """Fold every word of a text in a language (ISO 639-1); "type II" and "type 2" become the same."""
    if language == "en":
        return _numbered([_english(word) for word in words])
    bare = [_ELISION.sub("", word).casefold() for word in words]
    if language in _STEMMERS:
        bare = Stemmer.Stemmer(_STEMMERS[language]).stemWords(bare)
    return _numbered([word if word.isascii() else _unaccented(word) for word in bare])


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
    return "".join(c for c in unicodedata.normalize("NFKD", word) if not unicodedata.combining(c))
