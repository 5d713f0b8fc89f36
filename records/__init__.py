"""The records that travel between packages: links and visits, then Page, Article, Rejection and their parts.

All records are frozen: a stage never changes one, it returns a new one.
"""

from .articles import (
    Answered,
    Article,
    ArticleKeys,
    Fingerprinted,
    Image,
    Origin,
    Person,
    Reason,
    Rejection,
    SnippetLimits,
    Source,
    Topic,
    Version,
    from_record,
    to_record,
)
from .visits import FrontierEntry, Hints, Link, OutcomeKind, Page, RobotsAnswer, UrlKind, Visit, VisitOutcome

__all__ = [
    "Answered", "Article", "ArticleKeys", "Fingerprinted", "FrontierEntry", "Hints", "Image", "Link",
    "Origin", "OutcomeKind", "Page", "Person", "Reason", "Rejection", "RobotsAnswer", "SnippetLimits",
    "Source", "Topic", "UrlKind", "Version", "Visit", "VisitOutcome", "from_record", "to_record",
]  # fmt: skip
