"""The crawler puts little load on a host."""

from __future__ import annotations

from typing import Any

import pytest
from clinicdex.errors import ConfigError, SiteError
from clinicdex.flow import crawl_options
from clinicdex.flow.crawl_options import CrawlOptions
from clinicdex.flow.workspace import Workspace
from support.faux import CrawlFaux, article, faux_site, links, text
from support.seen import titles


def test_a_host_that_asks_for_a_longer_pause_gets_it(workspace: Workspace, crawled: CrawlFaux) -> None:
    with faux_site(
        {
            "/robots.txt": text("User-agent: *\nCrawl-delay: 0.4"),
            "/": links("/a", "/b"),
            "/a": article("Ankles"),
            "/b": article("Backs"),
        }
    ) as site:
        crawled(site)
        gaps = [after - before for before, after in zip(site.times[1:], site.times[2:], strict=False)]

    assert min(gaps) >= 0.35


def test_a_host_that_asks_for_a_pause_beyond_reason_is_left_alone(
    workspace: Workspace, crawled: CrawlFaux
) -> None:
    with (
        faux_site({"/robots.txt": text("User-agent: *\nCrawl-delay: 3600"), "/": links("/a")}) as site,
        pytest.raises(SiteError, match="crawl delay too long"),
    ):
        crawled(site)


def test_one_request_at_a_time_and_a_pause_between(workspace: Workspace, crawled: CrawlFaux) -> None:
    with faux_site({"/": links("/a", "/b"), "/a": article("Ankles"), "/b": article("Backs")}) as site:
        crawled(site, delay=0.3)
        gaps = [after - before for before, after in zip(site.times[1:], site.times[2:], strict=False)]

    assert min(gaps) >= 0.25


def test_the_user_agent_names_us_and_whom_to_write_to(workspace: Workspace) -> None:
    assert crawl_options.user_agent("me@clinic.example").endswith("(+me@clinic.example)")
    assert crawl_options.user_agent("me@clinic.example").startswith("clinicdex/")


def test_a_host_that_is_not_loopback_needs_a_contact_and_a_delay(workspace: Workspace) -> None:
    from clinicdex.catalogue.sites import Site

    with pytest.raises(ConfigError, match="contact"):
        crawl_options.plan_crawl(
            workspace.config, workspace.catalogue, Site("s", "https://clinic.example/"), CrawlOptions()
        )


def test_a_host_that_says_it_is_overloaded_is_left_in_peace_for_a_while(
    workspace: Workspace, crawled: CrawlFaux
) -> None:
    pages: dict[str, Any] = {
        "/": lambda before: links("/a", "/b") if before else text("busy", status=429),
        "/a": article("A"),
        "/b": article("B"),
    }
    with faux_site(pages) as site:
        crawled(site)
        again = [when for path, when in zip(site.asked, site.times, strict=True) if path == "/"]

    assert titles(workspace) == ["A", "B"]
    assert again[1] - again[0] >= 2
