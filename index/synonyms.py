"""What the health vocabulary knows of a word that the index does not, and what is more general than a topic.

Synonyms are asked for only in place of words that stand in no article: there they can but help. Beside words that are known they
gain on one collection and lose on two (docs/measurements.md, synonyms).
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Sequence
from typing import TYPE_CHECKING

from ..records import Article
from .analysis import words

if TYPE_CHECKING:
    from ..vocabulary.concepts import Concept, Vocabulary

__all__ = ["Synonyms", "instead"]


def instead(names: Iterable[Sequence[str]], is_there: Callable[[str], bool]) -> tuple[str, ...]:
    """Give what stands in for a word that is nowhere: the first name that is there whole, else all words of any name that are there.

    One name, not all: the rarer of two names would weigh more, and an article that has it by chance come before those on the subject.
    """
    names = list(names)
    whole = next((name for name in names if all(map(is_there, name))), None)
    return tuple(whole or dict.fromkeys(word for name in names for word in name if is_there(word)))


class Synonyms:
    """The shipped vocabulary, loaded when it is asked for the first time: that takes a quarter of a second."""

    def __init__(self, vocabulary: Callable[[], Vocabulary] | None = None) -> None:
        self._load = vocabulary
        self._vocabulary: Vocabulary | None = None

    def _known(self) -> Vocabulary:
        from ..vocabulary.shipped import load

        self._vocabulary = self._vocabulary or (self._load or load)()
        return self._vocabulary

    def names(self, word: str) -> tuple[tuple[str, ...], ...]:
        """Give the names, word by word, that mean the same as a folded word: the concept's label first, then its names of one word."""
        concept = self._known().named(word)
        if concept is None:
            return ()
        names = [concept.label, *(name for name in concept.synonyms if " " not in name)]
        found = (tuple(one for one in words(name) if one != word) for name in names)
        return tuple(dict.fromkeys(name for name in found if name))

    def of(self, word: str) -> tuple[str, ...]:
        """Give every word of these names."""
        return tuple(dict.fromkeys(one for name in self.names(word) for one in name))

    def broader(self, article: Article) -> list[str]:
        """Give the labels of all that is more general than an article's topics."""
        concepts = [topic.concept for topic in article.topics if topic.concept]
        found: dict[str, Concept] = {}
        for id_ in concepts:
            self._climb(id_, found)
        return [concept.label for id_, concept in found.items() if id_ not in concepts]

    def _climb(self, id_: str, found: dict[str, Concept]) -> None:
        concept = self._known().concepts.get(id_)
        if concept is None or id_ in found:
            return
        found[id_] = concept
        for above in concept.broader:
            self._climb(above, found)

    def wider(self, label: str) -> list[str]:
        """Give the labels of all that is more general than a topic of the vocabulary; nothing for one of somebody's own."""
        concept = self._known().named(label)
        found: dict[str, Concept] = {}
        for above in concept.broader if concept else ():
            self._climb(above, found)
        return [one.label for one in found.values()]

    def single_words(self) -> Iterator[tuple[str, tuple[tuple[str, ...], ...]]]:
        """Give every folded word that the vocabulary has a name of one word for, with the names that mean the same."""
        names = (
            words(name)
            for concept in self._known().concepts.values()
            for name in (concept.label, *concept.synonyms)
        )
        for word in dict.fromkeys(name[0] for name in names if len(name) == 1):
            if others := self.names(word):
                yield word, others
