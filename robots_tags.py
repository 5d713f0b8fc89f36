"""The rules of robots meta tags and X-Robots-Tag headers that apply to this crawler.

One parser serves the crawler (nofollow) and the pipeline (noindex, noarchive, nosnippet, max-snippet). As in
Google's robots meta tag specification, a name before a colon says which crawler the rules after it are for,
until the next name or the end of the line. What precedes a colon is a name only if a rule follows it.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator

__all__ = ["AGENT", "META_NAMES", "forbids_following", "rules_for_us"]

AGENT = "clinicdex"  # our product token, also in robots.txt
META_NAMES = ("robots", AGENT)  # names of the meta tags whose rules apply to us
_NAMED = re.compile(r"\s*([\w-]+)\s*:\s*(.*)", re.DOTALL)
# Rules of Google's and Bing's specifications; those of _VALUED have a value behind a colon.
_RULES = frozenset(
    "all none index noindex follow nofollow noarchive nocache nosnippet noodp noydir noimageindex "
    "notranslate indexifembedded noai noimageai".split()
)
_VALUED = frozenset(("max-snippet", "max-image-preview", "max-video-preview", "unavailable_after"))


def rules_for_us(headers: Iterable[str], metas: Iterable[str] = ()) -> frozenset[str]:
    """Return the rules that apply to us, in lower case.

    `headers` are values of X-Robots-Tag, `metas` are contents of meta tags whose name is one of META_NAMES.
    """
    from_metas = (part.strip().lower() for content in metas for part in content.split(","))
    return frozenset(rule for value in headers for rule in _of_header(value)) | frozenset(
        filter(None, from_metas)
    )


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
            yield part.strip().lower()


def _is_rule(text: str) -> bool:
    name = text.partition(":")[0].strip().lower()
    return name in _RULES or name in _VALUED
