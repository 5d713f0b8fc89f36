"""What fails is tried again, and reported."""

from __future__ import annotations

import pytest
from clinicdex.errors import CatalogueError, SiteError
from clinicdex.flow.workspace import Workspace
from support.faux import CrawlFaux, Reply, article, faux_site, links, text
from support.seen import titles


def test_a_page_that_fails_is_tried_again_and_then_reported(
    workspace: Workspace, crawled: CrawlFaux, monkeypatch: pytest.MonkeyPatch
) -> None:
    with faux_site(
        {
            "/": links("/a", "/b"),
            "/a": lambda before: article("Ankles") if before else text("busy", status=503),
            "/b": text("down", status=500),
        }
    ) as site:
        summary = crawled(site)

    assert titles(workspace) == ["Ankles"]
    assert summary.outcome == "partial"
    assert {"500": 1} == summary.failed
    assert 3 == site.asked.count("/b")


def test_a_write_that_fails_ends_the_run_with_its_reason(workspace: Workspace, crawled: CrawlFaux) -> None:
    import sqlite3

    with faux_site({"/": links("/a"), "/a": lambda _: broken()}) as site:

        def broken() -> Reply:
            with sqlite3.connect(workspace.config.data_dir / "catalogue.sqlite") as raw:
                raw.execute("alter table pages rename to elsewhere")
            raw.close()
            return article("Ankles")

        with pytest.raises((SiteError, CatalogueError), match="no such table"):
            crawled(site)
