"""Post-nominal letters: which words behind a name are credentials."""

from __future__ import annotations

import re

from .person_words import CREDENTIALS, NOT_LETTERS

__all__ = ["all_credentials", "is_credential", "leading_credentials", "trailing_credentials"]

# Post-nominal letters that no list holds: three to seven capitals, dotted letters, or letters such as "AuD"
# and "CCC-A".
_LETTERS = re.compile(
    r"[A-Z]{3,7}"
    r"|(?:[A-Z][a-z]?\.){2,}[A-Z]?"
    r"|[A-Z][a-z]{0,3}[A-Z]{1,3}"
    r"|[A-Z]{2,5}-[A-Z]{1,4}"
    r"|[A-Z]{1,4}\([A-Z]\)"
)


def is_credential(token: str) -> bool:
    """Whether a word is a known credential, written as one: "PT", "Ph.D.", not "Pt"."""
    plain = token.replace(".", "").upper()
    known = plain in CREDENTIALS or token.upper() in CREDENTIALS
    return known and (
        token.isupper() or "." in token or (token[:1].isupper() and token != token.capitalize())
    )


def _is_known(token: str) -> bool:
    token = token.rstrip(".") if token.count(".") == 1 else token
    return (
        is_credential(token)
        or token.upper() in CREDENTIALS
        or bool(_LETTERS.fullmatch(token) and token not in NOT_LETTERS)
    )


def all_credentials(part: str) -> tuple[str, ...]:
    """Return the words of a part that holds nothing but credentials; () for any other part."""
    tokens = part.split()
    if all(map(_is_known, tokens)):
        return tuple(tokens)
    tokens = re.split(r"[\s/]+", part)
    return tuple(tokens) if all(map(_is_known, tokens)) else ()


def leading_credentials(part: str) -> tuple[str, ...]:
    """Return the credentials that a part begins with: "PhD Nutrition Scientist"."""
    tokens = part.split()
    end = next((n for n, token in enumerate(tokens) if not is_credential(token)), len(tokens))
    return tuple(tokens[:end])


def trailing_credentials(name: str) -> tuple[str, tuple[str, ...]]:
    """Separate a name from credentials that follow it without a comma: "Hannah Cole PT DPT"."""
    tokens = name.split()
    end = len(tokens)
    while end > 1 and is_credential(tokens[end - 1]) and len(tokens[end - 1].replace(".", "")) > 1:
        end -= 1
    return " ".join(tokens[:end]), tuple(tokens[end:])
