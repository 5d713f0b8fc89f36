"""Synonyms of words that the index does not know, and broader topics, from the health vocabulary.

Synonyms of a word are searched for only if no article has the word: there they can only help. In addition to
known words, they gain on one collection and lose on two (docs/measurements.md, synonyms).
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Sequence
from typing import TYPE_CHECKING

from ..records import Article
from .words import words

if TYPE_CHECKING:
    from ..vocabulary.concepts import Concept, Vocabulary

__all__ = ["Synonyms", "instead"]


def instead(names: Iterable[Sequence[str]], is_there: Callable[[str], bool]) -> tuple[str, ...]:
    """Return the words that stand in for a word that no article has.

    Those are the words of the first name that the index has whole; else all words, of any name, that it has.
    One name, not all: the rarer of two names would weigh more, and an article that has it by chance would
    come before those on the subject.
    """
    names = list(names)
    whole = next((name for name in names if all(map(is_there, name))), None)
    return tuple(whole or dict.fromkeys(word for name in names for word in name if is_there(word)))


class Synonyms:
    """Synonyms and broader topics of the shipped vocabulary, loaded on first use: that takes 0.25 s."""

    def __init__(self, vocabulary: Callable[[], Vocabulary] | None = None) -> None:
        self._load = vocabulary
        self._vocabulary: Vocabulary | None = None

    def _known(self) -> Vocabulary:
        from ..vocabulary.shipped import load

        self._vocabulary = self._vocabulary or (self._load or load)()
        return self._vocabulary

    def names(self, word: str) -> tuple[tuple[str, ...], ...]:
        """Return the names that mean the same as a folded word, each word by word.

        The label of the concept comes first, then its one-word names.
        """
        concept = self._known().named(word)
        if concept is None:
            return ()
        names = [concept.label, *(name for name in concept.synonyms if " " not in name)]
        others = (tuple(other for other in words(name) if other != word) for name in names)
        return tuple(dict.fromkeys(name for name in others if name))

    def of(self, word: str) -> tuple[str, ...]:
        """Return every word of the names that mean the same as a word."""
        return tuple(dict.fromkeys(other for name in self.names(word) for other in name))

    def broader(self, article: Article) -> list[str]:
        """Return the labels, in its language, of all concepts more general than an article's topics."""
        concepts = [topic.concept for topic in article.topics if topic.concept]
        reached: dict[str, Concept] = {}
        for id_ in concepts:
            self._climb(id_, reached)
        return self._called([id_ for id_ in reached if id_ not in concepts], article.language)

    def _called(self, concepts: Iterable[str], language: str | None) -> list[str]:
        named = (self._known().names(id_, language) for id_ in concepts)
        return [names.label for names in named if names]

    def _climb(self, id_: str, reached: dict[str, Concept]) -> None:
        concept = self._known().concepts.get(id_)
        if concept is None or id_ in reached:
            return
        reached[id_] = concept
        for above in concept.broader:
            self._climb(above, reached)

    def wider(self, label: str) -> list[str]:
        """Return what all concepts that are more general than a topic are called in the topic's language.

        Empty for a topic that the vocabulary has in no language.
        """
        found = self._known().labelled(label)
        if found is None:
            return []
        concept, language = found
        reached: dict[str, Concept] = {}
        for above in concept.broader:
            self._climb(above, reached)
        return self._called(reached, language)

    def single_words(self) -> Iterator[tuple[str, tuple[tuple[str, ...], ...]]]:
        """Yield each folded one-word name that has synonyms, with the names that mean the same."""
        names = (
            words(name)
            for concept in self._known().concepts.values()
            for name in (concept.label, *concept.synonyms)
        )
        for word in dict.fromkeys(name[0] for name in names if len(name) == 1):
            if others := self.names(word):
                yield word, others
