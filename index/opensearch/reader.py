"""Searches in one point in time of an OpenSearch index.

OpenSearch finds, scores and counts. What results show is made here, as for every engine.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from typing import Any

from ...records import Article
from .. import cursor, fields
from ..analysis import QueryAnalyzer
from ..answer import Page, answer, understood
from ..closing import Closing
from ..cursor import Position
from ..engine import FACETS, Facet, Hit, Results
from ..fields import Analyzers
from ..folding import fold
from ..highlight import Highlighter
from ..query import Query
from ..snippet import Snippet, cut
from ..spelling import nearest
from ..synonyms import Synonyms
from ..wording import candidates, pruned
from .clauses import ORDER, Clause, facets, query_clause
from .known_terms import KnownTerms, counting, counts
from .mapping import AFTER_KEY, article_of, joined
from .paging import WINDOW, walked
from .pointintime import PointInTime
from .source import Source

__all__ = ["OpenSearchReader"]

_NEAR = 20  # spellings to choose from; chosen by hand
_LAST_DAY = 2**31 - 1  # the largest number that fits into the field of day numbers
_LONGEST_PATTERN = 1_000  # characters of a regular expression, OpenSearch's default (index.max_regex_length)
_MEANS_SOMETHING = re.compile(r"[^\w\s]")  # Lucene's RegExp escapes any character by a backslash
Row = dict[str, Any]  # a hit as OpenSearch returns it


class OpenSearchReader(Closing):
    """One state of an index as it was when the reader was opened."""

    def __init__(self, state: PointInTime, synonyms: Synonyms) -> None:
        self._state = state
        self._synonyms = synonyms
        self._query_analyzer = QueryAnalyzer(state.languages)
        self._closed = False

    def search(self, query: Query, *, facets: bool = False) -> Results:
        """Find the articles that match a query.

        One request runs the query and checks whether its words and phrases occur at all. A second search
        follows only if one of them does not.
        """
        known = self._known_terms()
        likely = pruned(query, self._state.languages)
        clauses = known.clauses([*likely.words, *candidates(likely, query.words)], query.phrases)
        bodies = [self._body(likely, facets), *([counting(clauses)] if clauses else [])]
        first, *rest = self._state.searches(bodies)
        if rest:
            known.learn(clauses, counts(rest[0], clauses))
        return answer(query, self._source(known, {likely: first}), self._synonyms.names, facets=facets)

    def ranked_ids(self, query: Query) -> list[str]:
        """Return only the ids of the results, in order."""
        query, _ = understood(query, self._source(self._known_terms(), {}), self._synonyms.names)
        bare = self._body(query, False) | {"_source": False}
        return [row["sort"][-1] for row in self._rows(query, self._state.search(bare))[: query.size]]

    def _source(self, known: KnownTerms, answers: dict[Query, dict[str, Any]]) -> Source:
        """Return the index as a query sees it; `answers` are the pages that have been fetched already."""
        return Source(
            self._state.languages,
            known,
            lambda query, facets: self.page_of(query, answers.get(query), facets=facets),
        )

    def _known_terms(self) -> KnownTerms:
        state = self._state
        return KnownTerms(self._query_analyzer, lambda some: counts(state.search(counting(some)), some))

    def page_of(self, query: Query, response: dict[str, Any] | None, *, facets: bool) -> Page:
        """Return one page of an understood query; `response` is OpenSearch's if already fetched."""
        response = response or self._state.search(self._body(query, facets))
        rows = self._rows(query, response)
        highlighter = Highlighter(query, self._state.languages)
        buckets = {name: response["aggregations"][name]["buckets"] for name in FACETS} if facets else {}
        return Page(
            total=response["hits"]["total"]["value"],
            hits=(self._hit(row, highlighter, query) for row in rows[: query.size]),
            end=_end(rows, query.size),
            facets={
                name: tuple(Facet(bucket["key"], bucket["doc_count"]) for bucket in values)
                for name, values in buckets.items()
            },
        )

    def _body(self, query: Query, counted: bool) -> dict[str, Any]:
        """Return the search for a page and one more result, which shows whether there is a next page.

        For a page that is too deep for one request (`_is_deep`) the search asks for no results.
        """
        body: dict[str, Any] = {
            "query": query_clause(query, self._query_analyzer, self._state.newest),
            "sort": ORDER[query.sort],
            "track_total_hits": True,
            "size": 0 if _is_deep(query) else query.size + 1,
            "_source": ["record"] if query.shown == "record" else ["record", "text"],
        }
        after = self._after(query, body["query"])
        begin = {"search_after": after} if after else {"from": 0 if _is_deep(query) else query.offset}
        return body | begin | ({"aggs": facets()} if counted else {})

    def _after(self, query: Query, matching: Clause) -> list[Any] | None:
        """Return the `search_after` of a page; None if the query has no cursor.

        A page begins after the article that the cursor names, at its current position; if the article is
        gone, at its former one.
        """
        after = cursor.read(query.after)
        if after is None:
            return None
        alone = {"bool": {"must": [matching], "filter": [{"term": {"id": after.id}}]}}
        response = self._state.search(
            {"size": 1, "query": alone, "sort": ORDER[query.sort], "_source": False}
        )
        rows = response["hits"]["hits"]
        value = rows[0]["sort"][0] if rows else after.value
        return [value if query.is_scored else int(max(-_LAST_DAY, min(value, _LAST_DAY))), after.id]

    def _rows(self, query: Query, answer: dict[str, Any]) -> list[Row]:
        """Return the results of a page and one more; those too deep for one request are paged through."""
        if not _is_deep(query):
            rows: list[Row] = answer["hits"]["hits"]
            return rows
        body = self._body(query, False) | {"track_total_hits": False}
        body.pop("from", None)
        skipped = 0
        for row in walked(self._state, body | {"_source": False}, query.offset):
            body["search_after"], skipped = row["sort"], skipped + 1
        return list(walked(self._state, body, query.size + 1)) if skipped == query.offset else []

    def _hit(self, row: Row, marker: Highlighter, query: Query) -> Hit:
        article = article_of(row["_source"])
        score = float(row["sort"][0]) if query.is_scored else 0.0
        if query.shown != "snippet":
            return Hit(article.id, score, Snippet(""), article)
        matches = [] if article.limits.nosnippet else marker.places(article.text)
        return Hit(article.id, score, cut(article.text, matches, article.limits), article)

    def correct(self, query: Query) -> dict[str, str]:
        """Map words that the index does not know to the nearest words that it knows."""
        known = self._known_terms()
        asked = pruned(query, self._state.languages, known.word)
        words = list(dict.fromkeys((*asked.words, *query.required)))
        clauses = known.clauses(words, ())
        if clauses:
            known.learn(clauses, counts(self._state.search(counting(clauses)), clauses))
        unknown = [word for word in words if not known.word(word)]
        spellings = {
            word: nearest(word, self._near_words)
            for word in unknown
            if not any(map(known.word, self._synonyms.of(word)))
        }
        return {word: known for word, known in spellings.items() if known}

    def _near_words(self, word: str, distance: int, same: int) -> list[tuple[str, int]]:
        """Return (word, number of articles) of the words within an edit distance of a word.

        The words are those of titles, headings, topics and people. The first `same` letters must match.
        """
        near = {
            "field": "exact", "suggest_mode": "always", "max_edits": distance, "prefix_length": same,
            "min_word_length": 1, "size": _NEAR, "sort": "frequency",
            "string_distance": "damerau_levenshtein", "accuracy": 0.0,
        }  # fmt: skip
        response = self._state.search(
            {"size": 0, "suggest": {"near": {"text": joined([word]), "term": near}}}
        )
        words = [option["text"] for entry in response["suggest"]["near"] for option in entry["options"]]
        # Counted again: the suggester counts deleted articles as well.
        clauses = [{"term": {"exact": option}} for option in words]
        return (
            list(zip(words, counts(self._state.search(counting(clauses)), clauses), strict=True))
            if words
            else []
        )

    def suggest(self, prefix: str, most: int = 8) -> list[str]:
        """Return what completes a prefix, in sorted order and each entry once.

        A completion suggester would be faster, but it returns one entry of each article, and an article can
        have several with the same prefix (docs/measurements.md, completion).
        """
        wanted = fold(prefix).strip()
        pattern = f"{_literally(wanted)}.*"
        if not wanted or len(pattern) > _LONGEST_PATTERN:  # nobody types that much
            return []
        begun = {
            "field": "complete",
            "size": most,
            "order": {"_key": "asc"},
            "include": pattern,
            "execution_hint": "map",
        }
        response = self._state.search(
            {
                "size": 0,
                "query": {"prefix": {"complete": wanted}},
                "track_total_hits": False,
                "aggs": {"begun": {"terms": begun}},
            }
        )
        entries = [
            bucket["key"].partition(AFTER_KEY)[2] for bucket in response["aggregations"]["begun"]["buckets"]
        ]
        return list(dict.fromkeys(entries))

    def more_like(self, id: str, most: int = 5) -> list[Hit]:
        """Search with the most significant terms of the article itself.

        OpenSearch chooses them as `fields.telling` does: by tf-idf.
        """
        article = self.get(id)
        if article is None:
            return []
        own = joined(fields.flat_terms(article, Analyzers().of(article)))
        like = {
            "fields": ["all"], "like": [own], "min_term_freq": 1, "min_doc_freq": 2,
            "max_query_terms": fields.TELLING, "minimum_should_match": 1,
            "stop_words": [joined([fields.BOUNDARY])],
        }  # fmt: skip
        others = {"bool": {"must": [{"more_like_this": like}], "must_not": [{"term": {"id": id}}]}}
        response = self._state.search(
            {"query": others, "sort": ORDER["relevance"], "size": most, "_source": ["record", "text"]}
        )
        return [self._hit(row, Highlighter(Query()), Query()) for row in response["hits"]["hits"]]

    def get(self, id: str) -> Article | None:
        """Return the article with an id; None if it is not in the index."""
        return self._article("id", id)

    def at(self, url: str) -> Article | None:
        """Return the article at a canonical URL, main or alternative; None if there is none."""
        return self._article("address", url)

    def _article(self, field: str, value: str) -> Article | None:
        response = self._state.search(
            {
                "size": 1,
                "query": {"term": {field: value}},
                "_source": ["record", "text"],
                "track_total_hits": False,
            }
        )
        return article_of(response["hits"]["hits"][0]["_source"]) if response["hits"]["hits"] else None

    def ids(self) -> Iterator[str]:
        """Return an iterator over the ids of all articles."""
        body = {
            "query": {"exists": {"field": "id"}},
            "sort": [{"id": "asc"}],
            "_source": False,
            "track_total_hits": False,
        }
        return (row["sort"][0] for row in walked(self._state, body))

    def unreadable(self) -> list[str]:
        """Return the ids of the articles that cannot be shown; one request loads up to `WINDOW` articles."""
        body = {
            "query": {"exists": {"field": "id"}},
            "sort": [{"id": "asc"}],
            "_source": ["record"],
            "track_total_hits": False,
        }
        return [row["sort"][0] for row in walked(self._state, body) if not _can_be_shown(row)]

    def stamp(self) -> int:
        """Return the change number of the last commit; 0 before the first."""
        return self._state.stamp

    def close(self) -> None:
        """Release the state."""
        if not self._closed:
            self._closed = True
            self._state.release()


def _can_be_shown(row: Row) -> bool:
    try:
        article_of(row["_source"])
    except (KeyError, TypeError, ValueError):
        return False
    return True


def _is_deep(query: Query) -> bool:
    """Whether one request cannot return a page.

    OpenSearch skips no more than `WINDOW` results, and cannot skip any after a cursor.
    """
    return query.offset + query.size >= WINDOW or bool(query.offset and query.after)


def _end(rows: Sequence[Row], size: int) -> Position | None:
    """Return the position of the last result of a page; None if no result follows it."""
    if len(rows) <= size or not size:
        return None
    value, id_ = rows[size - 1]["sort"]
    return Position(float(value), id_)


def _literally(text: str) -> str:
    """Return a regular expression of Lucene that matches a text literally."""
    return _MEANS_SOMETHING.sub(lambda match: f"\\{match.group()}", text)
