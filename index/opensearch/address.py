"""The address of an index: "opensearch+https://HOST:PORT/NAME".

Credentials are not part of the address and are never shown.
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from urllib.parse import parse_qs, urlsplit

from ...errors import ConfigError

__all__ = ["SCHEME", "Address", "parse"]

SCHEME = "opensearch+"
_NAME = re.compile(r"[a-z0-9][a-z0-9_-]{0,99}")
_FORM = "opensearch+https://HOST:9200/articles"
_PORTS = {"http": 9200, "https": 9200}
_MOST_SHARDS = 1000  # limit of shards and of replicas; chosen by hand


@dataclass(frozen=True, slots=True)
class Address:
    """An index, and the machines that serve it."""

    hosts: tuple[str, ...]  # "https://host:9200"; any of them can be used
    name: str  # of the alias that is searched
    shards: int = 1  # of a new generation
    replicas: int = 0  # copies of each shard, in addition to it
    authority: str | None = None  # file of trusted CA certificates; None: those that the system trusts

    @property
    def shown(self) -> str:
        """Return the address as people see it: hosts and name, without options."""
        return f"{','.join(self.hosts)}/{self.name}"


def parse(url: str) -> Address:
    """Parse the address of an index; ConfigError if it is malformed.

    Hosts are separated by commas. The options ?shards=, replicas= and ca= may follow the name.
    """
    try:
        parts = urlsplit(url.removeprefix(SCHEME))
    except ValueError as error:
        raise ConfigError(f"index: {error}; write {_FORM}") from None
    if "@" in url:
        raise ConfigError(
            "index: no user and password in the address; set CLINICDEX_OPENSEARCH_USER and "
            "CLINICDEX_OPENSEARCH_PASSWORD"
        )
    hosts = tuple(_host(parts.scheme, host) for host in parts.netloc.split(",") if host)
    name = parts.path.strip("/")
    if parts.scheme not in _PORTS or not hosts or not _NAME.fullmatch(name):
        raise ConfigError(f"index: {url!r} is not the address of an index; write {_FORM}")
    options = {key: values[-1] for key, values in parse_qs(parts.query).items()}
    unknown = options.keys() - {"shards", "replicas", "ca"}
    if unknown:
        raise ConfigError(
            f"index: {min(unknown)!r} is not an option of an index address; there are shards, replicas and ca"
        )
    return Address(
        hosts, name, _count(options, "shards", 1, 1), _count(options, "replicas", 0, 0), options.get("ca")
    )


def _host(scheme: str, host: str) -> str:
    port = urlsplit(f"//{host}")
    try:
        return f"{scheme}://{host}" if port.port else f"{scheme}://{host}:{_PORTS.get(scheme, 9200)}"
    except ValueError as error:
        raise ConfigError(f"index: {host!r} has no port that can be: {error}; write {_FORM}") from None


def _count(options: dict[str, str], name: str, default: int, least: int) -> int:
    text = options.get(name, str(default))
    if not text.isdecimal() or not least <= int(text) <= _MOST_SHARDS:
        raise ConfigError(f"index: {name}={text} must be a number from {least} to {_MOST_SHARDS}")
    return int(text)
