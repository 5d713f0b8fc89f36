"""The rules of robots meta tags and X-Robots-Tag headers that apply to this crawler.

One parser serves the crawler (nofollow) and the pipeline (noindex, noarchive, nosnippet, max-snippet). As in
Google's robots meta tag specification, a name before a colon says which crawler the rules after it are for,
until the next name or the end of the line. What precedes a colon is a name only if a rule follows it.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator

__all__ = ["AGENT", "META_NAMES", "forbids_following", "rules_for_us", "unavailable_after"]

AGENT = "clinicdex"  # our product token, also in robots.txt
META_NAMES = ("robots", AGENT)  # names of the meta tags whose rules apply to us
_NAMED = re.compile(r"\s*([\w-]+)\s*:\s*(.*)", re.DOTALL)
# Rules of Google's and Bing's specifications; those of _VALUED have a value behind a colon.
_RULES = frozenset(
    "all none index noindex follow nofollow noarchive nocache nosnippet noodp noydir noimageindex "
    "notranslate indexifembedded noai noimageai".split()
)
_OURS = (AGENT, "unavailable_after")
_UNTIL = re.compile(
    r"unavailable_after\s*:\s*(.+?)\s*(?:$|[,;]\s*(?=(?:no|max-|all\b|index|follow|none)))", re.IGNORECASE
)
_VALUED = frozenset(("max-snippet", "max-image-preview", "max-video-preview", "unavailable_after"))


def rules_for_us(headers: Iterable[str], metas: Iterable[str] = ()) -> frozenset[str]:
    """Return the rules that apply to us, in lower case.

    `headers` are values of X-Robots-Tag, `metas` are contents of meta tags whose name is one of META_NAMES.
    """
    from_metas = (
        rule for content in metas for part in content.split(",") for rule in _single(part.strip().lower())
    )
    return frozenset(rule for value in headers for rule in _of_header(value)) | frozenset(from_metas)


def unavailable_after(headers: Iterable[str], metas: Iterable[str] = ()) -> list[str]:
    """Return the dates from which a page asks to be shown no longer, as written; they may hold commas."""
    for_us = [value for value in headers if not (named := _NAMED.match(value)) or named[1].lower() in _OURS]
    return [match[1].strip() for value in (*for_us, *metas) for match in _UNTIL.finditer(value)]


def forbids_following(rules: frozenset[str]) -> bool:
    """Whether the links of a page must not be followed."""
    return bool(rules & {"nofollow", "none"})


def _of_header(value: str) -> Iterator[str]:
    for_us = True
    for part in value.split(","):
        named = _NAMED.match(part)
        if named and named[1].lower() not in _VALUED and _is_rule(named[2]):
            for_us = named[1].lower() == AGENT
            part = named[2]
        if for_us and part.strip():
            yield from _single(part.strip().lower())


def _single(part: str) -> Iterator[str]:
    """Yield the rules of a part; some pages separate them by blanks or semicolons."""
    words = part.replace(";", " ").split()
    if len(words) > 1 and all(word in _RULES for word in words):
        yield from words
    elif part:
        yield part


def _is_rule(text: str) -> bool:
    name = text.partition(":")[0].strip().lower()
    return name in _RULES or name in _VALUED
