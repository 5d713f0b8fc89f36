"""Queries in OpenSearch's form: clauses that match, clauses that add to the score, order of results."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Sequence
from typing import Any

from .. import fields
from ..analysis import QueryAnalyzer
from ..engine import FACETS
from ..filters import Both, Condition, Dated, Has, Not
from ..folding import fold
from ..query import Query
from ..ranking import FAVOUR, HALF_LIFE, TITLE
from .mapping import OLDEST, joined

__all__ = ["ARTICLES", "ORDER", "Clause", "alternatives", "facets", "query_clause"]

Clause = dict[str, Any]

_SORTED_BY = {"relevance": "_score", "recent": "_score", "date": "day", "oldest": OLDEST}
ORDER = {name: [{field: "desc"}, {"id": "asc"}] for name, field in _SORTED_BY.items()}
_MOST_CLAUSES = 1_000  # OpenSearch takes 1,024 in total (indices.query.bool.max_clause_count)
_MOST_SCORING = 900  # of these clauses; chosen by hand
_MOST_EXPANSIONS = 100  # terms that one prefix expands to (docs/measurements.md, query-limits)
_VARIANTS = 4  # terms of a part of a joined word that are compared: its stems in as many languages
_LEAVES_OF_JOINED = 2 * (1 + 2 * _VARIANTS)  # clauses of a joined word at most
_MOST_VALUES = 10_000  # of one facet; chosen by hand
_DATED = {"range": {"day": {"gte": 1}}}  # 0 is the day of articles without a date
ARTICLES = {"exists": {"field": "id"}}  # all documents but the stamp, which has no id field


def query_clause(query: Query, query_analyzer: QueryAnalyzer, newest: int) -> Clause:
    """Return the OpenSearch query that finds the articles for a query, each with its score.

    `newest` is the day number of the newest article.
    """
    needed, unwanted = _limits(query, query_analyzer)
    terms = fields.query_terms(query, query_analyzer, query_analyzer.terms)
    most = min(_MOST_SCORING, _MOST_CLAUSES - _leaves(needed) - _leaves(unwanted))
    joined = fields.joined_terms(query, query_analyzer, terms)[: most // (2 * _LEAVES_OF_JOINED)]
    most -= _LEAVES_OF_JOINED * len(joined)
    scored = [_scoring(terms, joined, query.prefixes, most)] if terms or query.prefixes else []
    matching = {"bool": {"must": scored, "filter": [*needed, ARTICLES], "must_not": unwanted}}
    return _favoured(matching, newest) if query.sort == "recent" else matching


def _scoring(
    query_terms: Counter[str], joined: Sequence[fields.Joined], prefixes: Sequence[str], most: int
) -> Clause:
    """Match any of the terms and prefixes, with at most `most` clauses.

    The title's share is added to the score of the whole. A term that is asked twice counts twice.
    """
    room = max(2, most // 2)
    prefixes = prefixes[: room // 2]
    expansions = min(_MOST_EXPANSIONS, room // (2 * len(prefixes))) if prefixes else 0
    terms = list(query_terms.items())[: room - expansions * len(prefixes)]
    should = [
        _term(field, term, times * share)
        for term, times in terms
        for field, share in (("all", 1.0), ("title", TITLE))
    ]
    should += [
        _begun(field, prefix, expansions, share)
        for prefix in prefixes
        for field, share in (("all", 1.0), ("title", TITLE))
    ]
    should += [
        _joined(one, field, share) for one in joined for field, share in (("all", 1.0), ("title", TITLE))
    ]
    return {"bool": {"should": should, "minimum_should_match": 1}}


def _joined(joined: fields.Joined, field: str, share: float) -> Clause:
    """Match a joined word where its parts do not both stand."""
    parts = [
        alternatives([(term,) for term in part[:_VARIANTS]]) for part in (joined.one, joined.other) if part
    ]
    both = {"bool": {"filter": parts}}
    return {
        "bool": {
            "must": [_term(field, joined.term, joined.share * share)],
            "must_not": [both] if len(parts) > 1 else [],
        }
    }


def _favoured(matching: Clause, newest: int) -> Clause:
    """Favour recent articles as `ranking.favour` does."""
    decay = {
        "filter": _DATED,
        "exp": {"day": {"origin": newest, "scale": HALF_LIFE, "decay": 0.5}},
        "weight": FAVOUR,
    }
    return {
        "function_score": {
            "query": matching,
            "functions": [{"weight": 1}, decay],
            "score_mode": "sum",
            "boost_mode": "multiply",
        }
    }


def _term(field: str, term: str, boost: float) -> Clause:
    return {"term": {field: {"value": joined([term]), "boost": boost}}}


def _begun(field: str, prefix: str, most: int, boost: float) -> Clause:
    return {"prefix": {field: {"value": joined([prefix]), "rewrite": f"top_terms_{most}", "boost": boost}}}


def alternatives(phrases: Sequence[Sequence[str]]) -> Clause:
    """Return a clause that matches any of some phrases; a phrase of one term matches as that term."""
    clauses = [
        {"term": {"all": joined(phrase)}}
        if len(phrase) == 1
        else {"match_phrase": {"all": {"query": joined(phrase), "analyzer": "whitespace"}}}
        for phrase in phrases
    ]
    return clauses[0] if len(clauses) == 1 else {"bool": {"should": clauses, "minimum_should_match": 1}}


def _limits(query: Query, query_analyzer: QueryAnalyzer) -> tuple[list[Clause], list[Clause]]:
    """Return the clauses that must match, and the clauses that must not."""
    needed = [
        query_analyzer.phrases(phrase) for phrase in (*query.phrases, *((word,) for word in query.required))
    ]
    unwanted = [query_analyzer.phrases(phrase) for phrase in query.excluded]
    condition = query.condition()
    must = [alternatives(phrases) for phrases in needed if phrases] + (
        [_fulfilled(condition)] if condition else []
    )
    return must, [alternatives(phrases) for phrases in unwanted if phrases]


def _leaves(clauses: Iterable[Clause]) -> int:
    """Count clauses as OpenSearch does: only those that contain no other clauses."""
    return sum(
        _leaves(child for part in clause["bool"].values() if isinstance(part, list) for child in part)
        if "bool" in clause
        else 1
        for clause in clauses
    )


def _fulfilled(condition: Condition) -> Clause:
    if isinstance(condition, Has):
        if condition.field in ("topic", "author"):
            return {"terms": {f"{condition.field}_key": list(map(fold, condition.values))}}
        return {"terms": {condition.field: list(condition.values)}}
    if isinstance(condition, Dated):
        since = condition.since.toordinal() if condition.since else 1
        return {
            "range": {
                "day": {"gte": since} | ({"lte": condition.until.toordinal()} if condition.until else {})
            }
        }
    if isinstance(condition, Not):
        return {"bool": {"must_not": [_fulfilled(condition.part)]}}
    parts = [_fulfilled(part) for part in condition.parts]
    if isinstance(condition, Both):
        return {"bool": {"filter": parts}} if parts else {"match_all": {}}
    return {"bool": {"should": parts, "minimum_should_match": 1}} if parts else {"match_none": {}}


def facets(names: Iterable[str] = FACETS) -> dict[str, Clause]:
    """Return the aggregations that count the values of facets, most frequent first, then by value."""
    return {
        name: {"terms": {"field": name, "size": _MOST_VALUES, "order": [{"_count": "desc"}, {"_key": "asc"}]}}
        for name in names
    }
