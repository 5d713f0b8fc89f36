"""Articles that are gone from a site are deleted, and nothing else is."""

from __future__ import annotations

import pytest
from clinicdex.errors import CatalogueError, ConfigError
from clinicdex.flow import forgetting, transfer
from clinicdex.flow.workspace import Workspace
from support.faux import GONE, CrawlFaux, article, article_text, faux_site, html, links, ten, text
from support.seen import titles

pytestmark = pytest.mark.both_stores


def test_what_is_gone_leaves_catalogue_and_index_in_the_same_run(
    workspace: Workspace, crawled: CrawlFaux
) -> None:
    with faux_site(pages := ten()) as site:
        crawled(site)
        pages["/3"] = GONE
        summary = crawled(site)

    assert (9, "done") == (summary.articles, summary.outcome)
    with workspace.engine.reader() as reader:
        assert 9 == len(list(reader.ids()))


def test_a_run_that_would_take_more_than_three_in_ten_is_held_until_it_is_forced(
    workspace: Workspace, crawled: CrawlFaux
) -> None:
    with faux_site(pages := ten()) as site:
        crawled(site)
        pages |= dict.fromkeys(("/0", "/1", "/2", "/3"), GONE)
        held, again = crawled(site), crawled(site)
        forced = crawled(site, force=True)

    assert ("held", 10, {"error page": 4}) == (held.outcome, held.articles, held.held)
    assert ("held", 10) == (again.outcome, again.articles)
    assert ("done", 6, {}) == (forced.outcome, forced.articles, forced.held)


def test_what_was_held_and_comes_back_was_never_away(workspace: Workspace, crawled: CrawlFaux) -> None:
    with faux_site(pages := ten()) as site:
        crawled(site)
        change = workspace.catalogue.articles.newest_change()
        before = {path: pages[path] for path in ("/0", "/1", "/2", "/3")}
        pages |= dict.fromkeys(before, html("<p>Down for maintenance</p>"))
        held = crawled(site)
        pages |= before
        back = crawled(site)

    assert ("held", "done", 10) == (held.outcome, back.outcome, back.articles)
    assert change == workspace.catalogue.articles.newest_change()


def test_a_site_that_fails_loses_nothing(workspace: Workspace, crawled: CrawlFaux) -> None:
    with faux_site(pages := ten()) as site:
        crawled(site)
        pages |= {f"/{n}": text("", status=404) for n in range(5)} | {
            f"/{n}": text("oh", status=404) for n in range(5, 10)
        }
        summary = crawled(site)

    assert (10, 10) == (summary.articles, summary.not_found)


def test_what_was_forgotten_stays_out_until_it_is_let_in_again(
    workspace: Workspace, crawled: CrawlFaux
) -> None:
    with faux_site({"/": links("/a", "/b"), "/a": article("Ankles"), "/b": article("Backs")}) as site:
        crawled(site)
        forgetting.forget(workspace, f"{site.origin}/a")
        summary = crawled(site)
        remaining = titles(workspace)
        workspace.catalogue.tombstones.lift(f"{site.origin}/a")
        crawled(site)

    assert ["Backs"] == remaining
    assert {"forgotten": 1} == summary.dropped
    assert ["Ankles", "Backs"] == titles(workspace)


def test_an_import_does_not_bring_back_what_was_forgotten(workspace: Workspace) -> None:
    record = {"url": "https://clinic.example/a", "title": "Ankles", "text": article_text("ankles")}
    transfer.take_in(workspace, iter([(1, record)]))
    forgetting.forget(workspace, "https://clinic.example/a")

    with pytest.raises(ConfigError, match=r"line 1: .* forgotten"):
        transfer.take_in(workspace, iter([(1, record)]))


def test_an_address_is_forgotten_alone_and_a_folder_with_all_below(
    workspace: Workspace, crawled: CrawlFaux
) -> None:
    pages = {"/": links("/back", "/back-pain", "/Old/a", "/old/b"), "/back": article("Back"),
             "/back-pain": article("Back pain"), "/Old/a": article("Upper"),
             "/old/b": article("Lower")}  # fmt: skip
    with faux_site(pages) as site:
        crawled(site)
        forgetting.forget(workspace, f"{site.origin}/back")
        forgetting.forget(workspace, f"{site.origin}/old/")

    assert ["Back pain", "Upper"] == sorted(titles(workspace))
    assert 1 == len(list((workspace.config.data_dir / "index").glob("g*")))


def test_forgetting_waits_for_no_crawl_but_says_so(workspace: Workspace, crawled: CrawlFaux) -> None:
    with faux_site({"/": links("/a"), "/a": article("Ankles")}) as site:
        crawled(site)
        workspace.catalogue.sites.lease("faux", "elsewhere/1/x", 60)
        with pytest.raises(CatalogueError, match="holds it"):
            forgetting.forget(workspace, f"{site.origin}/a")

    assert ["Ankles"] == titles(workspace)
