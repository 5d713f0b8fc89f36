"""A question as OpenSearch takes it: clauses that match, clauses that add to the score, and the order of results."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Sequence
from typing import Any

from .. import fields
from ..analysis import QueryAnalyzer, fold
from ..engine import FACETS
from ..filters import Both, Condition, Dated, Has, Not
from ..query import Query
from ..ranking import FAVOUR, HALF_LIFE, TITLE
from .mapping import OLDEST, joined

__all__ = ["ORDER", "Clause", "alternatives", "facets", "query_clause"]

Clause = dict[str, Any]

_SORTED_BY = {"relevance": "_score", "recent": "_score", "date": "day", "oldest": OLDEST}
ORDER = {name: [{field: "desc"}, {"id": "asc"}] for name, field in _SORTED_BY.items()}
_MOST_CLAUSES = 1_000  # OpenSearch takes 1,024 together (indices.query.bool.max_clause_count)
_MOST_SCORING = 900  # of them
_MOST_EXPANSIONS = 100  # terms that one prefix stands for (docs/measurements.md, query-limits)
_MOST_VALUES = 10_000  # of one facet
_DATED = {"range": {"day": {"gte": 1}}}  # 0 is the day of those that have none
_ARTICLES = {"exists": {"field": "id"}}  # all but the stamp, which has none


def query_clause(query: Query, query_analyzer: QueryAnalyzer, newest: int) -> Clause:
    """Give what finds the articles for a question, each with its score; `newest` is the day number of the newest article."""
    needed, unwanted = _limits(query, query_analyzer)
    asked = fields.query_terms(query, query_analyzer, query_analyzer.terms)
    most = min(_MOST_SCORING, _MOST_CLAUSES - _leaves(needed) - _leaves(unwanted))
    scored = [_scoring(asked, query.prefixes, most)] if asked or query.prefixes else []
    found = {"bool": {"must": scored, "filter": [*needed, _ARTICLES], "must_not": unwanted}}
    return _favoured(found, newest) if query.sort == "recent" else found


def _scoring(asked: Counter[str], prefixes: Sequence[str], most: int) -> Clause:
    """Match any of the terms and prefixes, by at most so many clauses; the title's share counts beside the whole, and a term asked twice counts twice."""
    room = max(2, most // 2)
    prefixes = prefixes[: room // 2]
    expansions = min(_MOST_EXPANSIONS, room // (2 * len(prefixes))) if prefixes else 0
    terms = list(asked.items())[: room - expansions * len(prefixes)]
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
    return {"bool": {"should": should, "minimum_should_match": 1}}


def _favoured(found: Clause, newest: int) -> Clause:
    """Favour recent articles as `rank.favour` does."""
    decay = {
        "filter": _DATED,
        "exp": {"day": {"origin": newest, "scale": HALF_LIFE, "decay": 0.5}},
        "weight": FAVOUR,
    }
    return {
        "function_score": {
            "query": found,
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
    """Match any of some phrases of terms; one of one term is that term."""
    some = [
        {"term": {"all": joined(one)}}
        if len(one) == 1
        else {"match_phrase": {"all": {"query": joined(one), "analyzer": "whitespace"}}}
        for one in phrases
    ]
    return some[0] if len(some) == 1 else {"bool": {"should": some, "minimum_should_match": 1}}


def _limits(query: Query, query_analyzer: QueryAnalyzer) -> tuple[list[Clause], list[Clause]]:
    """Give what must hold, and what must not."""
    needed = [query_analyzer.phrases(one) for one in (*query.phrases, *((word,) for word in query.required))]
    unwanted = [query_analyzer.phrases(one) for one in query.excluded]
    condition = query.condition()
    must = [alternatives(phrases) for phrases in needed if phrases] + (
        [_fulfilled(condition)] if condition else []
    )
    return must, [alternatives(phrases) for phrases in unwanted if phrases]


def _leaves(clauses: Iterable[Clause]) -> int:
    """Count clauses as OpenSearch does: those that are made of no others."""
    return sum(
        _leaves(one for part in clause["bool"].values() if isinstance(part, list) for one in part)
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
    """Count the values of facets, most frequent first, then in order."""
    return {
        name: {"terms": {"field": name, "size": _MOST_VALUES, "order": [{"_count": "desc"}, {"_key": "asc"}]}}
        for name in names
    }
