"""The job of an extraction process: it takes pages and returns extractions."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace

from ..pipeline.extract import Extraction, extract
from ..pipeline.opt_outs import SiteOptOuts
from ..pipeline.rules import SiteRules
from ..pipeline.site import SiteModel, corrected
from ..records import Page
from .shipped import shipped_context

__all__ = ["ExtractionJob"]


class ExtractionJob:
    """Extracts pages, one site after another. Created in the extraction process (see `worker.Worker`)."""

    def __init__(self, own_vocabulary: Sequence[str] = (), *, only_own: bool = False) -> None:
        """Load the trained judges and the vocabulary: the owner's, and unless `only_own` the shipped one."""
        self._context = shipped_context(own_vocabulary, only_own=only_own)

    def prepare(self, setup: tuple[str, SiteModel, SiteRules, SiteOptOuts] | None) -> None:
        """Set the site, its model, its rules and what it reserves, for the pages that come next."""
        if setup:
            site, model, rules, opt_outs = setup
            self._context = replace(
                self._context, site=site, model=corrected(model, rules), rules=rules, opt_outs=opt_outs
            )

    def do(self, item: Page) -> Extraction:
        """Extract one page."""
        return extract(item, self._context)
