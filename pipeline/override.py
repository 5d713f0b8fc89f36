"""The owner's override of one article: applied after every extraction, so that no extraction undoes it."""

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
    """The fields that an owner sets; None leaves the extracted value."""

    title: str | None = None
    author: str | None = None  # one or several people, written as in a byline; "" means nobody
    published: date | None = None
    topics: tuple[str, ...] | None = None  # instead of the extracted ones
    add_topics: tuple[str, ...] = ()
    drop_topics: tuple[str, ...] = ()
    exclude: bool = False

    @property
    def fields(self) -> tuple[str, ...]:
        """Names of the fields that the override sets, among title, authors and published."""
        values = {"title": self.title, "authors": self.author, "published": self.published}
        return tuple(name for name, value in values.items() if value is not None)


def apply(article: Article, override: Override, vocabulary: Vocabulary, persons: PersonParser) -> Article:
    """Return an article with an override applied; `exclude` is left to the caller."""
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
    """Parse the owner's byline; text that does not look like a name is used as a name unchanged."""
    return tuple(persons.split(text)) or ((Person(text, text),) if text else ())


def _topic(label: str, vocabulary: Vocabulary) -> Topic:
    concept = vocabulary.named(label)
    return Topic(label, concept.id if concept else None, "owner")
