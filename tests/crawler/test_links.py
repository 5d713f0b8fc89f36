"""Following links, and which of them come first."""

from __future__ import annotations

from contextlib import suppress
from dataclasses import replace
from typing import Any

import pytest
from clinicdex.catalogue.sites import Site
from clinicdex.errors import SiteError
from clinicdex.flow import crawling
from clinicdex.flow.crawl_options import CrawlOptions
from clinicdex.flow.workspace import Workspace
from support.faux import CrawlFaux, article, faux_site, links
from support.seen import titles


def test_links_are_followed_to_the_articles(workspace: Workspace, crawled: CrawlFaux) -> None:
    with faux_site(
        {
            "/": links("/a", "/list"),
            "/list": links("/b", "/a"),
            "/a": article("Ankles"),
            "/b": article("Backs"),
        }
    ) as site:
        summary = crawled(site)

    assert titles(workspace) == ["Ankles", "Backs"]
    assert summary.outcome == "done"
    assert 1 == site.asked.count("/a")


def test_a_chain_of_links_ends_at_the_greatest_depth(workspace: Workspace, crawled: CrawlFaux) -> None:
    with faux_site({"/": links("/p/0")} | {f"/p/{n}": links(f"/p/{n + 1}") for n in range(40)}) as site:
        summary = crawled(site)

    assert summary.dropped["too deep"] == 1
    assert "/p/9" in site.asked
    assert "/p/10" not in site.asked


def test_articles_come_first_when_a_run_is_cut_short(workspace: Workspace, crawled: CrawlFaux) -> None:
    pages: dict[str, Any] = {"/": links("/contact", "/tag/x", "/about", "/ease-your-low-back-pain", "/team")}
    with faux_site(pages | {"/ease-your-low-back-pain": article("Backs")}) as site:
        crawled(site, max_pages=2)

    assert titles(workspace) == ["Backs"]


def test_the_page_limit_bounds_a_run_and_the_next_one_goes_on(
    workspace: Workspace, crawled: CrawlFaux
) -> None:
    wide: dict[str, Any] = {"/": links(*(f"/{n}" for n in range(20)))} | {
        f"/{n}": article(f"Article {n:02}") for n in range(20)
    }
    with faux_site(wide) as site:
        summaries = [crawled(site, max_pages=10) for _ in range(3)]
        pages = [path for path in site.asked if path in wide]

    assert [9, 19, 20] == [summary.articles for summary in summaries]
    assert len(pages) == len(set(pages)) == 21


def test_a_run_that_is_stopped_before_it_has_begun_ends(workspace: Workspace) -> None:
    with faux_site({"/": links("/a"), "/a": article("Ankles")}) as site:
        added = Site("faux", f"{site.origin}/", allow_hosts=(site.host_port,))
        workspace.catalogue.sites.add(added)
        with suppress(SiteError):  # nothing has been fetched yet
            crawling.collect(workspace, added, CrawlOptions(delay=0.0), lambda _: None, lambda: True)
        again = crawling.collect(workspace, added, CrawlOptions(delay=0.0), lambda _: None, lambda: False)

    assert ("done", 1) == (again.outcome, again.articles)


def test_a_run_has_so_much_time_and_the_next_one_goes_on(
    workspace: Workspace, crawled: CrawlFaux, monkeypatch: pytest.MonkeyPatch
) -> None:
    slow: dict[str, Any] = {"/": links(*(f"/{n}" for n in range(80)))} | {
        f"/{n}": replace(article(f"Article {n:02}"), wait=1.0) for n in range(80)
    }
    monkeypatch.setattr(crawling, "seconds_of", lambda *_: 5.0)
    with faux_site(slow) as site:
        first = crawled(site)
        monkeypatch.undo()
        second = crawled(site)
        pages = [path for path in site.asked if path in slow]

    assert ("stopped", "done", 80) == (first.outcome, second.outcome, second.articles)
    assert 0 < first.articles < 80
    assert len(pages) == len(set(pages))
