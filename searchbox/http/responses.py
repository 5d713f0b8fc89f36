"""Responses with security headers and an ETag, so that unchanged content is not sent again."""

from __future__ import annotations

import hashlib
import json
from typing import Any

from starlette.requests import Request
from starlette.responses import Response

from .problem import Problem

__all__ = ["PROTECTING", "answer", "body_of", "json_answer", "problem_answer"]

PROTECTING = {
    "X-Content-Type-Options": "nosniff",
    "Referrer-Policy": "strict-origin-when-cross-origin",
    "Content-Security-Policy": "default-src 'none'; script-src 'self'; style-src 'self'; img-src "
    "'self'; connect-src 'self'; base-uri 'none'; "
    "form-action 'self'; frame-ancestors 'self'",
}
_FRESH = "no-cache"  # cached, but revalidated each time, so that a commit shows at once


def answer(request: Request, content: str | bytes, media_type: str, *, caching: str = _FRESH) -> Response:
    """Return a response with the content, or 304 if the client already has it."""
    body = content.encode("utf-8", "replace") if isinstance(content, str) else content
    tag = f'W/"{hashlib.blake2b(body, digest_size=12).hexdigest()}"'
    headers = PROTECTING | {"ETag": tag, "Cache-Control": caching}
    known_tags = {known.strip() for known in request.headers.get("if-none-match", "").split(",")}
    if request.method in ("GET", "HEAD") and (tag in known_tags or "*" in known_tags):
        return Response(status_code=304, headers=headers)
    return Response(body, media_type=media_type, headers=headers)


def json_answer(request: Request, value: Any) -> Response:
    """Return a response with a value as JSON."""
    return answer(request, json.dumps(value, ensure_ascii=False, separators=(",", ":")), "application/json")


def problem_answer(problem: Problem) -> Response:
    """Return the response for a problem, as problem+json."""
    body = json.dumps(problem.record(), ensure_ascii=False, separators=(",", ":")).encode("utf-8", "replace")
    return Response(body, problem.status, PROTECTING | problem.headers(), "application/problem+json")


async def body_of(request: Request) -> Any:
    """Read a JSON body, whose size the gate has bounded.

    Problem 415 if the Content-Type is not JSON, 400 if the body is not.
    """
    if request.headers.get("content-type", "").partition(";")[0].strip().lower() != "application/json":
        raise Problem(415, "the Content-Type must be application/json", "invalid_content_type")
    try:
        return json.loads(await request.body())
    except (ValueError, RecursionError):
        raise Problem(400, "the body is not JSON", "malformed_payload") from None
