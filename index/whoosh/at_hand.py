"""Which queries are answered at once, on the event loop of a server: those whose words are decoded."""

from __future__ import annotations

from ..query import Query
from ..wording import pruned
from .snapshot import Snapshot

__all__ = ["is_at_hand"]

# Of an at-hand query, which therefore takes about a millisecond (docs/measurements.md, at-hand).
_MOST_POSTINGS, _MOST_HITS = 50_000, 20


def is_at_hand(query: Query, snapshot: Snapshot) -> bool:
    """Whether a query takes about a millisecond.

    It may ask only for words, sorted by relevance, and for at most `_MOST_HITS` records without text.
    Each word must be decoded and must occur; together they may have at most `_MOST_POSTINGS` postings.
    """
    more = query.prefixes or query.phrases or query.required or query.excluded or query.condition()
    if (
        more
        or not query.words
        or query.sort != "relevance"
        or query.shown != "record"
        or query.size > _MOST_HITS
    ):
        return False
    postings = 0
    for word in pruned(query, snapshot.languages).words:
        counts = [snapshot.decoded(term) for term in snapshot.query_analyzer.terms(word)]
        if None in counts or (counts and not any(counts)):
            return False
        postings += sum(filter(None, counts))
    return 0 < postings <= _MOST_POSTINGS  # 0: stop words alone match all articles
