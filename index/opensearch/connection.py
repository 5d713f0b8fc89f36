"""The connection to OpenSearch: the client, and its exceptions translated into ours.

TLS certificates are verified. Credentials come from the environment: CLINICDEX_OPENSEARCH_API_KEY, or
CLINICDEX_OPENSEARCH_USER and _PASSWORD. They appear in no message.
"""

from __future__ import annotations

import logging
import os
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from typing import Any

from opensearchpy import OpenSearch
from opensearchpy.exceptions import (
    AuthenticationException,
    AuthorizationException,
    ConnectionError,
    ConnectionTimeout,
    ImproperlyConfigured,
    NotFoundError,
    OpenSearchException,
    SSLError,
    TransportError,
)  # fmt: skip
from opensearchpy.serializer import JSONSerializer

from ...errors import ConfigError, EngineAway, EngineError, IndexMissing
from .address import Address

__all__ = ["connect", "explained"]

_TIMEOUT = 10.0  # seconds to wait for a response; as many as the search box gives a query
_CONNECTIONS = 8  # to each host; the search box queries in 4 threads
_TRIES = 2  # retries, on other hosts if there are any; chosen by hand
_ENVIRONMENT = "CLINICDEX_OPENSEARCH_"


class _Serializer(JSONSerializer):
    """JSON without unpaired surrogates, which cannot be encoded as UTF-8."""

    def dumps(self, data: Any) -> Any:
        """Return data as JSON."""
        text = super().dumps(data)
        return text.encode("utf-8", "replace").decode("utf-8") if isinstance(text, str) else text


def connect(address: Address, environment: Mapping[str, str] = os.environ) -> OpenSearch:
    """Return a client for an address; no request is sent yet. ConfigError if it cannot be made."""
    key, user, password = (environment.get(_ENVIRONMENT + name) for name in ("API_KEY", "USER", "PASSWORD"))
    if user and password is None:
        raise ConfigError(f"{_ENVIRONMENT}USER is set without {_ENVIRONMENT}PASSWORD; set both")
    # The client logs a traceback for every failure; our exceptions say what happened.
    logging.getLogger("opensearch").setLevel(logging.CRITICAL)
    try:
        return OpenSearch(
            hosts=list(address.hosts),
            http_auth=(user, password) if user and not key else None,
            headers={"authorization": f"ApiKey {key}"} if key else None,
            ca_certs=address.authority,
            verify_certs=True,
            timeout=_TIMEOUT,
            pool_maxsize=_CONNECTIONS,
            max_retries=_TRIES,
            retry_on_status=(502, 504),
            serializer=_Serializer(),
        )
    except (ImproperlyConfigured, OSError, ValueError) as error:
        raise ConfigError(f"index: cannot use {address.shown}: {error}; check the address") from error


@contextmanager
def explained(address: Address) -> Iterator[None]:
    """Translate the client's exceptions into ours."""
    try:
        yield
    except SSLError as error:
        raise EngineError(
            f"{address.shown}: its certificate cannot be verified ({_cause(error)}); name "
            f"who signed it with ?ca=FILE"
        ) from error
    except (ConnectionError, ConnectionTimeout) as error:
        raise EngineAway(
            f"OpenSearch at {address.shown} does not answer ({_cause(error)}); start it, or "
            f"check `index` in the settings"
        ) from error
    except (AuthenticationException, AuthorizationException) as error:
        who = f"{_ENVIRONMENT}USER and _PASSWORD, or {_ENVIRONMENT}API_KEY"
        raise EngineError(
            f"OpenSearch at {address.shown} refuses us ({error.status_code}); set {who}"
        ) from error
    except NotFoundError as error:
        if error.error != "index_not_found_exception":
            raise EngineError(
                f"OpenSearch at {address.shown} has lost what was asked for ({error.error}); try again"
            ) from error
        raise IndexMissing(f"there is no index at {address.shown}; run `clinicdex reindex`") from error
    except TransportError as error:
        sort = EngineAway if error.status_code in (429, 503) else EngineError
        raise sort(
            f"OpenSearch at {address.shown} says {error.status_code}: {_reason(error)}; see "
            f"its log, then run again"
        ) from error
    except OpenSearchException as error:
        raise EngineError(
            f"OpenSearch at {address.shown}: {type(error).__name__}; see its log, then run again"
        ) from error


def _reason(error: TransportError) -> str:
    details = error.info.get("error") if isinstance(error.info, dict) else None
    return str(details.get("reason") or error.error) if isinstance(details, dict) else str(error.error)


def _cause(error: TransportError) -> str:
    inner: BaseException = error.info if isinstance(error.info, Exception) else error
    while inner.__context__ is not None and not isinstance(inner, OSError):
        inner = inner.__context__
    return (
        inner.strerror if isinstance(inner, OSError) and inner.strerror else type(inner).__name__
    ) or "no reason given"
