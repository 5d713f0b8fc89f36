"""Turn bytes that claim to be a sitemap or a feed into XML that a parser reads to its end.

Sites send these files with byte order marks, wrong declarations, bare ampersands, HTML entities, half a gzip
stream, or without an end. All of that is mended here, and nothing is made up: what was cut off is left out.
"""

from __future__ import annotations

import codecs
import html
import re
import zlib
from dataclasses import dataclass

from w3lib.encoding import read_bom

from .encoding import utf_16_of

__all__ = ["MOST_BYTES", "XmlSource", "decoded", "open_source"]

MOST_BYTES = 50 * 1024 * 1024  # of one unpacked file: the limit of the sitemaps standard
_GZIP = b"\x1f\x8b"
_MOST_PACKINGS = 2  # a server that packs a file that is packed already (chosen by hand)
_MOST_MEMBERS = 50  # of one gzip file (chosen by hand)
_DECLARATION = re.compile(r"<\?xml\b[^>]{0,300}>", re.IGNORECASE)
_ENCODING = re.compile(rb"<\?xml\b[^>]{0,200}?encoding\s*=\s*[\"']([\w.:-]+)", re.IGNORECASE)
_ROOT = re.compile(r"<(?:[\w.-]+:)?([A-Za-z][\w.-]*)")
_ASIDE = re.compile(r"<!--.*?-->|<\?.*?\?>|<!DOCTYPE[^>[]*(?:\[.*?\])?\s*>", re.DOTALL | re.IGNORECASE)
_AMPERSAND = re.compile(r"&(#\d+;|#[xX][0-9a-fA-F]+;|[A-Za-z][A-Za-z0-9]*;)?")
_CDATA, _CDATA_END = "<![CDATA[", "]]>"
_OF_XML = frozenset(("amp;", "lt;", "gt;", "quot;", "apos;"))
_NOT_XML = re.compile("[\x00-\x08\x0b\x0c\x0e-\x1f\ud800-\udfff\ufffe\uffff]")  # XML 1.0, production 2
_HEAD = 2_000  # characters in which the root is looked for (chosen by hand)


@dataclass(frozen=True, slots=True)
class XmlSource:
    """The text of a file, and what it is."""

    text: str  # without its XML declaration
    root: str  # local name of the root element in lower case; "" if the text is not XML
    is_whole: bool  # false if its end is missing


def open_source(body: bytes, *, is_whole: bool = True) -> XmlSource:
    """Unpack, decode and mend a file; `is_whole` tells whether all of it was received."""
    unpacked, complete = _unpacked(body)
    text = decoded(unpacked).lstrip()
    if declaration := _DECLARATION.match(text):
        text = text[declaration.end() :].lstrip()
    found = _ROOT.match(_ASIDE.sub("", text[:_HEAD]).lstrip()) if text.startswith("<") else None
    root = found[1].lower() if found else ""
    return XmlSource(text=_mended(text) if root else text, root=root, is_whole=is_whole and complete)


def decoded(body: bytes) -> str:
    """Return the characters of a text file; the byte order mark decides, then what the bytes can be.

    A declared encoding is believed only if the bytes are not UTF-8: files that declare UTF-16 are often not.
    """
    encoding, mark = read_bom(body)
    if encoding and mark:
        return body[len(mark) :].decode(encoding, "replace")
    if wide := utf_16_of(body):
        return body.decode(wide, "replace")
    try:
        return body.decode("utf-8")
    except UnicodeDecodeError:
        return body.decode(_declared(body), "replace")


def _declared(body: bytes) -> str:
    """Return the declared encoding of a file that is not UTF-8; windows-1252 or UTF-8 if it has none."""
    named = _ENCODING.search(body[:_HEAD])
    try:
        name = codecs.lookup(named[1].decode("ascii")).name if named else "cp1252"
    except LookupError:
        name = "cp1252"
    if name.startswith(("utf-8", "utf-16", "utf-32")):
        return "utf-8" if body.decode("utf-8", "ignore").isascii() is False else "cp1252"
    return "cp1252" if name == "iso8859-1" else name


def _unpacked(body: bytes) -> tuple[bytes, bool]:
    """Unpack gzip, also twice, as far as it goes; return the bytes and whether the end was there."""
    complete = True
    for _ in range(_MOST_PACKINGS):
        if not body.startswith(_GZIP):
            break
        body, whole = _gunzipped(body)
        complete = complete and whole
    return body[:MOST_BYTES], complete


def _gunzipped(body: bytes) -> tuple[bytes, bool]:
    parts: list[bytes] = []
    left = MOST_BYTES
    for _ in range(_MOST_MEMBERS):
        if not body.startswith(_GZIP) or left <= 0:
            break
        unpacking = zlib.decompressobj(wbits=31)
        try:
            part = unpacking.decompress(body, left)
        except zlib.error:
            return b"".join(parts) + _readable(body, left), False
        parts.append(part)
        left -= len(part)
        if not unpacking.eof:
            return b"".join(parts), False
        body = unpacking.unused_data
    return b"".join(parts), True


def _readable(body: bytes, most: int, step: int = 4_096) -> bytes:
    """Return what comes before the place at which a damaged gzip stream cannot be unpacked."""
    unpacking, out = zlib.decompressobj(wbits=31), bytearray()
    try:
        for first in range(0, len(body), step):
            out += unpacking.decompress(body[first : first + step], most - len(out))
            if len(out) >= most:
                break
    except zlib.error:
        pass
    return bytes(out)


def _mended(text: str) -> str:
    if "&" in text:
        first, *others = text.split(_CDATA)
        text = _AMPERSAND.sub(_reference, first) + "".join(map(_after_cdata, others))
    return _NOT_XML.sub("", text)


def _after_cdata(part: str) -> str:
    """Mend what follows a CDATA section; ampersands in the section stand for themselves."""
    inside, end, rest = part.partition(_CDATA_END)
    return f"{_CDATA}{inside}{end}{_AMPERSAND.sub(_reference, rest)}"


def _reference(found: re.Match[str]) -> str:
    """Return an ampersand as XML writes it; entities of HTML become their characters."""
    name = found[1]
    if name is None:
        return "&amp;"
    if name.startswith("#") or name in _OF_XML:
        return found[0]
    char = html.unescape(found[0])
    return f"&amp;{name}" if char == found[0] else html.escape(char)
