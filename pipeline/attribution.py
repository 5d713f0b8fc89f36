"""The attribution in the text itself: "–Name, MD, found on Spine-Health", "Written by …", "Source: …".

It stands in the first or the last blocks of the main content. Comparable extractors ignore it.
It is parsed here before it is removed from the text.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field

from .. import urls
from ..records import Person, Source
from . import person
from .author_marks import is_quoted
from .blocks import Block, Inside, lines_of
from .boilerplate import ends_article
from .byline_phrases import BYLINE
from .parsed_page import text_of
from .person import PersonParser
from .signed import Signed, is_line, without_tail

__all__ = ["Attribution", "find"]

# Number of blocks searched: at the start of the text, at its end, and below it; chosen by hand
_FIRST, _LAST, _BELOW = 3, 6, 5
_FOUND = (
    r"(?:gefunden auf|erschienen (?:auf|in|bei)|publié (?:sur"
    r"|dans)|publicado en|pubblicato su|gevonden op)"
    r"|(?:as )?(?:found|seen|published|from|originally (?:published"
    r"|appeared)|appeared|via)\s+(?:on|at|in|by)\b"
)
# a dash, a name, and optionally where the text was found
_DASHED = re.compile(
    rf"^[–—―~-]\s*(?:by\s+|written by\s+)?(?P<who>\S.{{2,140}}?)(?:,?\s+(?:{_FOUND}"
    rf"|from|via|courtesy of)\s*(?P<where>.*))?$",
    re.IGNORECASE | re.DOTALL,
)
_CREDITED = re.compile(
    r"^(?:this (?:article|post|text|information)(?: (?:was|is|has been))? )?"
    r"(?:written by|article (?:courtesy of|by)|(?:provided "
    r"|contributed )?courtesy of|contributed by|guest post by"
    r"|authored by|submitted by|prepared by)\s*:?\s+(?P<who>\S.*?)"
    rf"(?:,?\s+(?:{_FOUND}|from|via)\s+(?P<where>.*))?$",
    re.IGNORECASE | re.DOTALL,
)
_SOURCE = re.compile(
    r"^\(?(?:(?:article )?sources?|(?:content|information"
    r"|material|text) (?:courtesy of|provided by|from)|republished (?:with permission )?from"
    r"|via|(?:this (?:article|post)(?: was)? )?(?:originally )?(?:published"
    r"|appeared) (?:on|at|in|by)|reprinted (?:with permission )?from"
    r"|adapted from|courtesy of"
    r"|found on|quelle|fuente|source de l.article|bron|fonte|źródło|kilde|källa"
    r"|(?:(?:zuerst|ursprünglich) )?(?:erschienen|veröffentlicht) (?:auf|in|bei)"
    r"|publié (?:initialement |à l.origine )?(?:sur|dans|par)"
    r"|(?:publicado|publicada) originalmente (?:en|em)"
    r"|tratto da"
    r"|pubblicato (?:originariamente )?su"
    r"|oorspronkelijk (?:verschenen|gepubliceerd) (?:op|in)"
    r"|opublikowano (?:pierwotnie )?w)\s*:?\s+(?P<where>\S.{1,80}?)\)?$",
    re.IGNORECASE,
)
_SIGNED_OFF = re.compile(
    r"^(?:(?:yours )?(?:warmly|sincerely|truly)|(?:best|kind"
    r"|warm) (?:regards|wishes)|regards|in good health|be well"
    r"|stay well|to your health|cheers|mit freundlichen grüßen"
    r"|herzlichst?"
    r"|cordialement"
    r"|saludos"
    r"|un saludo"
    r"|cordiali saluti"
    r"|met vriendelijke groet)\s*[,!]\s+(?P<who>\S.*)$",
    re.IGNORECASE | re.DOTALL,
)
_BIOGRAPHY = re.compile(
    r"^(?P<who>(?:\S+\s+){1,5}\S+?)\s+(?:is an?|ist (?:eine?)?"
    r"|est (?:une?)?|es (?:una?)?|è (?:una?)?|is een|jest)\s",
    re.IGNORECASE,
)
_INTRODUCES = re.compile(r"^(?P<who>\S[^–—|]{4,100}?)\s+[–—|]\s")
_LONGEST_GREETING = 5  # words before the name of a sign-off; chosen by hand
_LONGEST_BIOGRAPHY = 100  # words; chosen by hand
_MOST_SOURCE_WORDS = 10  # words in the name of a source; chosen by hand
_QUOTES = Inside.QUOTE | Inside.FIGURE  # a name inside these belongs to a quotation or a picture
_AFTER_SOURCE = re.compile(
    r"\s+(?:under an? |and (?:is|was|has)|with (?:kind )?permission|\(c\)|©).*$", re.IGNORECASE
)


@dataclass(frozen=True, slots=True)
class Attribution:
    """The authors and the source that the text names at its start or end."""

    authors: Signed = field(default_factory=Signed)
    source: Source | None = None
    blocks: tuple[Block, ...] = ()


def find(blocks: Sequence[Block], kept: Sequence[Block], url: str, persons: PersonParser) -> Attribution:
    """Return the attribution at the start or end of the main content, or right below it."""
    under = below(blocks, kept)
    edge = list(dict.fromkeys([*under, *_last(blocks, kept)[::-1], *kept[:_FIRST]]))
    authors, source = Signed(), None
    for line, block in _lines(edge):
        signed, where = _read(line, block, url, persons)
        authors = authors or signed
        source = source or where
    authors = (
        authors
        or _signed_off(kept, persons)
        or _biography(under, persons)
        or _closing_biography(kept, persons)
    )
    used = {
        id(block): block
        for block in (*authors.blocks, *(block for block in edge if source and _holds(block, source)))
    }
    return Attribution(authors, source, tuple(used.values()))


def _lines(edge: Sequence[Block]) -> Iterator[tuple[str, Block]]:
    for block in edge:
        if not is_line(block) or block.inside & _QUOTES or (block.box and is_quoted(block.box)):
            continue
        if _SIGNED_OFF.match(block.text):
            yield block.text.replace("\n", " "), block
        else:
            yield from ((line, block) for line in block.text.split("\n"))


def _last(blocks: Sequence[Block], kept: Sequence[Block]) -> Sequence[Block]:
    """Return the last blocks of the main content and those left out between them.

    An attribution is often among the blocks left out.
    """
    return blocks[blocks.index(kept[-min(_LAST, len(kept))]) : blocks.index(kept[-1]) + 1] if kept else ()


def below(blocks: Sequence[Block], kept: Sequence[Block]) -> list[Block]:
    """Return the few blocks below the main content that may still be about it.

    They end at the next heading, comment prompt or related-posts line.
    """
    after = blocks.index(kept[-1]) + 1 if kept else 0
    some = blocks[after : after + _BELOW]
    end = next(
        (
            index
            for index, block in enumerate(some)
            if block.is_heading or ends_article(block.text, block.words)
        ),
        len(some),
    )
    return list(some[:end])


def _biography(under: Sequence[Block], persons: PersonParser) -> Signed:
    """Return the person of a biography such as "Jane Doe is a physical therapist at …".

    A biography right below the text describes the author.
    """
    for block in under:
        match = (
            _BIOGRAPHY.match(block.text)
            if is_line(block) and not (block.box and is_quoted(block.box))
            else None
        )
        author = persons.parse(match["who"]) if match else None
        if author and person.is_full(author) and persons.is_likely(author):
            return Signed((author,), (block,))
    return Signed()


def _closing_biography(kept: Sequence[Block], persons: PersonParser) -> Signed:
    """Return the person of a biography in the last blocks of the text.

    Empty if the text names that person anywhere else, or if the block names no profession.
    """
    for position in range(max(_FIRST, len(kept) - 2), len(kept)):
        block = kept[position]
        signed = _biography([block], persons) or _introduced(block, persons)
        elsewhere = any(
            author.name.split()[-1] in other.text
            for author in signed.people
            for other in kept
            if other is not block
        )
        if signed and not elsewhere and persons.names_profession(block.text):
            return signed
    return Signed()


def _signed_off(kept: Sequence[Block], persons: PersonParser) -> Signed:
    """Return who signs the last lines of the text: "Best wishes,", "Dr NAME, dentist", in any language.

    A few words and a comma come before the name, or the line before ends with one; a title, a profession or a
    known given name shows that it is a name.
    """
    ending = [block for block in kept[-2:] if is_line(block) and not block.is_heading]
    lines = [(line, block) for block in ending for line in lines_of(block)]
    for (before, holder), (line, block) in zip([("", None), *lines], lines, strict=False):
        if _may_sign_off(line, block):
            author = _farewell(before, line, persons)
            if author:
                return Signed((author,), tuple(filter(None, dict.fromkeys((holder, block)))))
    return Signed()


def _may_sign_off(line: str, block: Block) -> bool:
    """Whether a line may end a letter: it is no entry, no sentence and no byline, which is read elsewhere."""
    listed = block.inside & (_QUOTES | Inside.ITEM)
    return not listed and not line.rstrip().endswith((".", "?", ":")) and not BYLINE.match(line)


def _farewell(before: str, line: str, persons: PersonParser) -> Person | None:
    """Return who signs a line, if it or the line before is a greeting; None if it is no such line."""
    greeting, comma, name = line.partition(",")
    if before.rstrip().endswith((",", "!")):
        greeting, name = before, line
    elif not comma or persons.parse(greeting) is not None:
        return None
    author = persons.parse(without_tail(name.strip())) if name.strip() else None
    greets = len(greeting.split()) <= _LONGEST_GREETING
    likely = author is not None and person.is_full(author) and persons.is_likely(author)
    return author if greets and likely else None


def _introduced(block: Block, persons: PersonParser) -> Signed:
    """Return the person whom a short paragraph introduces: "Ann Lee, PhD – Director. Ann is …"."""
    match = (
        _INTRODUCES.match(block.text) if block.words <= _LONGEST_BIOGRAPHY and not block.is_heading else None
    )
    author = persons.parse(match["who"]) if match else None
    return Signed((author,)) if author and author.credentials and person.is_full(author) else Signed()


def _read(line: str, block: Block, url: str, persons: PersonParser) -> tuple[Signed, Source | None]:
    for pattern in (_DASHED, _CREDITED, _SIGNED_OFF):
        match = pattern.match(line)
        people = (
            [author for author in persons.split(without_tail(match["who"])) if person.is_full(author)]
            if match
            else []
        )
        if match and people:
            where = match.groupdict().get("where") or _reprinted(line)
            return Signed(tuple(people), (block,)), _source(where, block, url)
    match = _SOURCE.match(line)
    if match and _MERELY_POSTED.match(line) and not _leads_away(block, url):
        return Signed(), None  # "Posted in Shoulders", "Published on 3 May 2022"
    if match and len(line.split()) <= _MOST_SOURCE_WORDS + 3 and not persons.split(match["where"]):
        return Signed(), _source(match["where"], block, url)
    return Signed(), None


_MERELY_POSTED = re.compile(
    r"^\(?(?:published|appeared|posted|erschienen|veröffentlicht|publié|pubblicato|publicado)\b",
    re.IGNORECASE,
)


def _leads_away(block: Block, url: str) -> bool:
    """Whether a block links to another host."""
    host = urls.host_port(url)
    targets = (urls.canonical(link.get("href") or "", url) for link in block.element.iter("a"))
    return any(target and urls.host_port(target) != host for target in targets)


_REPRINTED = re.compile(
    r"(?:reprinted|republished|used) (?:with permission )?(?:from|of) (?P<where>.+)$"
    r"|originally (?:published|appeared) (?:on|at|in) (?P<other>.+)$",
    re.IGNORECASE,
)


def _reprinted(line: str) -> str | None:
    match = _REPRINTED.search(line)
    return (match["where"] or match["other"]) if match else None


def _holds(block: Block, source: Source) -> bool:
    return is_line(block) and source.name in block.text


def _source(where: str | None, block: Block, url: str) -> Source | None:
    """Return the source, named by the text of the block's last link or else by `where`.

    None if there is no `where`, or if the name is empty or too long.
    """
    if where is None:
        return None
    links = [link for link in block.element.iter("a") if link.get("href")]
    if links:
        name = " ".join(text_of(links[-1]).split()) or " ".join(where.split())
        return Source(name, urls.canonical(links[-1].get("href") or "", url)) if name else None
    name = _AFTER_SOURCE.sub("", " ".join(where.split())).strip(" .()")
    return Source(name) if name and len(name.split()) <= _MOST_SOURCE_WORDS else None
