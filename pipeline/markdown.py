"""Clean HTML as Markdown: Beautiful Soup prepares the cells of tables, markdownify writes it."""

from __future__ import annotations

import re
from typing import Any

from bs4 import BeautifulSoup
from bs4.element import NavigableString, Tag
from markdownify import MarkdownConverter

__all__ = ["markdown_of"]

_BLOCKS = ["p", "div", "li", "h1", "h2", "h3", "h4", "h5", "h6", "blockquote", "dt", "dd"]
# Marks anywhere: backslash, code, emphasis, the start of a link or tag, struck text
_MARKS = re.compile(r"([\\`*\[\]]|<(?=[A-Za-z/!])|(?<!\w)_|_(?!\w)|~(?=~))")
# Marks at the start of a text: heading, quotation, list
_AT_START = re.compile(r"^(\s*(?:\d+(?=[.)]\s))?)([#>](?=\s|#)|[-+](?=\s)|[.)](?=\s))")
_WITH_IMAGES = ["h1", "h2", "h3", "h4", "h5", "h6", "td", "th"]
_MARKER = re.compile(r"^(-|\d+\.)(?=\s)")
_MARKED = ["em", "strong", "b", "i", "a", "del", "s"]
_MANY = re.compile(r"\n{3,}")


def markdown_of(html: str) -> str:
    """Return clean HTML as Markdown (CommonMark with tables)."""
    soup = BeautifulSoup(html, "lxml")
    for cell in soup.find_all(["td", "th"]):
        _flatten(soup, cell)
    for marked in soup.find_all(_MARKED):
        _move_breaks_out(marked)
    converter = _Converter(heading_style="ATX", bullets="-", keep_inline_images_in=_WITH_IMAGES)
    return _MANY.sub("\n\n", str(converter.convert_soup(soup))).strip()


def _move_breaks_out(marked: Tag) -> None:
    """Put a break at the edge of emphasis outside it: a mark after a break marks nothing."""
    while marked.contents and _is_break(last := marked.contents[-1]):
        marked.insert_after(last.extract())
    while marked.contents and _is_break(first := marked.contents[0]):
        marked.insert_before(first.extract())


def _is_break(node: object) -> bool:
    if isinstance(node, Tag):
        return node.name == "br"
    return isinstance(node, NavigableString) and not node.strip()


def _flatten(soup: BeautifulSoup, cell: Tag) -> None:
    """Replace the blocks in a cell by their content, each on a line of its own: Markdown allows no more."""
    for block in cell.find_all(_BLOCKS):
        if _has_text_before(block):
            block.insert_before(soup.new_tag("br"))
        block.unwrap()
    for holder in cell.find_all(["ul", "ol", "dl", "table", "tr", "td"]):
        holder.unwrap()


def _has_text_before(block: Tag) -> bool:
    cell = block.find_parent(["td", "th"])
    for before in block.previous_elements:
        if before is cell:
            return False
        if isinstance(before, NavigableString) and before.strip():
            return True
        if isinstance(before, Tag) and before.name == "br":
            return False
    return False


class _Converter(MarkdownConverter):
    def escape(self, text: str, parent_tags: Any) -> str:
        """Escape what Markdown would read as marks, and nothing else."""
        text = _MARKS.sub(r"\\\1", text or "")
        text = _AT_START.sub(r"\1\\\2", text)
        return text.replace("|", "\\|") if {"td", "th"} & set(parent_tags) else text

    def convert_li(self, el: Any, text: str, parent_tags: Any) -> str:
        """Mark every second of the lists that follow each other otherwise: they would become one."""
        item = str(super().convert_li(el, text, parent_tags))  # type: ignore[misc]  # its stubs leave it out
        lists_before = 0
        before = el.parent.find_previous_sibling() if el.parent is not None else None
        while before is not None and before.name == el.parent.name:
            lists_before, before = lists_before + 1, before.find_previous_sibling()
        return _MARKER.sub(_other_marker, item) if lists_before % 2 else item

    def convert_td(self, el: Any, text: str, parent_tags: Any) -> str:
        return _cell(el, text)

    def convert_th(self, el: Any, text: str, parent_tags: Any) -> str:
        return _cell(el, text)

    def convert_br(self, el: Any, text: str, parent_tags: Any) -> str:
        if el.find_parent(["td", "th"]):
            return "<br>"
        return f"  \n{text}" if "_inline" not in parent_tags else f"{text} "

    def convert_sup(self, el: Any, text: str, parent_tags: Any) -> str:
        return text if el.find("a") else f"<sup>{text}</sup>"


def _other_marker(marker: re.Match[str]) -> str:
    return "*" if marker[1] == "-" else f"{marker[1][:-1]})"


def _cell(cell: Any, text: str) -> str:
    span = cell.get("colspan", "1")
    more = int(span) if str(span).isdecimal() else 1
    return f" {' '.join(text.split())}{' |' * max(1, min(more, 100))}"
