"""A page as a flat list of blocks: the runs of text between two block-level tags, in reading order.

A block knows where it stood (its element, what it was inside of, which groups of class names surround it),
so that later stages decide about text and never walk the tree again.
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from typing import Final

import lxml.html

from .document import Document

__all__ = ["GROUPS", "Block", "Inside", "inside_of", "plain", "segment", "words_in"]

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
_SPACE = re.compile(r"[ \t\r\f\v\u00a0\u2002-\u200a\u202f\u3000]+")
_WORD = re.compile(r"\w+")
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


_TAG_BITS = {
    "article": Inside.ARTICLE, "main": Inside.MAIN, "header": Inside.HEADER, "footer": Inside.FOOTER, "nav": Inside.NAV,
    "menu": Inside.NAV, "aside": Inside.ASIDE, "form": Inside.FORM, "ul": Inside.LIST, "ol": Inside.LIST, "li": Inside.ITEM,
    "table": Inside.TABLE, "blockquote": Inside.QUOTE, "figure": Inside.FIGURE, "button": Inside.BUTTON,
}  # fmt: skip
_ROLE_BITS = {"main": Inside.MAIN, "article": Inside.ARTICLE, "navigation": Inside.NAV, "banner": Inside.HEADER,
              "contentinfo": Inside.FOOTER, "complementary": Inside.ASIDE, "search": Inside.FORM, "dialog": Inside.HIDDEN}  # fmt: skip

# Groups of words in class and id attributes, by the part of a page they are used for. Collected from the markup of
# WordPress core and its common themes and builders, Drupal, Joomla, Blogger, Wix, Squarespace, Bootstrap and Tailwind.
_GROUP_WORDS = {
    "comments": r"comments?(?:-|_|list|form|area|$|\s)|respond\b|reply|disqus|discussion",
    "navigation": r"\bnav|menu|breadcrumb|pagination|pager|toolbar|skip-link|toc\b|table-of-contents|tabs?-(?:nav|title)",
    "footer": r"footer|colophon|copyright|site-info|bottom-?bar|legal",
    "sidebar": r"(?<!no-)(?<!no_)(?:sidebar|side-?bar)|\baside|widget-area|\bwidget\b|rail\b",
    "share": r"share|sharing|social|addtoany|sharedaddy|follow-us",
    "related": r"related|recommend|also-?like|you-?may|read-?next|similar|yarpp|jp-relatedposts|more-?(?:posts|articles)|popular|latest|recent-?posts",
    "author": r"author-?(?:box|bio|info|card|desc)|about-?(?:the-)?author|saboxplugin|bio-?box|abh_box",
    "byline": r"byline|\bauthor\b|posted-(?:on|by)|post-?meta|entry-?meta|meta-?(?:info|data)|post-?(?:date|info)|\bpublished\b|dateline|written-by|entry-?(?:footer|utility)|reviewed",
    "signup": r"newsletter|subscri|sign-?up|opt-?in|mailchimp|mc4wp|login|log-in|paywall|popup|modal|overlay",
    "call": r"\bcta\b|call-?to-?action|appointment|book(?:ing)?-(?:now|btn|button)|schedule-",
    "hours": r"office-?hours|opening|\bhours\b|business-?hours",
    "cookie": r"cookie|consent|gdpr",
    "ad": r"\bads?\b|advert|sponsor|promo|adsense",
    "caption": r"caption|gallery|slider|carousel|slideshow",
    "content": r"entry-?content|post-?content|article-?(?:body|content|text)|post-?body|story-?body|main-?content|page-?content|post__content|blog-?content|td-post-content|single-?content|rich-?text|prose",
}
GROUPS: Final = {name: 1 << place for place, name in enumerate(_GROUP_WORDS)}
_GROUP_PATTERNS = [(1 << place, re.compile(words, re.IGNORECASE)) for place, words in enumerate(_GROUP_WORDS.values())]


@dataclass(slots=True, eq=False)
class Block:
    """One run of text. Filled by `segment`, read-only afterwards."""

    text: str  # white space folded; single <br> kept as newline
    tag: str  # nearest block-level element: "p", "li", "h2", "td", "tr" (a whole data row), "div", ...
    element: lxml.html.HtmlElement  # that element
    words: int
    link_chars: int  # characters of the text inside links
    inside: int  # Inside bits of all ancestors
    groups: int  # GROUPS bits of all ancestors
    starts_item: bool = False  # first block of its list item

    @property
    def link_density(self) -> float:
        """Share of the characters inside links, 0 to 1."""
        return min(1.0, self.link_chars / len(self.text))

    @property
    def is_heading(self) -> bool:
        """Whether it stands in <h1> to <h6> and is short enough to be one: some sites set footnotes in <h6>."""
        return len(self.tag) == 2 and self.tag[0] == "h" and self.tag[1] in "123456" and self.words <= LONGEST_HEADING


def inside_of(block: Block, element: lxml.html.HtmlElement) -> bool:
    """Tell whether a block stands in an element or is all of it."""
    return block.element is element or element in block.element.iterancestors()


def plain(text: str) -> str:
    """Fold a text for comparing: blind to case, white space and punctuation."""
    return _NOT_WORD.sub(" ", text.casefold()).strip()


def words_in(text: str) -> int:
    """Count words: runs of letters, digits and underscore."""
    return len(_WORD.findall(text))


def segment(document: Document) -> list[Block]:
    """Cut a document into blocks, in reading order."""
    body = document.root.find(".//body")
    walk = _Walk()
    walk.element(body if body is not None else document.root)
    return walk.blocks


@dataclass(slots=True)
class _Context:
    """Where the walk is: the nearest block-level element and what it is inside of."""

    element: lxml.html.HtmlElement
    tag: str
    inside: int = 0
    groups: int = 0


class _Walk:
    """One depth-first walk with an explicit stack: a page may nest deeper than Python recurses."""

    def __init__(self) -> None:
        self.blocks: list[Block] = []
        self._pieces: list[str] = []
        self._link_chars = 0
        self._groups: dict[str, int] = {}  # class and id -> groups, for this page
        self._item: lxml.html.HtmlElement | None = None  # list item waiting for its first block

    def element(self, body: lxml.html.HtmlElement) -> None:
        context = _Context(body, "body")
        stack: list[tuple[lxml.html.HtmlElement, _Context, bool, bool]] = [(body, context, False, False)]
        while stack:
            node, context, linked, closing = stack.pop()
            if closing:
                self._close(node, context, linked, body)
                continue
            tag = node.tag
            if not isinstance(tag, str) or tag in _SKIPPED:
                self._take(node.tail, linked)
                continue
            if tag == "br":
                self._break(context)
                self._take(node.tail, linked)
                continue
            inner_linked = linked or (tag == "a" and node.get("href") is not None)
            inner = context
            if tag not in _INLINE and node is not body:
                self._flush(context)
                inner = self._enter(node, tag, context)
            if tag == "tr" and self._data_row(node, inner):
                self._take(node.tail, linked)
                continue
            self._take(node.text, inner_linked)
            stack.append((node, inner, linked, True))
            stack.extend((child, inner, inner_linked, False) for child in reversed(node))

    def _close(self, node: lxml.html.HtmlElement, context: _Context, linked: bool, body: lxml.html.HtmlElement) -> None:
        if node.tag not in _INLINE or node is body:
            self._flush(context)
        if node is not body:
            self._take(node.tail, linked)

    def _enter(self, node: lxml.html.HtmlElement, tag: str, outer: _Context) -> _Context:
        inside = outer.inside | _TAG_BITS.get(tag, 0) | _attribute_bits(node)
        groups = outer.groups
        names = f"{node.get('class') or ''} {node.get('id') or ''}"
        if len(names) > 1:
            if names not in self._groups:
                self._groups[names] = _groups_of(names[:300])
            groups |= self._groups[names]
        if tag == "li":
            self._item = node
        return _Context(node, tag, inside, groups)

    def _take(self, text: str | None, linked: bool) -> None:
        if text:
            self._pieces.append(text.replace("\n", " "))
            if linked:
                self._link_chars += len(text.strip())

    def _break(self, context: _Context) -> None:
        """A <br> is a line end; two in a row end the block."""
        if "".join(self._pieces[-1:]).strip() or not self._pieces:
            self._pieces.append("\n")
        elif self._pieces[-1] == "\n" or "\n" in self._pieces[-2:]:
            self._flush(context)
        else:
            self._pieces.append("\n")

    def _flush(self, context: _Context) -> None:
        text = _folded("".join(self._pieces))
        link_chars, self._link_chars = self._link_chars, 0
        self._pieces.clear()
        words = words_in(text)
        if words:
            self._append(Block(text, context.tag, context.element, words, link_chars, context.inside, context.groups))

    def _append(self, block: Block) -> None:
        if self._item is not None and block.inside & Inside.ITEM:
            block.starts_item = True
        self._item = None
        self.blocks.append(block)

    def _data_row(self, row: lxml.html.HtmlElement, context: _Context) -> bool:
        """Take a table row of short plain cells as one block; False leaves the row to the walk."""
        if len(row) < 2 or any(node.tag in _NOT_IN_A_DATA_ROW for node in row.iter()):
            return False
        cells = [_folded(cell.text_content()).replace("\n", " ") for cell in row if cell.tag in _CELLS]
        if len(cells) < 2 or any(words_in(cell) > _LONGEST_CELL for cell in cells) or not any(cells):
            return False
        text = " | ".join(cells)
        linked = sum(len((link.text_content() or "").strip()) for link in row.iter("a"))
        words = words_in(text)
        if words:
            self._append(Block(text, "tr", row, words, linked, context.inside, context.groups))
        return True


def _folded(text: str) -> str:
    lines = (_SPACE.sub(" ", line).strip() for line in text.split("\n"))
    return "\n".join(line for line in lines if line)


def _attribute_bits(node: lxml.html.HtmlElement) -> int:
    attributes = node.attrib
    if not attributes:
        return 0
    bits = _ROLE_BITS.get(attributes.get("role", ""), 0)
    if attributes.get("itemprop") == "articleBody":
        bits |= Inside.BODY
    style = attributes.get("style")
    if "hidden" in attributes or (style and "display:none" in style.replace(" ", "").lower()):
        bits |= Inside.HIDDEN
    return bits


def _groups_of(names: str) -> int:
    groups = 0
    for bit, pattern in _GROUP_PATTERNS:
        if pattern.search(names):
            groups |= bit
    return groups
