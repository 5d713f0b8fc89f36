"""What a page shows of who signed it: bylines, author boxes, reviewers.

A signature is a line of its own near the article: "By Name", a label with the name beside it, an element marked as the author's.
Names in the running text, of commenters and of related posts sign nothing.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass

import lxml.etree

from ..article import Person
from . import person
from .blocks import GROUPS, Block, Box, Inside
from .document import text_of
from .furniture import ends_article, furniture

__all__ = ["LONGEST", "Signed", "boxed", "dated", "is_line", "is_quoted", "labelled", "marked", "near", "reviewers", "without_tail"]

LONGEST = 40  # words of a block that may be a byline
_ABOVE, _INTO, _BELOW = 15, 4, 10  # blocks before the text, at its start and end, and after it, in which a signature may stand
_MOST_CHARACTERS = 600  # of such a block
_LONGEST_LABEL = 4  # words
_MOST_NAME_WORDS = 7  # of a name that nothing but a date beside it gives away
_LONGEST_NAME = 12  # words of an element that holds a name

# The words that languages set before or after a name; a noun among them needs a colon or stands alone as a label.
_BY = r"by|von|par|por|di|door|da|av|af|oleh|przez|autor:in"
_WROTE = (
    r"(?:(?:medically )?(?:written|authored|prepared|submitted)|posted|published|article|words|story|text|contributed|created|compiled|content|report) by"
    r"|(?:article|post|story|guest) (?:author|writer)(?= ?[:：]|$)"
    r"|(?:author\(?s?\)?|contributors?|words|text|story|writer|autor(?:a|as|in|innen|en|e|es|:in)?|autore|auteure?s?|verfasser(?:in)?|schreiber|yazar|yazan|kirjoittaja|tekst|"
    r"penulis|tác giả|автор|συγγραφέας|redactora?|published|posted|written)(?= ?[:：]|$)"
    r"|(?:testo|articolo|a firma) di|redatto da|autori|(?:texte|article|un article) de|signé|(?:texto|artigo|artículo) (?:de|por)|autoria|texto|texte|testo|tekst i zdjęcia|opracowanie"
    r"|opracował[ao]?|przygotował[ao]?|ein (?:artikel|text) von|text und fotos?|autor/in|autor\*in|een artikel van"
    r"|escrito por|publicado por|redactado por|verfasst von|geschrieben von|text von|ein beitrag von|écrit par|rédigé par|publié par|scritto da|pubblicato da|"
    r"a cura (?:di|del|della|dell.)|geschreven door|tekst door|skrevet af|skriven av|napisał[ao]?|ditulis oleh|viết bởi|بقلم|كتبه|כתב|נכתב על ידי"
)
_REVIEWED = (
    r"(?:medically |clinically |scientifically |fact[- ]|expert[- ]|peer[- ])?(?:reviewed|checked|verified|approved)(?: for (?:medical )?accuracy)? by"
    r"|(?:(?:medical|clinical|expert|scientific) reviewers?|reviewers?|(?:medical|expert|clinical|scientific) review)(?= ?[:：]|$)"
    r"|revisad[oa] (?:médicamente )?por|revisión médica|revisione medica|revisionato da|revisão médica|relecture médicale|relu par|vérifié par|validé par"
    r"|(?:medizinisch|fachlich|ärztlich) (?:geprüft|überprüft) (?:von|durch)|geprüft (?:von|durch)|(?:medizinische|fachliche|ärztliche) (?:prüfung|überprüfung|durchsicht)"
    r"|medisch (?:gecontroleerd|beoordeeld) door|gecontroleerd door|ditinjau oleh|zweryfikował[ao]?|recenzja medyczna|tham vấn y khoa|(?:konsultacja|weryfikacja|recenzja) (?:medyczna|merytoryczna)|zrecenzował[ao]?|validation (?:médicale|scientifique)|revisione (?:scientifica|medica)|revisto da"
    r"|revisão (?:técnica|médica|científica)|revisión (?:técnica|científica)|(?:wissenschaftlich|medizinisch) (?:beraten|begutachtet) (?:von|durch)|medische controle"
)
_ARTICLE = r"(?:(?:le|la|il|el|der|die|dem|della|del|dell|the) (?=\S))?"
_BYLINE = re.compile(
    rf"^(?:{_WROTE}|{_BY})\s*[:：]?\s+{_ARTICLE}(?P<who>\S.*)$"
    rf"|^(?:作者|撰文|文|著者|筆者|執筆)\s*[:：/]\s*(?P<cjk>\S.*)$"
    rf"|^(?:{_WROTE})(?P<glued>(?-i:[A-ZÀ-Þ]).*)$",  # a label and a name that only the style sheet keeps apart
    re.IGNORECASE | re.DOTALL,
)
_GLUED_BY = re.compile(r"^(?:By|Von|Par|Por|投稿者)(?=[A-ZÀ-Þ]|\s)")  # in an element that is the author's, a label only the style sheet keeps apart
_LABEL_WROTE = re.compile(rf"^(?:{_WROTE}|{_BY})\s*[:：]?$", re.IGNORECASE)
_LABEL_CARD = re.compile(r"^(?:(?:article |medically )?written by|(?:the |article )?author)\s*:?$", re.IGNORECASE)
_LABEL_ABOUT = re.compile(
    r"^(?:about (?:the|our) authors?|meet the author|über (?:den|die) autor(?:in)?|sobre (?:el|la) autora?|à propos de l.auteure?)\s*:?$",
    re.IGNORECASE,
)
_ABOUT = re.compile(r"^(?:about|über) (?P<who>\S+ \S.*)$", re.IGNORECASE)
_REVIEW = re.compile(rf"(?:^|[|•·\n]|\s[-–—/]\s|\s(?=[^:]{{5,30}}:))\s*(?:{_REVIEWED})\s*[:：]?\s*{_ARTICLE}(?P<who>\S[^|•·\n]*)", re.IGNORECASE)
_LABEL_REVIEWED = re.compile(rf"^(?:{_REVIEWED})\s*[:：]?$", re.IGNORECASE)
_INNER_BY = re.compile(
    rf"(?:^|[/|•·\n,]|\s[-–—]\s|\d)\s*(?:{_WROTE}|{_BY})\s*:?\s+{_ARTICLE}(?P<who>[^/|•·\n]+)|(?:^|\s)(?:作者|撰文)\s*[:：]\s*(?P<cjk>[^|•·\n]+)",
    re.IGNORECASE,
)
_MONTHS = r"jan|feb|mar|mär|apr|may|mai|jun|jul|aug|sep|oct|okt|nov|dec|dez|ene|abr|ago|dic|gen|mag|giu|lug|set|ott|mrt|mei"
# What stands behind a name in a byline, and is cut with all that follows it
_BEHIND = (
    r"[|•·\n]", r"\s/\s", r",?\s?@\w", r"\s\S{1,12}[：:]\s?\d{4}",  # separators, a Chinese label with a date
    rf"\s[-–—]\s(?=\d|{_MONTHS})", r"\bon\s+(?=\w+\.?\s+\d|\d)", r",?\s(?:am|den|el|em|il|le|op)\s\d",  # the words before a date
    rf",?\s?\(?\b(?:{_MONTHS})[a-zé]*\.?\s\d", r"\d{1,2}[./]\d", rf"\b\d{{1,2}}\.?\s(?:de\s)?(?:{_MONTHS})", r"\b(?:19|20)\d\d\b",  # dates
    r"\b(?:last )?(?:updated|published|posted|reviewed|modified|medically|aktualisiert|actualizado|mis à jour|fact[- ]checked)\b",
    rf"\s(?:{_REVIEWED})",
    r"\bin\s[A-Z]", r"\d\s*(?:min|comment|view)",  # a category, a reading time, counts
)  # fmt: skip
_DATED = re.compile(rf"\b(?:19|20)\d\d\b|\b(?:{_MONTHS})[a-zé]*\.?\s\d", re.IGNORECASE)
_TAIL = re.compile(rf"(?:{'|'.join(_BEHIND)}).*$", re.IGNORECASE | re.DOTALL)
_MARK = re.compile(r"(?:^|[-_\d]|(?<=[a-z]))(?:[Aa]uthors?|byline|Byline|autor|auteur|writer|Writer|contributor)(?=$|[-_A-Z\d])")
_MARKED_LINK = re.compile(
    r"/(?:authors?|author-\w+|contributors?|writers?|autor(?:en)?|auteurs?|people|profiles?|experts?|users?)/[^/?#]+|[?&]author=", re.IGNORECASE
)
_NOT_A_MARK = re.compile(
    r"avatar|image|img|photo|bio(?!med)|desc|box|card|social|comment|related|list|grid|archive|widget|date|icon|testimonial|review|quote|source|media|bookmark|role|position",
    re.IGNORECASE,
)
_ELSEWHERE = GROUPS["comments"] | GROUPS["related"] | GROUPS["navigation"] | GROUPS["share"] | GROUPS["cookie"]
_QUOTED = re.compile(
    r"testimonial|review(?!ed)|(?:staff|team|doctor|provider)s?[-_]*(?:card|member|list|grid|profile|info)|our[-_]?(?:team|staff|doctors)",
    re.IGNORECASE,
)


@dataclass(frozen=True, slots=True)
class Signed:
    """People a page names, and the blocks that name them."""

    people: tuple[Person, ...] = ()
    blocks: tuple[Block, ...] = ()

    def __bool__(self) -> bool:
        return bool(self.people)


def near(blocks: Sequence[Block], kept: Sequence[Block], places: frozenset[str] = frozenset()) -> list[Block]:
    """Give the blocks that may sign the article: around its start and its end, without comments, related posts and menus.

    `places` are the class names of boxes in which the site is known to sign, wherever they stand.
    """
    if not kept:
        return [block for block in blocks if not block.groups & _ELSEWHERE]
    where = {id(block): place for place, block in enumerate(blocks)}
    first, last = where[id(kept[0])], where[id(kept[-1])]
    into = where[id(kept[min(_INTO, len(kept)) - 1])]
    outof = where[id(kept[-min(_INTO, len(kept))])]
    below = next((p for p in range(last + 1, len(blocks)) if _ends(blocks[p])), len(blocks))
    wanted = [*range(max(0, first - _ABOVE), into + 1), *range(max(into + 1, outof), min(below, last + _BELOW + 1))]
    elsewhere_too = {place for place, block in enumerate(blocks) if block.box and block.box.names in places}
    wanted += sorted(elsewhere_too - set(wanted))
    elsewhere = _ELSEWHERE & ~(kept[0].groups | kept[-1].groups)  # what the text itself stands in means nothing
    beside = (Inside.ASIDE | Inside.NAV | Inside.FORM) & ~(kept[0].inside | kept[-1].inside)
    cards = _cards(blocks)
    found = [blocks[place] for place in [*wanted, *sorted(cards - set(wanted))]]
    return [b for b in found if _may_sign(b, elsewhere, beside) or where[id(b)] in cards]


def _may_sign(block: Block, elsewhere: int, beside: int) -> bool:
    """Whether a block's surroundings let it sign: what is called an author's does even in a sidebar or among share buttons."""
    if block.groups & elsewhere & ~(GROUPS["share"] | GROUPS["navigation"]):
        return False
    called = block.groups & (GROUPS["author"] | GROUPS["byline"]) or (block.links and any(_is_strong_mark(link) for link in block.element.iter("a")))
    return bool(called) or not (block.groups & elsewhere or block.inside & beside)


def _cards(blocks: Sequence[Block]) -> set[int]:
    """Give the places of labels such as "Written by" that stand alone, with the two blocks below: an author's card, wherever it stands."""
    cards: set[int] = set()
    for place, block in enumerate(blocks):
        if block.words <= _LONGEST_LABEL and any(label.match(block.text) for label in (_LABEL_CARD, _LABEL_ABOUT, _LABEL_REVIEWED)):
            cards.update(range(place, min(place + 3, len(blocks))))
    return cards


def _ends(block: Block) -> bool:
    """Whether nothing below a block signs the article: a comment prompt, or a heading that is not about the author."""
    if ends_article(block.text, block.words):
        return True
    about_author = (
        block.groups & GROUPS["author"]
        or _LABEL_WROTE.match(block.text)
        or _LABEL_ABOUT.match(block.text)
        or _ABOUT.match(block.text)
        or person.parse(block.text)
    )
    return block.is_heading and not about_author and furniture(block.text, block.words) is None


def is_line(block: Block) -> bool:
    """Whether a block is short enough to be read as a line that names somebody."""
    return block.words <= LONGEST and len(block.text) <= _MOST_CHARACTERS


def _who(match: re.Match[str]) -> str:
    return next(found for found in match.groups() if found is not None)


def without_tail(text: str) -> str:
    """Cut what stands behind the names in a byline."""
    return _TAIL.sub("", text).rstrip(" ,(")


def labelled(blocks: Sequence[Block]) -> Signed:
    """Read "Written by …" in one block, or a label and the name beside it."""
    for place, block in enumerate(blocks):
        if not is_line(block):
            continue
        after = blocks[place + 1] if place + 1 < len(blocks) else None
        if _LABEL_WROTE.match(block.text) and after is not None and after.words <= _LONGEST_NAME:
            people = _with_credentials(person.split(without_tail(after.text)), blocks, place + 2)
            if people:
                return Signed(tuple(people), (block, after))
        people = _in_line(block)
        if people:
            return Signed(tuple(_with_credentials(people, blocks, place + 1)), (block,))
    return Signed()


def _in_line(block: Block) -> list[Person]:
    cells = block.text.split(" | ")
    if block.tag == "tr" and len(cells) == 2 and _LABEL_WROTE.match(cells[0]):
        return person.split(without_tail(cells[1]))
    for line in block.text.split("\n"):
        match = _BYLINE.match(line)
        people = person.split(without_tail(_who(match))) if match else []
        if people:
            return people
    if people := _beside_date(block):
        return people
    match = _INNER_BY.search(block.text) if block.groups & GROUPS["byline"] or block.words <= 20 else None
    return person.split(without_tail(_who(match))) if match else []


def _beside_date(block: Block) -> list[Person]:
    """Read a line of post details: "Name, MD | January 22, 2026 | 4 min read", "22.1.2026 · Name"."""
    parts = re.split(r"\s*[|•·∙⋅●‧\n]\s*|\s[-–—/]\s", block.text)
    if len(parts) == 1 and block.words <= _LONGEST_NAME:
        return _before_date(block.text)
    if not 1 < len(parts) <= 5 or not (block.groups & GROUPS["byline"] or block.words <= _LONGEST_NAME):
        return []
    dated = [without_tail(f" {part}").strip() == "" for part in parts]
    names = [[one for one in person.split(part) if person.is_likely(one)] for part, is_date in zip(parts, dated, strict=True) if not is_date]
    return names[0] if any(dated) and names else []


def _before_date(text: str) -> list[Person]:
    """Read "Name, May 5, 2026" and "Name. 5.5.2026": nothing but a name and a date."""
    name = without_tail(text)
    one = person.parse(name.rstrip(".")) if name != text and _DATED.search(text) else None
    return [one] if one and not one.role and person.is_full(one) and person.is_likely(one) else []


def _with_credentials(people: list[Person], blocks: Sequence[Block], place: int) -> list[Person]:
    """Add credentials that stand in a block of their own behind one name: <div>Dana Feldstein</div><div>PhD, RD</div>."""
    if len(people) != 1 or people[0].credentials or place >= len(blocks):
        return people
    behind = blocks[place].text
    joined = person.parse(f"{people[0].as_written}, {behind}") if len(behind) <= 30 else None
    return [joined] if joined and joined.credentials and not joined.role else people


def reviewers(blocks: Sequence[Block]) -> Signed:
    """Read "Medically reviewed by …" and "Fact checked by …": several may stand on a page."""
    people: dict[str, Person] = {}
    used: list[Block] = []
    for place, block in enumerate(blocks):
        if not is_line(block):
            continue
        found = [one for match in _REVIEW.finditer(block.text) for one in person.split(without_tail(match["who"]))]
        holders = [block]
        if not found and _LABEL_REVIEWED.match(block.text) and place + 1 < len(blocks):
            found, holders = person.split(without_tail(blocks[place + 1].text)), [block, blocks[place + 1]]
        elif not found and block.tag == "tr" and _LABEL_REVIEWED.match(block.text.split(" | ")[0]):
            found = person.split(without_tail(block.text.split(" | ")[1]))
        people |= {one.name: one for one in found if one.name not in people}
        used += holders if found else []
    return Signed(tuple(people.values()), tuple(used))


def marked(blocks: Sequence[Block]) -> Signed:
    """Read the elements that are marked as the author's: rel=author, itemprop=author, a class such as "byline"."""
    for block in blocks:
        if not is_line(block) or block.box is None or is_quoted(block.box):
            continue
        if any(_is_mark(box.element) for box in _around(block.box)) and block.words <= _LONGEST_NAME:
            people = [one for one in person.split(without_tail(_without_by(block.text))) if person.is_likely(one)]
            if people:
                return Signed(tuple(people), (block,))
        alone = len(text_of(block.element)) <= 2 * len(block.text) + 20  # else the element holds other blocks, too
        people = _inside(block.element) if alone else []
        if people:
            return Signed(tuple(people), (block,) if block.words <= _LONGEST_NAME else ())
    return Signed()


def _around(box: Box) -> Iterator[Box]:
    yield box
    for _ in range(2):
        if box.parent is None:
            return
        box = box.parent
        yield box


def is_quoted(box: Box) -> bool:
    """Whether it stands in a testimonial or a card of the staff."""
    return any(_QUOTED.search(one.names) for one in _around(box) if one.names)


def _inside(element: lxml.etree._Element) -> list[Person]:
    found: list[Person] = []
    for inner in element.iter("a", "span", "strong", "b", "em", "i", "address", "cite", "small"):
        if _is_mark(inner):
            people = person.split(without_tail(_without_by(" ".join(text_of(inner).split())[:200])))
            found += [one for one in people if _is_strong_mark(inner) or person.is_likely(one)]
    return list({one.name: one for one in reversed(found)}.values())[::-1]


def _is_mark(element: lxml.etree._Element) -> bool:
    attributes = element.attrib
    if _is_strong_mark(element):
        return True
    if element.tag == "a" and _MARKED_LINK.search(attributes.get("href", "")):
        return True
    return any(_MARK.search(name) and not _NOT_A_MARK.search(name) for name in attributes.get("class", "").split())


def _is_strong_mark(element: lxml.etree._Element) -> bool:
    return "author" in element.get("rel", "").split() or element.get("itemprop") == "author"


def dated(blocks: Sequence[Block], kept: Sequence[Block]) -> Signed:
    """Read a name that stands alone beside a date above the text."""
    first = blocks.index(kept[0]) if kept and kept[0] in blocks else len(blocks)
    for place, block in enumerate(blocks[: first + 1]):
        beside = [blocks[other].text for other in (place - 1, place + 1) if 0 <= other < len(blocks)]
        if block.words > _MOST_NAME_WORDS or not any(text and not without_tail(f" {text}").strip() for text in beside):
            continue
        one = person.parse(block.text)
        if one and not one.role and person.is_full(one) and person.is_likely(one):
            return Signed((one,), (block,))
    return Signed()


def _without_by(text: str) -> str:
    text = _GLUED_BY.sub("", text)
    match = _BYLINE.match(text)
    return _who(match) if match else text


def boxed(blocks: Sequence[Block]) -> Signed:
    """Read the box about the author: the name under "About the author", or the heading of an author box."""
    for place, block in enumerate(blocks):
        if _LABEL_ABOUT.match(block.text):
            for after in blocks[place + 1 : place + 3]:
                people = person.split(without_tail(after.text)) if after.words <= _LONGEST_NAME else []
                if people:
                    return Signed(tuple(people[:1]), ())
        in_box = block.groups & GROUPS["author"] and block.words <= _LONGEST_NAME and not (block.box and is_quoted(block.box))
        match = _ABOUT.match(block.text) if block.words <= _LONGEST_NAME else None
        one = person.parse(without_tail(match["who"] if match else _without_by(block.text))) if in_box or match else None
        if one and person.is_likely(one):
            return Signed((one,), ())
    return Signed()
