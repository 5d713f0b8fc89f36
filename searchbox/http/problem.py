"""The error body, in one format that both Meilisearch's clients and general HTTP tools understand.

The members `message`, `code`, `type` and `link` are those of Meilisearch's errors, from which its clients
raise their own. `title`, `status` and `detail` are those of RFC 9457 (problem+json), which allows additional
members.
"""

from __future__ import annotations

from http import HTTPStatus
from typing import Any

__all__ = ["Problem"]

_CODES = {
    404: "not_found",
    405: "method_not_allowed",
    408: "request_timeout",
    413: "payload_too_large",
    414: "uri_too_long",
    415: "invalid_content_type",
    421: "misdirected_request",
    429: "too_many_requests",
    503: "index_unavailable",
}


class Problem(Exception):
    """A request that cannot be answered."""

    def __init__(
        self, status: int, message: str, code: str | None = None, *, retry_after: int | None = None
    ) -> None:
        super().__init__(message)
        self.status, self.message = status, message
        self.code = code or _CODES.get(status, "bad_request" if status < 500 else "internal")
        self.retry_after = retry_after  # seconds

    def record(self) -> dict[str, Any]:
        """Return the body as JSON values."""
        return {
            "message": self.message,
            "code": self.code,
            "type": "invalid_request" if self.status < 500 else "internal",
            "link": "/openapi.json",
            "title": HTTPStatus(self.status).phrase,
            "status": self.status,
            "detail": self.message,
        }

    def headers(self) -> dict[str, str]:
        """Return the headers that go with the body."""
        return {"Cache-Control": "no-store"} | (
            {"Retry-After": str(self.retry_after)} if self.retry_after is not None else {}
        )
