"""The contract of a search engine. Every engine passes the same test suite (tests/index/test_engines.py).

An engine holds *generations*: complete indexes, one of which is current. A reader sees the current generation
as it was when the reader was opened. Only one writer is open at a time; a second one waits a little, then
fails with a message that names who holds the index.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, field
from types import TracebackType
from typing import Any, Protocol, Self

from ..records import Article
from ..records import to_record as article_record
from .query import Query
from .snippet import Snippet

__all__ = [
    "FACETS",
    "FEATURES",
    "WAIT",
    "AtHand",
    "Engine",
    "Facet",
    "Hit",
    "RankedIds",
    "Reader",
    "Results",
    "Writer",
    "to_record",
]

_NOT_SHOWN = ("id", "text", "limits", "fingerprint")  # fields of an article left out of results
WAIT = 10.0  # seconds to wait until another writer ends; chosen by hand
FACETS = ("topic", "author", "site", "language", "year")
FEATURES = {
    "durable": "what is committed is there after a restart",
    "roll back": "the generation before the current one can be made current again",
    "at hand": "some queries are answered in about a millisecond: AtHand",
    "ranked ids": "readers return the ids of results without their articles: RankedIds",
}


@dataclass(frozen=True, slots=True)
class Hit:
    """One article among the results of a query."""

    id: str
    score: float  # higher is better; comparable only within one query
    snippet: Snippet
    article: Article
    near_duplicates: tuple[str, ...] = ()  # URLs of this article's near-duplicates, left out of this page


@dataclass(frozen=True, slots=True)
class Facet:
    """One value of a field among all results, and how many results have it."""

    value: str
    count: int


@dataclass(frozen=True, slots=True)
class Results:
    """One page of results."""

    total: int  # articles that match, exact
    hits: tuple[Hit, ...]  # by descending score, ties by id; or by date (`Query.sort`)
    cursor: str | None = None  # requests the next page (`Query.after`); None if this is the last
    # Filled on request; most frequent values first.
    facets: dict[str, tuple[Facet, ...]] = field(default_factory=dict)
    notices: tuple[str, ...] = ()  # for people: what was searched for differently from the query
    query: Query = field(default_factory=Query)  # the query that was answered: see `answer.understood`


def to_record(results: Results) -> dict[str, Any]:
    """Convert results to JSON values: each hit with its article, but without the text."""
    hits = [
        {
            "id": hit.id,
            "score": hit.score,
            "snippet": hit.snippet.text,
            "highlights": hit.snippet.highlights,
            "folded": hit.near_duplicates,
        }
        | {name: value for name, value in article_record(hit.article).items() if name not in _NOT_SHOWN}
        | {"summary": hit.article.limits.shown(hit.article.summary)}
        for hit in results.hits
    ]
    facets = {name: {facet.value: facet.count for facet in values} for name, values in results.facets.items()}
    return {"total": results.total, "hits": hits, "cursor": results.cursor, "notices": results.notices} | (
        {"facets": facets} if facets else {}
    )


class Reader(Protocol):
    """The index as it was when the reader was opened. To see later commits, open a new reader."""

    def search(self, query: Query, *, facets: bool = False) -> Results:
        """Return one page of results. Any query can be answered, if only with no hits."""

    def correct(self, query: Query) -> dict[str, str]:
        """Map unknown words of a query to the nearest words of the index, as people spell them.

        Empty if there is nothing to replace.
        """

    def suggest(self, prefix: str, most: int = 8) -> list[str]:
        """Return up to `most` titles, topics and authors that begin with a prefix, as written, sorted."""

    def more_like(self, id: str, most: int = 5) -> list[Hit]:
        """Return up to `most` articles on the same subject, without this one. Empty for an unknown id."""

    def get(self, id: str) -> Article | None:
        """Return an article; None if it is not in the index."""

    def at(self, url: str) -> Article | None:
        """Return the article at a canonical URL; None if there is none.

        The URLs in the article's `also_at` count as well.
        """

    def ids(self) -> Iterator[str]:
        """Return an iterator over the ids of all articles, in no particular order."""

    def stamp(self) -> int:
        """Return the number passed to the last commit; 0 before the first."""

    def close(self) -> None:
        """Close files and connections."""

    def __enter__(self) -> Self: ...

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None: ...


class Writer(Protocol):
    """Collects changes, which no reader sees before `commit`.

    Leaving a `with` block without a commit rolls back.
    """

    def replace(self, articles: Iterable[Article]) -> None:
        """Add articles, each replacing the one with its id. Within one commit, the last one of an id wins."""

    def remove(self, ids: Iterable[str]) -> None:
        """Remove articles. Unknown ids are ignored."""

    def commit(self, stamp: int) -> None:
        """Write the stamp and all changes since the last commit: all or nothing."""

    def swap(self, *, keep: bool = True) -> None:
        """Make the generation of a writer opened with `fresh` the current one. Call it after the last commit.

        `keep`: whether the previous generation is kept, so that it can be rolled back to.
        """

    def rollback(self) -> None:
        """Discard all changes since the last commit."""

    def close(self) -> None:
        """Roll back what is not committed and release the index for other writers."""

    def __enter__(self) -> Self: ...

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None: ...


class RankedIds(Protocol):
    """A reader of an engine with the feature "ranked ids"."""

    def ranked_ids(self, query: Query) -> list[str]:
        """Return only the ids of the results, in order: for callers that have the articles already."""


class Engine(Protocol):
    """A search engine at one index address."""

    features: frozenset[str]  # what this engine can do beyond this contract; see FEATURES

    def reader(self) -> Reader:
        """Open a reader of the current generation.

        Raises IndexUnreadable if there is none or it cannot be opened.
        """

    def writer(self, *, fresh: bool = False, wait: float = WAIT) -> Writer:
        """Open a writer of the current generation or, with `fresh`, of an empty one next to it.

        Raises EngineBusy if another writer holds the index and does not end within `wait` seconds,
        IndexUnreadable if the current generation cannot be opened.
        """

    def roll_back(self) -> None:
        """Make the previous generation current again. Raises EngineError if there is none."""

    def problems(self) -> Sequence[str]:
        """Check the index itself and return its problems; empty if there are none."""

    def close(self) -> None:
        """Close what readers share. Readers that are open stay open."""


class AtHand(Protocol):
    """An engine with the feature "at hand"."""

    def at_hand(self, query: Query) -> Results | None:
        """Return what a reader of the newest commit would return, or None.

        None if that would take more than about a millisecond, or would have to wait for anything.
        """
