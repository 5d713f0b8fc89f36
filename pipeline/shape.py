"""The kept blocks as HTML in the shape of the page: nested lists, tables, quotations, definitions."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from html import escape

import lxml.etree

from .. import urls
from .blocks import Block, Box, Picture
from .inline import LINE, Piece
from .inline_markup import markup
from .parsed_page import text_of

__all__ = ["markup_of"]

_STRUCTURE = frozenset("ul ol li table tr td th blockquote dl dt dd".split())
# elements whose own text stands in them without a paragraph
_HOLDS_TEXT = frozenset("li td th dt dd".split())
_LAYOUT_CELL = 120  # words of a cell or item from which its table or list is page layout; chosen by hand
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
        waiting = list(pictures)
        for position, block in enumerate(self._blocks):
            path = self._path(block)
            yield from self._moved(path)
            while waiting and waiting[0].place <= position:
                yield _picture(waiting.pop(0), self._url)
            yield from self._block(block, path)
        yield from self._moved([])
        yield from (_picture(picture, self._url) for picture in waiting)

    def _path(self, block: Block) -> list[Box]:
        path = []
        box = block.box
        while box is not None:
            if box.tag in _STRUCTURE and box.number not in self._layout:
                path.append(box)
            box = box.parent
        path.reverse()
        return path[:-1] if block.tag == "tr" else path

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
            yield f"<tr>{''.join(_cell(cell, self._url) for cell in block.element if cell.tag in ('td', 'th'))}</tr>"
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
    """Return the numbers of the boxes that only lay out the page: tables and lists with long cells or headings.

    Their rows and items count, too.
    """
    words: dict[int, int] = {}
    inner: dict[int, set[int]] = {}
    headed: set[int] = set()
    for block in blocks:
        box = block.box
        cell: Box | None = None
        while box is not None:
            if box.tag in ("td", "th", "li", "dd"):
                words[box.number] = words.get(box.number, 0) + block.words
                cell = cell or box
                if block.tag in _HEADINGS and box.tag != "li":
                    headed.add(box.number)
            elif box.tag in ("table", "ul", "ol", "dl") and cell is not None:
                inner.setdefault(box.number, set()).add(cell.number)
                cell = None
            box = box.parent
    laid = {
        holder
        for holder, cells in inner.items()
        if any(words[cell] > _LAYOUT_CELL or cell in headed for cell in cells)
    }
    laid |= {cell for holder in laid for cell in inner[holder]}
    rows = set()
    for block in blocks:  # the rows of such tables
        box, below = block.box, []
        while box is not None:
            below.append(box)
            if box.number in laid:
                rows.update(other.number for other in below if other.tag == "tr" and other.number not in inner)
            box = box.parent
    return frozenset(laid | {n for n in rows if n in _rows_of(blocks, laid)})


def _rows_of(blocks: Sequence[Block], laid: set[int]) -> set[int]:
    found = set()
    for block in blocks:
        box = block.box
        row: list[int] = []
        while box is not None:
            if box.tag == "tr":
                row.append(box.number)
            elif box.tag == "table":
                found.update(row if box.number in laid else ())
                row = []
            box = box.parent
    return found


def _attributes(box: Box) -> str:
    start = box.element.get("start", "") if box.tag == "ol" else ""
    return f' start="{start}"' if start.isdecimal() else ""


def _id(block: Block) -> str:
    anchor = block.element.get("id", "")
    return f' id="{escape(anchor)}"' if anchor else ""


def _cell(cell: lxml.etree._Element, url: str) -> str:
    pieces: list[Piece] = []
    for event, node in lxml.etree.iterwalk(cell, events=("start", "end")):
        if node is cell:
            pieces += [node.text] if event == "start" and node.text else []
        elif event == "start":
            pieces += [LINE] if node.tag in ("br", "p") else [(node, True)]
            pieces += [node.text] if node.text else []
        else:
            pieces += [] if node.tag in ("br", "p") else [(node, False)]
            pieces += [node.tail] if node.tail else []
    span = cell.get("colspan", "")
    return f"<{cell.tag}{f' colspan={span}' if span.isdecimal() else ''}>{markup(pieces, url)}</{cell.tag}>"


def _picture(picture: Picture, url: str) -> str:
    source = urls.canonical(picture.element.get("src") or "", url)
    alt = " ".join((picture.element.get("alt") or "").split())
    return f'<p><img src="{escape(source)}" alt="{escape(alt)}"></p>' if source else ""
