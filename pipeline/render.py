"""The main content as plain text, clean HTML or Markdown.

Beautiful Soup assembles HTML from the markup of the kept blocks. nh3 then sanitises it with a fixed list of
tags, because extraction does not sanitise. markdownify turns that HTML into Markdown.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Sequence
from html import escape

import lxml.etree
import nh3
from bs4 import BeautifulSoup
from markdownify import markdownify

from .. import urls
from .blocks import Block
from .parsed_page import text_of

__all__ = ["html", "markdown", "text"]

_TAGS = frozenset(
    "p h1 h2 h3 h4 h5 h6 ul ol li table tr td th blockquote pre code em strong b i sub sup a br".split()
)
_ATTRIBUTES = {"a": {"href"}}


def text(blocks: Iterable[Block]) -> str:
    """Join blocks with one blank line between them; list items ("- …") and table rows follow line by line."""
    pieces: list[str] = []
    before: Block | None = None
    for block in blocks:
        if before is not None:
            together = (block.starts_item and _listed(before)) or (block.tag == "tr" and before.tag == "tr")
            pieces.append("\n" if together else "\n\n")
        pieces.append(f"- {block.text}" if block.starts_item else block.text)
        before = block
    return "".join(pieces)


def _listed(block: Block) -> bool:
    return block.starts_item or block.tag == "li"


def html(blocks: Sequence[Block], url: str) -> str:
    """Return clean HTML: headings, paragraphs, lists, tables, links and emphasis, but nothing active.

    Relative links are resolved against `url`; links that are not http(s) are replaced by their text.
    """
    uses = Counter(block.element for block in blocks)
    soup = BeautifulSoup(_markup(blocks, uses), "lxml")
    for link in soup.find_all("a"):
        target = urls.canonical(str(link.get("href") or ""), url)
        if target:
            link["href"] = target
        else:
            link.unwrap()
    body = soup.body.decode_contents() if soup.body else ""
    return nh3.clean(body, tags=set(_TAGS), attributes=_ATTRIBUTES, link_rel="nofollow noopener").strip()


def markdown(blocks: Sequence[Block], url: str, title: str = "") -> str:
    """Return Markdown with "#" headings and "-" lists; the title, if given, is its first heading."""
    body = str(markdownify(html(blocks, url), heading_style="ATX", bullets="-")).strip()
    return f"# {title}\n\n{body}" if title else body


def _markup(blocks: Sequence[Block], uses: Counter[lxml.etree._Element]) -> str:
    pieces: list[str] = []
    holder = ""
    for block in blocks:
        wanted = "ul" if block.starts_item else "table" if block.tag == "tr" else ""
        if wanted != holder:
            pieces += [f"</{holder}>"] if holder else []
            pieces += [f"<{wanted}>"] if wanted else []
            holder = wanted
        pieces.append(f"<{_tag(block)}>{_inner(block, uses)}</{_tag(block)}>")
    return "\n".join([*pieces, *([f"</{holder}>"] if holder else [])])


def _tag(block: Block) -> str:
    if block.starts_item:
        return "li"
    return block.tag if block.is_heading or block.tag in ("tr", "blockquote", "pre") else "p"


def _inner(block: Block, uses: Counter[lxml.etree._Element]) -> str:
    """Return the block's own markup if its element holds only this block, else its text."""
    element = block.element
    if uses[element] > 1 or (
        " ".join(text_of(element).split()) != " ".join(block.text.replace(" | ", "").split())
        and block.tag != "tr"
    ):
        return escape(block.text).replace("\n", "<br>")
    children = "".join(lxml.etree.tostring(child, encoding="unicode", method="html") for child in element)
    return escape(element.text or "") + children
