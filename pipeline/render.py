"""The main content as plain text, clean HTML or Markdown.

HTML is put together from the markup of the kept blocks by Beautiful Soup and then washed by nh3 with a fixed list of
tags: extraction is not sanitising. Markdown is made from that HTML by markdownify.
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
from .document import text_of

__all__ = ["html", "markdown", "text"]

_TAGS = frozenset(
    "p h1 h2 h3 h4 h5 h6 ul ol li table tr td th blockquote pre code em strong b i sub sup a br".split()
)
_ATTRIBUTES = {"a": {"href"}}


def text(blocks: Iterable[Block]) -> str:
    """Join blocks by one blank line; the items of a list follow each other, one a line, as "- …"."""
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
    """Write clean HTML: headings, paragraphs, lists and tables with their links and emphasis, nothing live.

    Links are made absolute from `url`; those that are not http(s) lose their address.
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
    """Write Markdown with "#" headings and "-" lists, the title as its first heading if given."""
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
    """Give the block's own markup where its element holds just this block, else its text."""
    element = block.element
    if uses[element] > 1 or (
        " ".join(text_of(element).split()) != " ".join(block.text.replace(" | ", "").split())
        and block.tag != "tr"
    ):
        return escape(block.text).replace("\n", "<br>")
    children = "".join(lxml.etree.tostring(child, encoding="unicode", method="html") for child in element)
    return escape(element.text or "") + children
