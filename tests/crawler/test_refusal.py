"""Nothing is requested from an address that is not public, nor through a proxy the owner did not set."""

from __future__ import annotations

import pytest
from clinicdex.errors import SiteError
from clinicdex.flow import crawling
from clinicdex.flow.crawl_options import CrawlOptions
from clinicdex.flow.workspace import Workspace
from support.faux import CrawlFaux, article, faux_site, links
from support.seen import titles


def test_a_loopback_site_is_refused_unless_it_is_allowed(workspace: Workspace) -> None:
    from clinicdex.catalogue.sites import Site

    with faux_site({"/": links("/a")}) as site:
        added = Site("faux", f"{site.origin}/")
        workspace.catalogue.sites.add(added)
        with pytest.raises(SiteError, match=r"not a public address.*--allow-host"):
            crawling.collect(workspace, added, CrawlOptions(), lambda _: None, lambda: False)

    assert [] == site.asked


def test_a_proxy_named_in_the_settings_carries_every_request(workspace: Workspace) -> None:
    from dataclasses import replace

    from clinicdex.catalogue.sites import Site

    clinic = "http://clinic.example"
    with faux_site({f"{clinic}/": links("/a"), f"{clinic}/a": article("Ankles")}) as proxy:
        workspace.config = replace(workspace.config, proxy=f"{proxy.origin}/", contact="me@clinic.example")
        added = Site("faux", f"{clinic}/", delay=0.01)
        workspace.catalogue.sites.add(added)
        crawling.collect(workspace, added, CrawlOptions(), lambda _: None, lambda: False)

    assert titles(workspace) == ["Ankles"]
    assert f"{clinic}/robots.txt" == proxy.asked[0]


def test_the_proxy_of_the_environment_is_not_used(
    workspace: Workspace, crawled: CrawlFaux, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("http_proxy", "http://127.0.0.1:9/")
    with faux_site({"/": links("/a"), "/a": article("Ankles")}) as site:
        crawled(site)

    assert titles(workspace) == ["Ankles"]
