"""Open a page: decode it, apply its site's rules, parse and segment it; or refuse it, before or after."""

from __future__ import annotations

import re
from dataclasses import dataclass

from .. import urls
from ..records import Page, Reason, Rejection
from . import media_type, robots, rules
from .blocks import Segments
from .decode import decode
from .markup_weight import weight
from .parsed_page import ParsedPage, parse
from .segment import segment

__all__ = ["MAX_MARKUP", "Opening", "open_page", "refusal"]

# bytes, as `weight` counts them; a page with more is refused (docs/measurements.md, answer-limits)
MAX_MARKUP = 3_000_000
_MOST_BLOCKS = 50_000  # blocks of text; the longest of 2,742 real pages has 2,641
_DEEPEST = 2_040  # levels of nested boxes; libxml2 drops what is nested deeper than 2,048 elements
_HTML = re.compile(r"text/html|application/xhtml\+xml|^$", re.IGNORECASE)


@dataclass(frozen=True, slots=True)
class Opening:
    """An opened page: everything that follows from its own markup and the owner's rules."""

    ruled: rules.Ruled
    parsed_page: ParsedPage
    segments: Segments

    def refusal(self, page: Page) -> Rejection | None:
        """Return why the page is too large or too deeply nested to be judged; None if it is neither."""
        if len(self.segments.blocks) > _MOST_BLOCKS:
            return Rejection(page.url, Reason.TOO_LARGE, f"{len(self.segments.blocks):,} blocks of text")
        if self.segments.depth >= _DEEPEST:
            return Rejection(page.url, Reason.UNREADABLE, f"nested deeper than {_DEEPEST:,} elements")
        return None


def open_page(page: Page, site_rules: rules.SiteRules) -> Opening | None:
    """Decode a page, apply the owner's rules, parse and segment it; None if it has no readable markup."""
    ruled = rules.apply(decode(page.body, page.charset), site_rules)
    parsed_page = parse(ruled.markup, page.final_url, page.hints)
    return Opening(ruled, parsed_page, segment(parsed_page)) if parsed_page is not None else None


def refusal(page: Page, site_rules: rules.SiteRules) -> Rejection | None:
    """Return why a page must not be opened; None if it may be.

    Checked are its status, content type, size, the owner's globs and the X-Robots-Tag header.
    """
    content_type = page.header("content-type")
    path = urls.path_of(page.final_url)
    if page.status >= 300:
        return Rejection(
            page.url, Reason.ERROR_PAGE, f"status {page.status}{', moved' if page.status < 400 else ''}"
        )
    if not _HTML.search(content_type.split(";")[0].strip()):
        return Rejection(page.url, Reason.NOT_HTML, content_type)
    found = media_type.sniff(page.body)
    if found:
        return Rejection(page.url, Reason.NOT_HTML, f"{found}, sent as {content_type or 'nothing'}")
    if len(page.body) > MAX_MARKUP and (size := weight(page.body)) > MAX_MARKUP:
        return Rejection(page.url, Reason.TOO_LARGE, f"{size:,} bytes of markup")
    if any(pattern.fullmatch(path) for pattern in site_rules.exclude):
        return Rejection(page.url, Reason.EXCLUDED, "by the site's settings")
    wanted = robots.directives(page, None)
    if wanted.noindex:
        asked = ", ".join(sorted(wanted.rules)) or "unavailable_after"
        return Rejection(page.url, Reason.NOINDEX, f"a header asks for it: {asked}")
    return None
