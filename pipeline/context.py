"""Everything that the extraction of a page knows in addition to the page."""

from __future__ import annotations

from dataclasses import dataclass, field

from ..vocabulary.concepts import Vocabulary
from . import opt_outs, rules
from .person import PersonParser
from .site import SiteModel
from .trained import Trained

__all__ = ["Context"]


@dataclass(frozen=True, slots=True)
class Context:
    """What is known in addition to the page."""

    site: str
    vocabulary: Vocabulary
    trained: Trained
    persons: PersonParser
    model: SiteModel = field(default_factory=SiteModel)
    rules: rules.SiteRules = rules.NO_RULES
    opt_outs: opt_outs.SiteOptOuts = field(
        default_factory=opt_outs.SiteOptOuts
    )  # what the site's files reserve
    # Make an article of every page that has text; `Extraction.refused` says why it would be rejected
    force: bool = False
