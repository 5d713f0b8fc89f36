"""The kept blocks as HTML in the shape of the page: nested lists, tables, quotations, definitions."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from html import escape

import lxml.etree

from .blocks import Block, Box, Picture, boxes_around
from .inline import cell_pieces
from .inline_markup import markup, picture
from .parsed_page import text_of

__all__ = ["markup_of"]

_STRUCTURE = frozenset("ul ol li table tr td th blockquote dl dt dd".split())
# elements whose own text stands in them without a paragraph
_HOLDS_TEXT = frozenset("li td th dt dd".split())
_LAYOUT_CELL = 120  # words of a cell or item from which its table or list is page layout; chosen by hand
_CELLS = frozenset("td th li dd".split())
_HOLDERS = frozenset("table ul ol dl".split())
_HEADINGS = frozenset("h1 h2 h3 h4 h5 h6".split())


def markup_of(blocks: Sequence[Block], pictures: Sequence[Picture], url: str) -> str:
    """Return the blocks as HTML, with the pictures that stand between them."""
    return "".join(_Shaper(blocks, url).pieces(pictures))


class _Shaper:
    """Opens and closes the elements around each block as the page does."""

    def __init__(self, blocks: Sequence[Block], url: str) -> None:
        self._blocks, self._url = blocks, url
        self._layout = _layout(blocks)
        self._open: list[Box] = []
        self._level = 1  # of the last heading

    def pieces(self, pictures: Sequence[Picture]) -> Iterator[str]:
        """Yield the HTML of the blocks in order."""
        inside = {
            id(piece[0]) for block in self._blocks for piece in block.pieces if not isinstance(piece, str)
        }
        waiting = [one for one in pictures if id(one.element) not in inside]
        for position, block in enumerate(self._blocks):
            while waiting and waiting[0].place <= position:
                yield from self._picture(waiting.pop(0))
            path = self._path(block.box)
            path = path[:-1] if block.tag == "tr" else path
            yield from self._moved(path)
            yield from self._block(block, path)
        for one in waiting:
            yield from self._picture(one)
        yield from self._moved([])

    def _picture(self, one: Picture) -> Iterator[str]:
        path = self._path(one.box)
        # a list or table that the picture begins is left out: nothing but the picture would stand in it
        while path and path[-1] not in self._open:
            path.pop()
        yield from self._moved(path)
        yield f"<p>{picture(one.element, self._url)}</p>"

    def _path(self, box: Box | None) -> list[Box]:
        path = []
        while box is not None:
            if box.tag in _STRUCTURE and box.number not in self._layout:
                path.append(box)
            box = box.parent
        return path[::-1]

    def _moved(self, path: Sequence[Box]) -> Iterator[str]:
        """Close and open elements until those of `path` are open."""
        common = 0
        while common < min(len(path), len(self._open)) and path[common] is self._open[common]:
            common += 1
        for box in reversed(self._open[common:]):
            yield f"</{box.tag}>"
        for box in path[common:]:
            yield f"<{box.tag}{_attributes(box)}>"
        self._open = list(path)

    def _block(self, block: Block, path: Sequence[Box]) -> Iterator[str]:
        if block.tag == "tr":
            cells = (_cell(cell, self._url) for cell in block.element if cell.tag in ("td", "th"))
            yield f"<tr>{''.join(cells)}</tr>"
        elif block.tag == "pre":
            yield f"<pre>{escape(text_of(block.element), quote=False)}</pre>"
        elif block.is_heading:
            level = int(block.tag[1]) if block.tag in _HEADINGS else min(6, self._level + 1)
            self._level = level if block.tag in _HEADINGS else self._level
            inner = self._inner(block).replace("<br>", " ")
            yield f"<h{level}{_id(block)}>{inner}</h{level}>"
        elif path and path[-1] is block.box and block.tag in _HOLDS_TEXT and not block.broken:
            yield f"{self._inner(block)}\n"
        else:
            yield f"<p>{self._inner(block)}</p>"

    def _inner(self, block: Block) -> str:
        if block.pieces:
            return markup(block.pieces, self._url)
        return escape(block.text, quote=False).replace("\n", "<br>")


def _layout(blocks: Sequence[Block]) -> frozenset[int]:
    """Return the numbers of the boxes that only lay out the page.

    They are tables and lists with a long cell or one that holds a heading, with their rows, cells and items.
    """
    words: dict[int, int] = {}  # of each cell or item
    inner: dict[int, set[int]] = {}  # of each table or list: the rows, cells and items directly in it
    headed: set[int] = set()
    for block in blocks:
        below: list[Box] = []
        for box in boxes_around(block):
            if box.tag in _CELLS:
                words[box.number] = words.get(box.number, 0) + block.words
                headed |= {box.number} if block.tag in _HEADINGS and box.tag != "li" else set()
                below.append(box)
            elif box.tag == "tr":
                below.append(box)
            elif box.tag in _HOLDERS:
                inner.setdefault(box.number, set()).update(other.number for other in below)
                below = []
    laid = {
        holder
        for holder, parts in inner.items()
        if any(words.get(part, 0) > _LAYOUT_CELL or part in headed for part in parts)
    }
    return frozenset(laid.union(*(inner[holder] for holder in laid)))


def _attributes(box: Box) -> str:
    start = box.element.get("start", "") if box.tag == "ol" else ""
    return f' start="{start}"' if start.isdecimal() else ""


def _id(block: Block) -> str:
    anchor = block.element.get("id", "")
    return f' id="{escape(anchor)}"' if anchor else ""


def _cell(cell: lxml.etree._Element, url: str) -> str:
    span = cell.get("colspan", "")
    spans = f" colspan={span}" if span.isdecimal() else ""
    return f"<{cell.tag}{spans}>{markup(cell_pieces(cell), url)}</{cell.tag}>"
