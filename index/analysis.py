"""Text to terms, the same for every engine: words, folded, without possessive and stop words, stemmed by their language.

Folding is Unicode NFKD without marks; the stemmers are Snowball's (Porter2 for English). A question has no language of its own:
its words are stemmed as those of every language that the index holds.
"""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Callable, Iterable, Iterator

import Stemmer

__all__ = ["STOP_WORDS", "Analyzer", "Asker", "fold", "words"]

# The 33 words of Lucene's English default, which most engines share.
STOP_WORDS = frozenset(
    (
        "a an and are as at be but by for if in into is it no not of on or such that the "
        "their then there these they this to was will with"
    ).split()
)
_WORD = re.compile(r"[^\W_]+(?:['’][^\W_]+)*")
# Letters that folding changes, and apostrophes, which it drops; by what they are not, for a range up to U+10FFFF takes 4 ms to compile.
_ODD = re.compile(r"[^\x00-&(-\x7f]")
_APOSTROPHES = "'’"
_STEMMED = 2  # letters at the end of a term that a stemmer may have changed: "therapy" is "therapi", "dying" is "die"
_LONGEST = 64  # characters; longer words are cut, nobody types them
_MOST_KNOWN = 200_000  # words that an analyzer remembers
_SNOWBALL = {
    "ar": "arabic", "ca": "catalan", "da": "danish", "de": "german", "el": "greek", "en": "english", "es": "spanish", "et": "estonian", "eu": "basque",
    "fi": "finnish", "fr": "french", "ga": "irish", "hi": "hindi", "hu": "hungarian", "hy": "armenian", "id": "indonesian", "it": "italian",
    "lt": "lithuanian", "ne": "nepali", "nb": "norwegian", "nl": "dutch", "nn": "norwegian", "no": "norwegian", "pt": "portuguese", "ro": "romanian",
    "ru": "russian", "sr": "serbian", "sv": "swedish", "ta": "tamil", "tr": "turkish", "yi": "yiddish",
}  # fmt: skip
# Stemmers that change more of a word than its end: "ge-" goes in Dutch, "ber-" in Indonesian, "oedeem" is "odem" in German. All others left the first
# letters of 222,377 words as they were (docs/measurements.md, marking).
_CHANGE_BEGINNINGS = frozenset(
    {"dutch", "estonian", "finnish", "german", "indonesian", "irish", "serbian", "turkish"}
)


def fold(text: str) -> str:
    """Fold case and accents: "Café" and "cafe" are one word."""
    plain = unicodedata.normalize("NFKD", text.casefold())
    return plain if plain.isascii() else "".join(c for c in plain if not unicodedata.combining(c))


def words(text: str) -> list[str]:
    """Give the words of a text, folded and without possessive, stop words among them."""
    return [word for raw in _WORD.findall(text) if (word := _plain(raw))]


def _plain(raw: str) -> str:
    word = fold(raw)
    if "'" in word or "’" in word:
        word = word.replace("’", "'").removesuffix("'s").replace("'", "")
    return word[:_LONGEST]


def _stemmer(language: str | None) -> Callable[[str], str]:
    """Give the stemmer of a language (ISO 639-1); without a language English, and for one without a stemmer none."""
    name = _SNOWBALL.get(language or "en")
    stemmer = Stemmer.Stemmer(name) if name else None
    return stemmer.stemWord if stemmer else str


def _likely(text: str, terms: Iterable[str]) -> Iterator[re.Match[str]]:
    """Give the words of a text that may have one of the terms, in order."""
    return (word for start in sorted(_candidates(text, terms)) if (word := _WORD.match(text, start)))


def _candidates(text: str, terms: Iterable[str]) -> set[int]:
    """Give where words begin that may have one of the terms: those with its first letters, as a stemmer keeps them, and those whose letters folding changes."""
    lowered = text.lower()
    if len(lowered) != len(text):  # "İ" becomes two
        return {match.start() for match in _WORD.finditer(text)}
    found = set(_odd_words(text))
    for begin in {term[: max(1, len(term) - _STEMMED)] for term in terms}:
        place = lowered.find(begin)
        while place >= 0:
            if _begins(text, place):
                found.add(place)
            place = lowered.find(begin, place + 1)
    return found


def _odd_words(text: str) -> Iterator[int]:
    """Give where words begin that have letters which folding changes."""
    end = 0
    for match in _ODD.finditer(text):
        if match.start() >= end and (match.group() in _APOSTROPHES or match.group().isalnum()):
            first = _first(text, match.start())
            word = _WORD.match(text, first)
            end = word.end() if word else match.end()
            yield first


def _begins(text: str, place: int) -> bool:
    """Tell whether a word begins here."""
    before = text[place - 1 : place]
    if before in _APOSTROPHES and before:
        before = text[place - 2 : place - 1]
    return not before.isalnum()


def _first(text: str, place: int) -> int:
    """Give where the word begins that has a character here."""
    while place and (
        text[place - 1].isalnum()
        or (text[place - 1] in _APOSTROPHES and text[place - 2 : place - 1].isalnum())
    ):
        place -= 1
    return place


class Analyzer:
    """Makes terms of texts of one language. Not for two threads at once: it remembers the words that it met."""

    def __init__(self, language: str | None = "en") -> None:
        self._stem = _stemmer(language)
        self._keeps_beginnings = _SNOWBALL.get(language or "en") not in _CHANGE_BEGINNINGS
        self._stops = STOP_WORDS if (language or "en") == "en" else frozenset[str]()
        self._known: dict[str, str] = {}  # word as written -> term; "" for a stop word

    def terms(self, text: str) -> list[str]:
        """Give the terms of a text, in order."""
        known = self._known
        return [
            term for raw in _WORD.findall(text) if (term := known[raw] if raw in known else self._term(raw))
        ]

    def marked(self, text: str, asked: Iterable[str]) -> Iterator[tuple[int, int, str]]:
        """Give (start, end, term) of every place in a text where one of the asked terms stands; offsets in characters."""
        wanted = frozenset(asked)
        known = self._known
        for word in _likely(text, wanted) if self._keeps_beginnings else _WORD.finditer(text):
            raw = word.group()
            term = known[raw] if raw in known else self._term(raw)
            if term in wanted:
                yield word.start(), word.end(), term

    def of_word(self, word: str) -> str:
        """Give the term of a folded word; "" for a stop word."""
        return "" if word in self._stops else self._stem(word)

    def _term(self, raw: str) -> str:
        if len(self._known) >= _MOST_KNOWN:
            self._known.clear()
        word = _plain(raw)
        term = self._known[raw] = self.of_word(word) if word else ""
        return term


class Asker:
    """Makes terms of what is asked of an index that holds texts of some languages."""

    def __init__(self, languages: Iterable[str] = ()) -> None:
        self._analyzers = [Analyzer(language) for language in sorted(set(languages) or {"en"})]

    def terms(self, word: str) -> tuple[str, ...]:
        """Give what a folded word can be in the index, each term once; nothing for a stop word."""
        return tuple(dict.fromkeys(term for analyzer in self._analyzers if (term := analyzer.of_word(word))))

    def phrases(self, phrase: Iterable[str]) -> list[tuple[str, ...]]:
        """Give what folded words in a row can be in the index, once for each language."""
        listed = list(phrase)
        found = (
            tuple(term for word in listed if (term := analyzer.of_word(word))) for analyzer in self._analyzers
        )
        return [one for one in dict.fromkeys(found) if one]

    def beginning(self, text: str, prefix: str) -> set[str]:
        """Give the terms of a text that a prefix stands for: those that begin so, and its own, for "exercise*" means "exercis" as well."""
        held = {term for analyzer in self._analyzers for term in analyzer.terms(text)}
        return {term for term in held if term.startswith(prefix)} | (held & set(self.terms(prefix)))

    def marked(self, text: str, asked: Iterable[str]) -> list[tuple[int, int, str]]:
        """Give (start, end, term) of every place in a text where one of the asked terms stands, in whatever language."""
        wanted = frozenset(asked)
        if len(self._analyzers) == 1:
            return list(self._analyzers[0].marked(text, wanted))
        places = {
            (start, end): term
            for analyzer in self._analyzers
            for start, end, term in analyzer.marked(text, wanted)
        }
        return sorted((start, end, term) for (start, end), term in places.items())
