"""The pieces of one block as clean HTML: text, links and emphasis, every element closed."""

from __future__ import annotations

from collections.abc import Sequence
from html import escape

import lxml.etree

from .. import urls
from .images import source_of
from .inline import INVISIBLE, LINE, Piece

__all__ = ["link_of", "markup", "picture"]

_NAMES = {
    "a": "a", "strong": "strong", "b": "strong", "em": "em", "i": "em", "cite": "em", "code": "code",
    "kbd": "code", "samp": "code", "sub": "sub", "del": "del", "s": "del", "sup": "sup",
}  # fmt: skip
_SCHEMES = ("mailto:", "tel:")


def markup(pieces: Sequence[Piece], url: str) -> str:
    """Return the pieces as HTML without classes and styles; links are resolved against `url`.

    A <br> at the start or the end is left out.
    """
    out: list[str] = []
    stack: list[tuple[lxml.etree._Element, str]] = []  # open elements with the tag written for each
    for piece in pieces:
        if isinstance(piece, str):
            out.append("<br>" if piece == LINE else escape(piece.translate(INVISIBLE), quote=False))
            continue
        node, opens = piece
        if node.tag == "img" and opens:
            out.append(picture(node, url))
        name = _NAMES.get(str(node.tag), "")
        if not name:
            continue
        if opens:
            opening, name = _opening(node, name, url)
            if name:
                out.append(opening)
            stack.append((node, name))
        elif any(other is node for other, _ in stack):
            while stack:
                other, written = stack.pop()
                out.append(f"</{written}>" if written else "")
                if other is node:
                    break
    out += [f"</{written}>" for _, written in reversed(stack) if written]
    return _trimmed("".join(out))


def _opening(node: lxml.etree._Element, name: str, url: str) -> tuple[str, str]:
    """Return the opening tag of an element and the name of its closing tag; ("", "") if it is left out."""
    if name == "a":
        target = link_of(node.get("href") or "", url)
        return (f'<a href="{escape(target)}">', "a") if target else ("", "")
    return f"<{name}>", name


def picture(element: lxml.etree._Element, url: str) -> str:
    """Return an <img> with its URL and alternative text; "" for one without a URL or without words."""
    source = source_of(element, url)
    alt = " ".join((element.get("alt") or "").split())
    return f'<img src="{escape(source)}" alt="{escape(alt)}">' if source else ""


def link_of(href: str, url: str) -> str | None:
    """Return the target of a link: absolute, or "#…" on the page itself; None if it is not for readers."""
    href = href.strip()
    if href.startswith("#"):
        return href if len(href) > 1 else None
    if href.lower().startswith(_SCHEMES):
        return href
    return urls.canonical(href, url)


def _trimmed(text: str) -> str:
    text = text.strip()
    while text.startswith("<br>"):
        text = text[4:].lstrip()
    while text.endswith("<br>"):
        text = text[:-4].rstrip()
    return text
