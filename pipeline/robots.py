"""What robots meta tags and the X-Robots-Tag header allow us to do with a page."""

from __future__ import annotations

import re
from dataclasses import dataclass, field

from ..records import Page, SnippetLimits
from ..robots_tags import META_NAMES, rules_for_us
from .parsed_page import ParsedPage

__all__ = ["Directives", "directives"]

_MAX_SNIPPET = re.compile(r"max-snippet\s*:\s*(\d+)")


@dataclass(frozen=True, slots=True)
class Directives:
    """What a page asks of its readers, except whether its links may be followed: the crawler checks that."""

    noindex: bool = False
    noarchive: bool = False
    limits: SnippetLimits = field(default_factory=SnippetLimits)


def directives(page: Page, parsed_page: ParsedPage | None) -> Directives:
    """Return the directives of header and markup together; the stricter one applies."""
    headers = [value for name, value in page.headers if name == "x-robots-tag"]
    metas = (
        [content for name in META_NAMES for content in parsed_page.meta.get(name, ())]
        if parsed_page is not None
        else []
    )
    rules = rules_for_us(headers, metas)
    lengths = [int(match[1]) for rule in rules if (match := _MAX_SNIPPET.fullmatch(rule))]
    return Directives(
        noindex=bool(rules & {"noindex", "none"}),
        noarchive=bool(rules & {"noarchive", "nocache"}),
        limits=SnippetLimits("nosnippet" in rules or 0 in lengths, min(lengths, default=None)),
    )
