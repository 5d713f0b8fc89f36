"""Answers with the headers that protect, and an ETag, so that what has not changed is not sent again."""

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
_FRESH = "no-cache"  # kept, but asked for anew each time: a commit shows at once


def answer(request: Request, content: str | bytes, media_type: str, *, caching: str = _FRESH) -> Response:
    """Give content, or 304 if the client has it."""
    body = content.encode("utf-8", "replace") if isinstance(content, str) else content
    tag = f'W/"{hashlib.blake2b(body, digest_size=12).hexdigest()}"'
    headers = PROTECTING | {"ETag": tag, "Cache-Control": caching}
    asked = {one.strip() for one in request.headers.get("if-none-match", "").split(",")}
    if request.method in ("GET", "HEAD") and (tag in asked or "*" in asked):
        return Response(status_code=304, headers=headers)
    return Response(body, media_type=media_type, headers=headers)


def json_answer(request: Request, value: Any) -> Response:
    """Give a value as JSON."""
    return answer(request, json.dumps(value, ensure_ascii=False, separators=(",", ":")), "application/json")


def problem_answer(problem: Problem) -> Response:
    """Say what went wrong."""
    body = json.dumps(problem.record(), ensure_ascii=False, separators=(",", ":")).encode("utf-8", "replace")
    return Response(body, problem.status, PROTECTING | problem.headers(), "application/problem+json")


async def body_of(request: Request) -> Any:
    """Read a JSON body; Problem if it is none. Its size is bounded by the gate."""
    if request.headers.get("content-type", "").partition(";")[0].strip().lower() != "application/json":
        raise Problem(415, "the Content-Type must be application/json", "invalid_content_type")
    try:
        return json.loads(await request.body())
    except (ValueError, RecursionError):
        raise Problem(400, "the body is no JSON", "malformed_payload") from None
