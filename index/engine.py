"""What a search engine must do for us. Every engine passes the same suite (tests/test_engines.py).

An engine holds *generations*: complete indexes of which one is current. Readers see the current generation as it was
when they were opened. One writer at a time; a second one waits a little and then fails with who holds the index.
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

_NOT_SHOWN = ("id", "text", "limits", "fingerprint")  # of an article among results
WAIT = 10.0  # seconds for another writer to end
FACETS = ("topic", "author", "site", "language", "year")
FEATURES = {
    "durable": "what is committed is there after a restart",
    "roll back": "the generation before the current one can be made current again",
    "at hand": "some queries are answered in about a millisecond: AtHand",
    "ranked ids": "readers return the ids of results without their articles: RankedIds",
}


@dataclass(frozen=True, slots=True)
class Hit:
    """One result."""

    id: str
    score: float  # higher is better; comparable only within one query
    snippet: Snippet
    article: Article
    near_duplicates: tuple[str, ...] = ()  # URLs of articles left out of this page that say nearly the same


@dataclass(frozen=True, slots=True)
class Facet:
    """One value of a field among all results, and how many have it."""

    value: str
    count: int


@dataclass(frozen=True, slots=True)
class Results:
    """One page of results."""

    total: int  # articles that match, exact
    hits: tuple[Hit, ...]  # by descending score, ties by id; or by date, newest first
    cursor: str | None = None  # asks for the page after this one (`Query.after`); None if this is the last
    facets: dict[str, tuple[Facet, ...]] = field(
        default_factory=dict
    )  # filled when asked for; most frequent first
    notices: tuple[str, ...] = ()  # what was asked and could not be done, for people
    query: Query = field(default_factory=Query)  # what was answered: see `answer.understood`


def to_record(results: Results) -> dict[str, Any]:
    """Turn results into JSON values: each hit with its article, but for the text."""
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
    """The index as it was when the reader was opened. Later commits are not seen: open a new one."""

    def search(self, query: Query, *, facets: bool = False) -> Results:
        """Find articles. Any query has an answer, if an empty one."""

    def correct(self, query: Query) -> dict[str, str]:
        """Map words of a question that the index does not know to the nearest that it does, as people spell them; empty if there is nothing to mend."""

    def suggest(self, prefix: str, most: int = 8) -> list[str]:
        """Complete what is being typed with titles, topics and authors that begin so, as written, sorted."""

    def more_like(self, id: str, most: int = 5) -> list[Hit]:
        """Find articles about the same; without the article itself. Empty for an unknown id."""

    def get(self, id: str) -> Article | None:
        """Give an article; None if it is not in the index."""

    def at(self, url: str) -> Article | None:
        """Give the article at an address in canonical form, one of those it is also at among them; None if there is none."""

    def ids(self) -> Iterator[str]:
        """Give the id of every article, in no order."""

    def stamp(self) -> int:
        """Give the number handed to the last commit; 0 before the first."""

    def close(self) -> None:
        """Let go of files and connections."""

    def __enter__(self) -> Self: ...

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None: ...


class Writer(Protocol):
    """Collects changes; nothing is seen by anyone before `commit`. Leaving a `with` block without commit rolls back."""

    def replace(self, articles: Iterable[Article]) -> None:
        """Put articles in, each in place of the one with its id. Within one commit the last of an id wins."""

    def remove(self, ids: Iterable[str]) -> None:
        """Take articles out. An unknown id is nothing to do."""

    def commit(self, stamp: int) -> None:
        """Write all changes since the last commit and the stamp, all or nothing."""

    def swap(self, *, keep: bool = True) -> None:
        """Make the generation that this writer began with `fresh` the current one, after its last commit; `keep` the one before to roll back to."""

    def rollback(self) -> None:
        """Drop all changes since the last commit."""

    def close(self) -> None:
        """Roll back what is not committed and free the index for others."""

    def __enter__(self) -> Self: ...

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None: ...


class RankedIds(Protocol):
    """A reader of an engine with the feature "ranked ids"."""

    def ranked_ids(self, query: Query) -> list[str]:
        """Return the ids of the results alone, in order: for whoever has the articles already."""


class Engine(Protocol):
    """A search engine at one place."""

    features: frozenset[str]  # what this engine can do beyond the contract; see FEATURES

    def reader(self) -> Reader:
        """Open the current generation. IndexUnreadable if there is none or it does not open."""

    def writer(self, *, fresh: bool = False, wait: float = WAIT) -> Writer:
        """Open for writing: the current generation, or with `fresh` an empty one beside it.

        EngineBusy if another writer holds the index and does not end within `wait` seconds, IndexUnreadable if the current generation does not open.
        """

    def roll_back(self) -> None:
        """Make the generation before the current one current again. EngineError if there is none."""

    def problems(self) -> Sequence[str]:
        """Check the index itself; an empty list if all is well."""

    def close(self) -> None:
        """Let go of what readers share; readers that are open stay so."""


class AtHand(Protocol):
    """An engine with the feature "at hand"."""

    def at_hand(self, query: Query) -> Results | None:
        """Return what a reader of the newest commit would, if that takes about a millisecond and waits for nothing; else None."""
