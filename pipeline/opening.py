"""A page opened: decoded, its site's rules applied, parsed and segmented; or refused, before that or after."""

from __future__ import annotations

import re
from dataclasses import dataclass

from .. import urls
from ..records import Page, Reason, Rejection
from . import robots, rules
from .blocks import Segments
from .decode import decode
from .document import Document, parse
from .segment import segment

__all__ = ["MAX_MARKUP", "Opening", "open_page", "refusal"]

MAX_MARKUP = 3_000_000  # bytes; a longer page is refused (docs/measurements.md, answer-limits)
_MOST_BLOCKS = 50_000  # of text; the longest of 2,742 real pages has 2,641
_DEEPEST = 2_040  # boxes in each other; libxml2 drops what lies deeper than 2,048 elements
_HTML = re.compile(r"text/html|application/xhtml\+xml|^$", re.IGNORECASE)


@dataclass(frozen=True, slots=True)
class Opening:
    """A page as far as its own markup goes."""

    ruled: rules.Ruled
    document: Document
    segments: Segments

    def refusal(self, page: Page) -> Rejection | None:
        """Return why there is too much of the page to be judged; None if there is not."""
        if len(self.segments.blocks) > _MOST_BLOCKS:
            return Rejection(page.url, Reason.TOO_LARGE, f"{len(self.segments.blocks):,} blocks of text")
        if self.segments.depth >= _DEEPEST:
            return Rejection(page.url, Reason.UNREADABLE, f"nested deeper than {_DEEPEST:,} elements")
        return None


def open_page(page: Page, site_rules: rules.SiteRules) -> Opening | None:
    """Decode, apply the owner's rules, parse and segment; None if there is no markup in it that can be read."""
    ruled = rules.apply(decode(page.body, page.charset), site_rules)
    document = parse(ruled.markup, page.final_url, page.hints)
    return Opening(ruled, document, segment(document)) if document is not None else None


def refusal(page: Page, site_rules: rules.SiteRules) -> Rejection | None:
    """Return why a page is not to be opened: status, type, size, the owner's globs, a header; None if it is."""
    content_type = page.header("content-type")
    path = urls.path_of(page.final_url)
    if page.status >= 300:
        return Rejection(
            page.url, Reason.ERROR_PAGE, f"status {page.status}{', moved' if page.status < 400 else ''}"
        )
    if not _HTML.search(content_type.split(";")[0].strip()):
        return Rejection(page.url, Reason.NOT_HTML, content_type)
    if len(page.body) > MAX_MARKUP:
        return Rejection(page.url, Reason.TOO_LARGE, f"{len(page.body):,} bytes of markup")
    if any(pattern.fullmatch(path) for pattern in site_rules.exclude):
        return Rejection(page.url, Reason.EXCLUDED, "by the site's settings")
    if robots.directives(page, None).noindex:
        return Rejection(page.url, Reason.NOINDEX, "asked for by a header")
    return None
