"""How much markup a page has: its bytes without what builders and mail programs put into it besides text.

Not counted are scripts, style sheets, drawings in SVG and addresses that hold their own data (`data:`), as of
pictures.
"""

from __future__ import annotations

import re

__all__ = ["weight"]

_STARTS = re.compile(rb"<(script|style|svg)\b|[\"'(=]\s*data:", re.IGNORECASE)
_ENDS = {name: re.compile(rb"</" + name + rb"\s*>", re.IGNORECASE) for name in (b"script", b"style", b"svg")}
_DATA_ENDS = re.compile(rb"[\"')\s>]")


def weight(body: bytes) -> int:
    """Return the bytes of a page's markup; an element that is not closed counts whole."""
    counted, place = 0, 0
    open_to_the_end: set[bytes] = set()
    while match := _STARTS.search(body, place):
        name = (match[1] or b"").lower()
        if name in open_to_the_end:
            counted, place = counted + match.end() - place, match.end()
            continue
        end = (_ENDS[name] if name else _DATA_ENDS).search(body, match.end())
        if end is None:
            open_to_the_end.add(name)
            counted, place = counted + match.end() - place, match.end()
            continue
        counted, place = counted + match.end() - place, end.start()
    return counted + len(body) - place
