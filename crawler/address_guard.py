"""The address guard: refuses to connect to addresses that are not public.

It sits where a host name has just been resolved and the port is known, so it sees every connection of the crawl:
pages, robots.txt, sitemaps, redirects, literals in every spelling, and answers from the cache.
"""

from __future__ import annotations

import ipaddress
from collections.abc import Iterable
from typing import Any

from scrapy.resolver import CachingHostnameResolver
from twisted.internet.interfaces import IAddress, IHostResolution, IResolutionReceiver
from zope.interface import implementer

__all__ = ["AddressGuard", "GuardedResolver", "refusal"]


class AddressGuard:
    """The rule, and what it refused in this run."""

    def __init__(self, allowed: Iterable[str]) -> None:
        """Allow public addresses, and what `allowed` names: "host:port" whatever it resolves to, or networks ("10.1.0.0/16")."""
        entries = [entry.lower().replace("[", "").replace("]", "") for entry in allowed]
        self._allowed = {entry for entry in entries if "/" not in entry}
        self._networks = [ipaddress.ip_network(entry, strict=False) for entry in entries if "/" in entry]
        self._refused: dict[tuple[str, int], str] = {}

    def admits(self, host: str, port: int, address: str) -> bool:
        """Tell whether a connection may be made; remember why not."""
        if f"{host.lower()}:{port}" in self._allowed or f"{address}:{port}" in self._allowed:
            return True
        reason = None if self._is_named(address) else refusal(address)
        if reason:
            self._refused[host.lower(), port] = reason
        return reason is None

    def _is_named(self, address: str) -> bool:
        try:
            parsed = ipaddress.ip_address(address.partition("%")[0])
        except ValueError:
            return False
        return any(parsed in network for network in self._networks)

    def why(self, host: str, port: int) -> str | None:
        """Say why the last connection to a host was refused; None if it was not."""
        return self._refused.get((host.lower(), port))


def refusal(address: str) -> str | None:
    """Say why an IP address is refused; None if it is public.

    An IPv6 address that carries an IPv4 address (mapped, 6to4, Teredo, NAT64) is judged by both.
    """
    try:
        parsed = ipaddress.ip_address(address.partition("%")[0])
    except ValueError:
        return f"{address} is no IP address"
    for one in (parsed, *_carried(parsed)):
        if not one.is_global or one.is_multicast or one.is_reserved or getattr(one, "is_site_local", False):
            return f"{address} is not a public address"
    return None


_NAT64 = ipaddress.ip_network("64:ff9b::/96")  # RFC 6052


def _carried(address: ipaddress.IPv4Address | ipaddress.IPv6Address) -> list[ipaddress.IPv4Address]:
    if isinstance(address, ipaddress.IPv4Address):
        return []
    carried = [address.ipv4_mapped, address.sixtofour, *(address.teredo or ())]
    if address in _NAT64:
        carried.append(ipaddress.IPv4Address(int(address) & 0xFFFFFFFF))
    return [one for one in carried if one is not None]


@implementer(IResolutionReceiver)
class _GuardedReceiver:
    """Passes on the addresses that the guard admits."""

    def __init__(self, receiver: Any, guard: AddressGuard, host: str, port: int) -> None:
        self._receiver = receiver
        self._guard = guard
        self._host = host
        self._port = port

    def resolutionBegan(self, resolution: IHostResolution) -> None:
        self._receiver.resolutionBegan(resolution)

    def addressResolved(self, address: IAddress) -> None:
        if self._guard.admits(self._host, self._port, address.host):
            self._receiver.addressResolved(address)

    def resolutionComplete(self) -> None:
        self._receiver.resolutionComplete()


class GuardedResolver(CachingHostnameResolver):
    """Scrapy's caching resolver with the guard behind it, so that cached answers are judged as well."""

    guard: AddressGuard

    @classmethod
    def from_crawler(cls, crawler: Any, reactor: Any) -> GuardedResolver:
        """Take the guard from the process that runs the crawl."""
        resolver = super().from_crawler(crawler, reactor)
        resolver.guard = crawler.guard
        return resolver

    def resolveHostName(
        self,
        resolutionReceiver: Any,
        hostName: str,
        portNumber: int = 0,
        addressTypes: Any = None,
        transportSemantics: str = "TCP",
    ) -> Any:
        """Resolve a host for a connection to a port."""
        guarded: Any = _GuardedReceiver(resolutionReceiver, self.guard, hostName, portNumber)
        return super().resolveHostName(guarded, hostName, portNumber, addressTypes, transportSemantics)
