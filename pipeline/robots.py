"""What robots meta tags and the X-Robots-Tag header allow us to do with a page."""

from __future__ import annotations

import re
from dataclasses import dataclass, field
from datetime import UTC, datetime
from email.utils import parsedate_to_datetime

from ..records import Page, SnippetLimits
from ..robots_tags import META_NAMES, rules_for_us, unavailable_after
from .parsed_page import ParsedPage

__all__ = ["Directives", "directives"]

_MAX_SNIPPET = re.compile(r"max-snippet\s*:\s*(\d+)")


@dataclass(frozen=True, slots=True)
class Directives:
    """What a page asks of its readers. Whether its links may be followed, the crawler checks."""

    rules: frozenset[str] = frozenset()  # all that apply to us, in lower case
    noindex: bool = False
    expires: datetime | None = None  # when the page wants to be shown no longer
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
    dates = [day for text in unavailable_after(headers, metas) if (day := _moment(text))]
    expires = min(dates, default=None)
    return Directives(
        rules=rules,
        noindex=bool(rules & {"noindex", "none"}) or (expires is not None and expires <= page.fetched_at),
        expires=expires,
        noarchive=bool(rules & {"noarchive", "nocache"}),
        limits=SnippetLimits("nosnippet" in rules or 0 in lengths, min(lengths, default=None)),
    )


def _moment(text: str) -> datetime | None:
    """Return a date as RFC 822, RFC 850 or ISO 8601 write it, by default in UTC; None if malformed."""
    try:
        parsed = datetime.fromisoformat(text)
    except ValueError:
        try:
            parsed = parsedate_to_datetime(text)
        except (ValueError, TypeError):
            return None
    return parsed if parsed.tzinfo else parsed.replace(tzinfo=UTC)
