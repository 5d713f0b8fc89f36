"""The address guard, tested on the resolver; nothing is sent."""

from __future__ import annotations

from typing import Any

import pytest
from clinicdex.crawler.address_guard import AddressGuard, GuardedResolver, refusal
from scrapy.resolver import dnscache
from twisted.internet.address import IPv4Address, IPv6Address

PUBLIC = ["93.184.216.34", "8.8.8.8", "2606:2800:220:1:248:1893:25c8:1946"]
NOT_PUBLIC = [
    "127.0.0.1", "127.8.8.8", "10.0.0.1", "172.16.0.1", "192.168.1.1", "169.254.169.254", "100.64.0.1",
    "0.0.0.0", "198.18.0.1", "192.0.2.1", "224.0.0.1", "240.0.0.1", "255.255.255.255", "::1", "::",
    "fe80::1%eth0", "fc00::1", "ff02::1", "2001:db8::1", "::ffff:127.0.0.1", "::ffff:10.0.0.1",
    "2002:7f00:1::", "64:ff9b::7f00:1", "not an address",
]  # fmt: skip


@pytest.mark.parametrize("address", PUBLIC)
def test_public_addresses_are_admitted(address: str) -> None:
    assert refusal(address) is None


@pytest.mark.parametrize("address", NOT_PUBLIC)
def test_addresses_that_are_not_public_are_refused_with_a_reason(address: str) -> None:
    assert refusal(address)


def test_a_network_can_be_allowed() -> None:
    guard = AddressGuard(["10.1.0.0/16", "fd00::/8"])

    assert guard.admits("intranet.example", 80, "10.1.2.3")
    assert guard.admits("intranet.example", 443, "fd00::7")
    assert not guard.admits("intranet.example", 80, "10.2.0.1")


def test_allowing_names_host_and_port_and_nothing_else() -> None:
    guard = AddressGuard(["127.0.0.1:8100", "intranet.example:80"])

    assert guard.admits("127.0.0.1", 8100, "127.0.0.1")
    assert guard.admits("intranet.example", 80, "10.0.0.5")
    assert not guard.admits("127.0.0.1", 8101, "127.0.0.1")
    assert not guard.admits("intranet.example", 443, "10.0.0.5")
    assert not guard.admits("evil.example", 80, "10.0.0.5")
    assert "not a public address" in (guard.why("evil.example", 80) or "")


class Receiver:
    def __init__(self) -> None:
        self.addresses: list[str] = []
        self.complete = False

    def resolutionBegan(self, resolution: Any) -> None:
        pass

    def addressResolved(self, address: Any) -> None:
        self.addresses.append(address.host)

    def resolutionComplete(self) -> None:
        self.complete = True


class Answers:
    """A resolver with fixed answers."""

    def __init__(self, *addresses: Any) -> None:
        self.nameResolver = self
        self.addresses = addresses

    def resolveHostName(self, receiver: Any, name: str, port: int, *_: Any) -> Any:
        receiver.resolutionBegan(self)
        for address in self.addresses:
            receiver.addressResolved(address)
        receiver.resolutionComplete()
        return self


@pytest.fixture
def resolver() -> Any:
    dnscache.clear()
    addresses = (("10.0.0.1", IPv4Address), ("::1", IPv6Address), ("8.8.8.8", IPv4Address))
    answers: Any = Answers(*(kind("TCP", host, 80) for host, kind in addresses))
    guarded = GuardedResolver(answers, 100)
    guarded.guard = AddressGuard([])
    yield guarded
    dnscache.clear()


def test_a_connection_sees_only_public_addresses_also_from_the_cache(resolver: Any) -> None:
    for _ in range(2):
        receiver = Receiver()
        resolver.resolveHostName(receiver, "clinic.example", 80)

        assert (["8.8.8.8"], True) == (receiver.addresses, receiver.complete)
    assert resolver.guard.why("clinic.example", 80)


def test_a_cached_answer_is_judged_by_the_port_of_this_connection(resolver: Any) -> None:
    resolver.guard = AddressGuard(["clinic.example:81"])
    addresses = {}
    for port in (80, 81):
        receiver = Receiver()
        resolver.resolveHostName(receiver, "clinic.example", port)
        addresses[port] = receiver.addresses

    assert {80: ["8.8.8.8"], 81: ["10.0.0.1", "::1", "8.8.8.8"]} == addresses
