"""Author names as the benchmarks compare them, the same for all systems.

Accents, case, titles, credentials and roles are ignored.
"""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Iterable

__all__ = ["names"]

_CREDENTIAL = (
    r"(?:M\.?D|D\.?O|D\.?C|P\.?T|D\.?P\.?T|D\.?D\.?S|D\.?M\.?D"
    r"|Ph\.?D|R\.?N|N\.?P|L\.?Ac|R\.?D\.?N?|F\.?A\.?C\.?[SP]"
    r"|D\.?P\.?M|M\.?S\.?N?|M\.?P\.?H"
    r"|M\.?B\.?A|Dr\.?TCM|F\.?A\.?N\.?D|C\.?S\.?S\.?D|AFAA|ISSA|Jr|Sr|MSHS|Psy\.?D|LCSW|M\.?A|B\.?S)\.?"
)
_TRAILING = re.compile(rf"(?:[\s,]+{_CREDENTIAL})+\s*$")
_LEADING = re.compile(
    r"^\s*(?:(?:medically )?(?:written|reviewed|posted|published) )?(?:by|von|par|por|di|de)[:\s]+",
    re.IGNORECASE,
)
_HONORIFIC = re.compile(r"^(?:(?:Dr|Prof|Mr|Mrs|Ms)\.?\s+)+")
_BETWEEN = re.compile(r"\s*;\s*|\n+|\s*/\s*|,?\s+(?:and|und|et|y|&|og|och|en)\s+")
_ROLE = re.compile(r"\s+[—–|·]\s+|\s+-\s+")
_ALL_CREDENTIALS = re.compile(rf"(?:{_CREDENTIAL}\s*)+")


def names(written: Iterable[str]) -> set[str]:
    """Return the set of folded names in bylines."""
    folded = {
        _folded(part) for text in written for whole in _BETWEEN.split(text or "") for part in _parts(whole)
    }
    return folded - {""}


def _parts(text: str) -> list[str]:
    """Cut "A. One, B. Two" at the comma, but not "A. One, MD" or "One, Jr."."""
    pieces = [piece.strip() for piece in text.split(",")]
    several = len(pieces) > 1 and all(
        len(piece.split()) > 1 and not _ALL_CREDENTIALS.fullmatch(piece) for piece in pieces
    )
    return pieces if several else [text]


def _folded(text: str) -> str:
    plain = "".join(c for c in unicodedata.normalize("NFKD", text) if not unicodedata.combining(c)).replace(
        "’", "'"
    )
    plain = _ROLE.split(_HONORIFIC.sub("", _LEADING.sub("", plain).strip()))[0]
    plain = _TRAILING.sub("", plain).split(",")[0]
    return re.sub(r"\W+", " ", plain.casefold()).strip()
