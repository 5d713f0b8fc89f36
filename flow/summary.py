"""How far a crawl has come, and how it ended."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from enum import StrEnum

from .what_changed import Changes

__all__ = ["CrawlOutcome", "Progress", "Summary"]


@dataclass(frozen=True, slots=True, kw_only=True)
class Progress:
    """How far a crawl has come."""

    site: str
    visited: int  # URLs finished in this run
    waiting: int  # URLs known and not yet fetched
    extracted: int  # pages extracted since this process started
    articles: int  # visible now
    unread: int = 0  # pages fetched and not yet extracted


class CrawlOutcome(StrEnum):
    """How a crawl ended."""

    DONE = "done"
    PARTIAL = "partial"  # some URLs failed
    HELD = "held"  # articles that would have gone, or that the site refuses now, were kept
    STOPPED = "stopped"
    FAILED = "failed"  # nothing could be fetched, or an error ended it


@dataclass(frozen=True, slots=True, kw_only=True)
class Summary:
    """How a crawl ended."""

    site: str
    outcome: CrawlOutcome
    pages: int  # in the catalogue
    articles: int  # visible
    doubles: int  # pages that are another URL of an article
    rejected: Mapping[str, int]  # pages that are not articles, by reason
    failed: Mapping[str, int]  # URLs that could not be fetched, by outcome
    seconds: float
    asked: int = 0  # URLs finished in this run
    unchanged: int = 0  # of those, the ones that had not changed
    requests: int = 0
    bytes: int = 0  # received
    cut: int = 0  # pages whose answer ended early, but after their last tag
    dropped: Mapping[str, int] = field(default_factory=dict)  # links not followed, by reason
    held: Mapping[str, int] = field(default_factory=dict)  # articles kept by the deletion guard, by reason
    refused: Mapping[str, int] = field(default_factory=dict)  # articles kept though refused, by outcome
    away: int = 0  # articles that are not shown, because they have not answered for 30 days
    denied: Mapping[str, int] = field(default_factory=dict)  # articles deleted by the owner's rules, by rule
    not_found: int = 0  # URLs that answered 404 once; removed if they still do so a day later
    changes: Changes = field(default_factory=Changes)  # what this run changed
    advice: tuple[str, ...] = ()  # what the owner may want to do, in whole sentences
