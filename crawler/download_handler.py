"""Scrapy's download handler with a limit on the size of response headers.

Without it, a server that never ends its headers fills the memory: Twisted limits the length of a header line
but not the number of lines, and Scrapy's size limit counts only the body.
"""

from __future__ import annotations

from typing import Any

from scrapy import Request
from scrapy.core.downloader.handlers.http11 import (
    HTTP11DownloadHandler,
    _LenientHTTP11ClientFactory,
    _LenientHTTP11ClientProtocol,
)
from scrapy.exceptions import DownloadCancelledError, DownloadFailedError
from scrapy.http import Response
from twisted.python.failure import Failure
from twisted.web._newclient import HEADER, STATUS

__all__ = ["MOST_HEADER_BYTES", "BoundedHandler"]

MOST_HEADER_BYTES = 300 * 1024  # before the body of one response, as in curl since 8.3.0 (CVE-2023-38039)


class _HeadersTooLarge(Exception):
    """A server sent more than MOST_HEADER_BYTES before the body."""


class BoundedHandler(HTTP11DownloadHandler):
    """Fetches over HTTP and HTTPS; closes the connection to a server whose headers do not end."""

    def __init__(self, crawler: Any) -> None:
        super().__init__(crawler)
        self._pool._factory = _BoundedFactory

    async def download_request(self, request: Request) -> Response:
        """Fetch a response; DownloadCancelledError if headers or body exceed their limit."""
        try:
            return await super().download_request(request)
        except DownloadFailedError as error:
            if any(
                isinstance(reason.value, _HeadersTooLarge)
                for reason in getattr(error.__cause__, "reasons", ())
            ):
                raise DownloadCancelledError(f"over {MOST_HEADER_BYTES} bytes of headers") from error
            raise


class _BoundedFactory(_LenientHTTP11ClientFactory):
    def buildProtocol(self, addr: Any) -> Any:
        return _BoundedProtocol(self._quiescentCallback)  # type: ignore[no-untyped-call]


class _BoundedProtocol(_LenientHTTP11ClientProtocol):
    """One connection, which carries one response after another."""

    _before_body = 0  # bytes received before the body of the current response

    def request(self, request: Any) -> Any:
        self._before_body = 0
        return super().request(request)

    def dataReceived(self, bytes: bytes) -> None:
        super().dataReceived(bytes)  # type: ignore[no-untyped-call]
        if self._parser is not None and self._parser.state in (STATUS, HEADER):
            self._before_body += len(bytes)
            if self._before_body > MOST_HEADER_BYTES:
                self._giveUp(Failure(_HeadersTooLarge()))  # type: ignore[no-untyped-call]
