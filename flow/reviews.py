"""When the medical review of an article is overdue."""

from __future__ import annotations

from datetime import date, timedelta

from ..records import Article

__all__ = ["is_overdue"]


def is_overdue(article: Article, today: date, every: timedelta) -> bool:
    """Whether an article should have been reviewed again before `today`.

    It should on the day that its page names; without one, `every` after its last review. An article that says
    nothing about reviews is never overdue.
    """
    due = article.review_due or (article.reviewed_on + every if article.reviewed_on else None)
    return due is not None and due < today
