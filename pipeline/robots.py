"""What robots meta tags and the X-Robots-Tag header allow to be done with a page.

Directives as in Google's robots meta tag specification; a directive for another named agent is not for us.
"""

from __future__ import annotations

import re
from dataclasses import dataclass, field

from ..article import Page, SnippetLimits
from .document import Document

__all__ = ["AGENT", "Directives", "directives"]

AGENT = "clinicdex"
_NAMED = re.compile(r"^\s*([\w-]+)\s*:\s*(.*)$")
_VALUED = {"max-snippet", "max-image-preview", "max-video-preview", "unavailable_after"}


@dataclass(frozen=True, slots=True)
class Directives:
    """What a page asks of robots."""

    noindex: bool = False
    nofollow: bool = False
    noarchive: bool = False
    limits: SnippetLimits = field(default_factory=SnippetLimits)


def directives(page: Page, document: Document | None) -> Directives:
    """Read the directives of header and markup together; the stricter one stands."""
    words = [part for value in _header_values(page) for part in value]
    if document is not None:
        for name in ("robots", AGENT):
            words += [part.strip().lower() for content in document.meta.get(name, ()) for part in content.split(",")]
    lengths = [int(word.partition(":")[2]) for word in words if re.fullmatch(r"max-snippet\s*:\s*\d+", word)]
    found = set(words)
    return Directives(
        noindex=bool(found & {"noindex", "none"}),
        nofollow=bool(found & {"nofollow", "none"}),
        noarchive=bool(found & {"noarchive", "nocache"}),
        limits=SnippetLimits("nosnippet" in found or 0 in lengths, min(lengths, default=None)),
    )


def _header_values(page: Page) -> list[list[str]]:
    values = []
    for name, value in page.headers:
        if name != "x-robots-tag":
            continue
        match = _NAMED.match(value)
        if match and match[1].lower() not in _VALUED:
            if match[1].lower() != AGENT:
                continue
            value = match[2]
        values.append([part.strip().lower() for part in value.split(",")])
    return values
