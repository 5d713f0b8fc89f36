"""The pieces of one block: runs of text, line breaks, and where inline elements open and close.

`text_of_pieces` joins them as a reader sees them; `runs_of` separates what only the style sheet separates.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence

import lxml.etree

__all__ = [
    "INVISIBLE",
    "LINE",
    "Edge",
    "Piece",
    "cell_pieces",
    "folded",
    "raised",
    "runs_of",
    "text_of_pieces",
]

# an inline element, and whether it opens (True) or closes (False) here
Edge = tuple[lxml.etree._Element, bool]
Piece = str | Edge

LINE = "\x00"  # stands for a <br> until white space is folded; no decoded page contains NUL
# non-characters, for the edges of inline elements and for what stands between two that touch
_CLOSED, _OPENED, _BETWEEN = "\ufdd0", "\ufdd1", "\ufdd2"
_SEPARATED = re.compile(r"(?<=\S)([\ufdd0\ufdd1]+)(?=\S)")
_TOUCHING = re.compile(r"\ufdd0+\ufdd1+")
_BROKEN = re.compile(r" ?(?:\x00 ?)+")
# soft hyphen, zero-width space, word joiner, byte order mark, and our own marks
INVISIBLE = dict.fromkeys(map(ord, "\u00ad\u200b\u2060\ufeff\ufdd0\ufdd1"))
_RAISED = str.maketrans("0123456789+-−()n", "⁰¹²³⁴⁵⁶⁷⁸⁹⁺⁻⁻⁽⁾ⁿ")
_REFERENCE = re.compile(r"\[?\(?(\d{1,3}(?:\s?[,;–-]\s?\d{1,3})*|[*†‡§a-z])\)?\]?")
_POWER = re.compile(r"[0-9+\-−()n]{1,5}")
_LONGEST_UNIT = 3  # letters of a unit that may carry a power, such as "cm²"; chosen by hand
_LEFT = re.compile(r"[a-z\d.:;,!?)\]»”’]$|[A-Z]{2}$|[^\W\d_A-Za-z]$")
# Two elements that touch are separate words if the left one ends so and the right one begins so
_RIGHT = re.compile(r"[A-ZÀ-ÞА-Я\d]")


def folded(text: str) -> str:
    """Fold white space; a <br> becomes a newline."""
    text = " ".join(text.split())
    if not text.isascii():
        text = " ".join(text.translate(INVISIBLE).split())
    if LINE in text:
        text = _BROKEN.sub("\n", text).strip()
    return text


def cell_pieces(cell: lxml.etree._Element) -> list[Piece]:
    """Return the pieces of a table cell without blocks; a paragraph in it begins a line."""
    pieces: list[Piece] = [cell.text] if cell.text else []
    for event, node in lxml.etree.iterwalk(cell, events=("start", "end")):
        if node is cell:
            continue
        breaks = node.tag in ("br", "p")
        if event == "start":
            pieces.append(LINE if breaks else (node, True))
            pieces += [node.text] if node.text else []
        else:
            pieces += [] if breaks else [(node, False)]
            pieces += [node.tail] if node.tail else []
    return pieces


def text_of_pieces(pieces: Sequence[Piece]) -> str:
    """Return the text of a block: white space folded, a <br> as a newline, and no two words glued.

    Two elements that touch are separate words if the first ends like a word and the second begins with a
    capital or a digit. Raised numbers become powers ("10⁹", "cm²") or references ("inflammation [3]").
    """
    joined = _joined(pieces)
    return folded(_SEPARATED.sub(_gap, joined) if _CLOSED in joined or _OPENED in joined else joined)


def runs_of(pieces: Sequence[Piece]) -> tuple[str, ...]:
    """Return the texts of the elements of a block that touch each other: what only the style separates.

    One text if no two elements touch.
    """
    joined = _joined(pieces)
    if _CLOSED not in joined and _OPENED not in joined:
        return tuple(filter(None, (folded(joined),)))
    marked = _SEPARATED.sub(_cut, joined)
    return tuple(text for part in marked.split(_BETWEEN) if (text := folded(part)))


def _cut(edges: re.Match[str]) -> str:
    return _BETWEEN if _TOUCHING.fullmatch(edges[1]) or _gap(edges) else ""


def _gap(edges: re.Match[str]) -> str:
    """Return the space between two elements that touch; "" if they may be one word."""
    text = edges.string
    left = text[max(0, edges.start() - 40) : edges.start()]
    right = text[edges.end() : edges.end() + 2]
    if not _RIGHT.match(right) or not _LEFT.search(left):
        return ""
    if _TOUCHING.fullmatch(edges[1]) and len(re.split(r"[\s\ufdd0\ufdd1]", left)[-1]) > 1:
        return " " if len(right) > 1 and not right[1].isspace() else ""
    # a word that ends and a capitalised word that begins: "Tom Fields<span>Medically"
    return " " if re.search(r"[a-zà-ÿ]{3}$", left) and re.match(r"[A-ZÀ-Þ][a-zà-ÿ]", right) else ""


def _joined(pieces: Sequence[Piece]) -> str:
    texts = [piece for piece in pieces if isinstance(piece, str)]
    return "".join(texts if len(texts) == len(pieces) else _marked(pieces))


def _marked(pieces: Sequence[Piece]) -> Iterator[str]:
    before = ""  # the text so far, its end
    inner: list[str] | None = None
    linked = False
    for piece in pieces:
        if isinstance(piece, str):
            if inner is not None:
                inner.append(piece)
            else:
                before = (before + piece)[-40:]
                yield piece
            continue
        node, opens = piece
        if node.tag == "sup":
            if opens:
                inner, linked = [], False
            elif inner is not None:
                raised_text = raised("".join(inner), before, linked=linked)
                before, inner = (before + raised_text)[-40:], None
                yield raised_text
        elif inner is not None:
            linked = linked or node.tag == "a"
        elif node.tag not in ("sub", "img", "wbr"):
            yield _OPENED if opens else _CLOSED
    if inner:
        yield "".join(inner)


def raised(text: str, before: str, *, linked: bool) -> str:
    """Return the text of a <sup> that follows `before`: a power, a reference in brackets, or as it is."""
    plain = text.strip()
    word = re.search(r"[^\W\d_]*$", before)
    letters = len(word[0]) if word else 0
    if not linked and _POWER.fullmatch(plain) and letters <= _LONGEST_UNIT and before[-1:].strip():
        return plain.translate(_RAISED)
    reference = _REFERENCE.fullmatch(plain)
    if reference and (linked or plain[0].isdecimal() or plain[0] in "[("):
        return f"{'' if before[-1:].isspace() else ' '}[{reference[1]}]"
    return text
