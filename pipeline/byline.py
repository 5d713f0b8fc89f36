"""Who wrote the article, who reviewed it, and where the publisher found it.

Every candidate keeps its origin. They are tried in this order: the attribution in the text ("–Name, MD, found
on …"), the visible byline, the elements marked as the author's, the author box, a name next to a date, the
metadata.

Names that the page shows take precedence over metadata, because metadata often names the account that typed
the article in. Where metadata names a person who is also shown, the metadata decides where the name begins
and ends, and who else signed. The attribution line is parsed here and only then removed from the text.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass, field

from ..records import Person, Source
from . import attribution, metadata, professional, reviewers, signature, signing_blocks
from .accounts import Accounts, accounts_of
from .attribution import Attribution
from .blocks import Block, plain
from .parsed_page import ParsedPage
from .person import PersonParser
from .signed import Signed
from .site import SiteModel

__all__ = ["Byline", "find", "find_in_text"]


@dataclass(frozen=True, slots=True)
class Byline:
    """Who is named on a page, and the blocks that name them: those blocks are removed from the text."""

    authors: tuple[Person, ...] = ()
    reviewed_by: tuple[Person, ...] = ()
    source: Source | None = None
    # Where the authors come from: attribution, byline, mark, author box, dated, professional, metadata, none
    origin: str = "none"
    blocks: tuple[Block, ...] = field(default=())


def find(
    parsed_page: ParsedPage,
    blocks: Sequence[Block],
    kept: Sequence[Block],
    model: SiteModel,
    persons: PersonParser,
) -> Byline:
    """Find who is named on a page; `kept` are the blocks of its main content, `blocks` are all blocks."""
    around = signing_blocks.near(blocks, kept, persons, model.author_places)
    accounts = accounts_of(parsed_page, model, persons)
    credit = attribution.find(blocks, kept, parsed_page.url, persons)
    reviewed = reviewers.find(around, persons)
    # a reviewer signs as author, too, only if a label or the metadata says so
    free = [block for block in around if block not in reviewed.blocks]
    signed, origin = _shown(credit, around, free, kept, accounts, persons)
    claimed = _claimed(parsed_page, model, accounts, persons)
    authors, origin = _agreed(signed, claimed, origin)
    checked = reviewed.people or tuple(
        person
        for name in metadata.reviewers(parsed_page, dict(model.people))
        for person in persons.split(name)
        if person.name not in accounts
    )
    return Byline(authors, checked, credit.source, origin, (*credit.blocks, *reviewed.blocks, *signed.blocks))


def find_in_text(kept: Sequence[Block], persons: PersonParser) -> Byline:
    """Find who is named in a plain text, which has no markup and no head."""
    credit = attribution.find(kept, kept, "", persons)
    reviewed = reviewers.find(kept, persons)
    signed = credit.authors or signature.labelled([*kept[:4], *kept[4:][-4:]], persons)
    origin = ("attribution" if credit.authors else "byline") if signed else "none"
    return Byline(
        signed.people,
        reviewed.people,
        credit.source,
        origin,
        (*credit.blocks, *reviewed.blocks, *signed.blocks),
    )


def _shown(
    attributed: Attribution,
    around: Sequence[Block],
    free: Sequence[Block],
    kept: Sequence[Block],
    accounts: Accounts,
    persons: PersonParser,
) -> tuple[Signed, str]:
    """Return the first authors that the page shows, and their origin.

    `free` are the blocks `around` that name no reviewer.
    """
    unread = [block for block in free if block not in attributed.blocks]
    named = [block for block in around if block not in attributed.blocks]
    ways: tuple[tuple[str, Callable[[], Signed]], ...] = (
        ("attribution", lambda: attributed.authors),
        ("byline", lambda: signature.labelled(named, persons)),
        ("mark", lambda: signature.marked(unread, persons)),
        ("author box", lambda: signature.boxed(unread, persons)),
        ("dated", lambda: signature.dated(unread, kept, persons)),
        ("professional", lambda: professional.find(unread, kept, persons)),
    )  # fmt: skip
    for origin, look in ways:
        signed = look()
        people = tuple(person for person in signed.people if person.name not in accounts)
        if people:
            return Signed(people, signed.blocks), origin
    return Signed(), "none"


def _claimed(
    parsed_page: ParsedPage, model: SiteModel, accounts: Accounts, persons: PersonParser
) -> tuple[Person, ...]:
    """Return the people that metadata names, without the accounts."""
    names = [name for name in metadata.authors(parsed_page, dict(model.people)) if name not in accounts]
    people = [person for name in names for person in persons.split(_capitalised(name))]
    people += [person for name in metadata.cited(parsed_page) for person in persons.inverted(name)]
    return tuple({plain(person.name): person for person in people if person.name not in accounts}.values())


def _agreed(shown: Signed, claimed: tuple[Person, ...], origin: str) -> tuple[tuple[Person, ...], str]:
    """Combine the authors shown on the page with those that metadata claims; return them and their origin."""
    if not shown:
        return claimed, "metadata" if claimed else "none"
    if origin == "attribution" or not claimed:
        return shown.people, origin
    names = {plain(person.name): person for person in shown.people}
    written = " ".join(plain(person.as_written) for person in shown.people)
    confirmed = [person for person in claimed if f" {plain(person.name)}" in f" {written}"]
    if not confirmed:
        return shown.people, origin
    cut = {plain(person.name) for person in confirmed}
    rest = [person for name, person in names.items() if not any(other in name for other in cut)]
    return (*(names.get(plain(person.name), person) for person in claimed), *rest), origin


def _capitalised(name: str) -> str:
    """Capitalise a lower-case name such as "jane doe"; a single word is a login and stays as it is."""
    words = name.split()
    return (
        name.title()
        if len(words) in (2, 3) and name.islower() and all(word.isalpha() for word in words)
        else name
    )
