"""The web application: search pages for people, and the read-only part of Meilisearch's API for programs.

It only reads the index. Each request sees the newest commit, because a reader is opened for it.
"""

from __future__ import annotations

from datetime import UTC, datetime
from typing import Any

from starlette.applications import Starlette
from starlette.exceptions import HTTPException
from starlette.middleware import Middleware
from starlette.middleware.cors import CORSMiddleware
from starlette.middleware.gzip import GZipMiddleware
from starlette.requests import Request
from starlette.responses import Response

from ..errors import EngineError
from ..index.engine import Engine
from .http.error_page import ErrorPages
from .http.executor import SearchExecutor
from .http.gate import Gate, Rules
from .http.problem import Problem
from .http.rate_limit import RateLimit
from .meilisearch.routes import MeilisearchRoutes
from .pages.routes import PageRoutes
from .settings import Settings

__all__ = ["application"]

# request headers that pages of other origins may send (CORS)
_ASKED_BY_CLIENTS = ("authorization", "content-type", "x-meilisearch-client")


def application(engine: Engine, settings: Settings) -> Starlette:
    """Build the web application for an index."""
    executor = SearchExecutor(engine)
    since = datetime.now(UTC).isoformat(timespec="seconds").replace("+00:00", "Z")
    pace = RateLimit(settings.rate, settings.burst) if settings.rate else None
    refusals = ErrorPages()
    middleware = [
        Middleware(Gate, rules=Rules(settings.hosts, pace), refusals=refusals),
        Middleware(GZipMiddleware, minimum_size=1000),
    ]
    if settings.origins:  # before the gate, so that a page of another origin can read its refusals
        cors: dict[str, Any] = {
            "allow_origins": settings.origins,
            "allow_methods": ["GET", "POST"],
            "allow_headers": _ASKED_BY_CLIENTS,
        }
        middleware.insert(0, Middleware(CORSMiddleware, **cors))
    routes = [
        *MeilisearchRoutes(executor, settings.version, since).routes(),
        *PageRoutes(executor, settings).routes(),
    ]
    return Starlette(routes=routes, middleware=middleware, exception_handlers=_handlers(refusals))


def _handlers(refusals: ErrorPages) -> dict[Any, Any]:
    def problem(request: Request, error: Problem) -> Response:
        return refusals.answer(request, error)

    def unavailable(request: Request, error: EngineError) -> Response:
        return refusals.answer(request, Problem(503, str(error), retry_after=30))

    def by_starlette(request: Request, error: HTTPException) -> Response:
        known = {
            404: f"there is nothing at {request.url.path[:200]}",
            405: f"{request.method} is not for {request.url.path[:200]}",
        }
        response = refusals.answer(
            request, Problem(error.status_code, known.get(error.status_code, error.detail))
        )
        response.headers.update(error.headers or {})
        return response

    def unexpected(request: Request, error: Exception) -> Response:
        return refusals.answer(request, Problem(500, "something went wrong here; it is in the server's log"))

    return {EngineError: unavailable, Problem: problem, HTTPException: by_starlette, Exception: unexpected}
