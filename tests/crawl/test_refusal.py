"""Addresses that are not public are not asked, and no proxy but the owner's."""

from __future__ import annotations

from collections.abc import Callable

import pytest
from clinicdex import flow
from clinicdex.errors import SiteError
from faux import article, faux_site, links
from seen import titles

Crawl = Callable[..., flow.Summary]


def test_a_loopback_site_is_refused_unless_it_is_allowed(house: flow.House) -> None:
    from clinicdex.catalogue.sites import Site

    with faux_site({"/": links("/a")}) as site:
        added = Site("faux", f"{site.origin}/")
        house.catalogue.sites.add(added)
        with pytest.raises(SiteError, match=r"not a public address.*--allow-host"):
            flow.collect(house, added, flow.Crawl(), lambda _: None, lambda: False)

    assert [] == site.asked


def test_a_proxy_named_in_the_settings_carries_every_request(house: flow.House) -> None:
    from dataclasses import replace

    from clinicdex.catalogue.sites import Site

    clinic = "http://clinic.example"
    with faux_site({f"{clinic}/": links("/a"), f"{clinic}/a": article("Ankles")}) as proxy:
        house.config = replace(house.config, proxy=f"{proxy.origin}/", contact="me@clinic.example")
        added = Site("faux", f"{clinic}/", delay=0.01)
        house.catalogue.sites.add(added)
        flow.collect(house, added, flow.Crawl(), lambda _: None, lambda: False)

    assert titles(house) == ["Ankles"]
    assert f"{clinic}/robots.txt" == proxy.asked[0]


def test_the_proxy_of_the_environment_is_not_used(house: flow.House, crawled: Crawl, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("http_proxy", "http://127.0.0.1:9/")
    with faux_site({"/": links("/a"), "/a": article("Ankles")}) as site:
        crawled(site)

    assert titles(house) == ["Ankles"]
