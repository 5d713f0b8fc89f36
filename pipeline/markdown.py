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
_MANY = re.compile(r"\n{3,}")


def markdown_of(html: str) -> str:
    """Return clean HTML as Markdown (CommonMark with tables)."""
    soup = BeautifulSoup(html, "lxml")
    for cell in soup.find_all(["td", "th"]):
        _flatten(soup, cell)
    converter = _Converter(heading_style="ATX", bullets="-")
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


class _Converter(MarkdownConverter):
    def escape(self, text: str, parent_tags: Any) -> str:
        """Escape what Markdown would read as marks, and nothing else."""
        text = _MARKS.sub(r"\\\1", text or "")
        text = _AT_START.sub(r"\1\\\2", text)
        return text.replace("|", "\\|") if {"td", "th"} & set(parent_tags) else text

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


def _cell(cell: Any, text: str) -> str:
    span = cell.get("colspan", "1")
    more = int(span) if str(span).isdecimal() else 1
    return f" {' '.join(text.split())}{' |' * max(1, min(more, 100))}"
