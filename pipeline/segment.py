"""Split a parsed page into blocks: one depth-first walk over its tree."""

from __future__ import annotations

import lxml.etree

from .blocks import Block, Box, Inside, Picture, Segments, groups_of
from .characters import census
from .hidden import is_hidden, is_permalink, rules_that_hide
from .inline import LINE, Piece, cell_pieces, text_of_pieces
from .parsed_page import ParsedPage, text_of

__all__ = ["segment"]

_SKIPPED = frozenset(
    (
        "script style noscript template head svg iframe object embed select option optgroup "
        "canvas video audio map textarea annotation annotation-xml "
        "input datalist fencedframe"
    ).split()
)
_INLINE = frozenset(
    (
        "a abbr acronym b bdi bdo big cite code data del dfn em font i img ins kbd label mark "
        "math mfenced mfrac mi mn mo mover mpadded mroot mrow ms mspace msqrt mstyle msub msubsup "
        "msup mtable "
        "mtd mtext mtr munder munderover semantics "
        "nobr output picture q rb rp rt ruby "
        "s samp small source span strike strong sub sup time tt u var wbr"
    ).split()
)
_CELLS = ("td", "th")
_NOT_IN_A_DATA_ROW = frozenset("table ul ol dl div h1 h2 h3 h4 h5 h6 section article form blockquote".split())
_LONGEST_CELL = 60  # words; longer cells are page layout; chosen by hand
# words; a page with fewer outside its scripts may have its text in <noscript> (docs/measurements.md,
# noscript)
_SHELL = 60
_TAG_BITS = {
    "article": Inside.ARTICLE, "main": Inside.MAIN, "header": Inside.HEADER, "footer": Inside.FOOTER,
    "nav": Inside.NAV, "menu": Inside.NAV, "aside": Inside.ASIDE, "form": Inside.FORM,
    "ul": Inside.LIST, "ol": Inside.LIST, "li": Inside.ITEM,
    "table": Inside.TABLE, "blockquote": Inside.QUOTE, "figure": Inside.FIGURE, "button": Inside.BUTTON,
    "section": Inside.SECTION, "details": Inside.DETAILS, "pre": Inside.PRE, "dl": Inside.DEFINITIONS,
}  # fmt: skip
_ROLE_BITS = {
    "main": Inside.MAIN, "article": Inside.ARTICLE, "navigation": Inside.NAV, "banner": Inside.HEADER,
    "contentinfo": Inside.FOOTER, "complementary": Inside.ASIDE, "search": Inside.FORM,
    "dialog": Inside.HIDDEN,
}  # fmt: skip


def segment(parsed_page: ParsedPage) -> Segments:
    """Split a document into blocks, in reading order.

    If scripts write the page and <noscript> holds its text, the page is segmented as a browser without
    scripts shows it.
    """
    body = parsed_page.root.find(".//body")
    start = body if body is not None else parsed_page.root
    seen = _walked(start, _SKIPPED)
    if sum(block.words for block in seen.blocks) >= _SHELL or start.find(".//noscript") is None:
        return seen
    unscripted = _walked(start, _SKIPPED - {"noscript"})
    return unscripted if sum(block.words for block in unscripted.blocks) >= 2 * _SHELL else seen


def _walked(start: lxml.etree._Element, skipped: frozenset[str]) -> Segments:
    walk = _Walk(skipped, rules_that_hide(start.getroottree().getroot()))
    walk.element(start)
    return walk.segments()


# elements without groups of their own that take those of their parent
_LEAVES = frozenset("p li h1 h2 h3 h4 h5 h6 td th tr ul ol tbody dd dt".split())
_HEADINGS = frozenset("h1 h2 h3 h4 h5 h6".split())
# inline elements whose marks are kept for rendering; a block that begins inside them begins with them
_FORMATTING = frozenset("a b strong em i code kbd samp q cite s del ins mark sub u".split())
_NOT_CONTENT = Inside.NAV | Inside.FOOTER | Inside.FORM | Inside.ASIDE


class _Walk:
    """One depth-first walk with an explicit stack: a page may nest deeper than Python's recursion limit."""

    def __init__(self, skipped: frozenset[str], hides: frozenset[str]) -> None:
        self.boxes: list[Box] = []
        self._skipped = skipped
        self._hides = hides  # class names that the page's own style hides
        self._blocks: list[Block] = []
        self._pictures: list[Picture] = []
        self._pieces: list[Piece] = []
        self._open: list[lxml.etree._Element] = []  # formatting elements around the next piece
        self._link_chars = 0
        self._links = 0
        self._groups: dict[str, int] = {}  # class and id -> GROUPS bits, for this page
        self._panels: set[str] = set()  # ids that a button shows and hides
        self._item: lxml.etree._Element | None = None  # list item waiting for its first block

    def segments(self) -> Segments:
        """Count the words of every block; leave out the blocks that have none."""
        counts = census([block.text for block in self._blocks]).words.tolist()
        kept: list[Block] = []
        places = []  # position among all blocks -> position among those that are kept
        for block, count in zip(self._blocks, counts, strict=True):
            places.append(len(kept))
            block.words = count
            if count:
                kept.append(block)
        places.append(len(kept))
        pictures = [Picture(p.element, p.box, places[p.place]) for p in self._pictures]
        return Segments(kept, self.boxes, pictures)

    def element(self, body: lxml.etree._Element) -> None:
        box = self._box(body, "body", None)
        stack: list[tuple[lxml.etree._Element, Box, bool, bool]] = [(body, box, False, False)]
        while stack:
            node, box, linked, closing = stack.pop()
            if closing:
                self._close(node, box, linked, body)
                continue
            tag = node.tag
            if self._is_skipped(node):
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
                self._open_inline(node, tag, box)
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

    def _is_skipped(self, node: lxml.etree._Element) -> bool:
        """Whether nothing in a node is shown."""
        tag = node.tag
        if not isinstance(tag, str) or (tag in self._skipped and not _is_shadow(node)):
            return True
        inline = tag in _INLINE and bool(node.attrib)
        return inline and (is_hidden(node, self._hides) or is_permalink(node))

    def _open_inline(self, node: lxml.etree._Element, tag: str, box: Box) -> None:
        if tag == "img":
            self._pictures.append(Picture(node, box, len(self._blocks)))
        self._pieces.append((node, True))
        if tag in _FORMATTING:
            self._open.append(node)

    def _close(self, node: lxml.etree._Element, box: Box, linked: bool, body: lxml.etree._Element) -> None:
        if node.tag not in _INLINE or node is body:
            self._flush(box)
        else:
            self._pieces.append((node, False))
            if self._open and self._open[-1] is node:
                self._open.pop()
        if node is not body:
            self._take(node.tail, linked)

    def _box(self, node: lxml.etree._Element, tag: str, outer: Box | None) -> Box:
        attributes = node.attrib
        names, own = "", 0
        inside = _TAG_BITS.get(tag, 0)
        classes = ""
        around = outer.inside if outer is not None else 0
        if attributes:
            inside |= _attribute_bits(attributes)
            classes = attributes.get("class", "")
            names = f"{classes} {attributes.get('id', '')}" if classes or "id" in attributes else ""
            if names:
                if names not in self._groups:
                    self._groups[names] = groups_of(names[:300])
                own = self._groups[names]
            if attributes.get("id") in self._panels:
                inside = inside & ~Inside.HIDDEN | Inside.DETAILS
        if outer is not None and outer.tag in _HEADINGS:
            tag, inside = outer.tag, inside & ~Inside.BUTTON  # a button inside a heading is that heading
            self._panels.update(_controlled(attributes))
        elif attributes and not around & _NOT_CONTENT and _is_toggle(tag, attributes):
            tag, inside = "summary", inside & ~Inside.BUTTON | Inside.DETAILS
            self._panels.update(_controlled(attributes))
        if outer is None:
            box = Box(0, None, node, tag, 0, names, inside, own, own, ("", tag, classes))
        else:
            inherited = outer.own if not own and tag in _LEAVES else own
            box = Box(
                len(self.boxes), outer, node, tag, outer.depth + 1, names, inside | outer.inside,
                own | outer.groups, inherited, (outer.tag, tag, classes),
            )  # fmt: skip
        self.boxes.append(box)
        return box

    def _take(self, text: str | None, linked: bool) -> None:
        if text:
            self._pieces.append(text)
            if linked:
                self._link_chars += len(text.strip())

    def _break(self, box: Box) -> None:
        """Handle a <br>: one ends the line, two in a row end the block."""
        texts = (piece for piece in reversed(self._pieces) if isinstance(piece, str) and piece.strip())
        if next(texts, "") == LINE:
            self._flush(box, broken=True)
        else:
            self._pieces.append(LINE)

    def _flush(self, box: Box, *, broken: bool = False) -> None:
        if not self._pieces:
            return
        some = any(isinstance(piece, str) and not piece.isspace() for piece in self._pieces)
        text = text_of_pieces(self._pieces) if some else ""
        if text:
            self._append(
                Block(
                    text, box.tag, box.element, 0, self._link_chars, box.inside, box.groups, False,
                    self._links, broken, box, tuple(self._pieces),
                )
            )  # fmt: skip
        self._link_chars = self._links = 0
        self._pieces = [(node, True) for node in self._open]

    def _append(self, block: Block) -> None:
        if self._item is not None and block.inside & Inside.ITEM:
            block.starts_item = True
        self._item = None
        self._blocks.append(block)

    def _data_row(self, row: lxml.etree._Element, box: Box) -> bool:
        """Append a table row of short plain cells as one block; False if the row is left to the walk."""
        if len(row) < 2 or any(node.tag in _NOT_IN_A_DATA_ROW for node in row.iter()):
            return False
        cells = [_cell(cell) for cell in row if cell.tag in _CELLS]
        if len(cells) < 2 or any(len(cell.split()) > _LONGEST_CELL for cell in cells) or not any(cells):
            return False
        links = [text_of(link).strip() for link in row.iter("a")]
        self._append(
            Block(
                " | ".join(cells), "tr", row, 0, sum(map(len, links)), box.inside, box.groups, False,
                len(links), False, box,
            )
        )  # fmt: skip
        return True


def _cell(cell: lxml.etree._Element) -> str:
    return text_of_pieces(cell_pieces(cell)).replace("\n", " ")


def _is_shadow(node: lxml.etree._Element) -> bool:
    """Whether a <template> is a declarative shadow root, which browsers show."""
    return node.tag == "template" and ("shadowrootmode" in node.attrib or "shadowroot" in node.attrib)


def _is_toggle(tag: str, attributes: lxml.etree._Attrib) -> bool:
    """Whether an element shows and hides a panel of text, as the questions of an accordion do."""
    if tag == "summary":
        return True
    plays = attributes.get("role", "") if tag != "button" else "button"
    shows = "aria-expanded" in attributes or any(
        attributes.get(name) in ("collapse", "accordion") for name in ("data-toggle", "data-bs-toggle")
    )
    return shows and plays in ("button", "tab", "")


def _controlled(attributes: lxml.etree._Attrib) -> list[str]:
    names = ("aria-controls", "data-target", "data-bs-target", "href")
    return [value.lstrip("#") for name in names if (value := str(attributes.get(name, "")))]


def _attribute_bits(attributes: lxml.etree._Attrib) -> int:
    bits = 0
    for name, value in attributes.items():
        value = str(value)
        if name == "role":
            bits |= _ROLE_BITS.get(value, 0)
        elif name == "itemprop":
            bits |= Inside.BODY if value == "articleBody" else 0
        elif name == "hidden" or (
            name == "style" and "display" in value and "display:none" in value.replace(" ", "").lower()
        ):
            bits |= Inside.HIDDEN
    return bits
