"""What a response of a site is: a page to keep, an answer that was cut, a bot wall's challenge."""

from __future__ import annotations

import re
import time
from datetime import UTC, datetime
from email.utils import parsedate_to_datetime

from scrapy.http import Response

from ..records import FrontierEntry, OutcomeKind, Page, VisitOutcome
from .challenge import is_challenge

__all__ = ["header", "is_whole", "outcome_of", "page_of", "retry_after"]

_KEPT_HEADERS = (
    "content-type", "etag", "last-modified", "x-robots-tag", "link", "content-language", "location",
    "tdm-reservation", "tdm-policy",
)  # fmt: skip
_END = re.compile(rb"</(?:html|body)\s*>", re.IGNORECASE)
_TAIL = 2_000  # bytes in which the last tag of a page is looked for (chosen by hand)
_MOST_DIGITS = 10  # of a number of seconds or pages (chosen by hand)
CUT = "cut"  # detail of an answer that ended early, but after its last tag


def outcome_of(response: Response) -> VisitOutcome:
    """Return the outcome of a visit that the site answered with a page."""
    if is_challenge(response.body, lambda name: header(response, name)):
        return VisitOutcome(kind=OutcomeKind.CHALLENGE)
    if response.status >= 300:
        return VisitOutcome.answered(response.status)
    if not response.body.strip():
        return VisitOutcome(kind=OutcomeKind.EMPTY)
    if is_whole(response):
        return VisitOutcome.answered(response.status)
    if not _END.search(response.body[-_TAIL:]):
        return VisitOutcome(kind=OutcomeKind.CUT)
    return VisitOutcome(kind=OutcomeKind.ANSWERED, status=response.status, detail=CUT)


def is_whole(response: Response) -> bool:
    """Whether a response has the length that it said, or its last chunk."""
    return "dataloss" not in response.flags


def page_of(entry: FrontierEntry, response: Response) -> Page:
    """Return a response as a page; what is not called HTML is kept without its bytes."""
    headers = [
        (name, value.decode("latin-1")) for name in _KEPT_HEADERS for value in response.headers.getlist(name)
    ]
    kind = header(response, "Content-Type").lower()
    charset = kind.partition("charset=")[2].split(";")[0].strip(" \"'") or None
    readable = not kind or "html" in kind
    return Page(
        entry.url,
        entry.url,
        response.status,
        datetime.now(UTC),
        tuple(headers),
        response.body if readable else b"",
        charset,
    )


def header(response: Response, name: str) -> str:
    """Return the value of a header; "" if it was not sent."""
    return (response.headers.get(name) or b"").decode("latin-1")


def retry_after(response: Response) -> float:
    """Return Retry-After (seconds or an HTTP date) as seconds from now; 0 if absent or malformed."""
    value = header(response, "Retry-After").strip()
    if value.isascii() and value.isdecimal() and len(value) < _MOST_DIGITS:
        return float(value)
    try:
        return max(0.0, parsedate_to_datetime(value).timestamp() - time.time())
    except (ValueError, TypeError):
        return 0.0
