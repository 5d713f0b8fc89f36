"""The read-only search part of Meilisearch's API, over one index called `articles`.

Meilisearch's own clients work with it unchanged (tests/clients lists them with their versions).
"""

from __future__ import annotations

import time
from collections.abc import Mapping
from typing import Any

from starlette.requests import Request
from starlette.responses import Response
from starlette.routing import Route

from ...index.engine import Hit, Reader, Results
from ...index.highlight import Highlighter
from ..http.executor import SearchExecutor
from ..http.problem import Problem
from ..http.responses import body_of, json_answer
from .document import FACETS, document, formatted
from .request import MOST_HITS, SearchRequest, of_body, of_facet_search, of_query_string

__all__ = ["MeilisearchRoutes"]

UID = "articles"
_MOST_SEARCHES = 10  # in one request (chosen by hand)
_MOST_VALUES = 100  # of a facet in a response (chosen by hand)


class MeilisearchRoutes:
    """Handlers for the requests of Meilisearch's clients."""

    def __init__(self, executor: SearchExecutor, version: str, since: str) -> None:
        self._executor = executor
        self._version = version
        self._entry = {"uid": UID, "createdAt": since, "updatedAt": since, "primaryKey": "id"}

    def routes(self) -> list[Route]:
        """Return the routes of the API."""
        return [
            Route("/indexes", self.all),
            Route("/indexes/{uid}", self.one),
            Route("/indexes/{uid}/search", self.search, methods=["GET", "POST"]),
            Route("/indexes/{uid}/facet-search", self.facet_search, methods=["POST"]),
            Route("/multi-search", self.multi_search, methods=["POST"]),
            Route("/version", self.version),
        ]

    async def all(self, request: Request) -> Response:
        """List the one index."""
        return json_answer(request, {"results": [self._entry], "offset": 0, "limit": 20, "total": 1})

    async def one(self, request: Request) -> Response:
        """Describe the index."""
        _known(request.path_params["uid"])
        return json_answer(request, self._entry)

    async def version(self, request: Request) -> Response:
        """Return the version of the program, also under the name that clients look for."""
        return json_answer(
            request,
            {
                "clinicdex": self._version,
                "pkgVersion": self._version,
                "commitSha": "unknown",
                "commitDate": "unknown",
            },
        )

    async def search(self, request: Request) -> Response:
        """Search, with the parameters in the query string (GET) or in a JSON body (POST)."""
        _known(request.path_params["uid"])
        search = (
            of_body(await body_of(request))
            if request.method == "POST"
            else of_query_string(request.query_params)
        )
        started = time.perf_counter()
        results = self._executor.at_hand(search.query) if search.is_plain else None
        if results is not None:
            return json_answer(request, _answered(search, results, started))
        return json_answer(request, await self._executor.ask(lambda reader: _search(reader, search)))

    async def multi_search(self, request: Request) -> Response:
        """Search several times in one request."""
        body = await body_of(request)
        queries = body.get("queries") if isinstance(body, dict) else None
        if not isinstance(queries, list) or len(queries) > _MOST_SEARCHES:
            raise Problem(
                400,
                f"`queries` must be an array of at most {_MOST_SEARCHES} searches",
                "invalid_multi_search_queries",
            )
        if set(body) - {"queries"}:
            raise Problem(400, "Unknown field: only `queries` is known", "bad_request")
        searches = [_inside(number, query) for number, query in enumerate(queries)]
        results = await self._executor.ask(lambda reader: [_search(reader, search) for search in searches])
        return json_answer(request, {"results": results})

    async def facet_search(self, request: Request) -> Response:
        """Search among the values of a facet."""
        _known(request.path_params["uid"])
        query, facet, begins = of_facet_search(await body_of(request))
        started = time.perf_counter()
        results = await self._executor.ask(lambda reader: reader.search(query, facets=True))
        values = [value for value in results.facets[facet] if _begins(value.value, begins)]
        hits = [
            {"value": value.value, "count": value.count}
            for value in sorted(values, key=lambda value: value.value.casefold())
        ]
        return json_answer(
            request,
            {
                "facetHits": hits[:_MOST_VALUES],
                "facetQuery": begins or None,
                "processingTimeMs": _since(started),
            },
        )


def _known(uid: str) -> None:
    if uid != UID:
        raise Problem(404, f"Index `{uid[:100]}` not found. There is `{UID}`.", "index_not_found")


def _inside(number: int, query: Any) -> SearchRequest:
    """Parse one of several searches; the message of a Problem names its index in `queries`."""
    try:
        if isinstance(query, dict) and not isinstance(query.get("indexUid"), str):
            raise Problem(400, "`indexUid` is missing", "missing_index_uid")
        search = of_body(
            {name: value for name, value in query.items() if name != "indexUid"}
            if isinstance(query, dict)
            else query
        )
        _known(query["indexUid"])
    except Problem as problem:
        raise Problem(
            problem.status, f"Inside `.queries[{number}]`: {problem.message}", problem.code
        ) from None
    return search


def _begins(value: str, begins: str) -> bool:
    """Whether a word of a value has the prefix `begins`, ignoring case; True for an empty prefix."""
    return (
        any(f" {value}".casefold().find(f"{before}{begins.casefold()}") >= 0 for before in " -(")
        if begins
        else True
    )


def _search(reader: Reader, search_request: SearchRequest) -> dict[str, Any]:
    started = time.perf_counter()
    return _answered(
        search_request, reader.search(search_request.query, facets=bool(search_request.facets)), started
    )


def _answered(search_request: SearchRequest, results: Results, started: float) -> dict[str, Any]:
    highlighter = (
        Highlighter(results.query, {hit.article.language for hit in results.hits})
        if search_request.form or search_request.positions
        else None
    )
    answer = {
        "hits": [_hit(hit, search_request, highlighter) for hit in results.hits],
        "query": search_request.text,
        "processingTimeMs": _since(started),
        "indexUid": UID,
    }
    return answer | _totals(search_request, results) | _facets(search_request, results)


def _hit(hit: Hit, search_request: SearchRequest, highlighter: Highlighter | None) -> dict[str, Any]:
    record = document(hit.article, search_request.attributes)
    if highlighter is None:
        return record
    extra: dict[str, Any] = {}
    if search_request.form:
        extra["_formatted"] = formatted(
            document(hit.article, search_request.formatted), search_request.form, highlighter.places
        )
    if search_request.positions:
        extra["_matchesPosition"] = _positions(record, highlighter)
    return record | extra


def _positions(shown: Mapping[str, Any], highlighter: Highlighter) -> dict[str, list[dict[str, int]]]:
    """Return where the query's words stand in each text, in bytes of UTF-8 as Meilisearch counts."""
    positions = {}
    for name in ("title", "content", "summary"):
        text = shown.get(name) or ""
        if spans := highlighter.places(text):
            positions[name] = [
                {"start": len(text[:start].encode()), "length": len(text[start:end].encode())}
                for start, end, _ in spans
            ]
    return positions


def _totals(search_request: SearchRequest, results: Results) -> dict[str, int]:
    total, size = min(results.total, MOST_HITS), search_request.query.size
    if not search_request.finite:
        return {"limit": size, "offset": search_request.query.offset, "estimatedTotalHits": results.total}
    page = search_request.query.offset // size + 1 if size else 1
    return {
        "page": page,
        "hitsPerPage": size,
        "totalPages": -(-total // size) if size else 0,
        "totalHits": total,
    }


def _facets(search_request: SearchRequest, results: Results) -> dict[str, Any]:
    if not search_request.facets:
        return {}
    counted = {
        name: {value.value: value.count for value in results.facets[FACETS[name]][:_MOST_VALUES]}
        for name in search_request.facets
    }
    return {"facetDistribution": counted, "facetStats": {}}


def _since(started: float) -> int:
    return round(1000 * (time.perf_counter() - started))
