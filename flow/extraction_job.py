"""What an extraction process does: pages in, extractions out."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace

from ..pipeline.extract import Extraction, extract
from ..pipeline.rules import SiteRules
from ..pipeline.site import SiteModel, corrected
from ..records import Page
from .shipped import shipped_context

__all__ = ["ExtractionJob"]


class ExtractionJob:
    """Extracts pages of one site after another. Made in the process that does it (see `worker.Worker`)."""

    def __init__(self, own_vocabulary: Sequence[str] = (), *, only_own: bool = False) -> None:
        """Load the judges and the vocabulary: files of the owner's topics, and with them the shipped one unless `only_own`."""
        self._context = shipped_context(own_vocabulary, only_own=only_own)

    def prepare(self, setup: tuple[str, SiteModel, SiteRules] | None) -> None:
        """Take the site whose pages come next."""
        if setup:
            site, model, rules = setup
            self._context = replace(self._context, site=site, model=corrected(model, rules), rules=rules)

    def do(self, item: Page) -> Extraction:
        """Extract one page."""
        return extract(item, self._context)
