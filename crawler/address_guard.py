"""The address guard: refuses connections to addresses that are not public.

It acts when a host name has just been resolved and the port is known, so it sees every connection of the
crawl: pages, robots.txt, sitemaps, redirects, IP literals in every spelling, and answers from the DNS cache.
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
    """Decides which addresses may be connected to, and remembers what it refused in this run."""

    def __init__(self, allowed: Iterable[str]) -> None:
        """Allow public addresses and the entries of `allowed`.

        An entry is "host:port", allowed whatever address it resolves to, or a network ("10.1.0.0/16").
        """
        entries = [entry.lower().replace("[", "").replace("]", "") for entry in allowed]
        self._allowed = {entry for entry in entries if "/" not in entry}
        self._networks = [ipaddress.ip_network(entry, strict=False) for entry in entries if "/" in entry]
        self._refused: dict[tuple[str, int], str] = {}

    def admits(self, host: str, port: int, address: str) -> bool:
        """Whether a connection may be made; the reason for a refusal is remembered."""
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
        """Return why a connection to a host was last refused; None if it never was."""
        return self._refused.get((host.lower(), port))


def refusal(address: str) -> str | None:
    """Return why an IP address is refused; None if it is public.

    If an IPv6 address carries an IPv4 address (mapped, 6to4, Teredo, NAT64), both must be public.
    """
    try:
        parsed = ipaddress.ip_address(address.partition("%")[0])
    except ValueError:
        return f"{address} is not an IP address"
    for ip in (parsed, *_carried(parsed)):
        if not ip.is_global or ip.is_multicast or ip.is_reserved or getattr(ip, "is_site_local", False):
            return f"{address} is not a public address"
    return None


_NAT64 = ipaddress.ip_network("64:ff9b::/96")  # RFC 6052


def _carried(address: ipaddress.IPv4Address | ipaddress.IPv6Address) -> list[ipaddress.IPv4Address]:
    if isinstance(address, ipaddress.IPv4Address):
        return []
    carried = [address.ipv4_mapped, address.sixtofour, *(address.teredo or ())]
    if address in _NAT64:
        carried.append(ipaddress.IPv4Address(int(address) & 0xFFFFFFFF))
    return [ipv4 for ipv4 in carried if ipv4 is not None]


@implementer(IResolutionReceiver)
class _GuardedReceiver:
    """Passes on only the addresses that the guard admits."""

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
    """Scrapy's caching resolver with the guard after the cache, so that cached answers are checked too."""

    guard: AddressGuard

    @classmethod
    def from_crawler(cls, crawler: Any, reactor: Any) -> GuardedResolver:
        """Build the resolver with the guard of the process that runs the crawl."""
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
        """Resolve a host name for a connection to a port; the guard checks every address."""
        guarded: Any = _GuardedReceiver(resolutionReceiver, self.guard, hostName, portNumber)
        return super().resolveHostName(guarded, hostName, portNumber, addressTypes, transportSemantics)
