"""Titles before a person's name: "Dr.", "MUDr.", "Uzm. Dr.", "ד״ר"."""

from __future__ import annotations

import re

from .person_words import ADDRESSES, CREDENTIAL_TITLES

__all__ = ["as_credentials", "has_title", "without_title"]


def _alternatives(words: str) -> str:
    return "|".join(sorted(map(re.escape, words.split("|")), key=len, reverse=True))


_LEARNED = re.compile(rf"(?:{_alternatives(CREDENTIAL_TITLES)})(?!\w)\.?", re.IGNORECASE)
_TITLES = re.compile(
    rf"(?:(?:{_alternatives(CREDENTIAL_TITLES)}|{_alternatives(ADDRESSES)})(?:\.(?!\w\.)|(?=\s))[\s/,-]*)+"
    r"(?=[^\W\d_])",
    re.IGNORECASE,
)
# Titles of one lower-case letter or syllable are words of their languages unless a dot follows them.
_WORDS = frozenset("as doc me m op k esp kin ft fr ab ao mag nat phil med vet hem uz pan bc".split())


def without_title(text: str) -> str:
    """Return a name without the titles before it."""
    return text[len(_title(text)) :]


def has_title(text: str) -> bool:
    """Whether a learned title such as "Dr." stands before a name; "Mrs" is none."""
    return bool(as_credentials(text))


def as_credentials(text: str) -> tuple[str, ...]:
    """Return the learned titles before a name as written: ("Prof.", "Dr. med.")."""
    found: list[str] = []
    for token in _title(text).replace("/", " ").split():
        if not _LEARNED.fullmatch(token.strip(",")):
            continue
        if found and token[0].islower():
            found[-1] += f" {token}"
        else:
            found.append(token)
    return tuple(found)


def _title(text: str) -> str:
    match = _TITLES.match(text)
    if match is None:
        return ""
    words = match[0].split()
    first = words[0]
    if first.casefold() in _WORDS and not first.endswith("."):
        return ""
    return match[0]
