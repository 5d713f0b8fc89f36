"""Clean HTML as Markdown: Beautiful Soup prepares the cells of tables, markdownify writes it."""

from __future__ import annotations

import re
from typing import Any

from bs4 import BeautifulSoup
from bs4.element import NavigableString, Tag
from markdownify import MarkdownConverter

__all__ = ["markdown_of"]

_BLOCKS = ["p", "div", "li", "h1", "h2", "h3", "h4", "h5", "h6", "blockquote", "dt", "dd"]
_MANY = re.compile(r"\n{3,}")


def markdown_of(html: str) -> str:
    """Return clean HTML as Markdown (CommonMark with tables)."""
    soup = BeautifulSoup(html, "lxml")
    for cell in soup.find_all(["td", "th"]):
        _flatten(soup, cell)
    converter = _Converter(heading_style="ATX", bullets="-", escape_misc=True, sup_symbol="", sub_symbol="")
    return _MANY.sub("\n\n", str(converter.convert_soup(soup))).strip()


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


class _Converter(MarkdownConverter):  # type: ignore[misc]  # markdownify has no types
    def convert_td(self, el: Any, text: str, parent_tags: Any) -> str:
        return _cell(el, text)

    def convert_th(self, el: Any, text: str, parent_tags: Any) -> str:
        return _cell(el, text)

    def convert_br(self, el: Any, text: str, parent_tags: Any) -> str:
        if el.find_parent(["td", "th"]):
            return "<br>"
        return str(super().convert_br(el, text, parent_tags))

    def convert_sup(self, el: Any, text: str, parent_tags: Any) -> str:
        return text if el.find("a") else f"<sup>{text}</sup>"


def _cell(cell: Any, text: str) -> str:
    span = cell.get("colspan", "1")
    more = int(span) if str(span).isdecimal() else 1
    return f" {' '.join(text.split())}{' |' * max(1, min(more, 100))}"
