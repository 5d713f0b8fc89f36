"""The encoding of a page, as browsers find it: it decides how the links of the page are written."""

from __future__ import annotations

from w3lib.encoding import html_body_declared_encoding, read_bom, resolve_encoding

__all__ = ["in_utf_8", "utf_16_of"]

_HEAD = 400  # bytes in which the zero bytes of UTF-16 are counted (chosen by hand)


def in_utf_8(body: bytes, charset: str | None) -> tuple[bytes, str]:
    """Return a page in UTF-8, and the encoding that it came in; `charset` is that of its header.

    The order is that of the WHATWG encoding standard (byte order mark, header, meta tag), but bytes that can
    only be UTF-8 are UTF-8 whatever is declared.
    """
    marked, mark = read_bom(body)
    if marked and mark:
        return _recoded(body[len(mark) :], marked)
    wide = utf_16_of(body)
    if wide:
        return _recoded(body, wide)
    try:
        body.decode("utf-8")
        declared = "utf-8" if not body.isascii() else _declared(body, charset)
        return body, declared
    except UnicodeDecodeError:
        return _recoded(body, _declared(body, charset, otherwise="cp1252"))


def _declared(body: bytes, charset: str | None, otherwise: str = "utf-8") -> str:
    """Return the encoding that header or meta tag declare, under Python's name."""
    named = (resolve_encoding(charset) if charset else None) or html_body_declared_encoding(body)
    return otherwise if named is None or named.startswith(("utf-16", "utf-32")) else named


def utf_16_of(body: bytes) -> str | None:
    """Return the UTF-16 of a file without byte order mark, by its zero bytes; None if it is not."""
    head = body[:_HEAD]
    half = len(head) // 2
    if half < 8:
        return None
    odd, even = head[1::2].count(0), head[0::2].count(0)
    if max(odd, even) < 0.4 * half or min(odd, even) > 0.1 * half:
        return None
    return "utf-16-le" if odd > even else "utf-16-be"


def _recoded(body: bytes, encoding: str) -> tuple[bytes, str]:
    if encoding == "utf-8":
        return body, encoding
    return body.decode(encoding, "replace").encode("utf-8"), encoding
