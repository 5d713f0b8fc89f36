"""A page as a flat list of blocks: the runs of text between two block-level tags, in reading order.

A block knows the box it stood in: its element, which kinds of element surround it, and which groups of class
names. Later stages therefore decide about blocks and never walk the tree again.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field
from typing import Final

import lxml.etree

from .characters import count_words
from .inline import Piece, runs_of

__all__ = [
    "GROUPS",
    "Block",
    "Box",
    "Inside",
    "Picture",
    "Segments",
    "groups_of",
    "inside_of",
    "lines_of",
    "plain",
    "words_in",
]

LONGEST_HEADING = 25  # words; chosen by hand: longer ones were footnotes and paragraphs marked up as headings
LONGEST_SPACELESS = 60  # characters of a heading in Chinese, Japanese or Thai; chosen by hand
_NOT_WORD = re.compile(r"\W+")


class Inside:
    """Bits for the kinds of element that a block stands in."""

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


# Groups of words in class and id attributes, by the part of a page they are used for. Collected from the
# markup of WordPress core and its common themes and builders, Drupal, Joomla, Blogger, Wix, Squarespace,
# Bootstrap and Tailwind. "a-b" means two words that follow each other.
_GROUP_WORDS = {
    "comments": "comment comments commentlist commentform respond reply disqus discussion "
                "livefyre kommentare",
    "navigation": "nav navbar navigation menu menus submenu breadcrumb breadcrumbs pagination "
                  "pager toolbar skip-link toc table-of topbar",
    "footer": "footer foot colophon copyright site-info bottombar bottom-bar legal",
    "sidebar": "sidebar side-bar aside widget-area widget rail",
    "share": "share sharing social socials addtoany sharedaddy sharethis addthis follow-us sharebar",
    "related": "related relatedposts recommend recommended recommendations also-like you-may "
               "read-next similar yarpp more-posts more-articles "
               "popular latest recent recent-posts trending teaser teasers outbrain taboola",
    "author": "author-box author-bio author-info author-card author-desc author-description "
              "about-author the-author saboxplugin bio-box biobox abh",
    "byline": "byline author posted-on posted-by post-meta postmeta entry-meta meta-info "
              "metadata meta-data post-date post-info published dateline "
              "written-by entry-footer entry-utility reviewed",
    "signup": "newsletter subscribe subscription subscribers signup sign-up optin opt-in "
              "mailchimp login log-in paywall popup modal overlay",
    "call": "cta call-to appointment appointments book-now booking-now book-btn schedule",
    "hours": "office-hours opening hours business-hours openinghours",
    "cookie": "cookie cookies consent gdpr",
    "ad": "ad ads advert adverts advertisement sponsor sponsored promo promotion adsense",
    "caption": "caption gallery slider carousel slideshow",
    "content": "entry-content entrycontent post-content postcontent article-body articlebody "
               "article-content article-text post-body postbody "
               "story-body storybody main-content maincontent page-content blog-content "
               "single-content rich-text richtext prose",
}  # fmt: skip
GROUPS: Final = {name: 1 << position for position, name in enumerate(_GROUP_WORDS)}
_GROUP_OF = {
    word: sum(GROUPS[name] for name, words in _GROUP_WORDS.items() if word in words.split())
    for word in " ".join(_GROUP_WORDS.values()).split()
}
_CLASS_WORD = re.compile(r"[A-Z]?[a-z]+|[A-Z]+")


@dataclass(slots=True, eq=False)
class Box:
    """A block-level element. Boxes are numbered in the order they open: a parent before its children."""

    number: int
    parent: Box | None
    element: lxml.etree._Element
    tag: str
    depth: int
    names: str  # its class and id
    inside: int  # Inside bits of itself and all its ancestors
    groups: int  # GROUPS bits of itself and all its ancestors
    # GROUPS bits of itself; a paragraph, item, cell or heading without any takes its parent's
    own: int
    shape: tuple[str, str, str]  # the parent's tag, its own tag, its class: the same for entries of a list


@dataclass(slots=True, eq=False)
class Block:
    """One run of text. Filled by `segment`; read-only afterwards."""

    text: str  # white space folded; a single <br> is kept as a newline
    tag: str  # of the nearest block-level element: "p", "li", "h2", "td", "tr" (a whole data row), "div", …
    element: lxml.etree._Element  # the nearest block-level element
    words: int  # number of words
    link_chars: int  # characters of the text inside links
    inside: int  # Inside bits of all ancestors
    groups: int  # GROUPS bits of all ancestors
    starts_item: bool = False  # first block of its list item
    links: int = 0  # number of links in it
    broken: bool = False  # ended by <br> and not by its element
    box: Box | None = None  # None for a block of a plain text
    pieces: Sequence[Piece] = ()  # its text runs and inline elements; () for a table row or a plain text

    @property
    def link_density(self) -> float:
        """Return the share of the characters inside links, 0 to 1."""
        return min(1.0, self.link_chars / len(self.text))

    @property
    def is_heading(self) -> bool:
        """Whether the block is in <h1> to <h6> and short enough: some sites put footnotes in <h6>."""
        return (
            self.tag == "summary" or (len(self.tag) == 2 and self.tag[0] == "h" and self.tag[1] in "123456")
        ) and (self.words <= LONGEST_HEADING or _is_spaceless(self.text, self.words))

    @property
    def runs(self) -> tuple[str, ...]:
        """Return the texts of the elements that touch each other; the block's text alone if none do."""
        runs = runs_of(self.pieces) if self.pieces else ()
        return runs if len(runs) > 1 else (self.text,)


@dataclass(frozen=True, slots=True, eq=False)
class Picture:
    """An <img> and where it stands."""

    element: lxml.etree._Element
    box: Box
    place: int  # index of the block that follows it or that it stands in


@dataclass(frozen=True, slots=True)
class Segments:
    """A segmented page: its blocks in reading order and its boxes."""

    blocks: list[Block]
    boxes: list[Box]
    pictures: list[Picture] = field(default_factory=list)

    @property
    def depth(self) -> int:
        """Return how deep the boxes are nested; 0 if there are none."""
        return max((box.depth for box in self.boxes), default=0)


def _is_spaceless(text: str, words: int) -> bool:
    """Whether a text is a short one in a script without spaces, where every character counts as a word."""
    return words > len(text) / 2 and len(text) <= LONGEST_SPACELESS


def inside_of(block: Block, element: lxml.etree._Element) -> bool:
    """Whether a block stands in an element or is the whole of it."""
    box = block.box
    while box is not None:
        if box.element is element:
            return True
        box = box.parent
    return block.element is element or element in block.element.iterancestors()


def boxes_around(block: Block) -> Iterator[Box]:
    """Yield the boxes that a block stands in, its own first."""
    box = block.box
    while box is not None:
        yield box
        box = box.parent


def lines_of(block: Block) -> list[str]:
    """Return the lines of a block: what a <br> or only the style sheet separates."""
    return [line for run in block.runs for line in run.split("\n") if line]


def plain(text: str) -> str:
    """Return a text without differences of case, white space and punctuation, for comparison."""
    return _NOT_WORD.sub(" ", text.casefold()).strip()


def words_in(text: str) -> int:
    """Count words: runs of letters and digits; each CJK character counts as one word."""
    return count_words(text)


def groups_of(names: str) -> int:
    """Return the GROUPS bits of the words in a class and id attribute."""
    groups = 0
    for name in names.split():
        before = ""
        for word in _CLASS_WORD.findall(name):
            word = word.lower()
            groups |= _GROUP_OF.get(word, 0) | _GROUP_OF.get(f"{before}-{word}", 0)
            before = word
    return groups
