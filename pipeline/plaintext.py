"""A plain-text dump of a page as blocks, so that it is extracted by the same stages as a page with markup."""

from __future__ import annotations

import re

import lxml.etree

from .blocks import Block, Inside, words_in

__all__ = ["segment", "title_place"]

_BULLET = re.compile(r"^\s*(?:[•‣◦▪*·]|[-–](?=\s))\s*")
_SENTENCE_END = re.compile(r"[.!?:;…]['\"”’)]*$")
_HEADING_WORDS = 14  # of the longest heading; chosen by hand


def segment(text: str) -> list[Block]:
    """Split text into blocks at blank lines and bullets.

    A short paragraph that neither ends like a sentence nor begins with a dash counts as a heading.
    """
    element = lxml.etree.Element("body")
    blocks: list[Block] = []
    for paragraph in re.split(r"\n\s*\n", text.replace("\r\n", "\n").replace("\r", "\n")):
        for lines in _items(paragraph.split("\n")):
            _append(blocks, lines, element)
    return blocks


def _items(lines: list[str]) -> list[list[str]]:
    """Group lines; each bullet begins a new group."""
    groups: list[list[str]] = [[]]
    for line in lines:
        if _BULLET.match(line) and groups[-1]:
            groups.append([])
        groups[-1].append(line)
    return groups


def _append(blocks: list[Block], lines: list[str], element: lxml.etree._Element) -> None:
    bullet = bool(_BULLET.match(lines[0])) if lines else False
    text = " ".join(" ".join(lines).split())
    text = _BULLET.sub("", text) if bullet else text
    words = words_in(text)
    if words:
        heading = (
            not bullet and words <= _HEADING_WORDS and not _SENTENCE_END.search(text) and text[0] not in "–—-"
        )
        tag = "li" if bullet else "h2" if heading else "p"
        blocks.append(
            Block(text, tag, element, words, 0, Inside.LIST | Inside.ITEM if bullet else 0, 0, bullet)
        )


def title_place(blocks: list[Block]) -> int | None:
    """Return the index of the title, the last heading before the first paragraph; None if there is none."""
    first = next((index for index, block in enumerate(blocks) if block.tag == "p"), len(blocks))
    return next((index for index in range(first - 1, -1, -1) if blocks[index].is_heading), None)
