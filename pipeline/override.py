"""What the owner knows better about one article: applied after every reading, so that no reading undoes it."""

from __future__ import annotations

from dataclasses import dataclass, replace
from datetime import date

from ..records import Article, Person, Topic
from ..vocabulary.concepts import Vocabulary
from . import tags
from .person import PersonParser

__all__ = ["Override", "apply"]


@dataclass(frozen=True, slots=True)
class Override:
    """The fields an owner sets; None leaves what was read."""

    title: str | None = None
    author: str | None = None  # one or several, as a byline writes them; "" is nobody
    published: date | None = None
    topics: tuple[str, ...] | None = None  # instead of those found
    add_topics: tuple[str, ...] = ()
    drop_topics: tuple[str, ...] = ()
    exclude: bool = False

    @property
    def fields(self) -> tuple[str, ...]:
        """The names of the fields it sets."""
        given = {"title": self.title, "authors": self.author, "published": self.published}
        return tuple(name for name, value in given.items() if value is not None)


def apply(article: Article, override: Override, vocabulary: Vocabulary, persons: PersonParser) -> Article:
    """Correct an article; `exclude` is for the caller to heed."""
    dropped = {tags.folded(label) for label in override.drop_topics}
    topics = (
        article.topics
        if override.topics is None
        else tuple(_topic(label, vocabulary) for label in override.topics)
    )
    added = tuple(_topic(label, vocabulary) for label in override.add_topics)
    mine = {tags.folded(topic.label) for topic in added}
    return replace(
        article,
        title=article.title if override.title is None else override.title,
        authors=article.authors if override.author is None else _people(override.author, persons),
        published=override.published or article.published,
        topics=added + tuple(topic for topic in topics if tags.folded(topic.label) not in dropped | mine),
    )


def _people(text: str, persons: PersonParser) -> tuple[Person, ...]:
    """Read the owner's byline; a name we would not take for one is taken as it stands."""
    return tuple(persons.split(text)) or ((Person(text, text),) if text else ())


def _topic(label: str, vocabulary: Vocabulary) -> Topic:
    concept = vocabulary.named(label)
    return Topic(label, concept.id if concept else None, "owner")
