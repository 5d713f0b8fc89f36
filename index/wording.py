"""The words that are searched for, from the words that were typed.

pruned      without the words that only phrase the question
named       but with names that look like such words: "vitamin a"
completed   the last word while it is being typed
relaxed     the words of phrases that no article has
rejoined    what people write together or apart: "x ray", "follow up", "Rückenschmerzen"
widened     what means the same as a word that no article has
"""

from __future__ import annotations

from collections.abc import Callable, Collection, Iterable, Iterator, Sequence
from dataclasses import replace
from itertools import pairwise

from . import stop_words
from .analysis import STOP_WORDS
from .query import FEWEST_BEFORE_STAR, JoinedWord, Query
from .ranking import joined_share
from .synonyms import instead
from .words import LONGEST_JOINED, is_spaceless

__all__ = ["candidates", "completed", "named", "named_in_phrase", "pruned", "rejoined", "relaxed", "widened"]

IsThere = Callable[[str], bool]  # whether any article has a folded word
# Languages that write compounds as one word, such as Rückenschmerzen
_COMPOUNDING = frozenset(("de", "nl", "sv", "da", "nb", "nn", "no", "fi", "et", "hu", "is"))
_SHORTEST_PART = 4  # letters of a part of a compound; chosen by hand
_SHORTEST_COMPOUND = 9  # letters; chosen by hand


def pruned(query: Query, languages: Collection[str], is_there: IsThere | None = None) -> Query:
    """Leave out the stop words of the question's language, unless nothing else is left.

    With `is_there`, also those of a language that the index does not hold (`stop_words.spoken`).
    """
    dropped = stop_words.spoken(query.words, languages, is_there)
    kept = tuple(word for word in query.words if word not in dropped)
    return replace(query, words=kept) if (kept or query.phrases or query.required) and dropped else query


def named(typed: Sequence[str], kept: Collection[str]) -> list[str]:
    """Return the joined words that stand for names with a word that was left out: "vitamin_a", "it_band"."""
    return [f"{one}_{other}" for one, other in pairwise(typed) if (one not in kept) != (other not in kept)]


def named_in_phrase(phrase: Sequence[str]) -> list[str]:
    """Return the joined words that stand for names in a phrase, of which an index keeps no stop words."""
    return named(phrase, [word for word in phrase if word not in STOP_WORDS])


def candidates(query: Query, typed: Sequence[str]) -> list[str]:
    """Return the further words that an index may have for a pruned query, to look them up at once."""
    quoted = (name for phrase in query.phrases for name in named_in_phrase(phrase))
    return [*named(typed, query.words), *(word for _, _, word in _pairs(typed)), *quoted]


def completed(query: Query, is_there: IsThere, begins: Callable[[str], bool]) -> Query:
    """Turn the last word into a prefix while it is being typed.

    Only if no article has the word itself, but some word begins with it.
    """
    last = query.words[-1] if query.typing and query.words else ""
    if len(last) < FEWEST_BEFORE_STAR or is_there(last) or not begins(last):
        return query
    return replace(query, words=query.words[:-1], prefixes=(*query.prefixes, last))


def relaxed(
    query: Query, is_there: Callable[[tuple[str, ...]], bool], languages: Collection[str]
) -> tuple[Query, tuple[str, ...]]:
    """Search for the words of phrases that no article has.

    Returns the query, and a notice for people about each such phrase.
    """
    absent = [phrase for phrase in query.phrases if not is_there(phrase)]
    if not absent:
        return query, ()
    typed = Query(words=tuple(word for phrase in absent for word in phrase))
    words = pruned(typed, languages).words
    present = tuple(phrase for phrase in query.phrases if phrase not in absent)
    notices = tuple(
        f'no article has "{" ".join(phrase)}" word for word; its words were searched for' for phrase in absent
    )
    return replace(query, words=(*query.words, *words), phrases=present), notices


def rejoined(
    query: Query,
    typed: Sequence[str],
    languages: Collection[str],
    frequency: Callable[[str], int],
    documents: int,
) -> Query:
    """Search, in addition, for neighbours among the typed words as one and for the parts of a compound.

    Only for joined words that some article has, and only for compounds that none has. A joined word counts
    where its parts do not both stand: an article with "x-ray" would count more than one with "x ray"
    otherwise. `frequency` counts the articles with a word, of all `documents`.
    """
    together = tuple(
        JoinedWord(word, one, other, joined_share(documents, held, (frequency(one), frequency(other))))
        for one, other, word in dict.fromkeys(_pairs(typed))
        if (held := frequency(word))
    )
    apart: list[str] = []
    if _COMPOUNDING.intersection(languages):
        for word in query.words:
            if len(word) >= _SHORTEST_COMPOUND and word.isalpha() and not frequency(word):
                apart += _parts(word, frequency)
    more = tuple(word for word in dict.fromkeys(apart) if word not in query.words)
    return replace(query, words=(*query.words, *more), joined=together) if more or together else query


def _pairs(words: Sequence[str]) -> Iterator[tuple[str, str, str]]:
    """Yield neighbouring words and the word that they make.

    Not with words such as "of", nor a word with a letter, which would make its inflection.
    """
    for one, other in pairwise(words):
        together = one + other
        if STOP_WORDS & {one, other} or (len(other) == 1 and len(one) >= _SHORTEST_PART):
            continue
        if len(together) <= LONGEST_JOINED and not is_spaceless(together):
            yield one, other, together


def _parts(word: str, is_there: Callable[[str], object]) -> tuple[str, ...]:
    """Return the known first and last part of a compound with the fewest letters between; () without both.

    Of two such pairs the one with the longer last part: it says what the compound is.
    """
    places = range(_SHORTEST_PART, len(word) - _SHORTEST_PART + 1)
    ends = [place for place in places if is_there(word[:place])]
    begins = [place for place in places if is_there(word[place:])] if ends else []
    fitting = [(begin - end, begin) for end in ends for begin in begins if end <= begin]
    if not fitting:
        return ()
    gap, begin = min(fitting)
    return word[: begin - gap], word[begin:]


def widened(
    query: Query, is_there: IsThere, names: Callable[[str], Iterable[Sequence[str]]]
) -> tuple[Query, tuple[str, ...]]:
    """Search for words that no article has, and in addition for what means the same.

    Returns the query, and a notice for people about each such word. `names` returns the names that mean the
    same as a word.
    """
    notices: list[str] = []
    more: list[str] = []
    for word in dict.fromkeys(query.words):
        others = instead(names(word), is_there) if not is_there(word) else ()
        if others:
            more += others
            notices.append(f'no article has "{word}"; {" ".join(others)} was searched for as well')
    return (replace(query, words=(*query.words, *more)), tuple(notices)) if more else (query, ())
