"""Pages and sites that have moved are found at their new URLs."""

from __future__ import annotations

from typing import Any

from clinicdex.flow.workspace import Workspace
from support.faux import CrawlFaux, article, faux_site, links, redirect, ten
from support.seen import titles


def test_a_redirect_is_followed_within_the_site_and_noted(workspace: Workspace, crawled: CrawlFaux) -> None:
    with faux_site({"/": links("/old", "/away", "/loop"), "/old": redirect("/new", 301),
                    "/new": article("Necks"), "/away": redirect("http://127.0.0.2:9/x"),
                    "/loop": redirect("/loop")}) as site:  # fmt: skip
        summary = crawled(site)

    assert titles(workspace) == ["Necks"]
    assert 1 == site.asked.count("/loop")
    assert {"other site": 1} == summary.dropped


def test_a_page_that_moved_is_an_article_at_its_new_address_only(
    workspace: Workspace, crawled: CrawlFaux
) -> None:
    pages: dict[str, Any] = {"/": links("/old"), "/old": article("Ankles")}
    with faux_site(pages) as site:
        crawled(site)
        pages |= {"/old": redirect("/new", 301), "/new": article("Ankles", "revised")}
        crawled(site)

    assert [f"{site.origin}/new"] == [item.url for item in workspace.catalogue.articles.all()]


def test_a_site_that_moves_house_keeps_its_articles_and_their_ids(
    workspace: Workspace, crawled: CrawlFaux
) -> None:
    with faux_site(pages := ten()) as site:
        crawled(site)
        ids = {item.title: item.id for item in workspace.catalogue.articles.all("faux")}
        for n in range(10):
            pages |= {f"/new/{n}": pages[f"/{n}"], f"/{n}": redirect(f"/new/{n}", 301)}
        summary = crawled(site)

    assert ("done", 10) == (summary.outcome, summary.articles)
    assert ids == {item.title: item.id for item in workspace.catalogue.articles.all("faux")}
    with workspace.engine.reader() as reader:
        assert set(ids.values()) == set(reader.ids())
