"""The pieces of one block as clean HTML: text, links and emphasis, every element closed."""

from __future__ import annotations

from collections.abc import Sequence
from html import escape

import lxml.etree

from .. import urls
from .inline import INVISIBLE, LINE, Piece, raised

__all__ = ["link_of", "markup"]

_NAMES = {
    "a": "a", "strong": "strong", "b": "strong", "em": "em", "i": "em", "cite": "em", "code": "code",
    "kbd": "code", "samp": "code", "sub": "sub", "del": "del", "s": "del", "sup": "sup",
}  # fmt: skip
_SCHEMES = ("mailto:", "tel:")


def markup(pieces: Sequence[Piece], url: str) -> str:
    """Return the pieces as HTML without classes and styles; links are resolved against `url`.

    A <br> at the start or the end is left out. Raised numbers become powers where they are some.
    """
    out: list[str] = []
    stack: list[tuple[lxml.etree._Element, str]] = []  # open elements with the tag written for each
    text = ""  # the text so far, its end
    for position, piece in enumerate(pieces):
        if isinstance(piece, str):
            out.append("<br>" if piece == LINE else escape(piece.translate(INVISIBLE), quote=False))
            text = (text + piece)[-40:]
            continue
        node, opens = piece
        name = _NAMES.get(str(node.tag), "")
        if not name:
            continue
        if opens:
            opening, name = _opening(node, name, url, text, pieces[position + 1 :])
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


def _opening(
    node: lxml.etree._Element, name: str, url: str, before: str, rest: Sequence[Piece]
) -> tuple[str, str]:
    """Return the opening tag of an element and the name of its closing tag; ("", "") if it is left out."""
    if name == "a":
        target = link_of(node.get("href") or "", url)
        return (f'<a href="{escape(target)}">', "a") if target else ("", "")
    if name == "sup":
        inner = "".join(piece for piece in rest[:1] if isinstance(piece, str))
        if inner and raised(inner, before, linked=False) == inner.strip() and not inner.strip().isdecimal():
            return "<sup>", "sup"
        return "<sup>", "sup"
    return f"<{name}>", name


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
