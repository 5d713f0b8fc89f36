"""Why a URL could not be fetched, in words that its owner can act on."""

from __future__ import annotations

from scrapy.exceptions import (
    CannotResolveHostError,
    DownloadCancelledError,
    DownloadConnectionRefusedError,
    DownloadTimeoutError,
    IgnoreRequest,
)

from .. import urls
from ..records import OutcomeKind, VisitOutcome
from .address_guard import AddressGuard

__all__ = ["MAY_PASS", "diagnosis"]

MAY_PASS = frozenset(
    (OutcomeKind.TIMEOUT, OutcomeKind.UNKNOWN_HOST, OutcomeKind.UNREACHABLE, OutcomeKind.CUT)
)
_KINDS: tuple[tuple[type[Exception], OutcomeKind], ...] = (
    (DownloadTimeoutError, OutcomeKind.TIMEOUT),
    (CannotResolveHostError, OutcomeKind.UNKNOWN_HOST),
    # too large, as sent or while it was unpacked
    (DownloadCancelledError, OutcomeKind.TOO_LARGE),
    (IgnoreRequest, OutcomeKind.TOO_LARGE),
)
# Name of an exception of Twisted or OpenSSL -> what people call it
_CAUSES = {
    "VerificationError": "certificate is for another host",
    "ConnectionLost": "connection lost", "ConnectionDone": "connection closed without an answer",
    "ConnectionAborted": "connection aborted", "ParseError": "answer is not HTTP",
    "NoRouteError": "no route to the host", "TCPTimedOutError": "no answer to the connection",
}  # fmt: skip


def diagnosis(url: str, error: BaseException, guard: AddressGuard) -> VisitOutcome:
    """Return the outcome of a request for a URL that failed with an error."""
    refused = guard.why(*urls.host_port(url))
    if refused:
        return VisitOutcome(kind=OutcomeKind.REFUSED, detail=refused)
    for shape, kind in _KINDS:
        if isinstance(error, shape):
            return VisitOutcome(kind=kind)
    return VisitOutcome(kind=OutcomeKind.UNREACHABLE, detail=_cause(error))


def _cause(error: BaseException) -> str:
    if isinstance(error, DownloadConnectionRefusedError):
        return "connection refused"
    reasons = [reason.value for reason in getattr(error.__cause__, "reasons", ())] or [
        error.__cause__ or error
    ]
    for reason in reasons:
        if "certificate verify failed" in str(reason):
            return "certificate is not valid"
        if type(reason).__module__.startswith("OpenSSL"):
            return "TLS failed"
    return next((_CAUSES[name] for r in reasons if (name := type(r).__name__) in _CAUSES), "")
