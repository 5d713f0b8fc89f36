"""Decode the bytes of a page into characters.

Attempts in order: the byte order mark; UTF-16, recognised by its zero bytes; ISO-2022-JP, recognised by its
escape sequences; UTF-8 whatever is declared, even with a few broken sequences; the declared charset (header,
then meta) unless the result is mojibake; charset-normalizer's detection. Beautiful Soup's `dammit` parses the
declarations. A page that was saved as UTF-8 after being misread as windows-1252 is decoded a second time.
"""

from __future__ import annotations

import codecs
import re
from collections.abc import Iterator

import charset_normalizer
from bs4.dammit import EncodingDetector

__all__ = ["decode"]

_BOMS = ((codecs.BOM_UTF8, "utf-8"), (codecs.BOM_UTF32_LE, "utf-32-le"), (codecs.BOM_UTF32_BE, "utf-32-be"),
         (codecs.BOM_UTF16_LE, "utf-16-le"), (codecs.BOM_UTF16_BE, "utf-16-be"))  # fmt: skip
# Share of U+FFFD above which a declared charset is not believed (docs/measurements.md, encodings)
_MOST_REPLACED = 0.002
# Well-formed characters beyond ASCII for each broken one, from which a page is UTF-8; chosen by hand
_RIGHT_FOR_ONE_WRONG = 10
_SAMPLE = 200_000  # bytes that detection examines; chosen by hand
# The WHATWG encoding standard maps these labels to supersets: pages that declare latin-1 mean windows-1252.
_SUPERSETS = {
    "iso-8859-1": "windows-1252", "latin-1": "windows-1252", "latin1": "windows-1252",
    "ascii": "windows-1252", "us-ascii": "windows-1252", "iso8859-1": "windows-1252",
    "gb2312": "gb18030", "gbk": "gb18030", "x-gbk": "gb18030", "gb_2312-80": "gb18030", "big5": "big5hkscs",
    "shift_jis": "cp932", "shift-jis": "cp932", "sjis": "cp932", "x-sjis": "cp932",
    "euc-kr": "cp949", "ks_c_5601-1987": "cp949", "iso-8859-9": "windows-1254",
    "iso-8859-11": "cp874", "tis-620": "cp874", "windows-874": "cp874", "iso-8859-8-i": "iso-8859-8",
}  # fmt: skip
_EAST_ASIAN = ("gb18030", "big5hkscs", "cp932", "euc_jp", "cp949")
# Charsets of the Latin script, the most frequent first, each with the letters and marks beyond ASCII that its
# languages use.
_LATIN_CHARSETS = (
    ("windows-1252", "àáâãäåæçèéêëìíîïñòóôõöøùúûüýÿßœ«»“”‘’–—…€©®°·\xa0"),
    ("windows-1250", "áâăäąćçčďđéęëěíîłľĺńňóôőöŕřśšşťţúůűüýźżž„”“’–—…€©®°\xa0"),
    ("iso-8859-2", "áâăäąćçčďđéęëěíîłľĺńňóôőöŕřśšşťţúůűüýźżž°\xa0"),
    ("windows-1254", "âçğıîöşüûİ“”‘’–—…€©®°\xa0"),
)
# Four Latin-1 characters beyond ASCII in a row do not occur in any language. They do occur when bytes of
# another charset are decoded as Latin-1.
_MOJIBAKE = re.compile(r"[\u0080-\u00ff]{4,}|[\u00c2-\u00c3\u00e2][\u0080-\u00bf\u20ac\u2122\u0153]")
_LATIN = re.compile(r"[\u0080-\u00ff]")
_MOST_MOJIBAKE = 0.3  # share of the Latin-1 characters beyond ASCII that may be in such runs; chosen by hand
_FEW = 20  # characters beyond ASCII; fewer prove nothing; chosen by hand


def decode(body: bytes, declared: str | None = None) -> str:
    """Return the text of a page, without NUL; never raise.

    `declared` is the charset of the Content-Type header.
    """
    return _decode(body, declared).replace("\x00", "")


def _decode(body: bytes, declared: str | None) -> str:
    for bom, encoding in _BOMS:
        if body.startswith(bom):
            return body[len(bom) :].decode(encoding, "replace")
    wide = _utf_16(body)
    if wide:
        return body.decode(wide, "replace")
    if b"\x1b$" in body:
        return body.decode("iso2022_jp", "replace")
    text = body.decode("utf-8", "replace")
    broken = text.count("\ufffd")
    if not broken:
        return _reread(text) if body.count(b"\xc3") >= _FEW else text
    if sum(not char.isascii() for char in text) - broken >= _RIGHT_FOR_ONE_WRONG * broken:
        return text
    return _by_declaration(body, declared) or _detected(body) or body.decode("windows-1252", "replace")


def _utf_16(body: bytes) -> str | None:
    """Return "utf-16-le" or "utf-16-be" for UTF-16 without a byte order mark, else None.

    It is recognised by the zero bytes of ASCII characters, of which markup is full.
    """
    head = body[:2000]
    half = len(head) // 2
    if half < 8:
        return None
    if head[1::2].count(0) > 0.4 * half and head[0::2].count(0) < 0.1 * half:
        return "utf-16-le"
    return "utf-16-be" if head[0::2].count(0) > 0.4 * half and head[1::2].count(0) < 0.1 * half else None


def _by_declaration(body: bytes, declared: str | None) -> str | None:
    for claimed in (declared, EncodingDetector.find_declared_encoding(body, is_html=True)):
        if not claimed:
            continue
        try:
            text = body.decode(_SUPERSETS.get(claimed.lower(), claimed), "replace")
        except (LookupError, ValueError):
            continue
        if text.count("\ufffd") + text.count("\x00") <= _MOST_REPLACED * len(text) and not _is_mojibake(text):
            return text
    return None


def _detected(body: bytes) -> str | None:
    """Decode with the most plausible charset that fits; None if none does.

    East Asian charsets are tried before charset-normalizer: their lead and trail bytes rarely fit by chance.
    """
    for encoding in _plausible(body):
        try:
            return body.decode(encoding)
        except (LookupError, ValueError):
            continue
    return None


def _plausible(body: bytes) -> Iterator[str]:
    beyond = re.sub(rb"[\x00-\x7f]+", b" ", body[:_SAMPLE])
    scored = []
    for encoding in _EAST_ASIAN:
        try:
            text = body.decode(encoding)
        except ValueError:
            continue
        scored.append((_common_share(text), encoding))
    if scored and max(scored)[0] > 0.5 and len(beyond) > 2 * _FEW:
        yield max(scored)[1]
    best = charset_normalizer.from_bytes(body[:_SAMPLE]).best()
    if best is not None and _LATIN_LETTER.search(str(best)):
        yield min(_LATIN_CHARSETS, key=lambda charset: _unusual(beyond, *charset))[0]
    if best is not None:
        yield best.encoding


_LATIN_LETTER = re.compile(r"[\u00c0-\u024f]")


def _unusual(beyond: bytes, charset: str, usual: str) -> int:
    """Count the characters that no language of the charset uses."""
    return sum(char not in usual for char in beyond.decode(charset, "replace").lower() if char != " ")


_COMMON = re.compile(
    r"[的一是不了人在有我他这中大来上国个到说们为子和你地出道也时年得就那要下以生会自着去之过家学对可她里后"
    r"\u3040-\u30ff\uac00-\ud7af這個國來為們說時會對過學後，。、]"
)
_WIDE = re.compile(r"[^\x00-\xff]")


def _common_share(text: str) -> float:
    """Return five times the share of very frequent ones among the characters beyond Latin-1.

    Very frequent are the commonest Han characters, all kana and all Hangul. 0.0 for a text without characters
    beyond Latin-1.
    """
    wide = _WIDE.findall(text)
    return 5 * len(_COMMON.findall(text)) / len(wide) if wide else 0.0


def _is_mojibake(text: str) -> bool:
    beyond = len(_LATIN.findall(text))
    return beyond >= _FEW and sum(map(len, _MOJIBAKE.findall(text))) > _MOST_MOJIBAKE * beyond


def _reread(text: str) -> str:
    """Undo the misreading of a page as windows-1252 before it was saved as UTF-8; leave others unchanged."""
    if not _is_mojibake(text):
        return text
    try:
        body = b"".join(
            char.encode("latin-1") if ord(char) < 0x100 else char.encode("windows-1252") for char in text
        )
    except UnicodeEncodeError:
        return text
    try:
        return body.decode("utf-8")
    except UnicodeDecodeError:
        return _detected(body) or text
