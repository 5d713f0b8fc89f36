"""The main content as plain text, clean HTML or Markdown.

`shape.py` assembles HTML from the kept blocks. nh3 then sanitises it with a fixed list of tags, because
extraction does not sanitise. markdownify turns that HTML into Markdown (`markdown.py`).
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence

import nh3

from . import shape
from .blocks import Block, Picture
from .markdown import markdown_of

__all__ = ["html", "markdown", "text"]

_TAGS = frozenset(
    (
        "p h1 h2 h3 h4 h5 h6 ul ol li table tr td th blockquote pre code em strong del sub sup a br "
        "dl dt dd img"
    ).split()
)
_ATTRIBUTES = {
    "a": {"href"}, "img": {"src", "alt"}, "ol": {"start"}, "td": {"colspan"}, "th": {"colspan"},
    **{f"h{level}": {"id"} for level in range(1, 7)},
}  # fmt: skip
_SCHEMES = {"http", "https", "mailto", "tel"}


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


def html(blocks: Sequence[Block], url: str, pictures: Sequence[Picture] = ()) -> str:
    """Return clean HTML in the shape of the page: headings, paragraphs, lists, tables, links and emphasis.

    Nothing in it is active. Relative links are resolved against `url`; links that are not for readers are
    replaced by their text. `pictures` stand before the block with the same number.
    """
    markup = shape.markup_of(blocks, pictures, url)
    return nh3.clean(
        markup, tags=set(_TAGS), attributes=_ATTRIBUTES, url_schemes=_SCHEMES, link_rel="nofollow noopener"
    ).strip()


def markdown(blocks: Sequence[Block], url: str, title: str = "", pictures: Sequence[Picture] = ()) -> str:
    """Return Markdown with "#" headings and "-" lists; the title, if given, is its first heading."""
    body = markdown_of(html(blocks, url, pictures))
    return f"# {title}\n\n{body}" if title else body
