"""Who wrote the article, who reviewed it, and where the publisher found it.

Candidates come with their provenance and are asked in this order: the attribution in the text ("–Name, MD, found on …"),
the visible byline, the elements marked as the author's, the author box, the metadata. What is shown beats metadata, because
metadata often names the account that typed the article in; where metadata names a person who is also shown, it says how the
name is cut and who else signed. The attribution line is read here, and only then taken out of the text.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass, field

from ..records import Person, Source
from . import attribution, metadata, signature
from .attribution import Attribution
from .blocks import Block, plain
from .document import Document
from .person import PersonParser
from .signature import Signed
from .site import SiteModel

__all__ = ["Byline", "find", "find_in_text"]


@dataclass(frozen=True, slots=True)
class Byline:
    """Who is named, and which blocks said so: those leave the text."""

    authors: tuple[Person, ...] = ()
    reviewed_by: tuple[Person, ...] = ()
    source: Source | None = None
    origin: str = "none"  # where the authors come from: attribution, byline, mark, author box, metadata, none
    blocks: tuple[Block, ...] = field(default=())


def find(
    document: Document,
    blocks: Sequence[Block],
    kept: Sequence[Block],
    model: SiteModel,
    persons: PersonParser,
) -> Byline:
    """Find who is named on a page; `kept` are the blocks of its main content, `blocks` all of them."""
    around = signature.near(blocks, kept, persons, model.author_places)
    said = attribution.find(blocks, kept, document.url, persons)
    reviewed = signature.reviewers(around, persons)
    others = {one.name.casefold() for one in reviewed.people}
    shown, origin = _shown(said, around, kept, others | model.nobodies, persons)
    claimed = _claimed(document, model, others, persons)
    authors, origin = _agreed(shown, claimed, origin)
    reviewers = reviewed.people or tuple(
        one for one in map(persons.parse, metadata.reviewers(document)) if one
    )
    return Byline(authors, reviewers, said.source, origin, (*said.blocks, *reviewed.blocks, *shown.blocks))


def find_in_text(kept: Sequence[Block], persons: PersonParser) -> Byline:
    """Find who is named in a plain text, which has no markup and no head."""
    said = attribution.find(kept, kept, "", persons)
    reviewed = signature.reviewers(kept, persons)
    shown = said.authors or signature.labelled([*kept[:4], *kept[4:][-4:]], persons)
    origin = ("attribution" if said.authors else "byline") if shown else "none"
    return Byline(
        shown.people, reviewed.people, said.source, origin, (*said.blocks, *reviewed.blocks, *shown.blocks)
    )


def _shown(
    said: Attribution, around: Sequence[Block], kept: Sequence[Block], others: set[str], persons: PersonParser
) -> tuple[Signed, str]:
    """Give the first thing the page shows, the reviewers and nobodies (`others`) left out."""
    free = [block for block in around if block not in said.blocks]
    ways: tuple[tuple[str, Callable[[], Signed]], ...] = (
        ("attribution", lambda: said.authors), ("byline", lambda: signature.labelled(free, persons)), ("mark", lambda: signature.marked(free, persons)),
        ("author box", lambda: signature.boxed(free, persons)), ("dated", lambda: signature.dated(free, kept, persons)),
    )  # fmt: skip
    for origin, look in ways:
        signed = look()
        people = tuple(one for one in signed.people if one.name.casefold() not in others)
        if people:
            return Signed(people, signed.blocks), origin
    return Signed(), "none"


def _claimed(
    document: Document, model: SiteModel, others: set[str], persons: PersonParser
) -> tuple[Person, ...]:
    """Believe metadata only where it names a person, and not the account that signs the whole site."""
    names = [name for name in metadata.authors(document) if name.casefold() not in model.accounts]
    people = [
        one
        for name in names
        for one in persons.split(_capitalised(name))
        if one.name.casefold() not in others | model.accounts
    ]
    return tuple({plain(one.name): one for one in people}.values())


def _agreed(shown: Signed, claimed: tuple[Person, ...], origin: str) -> tuple[tuple[Person, ...], str]:
    """Bring what is shown and what metadata claims together."""
    if not shown:
        return claimed, "metadata" if claimed else "none"
    if origin == "attribution" or not claimed:
        return shown.people, origin
    names = {plain(one.name): one for one in shown.people}
    written = " ".join(plain(one.as_written) for one in shown.people)
    confirmed = [one for one in claimed if f" {plain(one.name)}" in f" {written}"]
    if not confirmed:
        return shown.people, origin
    cut = {plain(one.name) for one in confirmed}
    rest = [one for name, one in names.items() if not any(other in name for other in cut)]
    return (*(names.get(plain(one.name), one) for one in claimed), *rest), origin


def _capitalised(name: str) -> str:
    """Capitalise "jane doe" as metadata has it; a single word is a login and stays as it is."""
    words = name.split()
    return (
        name.title()
        if len(words) in (2, 3) and name.islower() and all(word.isalpha() for word in words)
        else name
    )
