"""The web application: GET /search, /search.json, /suggest, /health, /version and the search box.

It only reads the index. Each request sees the newest commit, because a reader is opened for it.
"""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date
from importlib import resources
from typing import Any, Literal, cast

from starlette.applications import Starlette
from starlette.middleware import Middleware
from starlette.middleware.cors import CORSMiddleware
from starlette.middleware.gzip import GZipMiddleware
from starlette.requests import Request
from starlette.responses import HTMLResponse, JSONResponse, Response
from starlette.routing import Route

from ..errors import EngineError
from ..index.engine import Engine, Results, to_record
from ..index.query import Filters, Query, parse
from .page import search_page

__all__ = ["application"]

_PAGE_SIZE = 10
_MOST_PAGES = 100
_HEADERS = {
    "X-Content-Type-Options": "nosniff",
    "Referrer-Policy": "strict-origin-when-cross-origin",
    "Content-Security-Policy": "default-src 'self'; script-src 'self'; style-src 'self' 'unsafe-inline'; object-src 'none'; base-uri 'none'; "
    "form-action 'self'; frame-ancestors 'self'",
}


class _BadParameter(ValueError):
    """A parameter does not fit; the text says which and how."""


def application(engine: Engine, version: str, cors: Sequence[str] = ()) -> Starlette:
    """Make the application for an index; pages of the origins in `cors` may ask it."""
    door = _Door(engine, version)
    middleware = [Middleware(GZipMiddleware, minimum_size=1000)]
    if cors:
        middleware.append(Middleware(CORSMiddleware, allow_origins=list(cors), allow_methods=["GET"]))
    routes = [
        Route("/", door.search),
        Route("/search", door.search),
        Route("/search.json", door.search_json),
        Route("/suggest", door.suggest),
        Route("/health", door.health),
        Route("/version", door.version),
        Route("/clinicdex-search.js", door.script),
    ]
    handlers: dict[Any, Any] = {EngineError: _unavailable, _BadParameter: _bad_request}
    return Starlette(routes=routes, middleware=middleware, exception_handlers=handlers)


class _Door:
    """The answers. Handlers are plain functions: Starlette runs them in its thread pool."""

    def __init__(self, engine: Engine, version: str) -> None:
        self._engine = engine
        self._version = version

    def search(self, request: Request) -> Response:
        """Draw the search page."""
        text, query = request.query_params.get("q", ""), _query(request)
        results = self._found(query) if text.strip() else None
        return HTMLResponse(search_page(text, query, results), headers=_HEADERS)

    def search_json(self, request: Request) -> Response:
        """Give a page of results as data."""
        results = self._found(_query(request))
        return JSONResponse(to_record(results), headers=_HEADERS)

    def _found(self, query: Query) -> Results:
        with self._engine.reader() as reader:
            return reader.search(query, facets=True)

    def suggest(self, request: Request) -> Response:
        """Complete what is being typed."""
        with self._engine.reader() as reader:
            found = reader.suggest(request.query_params.get("q", "")[:100])
        return JSONResponse({"suggestions": found}, headers=_HEADERS)

    def health(self, request: Request) -> Response:
        """Tell whether searches can be answered; 503 if not."""
        with self._engine.reader() as reader:
            reader.stamp()
        return JSONResponse({"status": "available"}, headers=_HEADERS)

    def version(self, request: Request) -> Response:
        """Give the version of the program."""
        return JSONResponse({"clinicdex": self._version}, headers=_HEADERS)

    def script(self, request: Request) -> Response:
        """Give the search box."""
        code = resources.files(__package__).joinpath("clinicdex-search.js").read_bytes()
        return Response(code, media_type="text/javascript", headers=_HEADERS | {"Cache-Control": "max-age=3600"})


def _query(request: Request) -> Query:
    given = request.query_params
    page = _number(given.get("page", "1"), "page")
    filters = Filters(
        site=given.get("site") or None,
        topic=given.get("topic") or None,
        author=given.get("author") or None,
        language=given.get("language") or None,
        since=_day(given.get("since"), "since"),
        until=_day(given.get("until"), "until"),
    )
    sort = given.get("sort") or "relevance"
    if sort not in ("relevance", "date"):
        raise _BadParameter("sort must be relevance or date")
    asked = cast(Literal["relevance", "date"], sort)
    return parse(given.get("q", ""), filters, sort=asked, offset=(page - 1) * _PAGE_SIZE, size=_PAGE_SIZE)


def _number(text: str, name: str) -> int:
    if not text.isascii() or not text.isdigit() or not 1 <= int(text[:6]) <= _MOST_PAGES:
        raise _BadParameter(f"{name} must be a number from 1 to {_MOST_PAGES}")
    return int(text)


def _day(text: str | None, name: str) -> date | None:
    try:
        return date.fromisoformat(text) if text else None
    except ValueError:
        raise _BadParameter(f"{name} must be a day such as 2024-01-31") from None


def _unavailable(request: Request, error: Exception) -> Response:
    return JSONResponse({"error": str(error), "code": "index_unavailable"}, status_code=503, headers=_HEADERS | {"Retry-After": "30"})


def _bad_request(request: Request, error: Exception) -> Response:
    return JSONResponse({"error": str(error), "code": "bad_parameter"}, status_code=400, headers=_HEADERS)
