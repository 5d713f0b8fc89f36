"""A page as a flat list of blocks: the runs of text between two block-level tags, in reading order.

A block knows the box it stood in: its element, what that is inside of, which groups of class names surround it,
so that later stages decide about text and never walk the tree again.
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from typing import Final

import lxml.etree

from .characters import census, count_words
from .document import Document, text_of

__all__ = ["GROUPS", "Block", "Box", "Inside", "Segments", "inside_of", "plain", "segment", "words_in"]

_SKIPPED = frozenset(
    (
        "script style noscript template head svg iframe object embed select option optgroup canvas video audio map math textarea "
        "input datalist fencedframe"
    ).split()
)
_INLINE = frozenset(
    (
        "a abbr acronym b bdi bdo big cite code data del dfn em font i img ins kbd label mark nobr output picture q rb rp rt ruby "
        "s samp small source span strike strong sub sup time tt u var wbr"
    ).split()
)
_CELLS = ("td", "th")
_NOT_IN_A_DATA_ROW = frozenset("table ul ol dl div h1 h2 h3 h4 h5 h6 section article form blockquote".split())
LONGEST_HEADING = 25  # words; set by hand: longer ones were footnotes and paragraphs dressed as headings
_LONGEST_CELL = 60  # words; longer cells are page layout
_SHELL = 60  # words; a page with fewer beside its scripts may have its text in <noscript>
_NOT_WORD = re.compile(r"\W+")


class Inside:
    """Bits: the kinds of element a block stands in."""

    ARTICLE: Final = 1 << 0
    MAIN: Final = 1 << 1
    HEADER: Final = 1 << 2
    FOOTER: Final = 1 << 3
    NAV: Final = 1 << 4
    ASIDE: Final = 1 << 5
    FORM: Final = 1 << 6
    LIST: Final = 1 << 7
    ITEM: Final = 1 << 8
    TABLE: Final = 1 << 9
    QUOTE: Final = 1 << 10
    FIGURE: Final = 1 << 11
    BODY: Final = 1 << 12  # itemprop=articleBody
    HIDDEN: Final = 1 << 13
    BUTTON: Final = 1 << 14
    SECTION: Final = 1 << 15
    DETAILS: Final = 1 << 16
    PRE: Final = 1 << 17
    DEFINITIONS: Final = 1 << 18


_TAG_BITS = {
    "article": Inside.ARTICLE, "main": Inside.MAIN, "header": Inside.HEADER, "footer": Inside.FOOTER, "nav": Inside.NAV,
    "menu": Inside.NAV, "aside": Inside.ASIDE, "form": Inside.FORM, "ul": Inside.LIST, "ol": Inside.LIST, "li": Inside.ITEM,
    "table": Inside.TABLE, "blockquote": Inside.QUOTE, "figure": Inside.FIGURE, "button": Inside.BUTTON,
    "section": Inside.SECTION, "details": Inside.DETAILS, "pre": Inside.PRE, "dl": Inside.DEFINITIONS,
}  # fmt: skip
_ROLE_BITS = {"main": Inside.MAIN, "article": Inside.ARTICLE, "navigation": Inside.NAV, "banner": Inside.HEADER,
              "contentinfo": Inside.FOOTER, "complementary": Inside.ASIDE, "search": Inside.FORM, "dialog": Inside.HIDDEN}  # fmt: skip

# Groups of words in class and id attributes, by the part of a page they are used for. Collected from the markup of
# WordPress core and its common themes and builders, Drupal, Joomla, Blogger, Wix, Squarespace, Bootstrap and Tailwind.
# "a-b" is two words that follow each other.
_GROUP_WORDS = {
    "comments": "comment comments commentlist commentform respond reply disqus discussion livefyre kommentare",
    "navigation": "nav navbar navigation menu menus submenu breadcrumb breadcrumbs pagination pager toolbar skip-link toc table-of topbar",
    "footer": "footer foot colophon copyright site-info bottombar bottom-bar legal",
    "sidebar": "sidebar side-bar aside widget-area widget rail",
    "share": "share sharing social socials addtoany sharedaddy sharethis addthis follow-us sharebar",
    "related": "related relatedposts recommend recommended recommendations also-like you-may read-next similar yarpp more-posts more-articles "
               "popular latest recent recent-posts trending teaser teasers outbrain taboola",
    "author": "author-box author-bio author-info author-card author-desc author-description about-author the-author saboxplugin bio-box biobox abh",
    "byline": "byline author posted-on posted-by post-meta postmeta entry-meta meta-info metadata meta-data post-date post-info published dateline "
              "written-by entry-footer entry-utility reviewed",
    "signup": "newsletter subscribe subscription subscribers signup sign-up optin opt-in mailchimp login log-in paywall popup modal overlay",
    "call": "cta call-to appointment appointments book-now booking-now book-btn schedule",
    "hours": "office-hours opening hours business-hours openinghours",
    "cookie": "cookie cookies consent gdpr",
    "ad": "ad ads advert adverts advertisement sponsor sponsored promo promotion adsense",
    "caption": "caption gallery slider carousel slideshow",
    "content": "entry-content entrycontent post-content postcontent article-body articlebody article-content article-text post-body postbody "
               "story-body storybody main-content maincontent page-content blog-content single-content rich-text richtext prose",
}  # fmt: skip
GROUPS: Final = {name: 1 << place for place, name in enumerate(_GROUP_WORDS)}
_GROUP_OF = {
    word: sum(GROUPS[name] for name, words in _GROUP_WORDS.items() if word in words.split()) for word in " ".join(_GROUP_WORDS.values()).split()
}
_CLASS_WORD = re.compile(r"[A-Z]?[a-z]+|[A-Z]+")


@dataclass(slots=True, eq=False)
class Box:
    """A block-level element, open or closed. Boxes are numbered in the order they open: a parent before its children."""

    number: int
    parent: Box | None
    element: lxml.etree._Element
    tag: str
    depth: int
    names: str  # its class and id
    inside: int  # Inside bits of itself and all its ancestors
    groups: int  # GROUPS bits of itself and all its ancestors
    own: int  # GROUPS bits of itself, or of the nearest ancestor where it is a paragraph, item, cell or heading
    shape: tuple[str, str, str]  # the parent's tag, its tag, its class: what repeats in lists


@dataclass(slots=True, eq=False)
class Block:
    """One run of text. Filled by `segment`, read-only afterwards."""

    text: str  # white space folded; single <br> kept as newline
    tag: str  # nearest block-level element: "p", "li", "h2", "td", "tr" (a whole data row), "div", ...
    element: lxml.etree._Element  # that element
    words: int
    link_chars: int  # characters of the text inside links
    inside: int  # Inside bits of all ancestors
    groups: int  # GROUPS bits of all ancestors
    starts_item: bool = False  # first block of its list item
    links: int = 0  # number of links in it
    broken: bool = False  # ended by <br>, not by its element
    box: Box | None = None  # None in a plain text

    @property
    def link_density(self) -> float:
        """Share of the characters inside links, 0 to 1."""
        return min(1.0, self.link_chars / len(self.text))

    @property
    def is_heading(self) -> bool:
        """Whether it stands in <h1> to <h6> and is short enough to be one: some sites set footnotes in <h6>."""
        return len(self.tag) == 2 and self.tag[0] == "h" and self.tag[1] in "123456" and self.words <= LONGEST_HEADING


@dataclass(frozen=True, slots=True)
class Segments:
    """A segmented page."""

    blocks: list[Block]
    boxes: list[Box]

    @property
    def depth(self) -> int:
        """How deep the boxes are nested."""
        return max((box.depth for box in self.boxes), default=0)


def inside_of(block: Block, element: lxml.etree._Element) -> bool:
    """Tell whether a block stands in an element or is all of it."""
    box = block.box
    while box is not None:
        if box.element is element:
            return True
        box = box.parent
    return block.element is element or element in block.element.iterancestors()


def plain(text: str) -> str:
    """Fold a text for comparing: blind to case, white space and punctuation."""
    return _NOT_WORD.sub(" ", text.casefold()).strip()


def words_in(text: str) -> int:
    """Count words: runs of letters and digits, CJK characters one by one."""
    return count_words(text)


def segment(document: Document) -> Segments:
    """Cut a document into blocks, in reading order.

    A page that is written by scripts, and has its text for readers without them in <noscript>, is read as those see it.
    """
    body = document.root.find(".//body")
    start = body if body is not None else document.root
    seen = _walked(start, _SKIPPED)
    if sum(block.words for block in seen.blocks) >= _SHELL or start.find(".//noscript") is None:
        return seen
    unscripted = _walked(start, _SKIPPED - {"noscript"})
    return unscripted if sum(block.words for block in unscripted.blocks) >= 2 * _SHELL else seen


def _walked(start: lxml.etree._Element, skipped: frozenset[str]) -> Segments:
    walk = _Walk(skipped)
    walk.element(start)
    return Segments(walk.counted(), walk.boxes)


_LEAVES = frozenset("p li h1 h2 h3 h4 h5 h6 td th tr ul ol tbody dd dt".split())  # take the group of what holds them


class _Walk:
    """One depth-first walk with an explicit stack: a page may nest deeper than Python recurses."""

    def __init__(self, skipped: frozenset[str]) -> None:
        self.boxes: list[Box] = []
        self._skipped = skipped
        self._blocks: list[Block] = []
        self._pieces: list[str] = []
        self._link_chars = 0
        self._links = 0
        self._groups: dict[str, int] = {}  # class and id -> groups, for this page
        self._item: lxml.etree._Element | None = None  # list item waiting for its first block

    def counted(self) -> list[Block]:
        """Give the blocks that hold words, their words counted."""
        counts = census([block.text for block in self._blocks]).words.tolist()
        for block, count in zip(self._blocks, counts, strict=True):
            block.words = count
        return [block for block in self._blocks if block.words]

    def element(self, body: lxml.etree._Element) -> None:
        box = self._box(body, "body", None)
        stack: list[tuple[lxml.etree._Element, Box, bool, bool]] = [(body, box, False, False)]
        while stack:
            node, box, linked, closing = stack.pop()
            if closing:
                self._close(node, box, linked, body)
                continue
            tag = node.tag
            if not isinstance(tag, str) or tag in self._skipped:
                self._take(node.tail, linked)
                continue
            if tag == "br":
                self._break(box)
                self._take(node.tail, linked)
                continue
            inner_linked = linked
            inner = box
            if tag in _INLINE:
                if tag == "a" and node.get("href") is not None:
                    inner_linked = True
                    self._links += 1
            elif node is not body:
                self._flush(box)
                inner = self._box(node, tag, box)
                if tag == "li":
                    self._item = node
                elif tag == "tr" and self._data_row(node, inner):
                    self._take(node.tail, linked)
                    continue
            self._take(node.text, inner_linked)
            stack.append((node, inner, linked, True))
            if len(node):
                stack.extend([(child, inner, inner_linked, False) for child in reversed(node)])

    def _close(self, node: lxml.etree._Element, box: Box, linked: bool, body: lxml.etree._Element) -> None:
        if node.tag not in _INLINE or node is body:
            self._flush(box)
        if node is not body:
            self._take(node.tail, linked)

    def _box(self, node: lxml.etree._Element, tag: str, outer: Box | None) -> Box:
        attributes = node.attrib
        names, own = "", 0
        inside = _TAG_BITS.get(tag, 0)
        classes = ""
        if attributes:
            inside |= _attribute_bits(attributes)
            classes = attributes.get("class", "")
            names = f"{classes} {attributes.get('id', '')}" if classes or "id" in attributes else ""
            if names:
                if names not in self._groups:
                    self._groups[names] = _groups_of(names[:300])
                own = self._groups[names]
        if outer is None:
            box = Box(0, None, node, tag, 0, names, inside, own, own, ("", tag, classes))
        else:
            inherited = outer.own if not own and tag in _LEAVES else own
            box = Box(len(self.boxes), outer, node, tag, outer.depth + 1, names, inside | outer.inside, own | outer.groups, inherited,
                      (outer.tag, tag, classes))  # fmt: skip
        self.boxes.append(box)
        return box

    def _take(self, text: str | None, linked: bool) -> None:
        if text:
            self._pieces.append(text)
            if linked:
                self._link_chars += len(text.strip())

    def _break(self, box: Box) -> None:
        """A <br> is a line end; two in a row end the block."""
        if "".join(self._pieces[-1:]).strip() or not self._pieces:
            self._pieces.append(_LINE)
        elif self._pieces[-1] == _LINE or _LINE in self._pieces[-2:]:
            self._flush(box, broken=True)
        else:
            self._pieces.append(_LINE)

    def _flush(self, box: Box, *, broken: bool = False) -> None:
        if not self._pieces:
            return
        text = _folded("".join(self._pieces))
        link_chars, links = self._link_chars, self._links
        self._link_chars = self._links = 0
        self._pieces.clear()
        if text:
            self._append(Block(text, box.tag, box.element, 0, link_chars, box.inside, box.groups, False, links, broken, box))

    def _append(self, block: Block) -> None:
        if self._item is not None and block.inside & Inside.ITEM:
            block.starts_item = True
        self._item = None
        self._blocks.append(block)

    def _data_row(self, row: lxml.etree._Element, box: Box) -> bool:
        """Take a table row of short plain cells as one block; False leaves the row to the walk."""
        if len(row) < 2 or any(node.tag in _NOT_IN_A_DATA_ROW for node in row.iter()):
            return False
        cells = [_folded(text_of(cell)).replace("\n", " ") for cell in row if cell.tag in _CELLS]
        if len(cells) < 2 or any(len(cell.split()) > _LONGEST_CELL for cell in cells) or not any(cells):
            return False
        links = [text_of(link).strip() for link in row.iter("a")]
        text = " | ".join(cells)
        self._append(Block(text, "tr", row, 0, sum(map(len, links)), box.inside, box.groups, False, len(links), False, box))
        return True


_LINE = "\x00"  # stands for a <br> until the white space is folded; no decoded page holds NUL
_BROKEN = re.compile(r" ?(?:\x00 ?)+")
_INVISIBLE = dict.fromkeys(map(ord, "\u00ad\u200b\u2060\ufeff"))  # soft hyphen, zero-width space, word joiner, byte order mark


def _folded(text: str) -> str:
    text = " ".join(text.split())
    if not text.isascii():
        text = " ".join(text.translate(_INVISIBLE).split())
    if _LINE in text:
        text = _BROKEN.sub("\n", text).strip()
    return text


def _attribute_bits(attributes: lxml.etree._Attrib) -> int:
    bits = 0
    for name, value in attributes.items():
        value = str(value)
        if name == "role":
            bits |= _ROLE_BITS.get(value, 0)
        elif name == "itemprop":
            bits |= Inside.BODY if value == "articleBody" else 0
        elif name == "hidden" or (name == "style" and "display" in value and "display:none" in value.replace(" ", "").lower()):
            bits |= Inside.HIDDEN
    return bits


def _groups_of(names: str) -> int:
    groups = 0
    for name in names.split():
        before = ""
        for word in _CLASS_WORD.findall(name):
            word = word.lower()
            groups |= _GROUP_OF.get(word, 0) | _GROUP_OF.get(f"{before}-{word}", 0)
            before = word
    return groups
