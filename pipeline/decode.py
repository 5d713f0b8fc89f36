"""Turn the bytes of a page into characters.

Order: byte order mark; valid UTF-8 whatever is claimed; the declared charset (header, then meta); detection.
Beautiful Soup's `dammit` reads declarations and detects.
"""

from __future__ import annotations

import codecs

from bs4.dammit import EncodingDetector, UnicodeDammit

__all__ = ["decode"]

_BOMS = ((codecs.BOM_UTF8, "utf-8"), (codecs.BOM_UTF32_LE, "utf-32-le"), (codecs.BOM_UTF32_BE, "utf-32-be"),
         (codecs.BOM_UTF16_LE, "utf-16-le"), (codecs.BOM_UTF16_BE, "utf-16-be"))  # fmt: skip
_MOST_REPLACED = 0.01  # share of U+FFFD above which a declared charset is not believed (docs/measurements.md, encodings)
# The WHATWG encoding standard reads these labels as windows-1252; pages that say latin-1 mean it.
_REALLY_1252 = {"iso-8859-1", "latin-1", "latin1", "ascii", "us-ascii", "iso8859-1"}


def decode(body: bytes, declared: str | None = None) -> str:
    """Decode a page; `declared` is the charset of its Content-Type header. Never raises, never returns NUL."""
    return _decode(body, declared).replace("\x00", "")


def _decode(body: bytes, declared: str | None) -> str:
    for bom, encoding in _BOMS:
        if body.startswith(bom):
            return body[len(bom) :].decode(encoding, "replace")
    try:
        text = body.decode("utf-8")
    except UnicodeDecodeError:
        pass
    else:
        if "\x00" not in text:
            return text
    for claimed in (declared, EncodingDetector.find_declared_encoding(body, is_html=True)):
        decoded = _try(body, claimed)
        if decoded is not None:
            return decoded
    return UnicodeDammit(body, is_html=True).unicode_markup or body.decode("utf-8", "replace")


def _try(body: bytes, encoding: str | None) -> str | None:
    if not encoding:
        return None
    label = "windows-1252" if encoding.lower() in _REALLY_1252 else encoding
    try:
        text = body.decode(label, "replace")
    except (LookupError, ValueError):
        return None
    return text if text.count("\ufffd") + text.count("\x00") <= _MOST_REPLACED * len(text) else None
