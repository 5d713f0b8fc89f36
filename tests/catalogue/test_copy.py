"""A catalogue is copied to another store whole, or not at all."""

from __future__ import annotations

import subprocess
import sys
from pathlib import Path
from typing import Any

import pytest
from clinicdex.catalogue import Catalogue, copy, database
from clinicdex.catalogue.sites import Site
from clinicdex.config import Config
from clinicdex.errors import CatalogueError
from clinicdex.flow import crawling
from clinicdex.flow.crawl_options import CrawlOptions
from clinicdex.flow.workspace import Workspace
from support.faux import CrawlFaux, article, faux_site, links

SITE: dict[str, Any] = {"/": links(*(f"/{n}" for n in range(8)))} | {
    f"/{n}": article(f"Article {n}") for n in range(8)
}


def silent(_table: str, _rows: int) -> None:
    """Ignore reports of progress."""


@pytest.fixture
def other(tmp_path: Path) -> str:
    return f"sqlite:///{tmp_path / 'other.sqlite'}"


def test_a_crawl_goes_on_in_the_copy_where_the_source_was(
    workspace: Workspace, crawled: CrawlFaux, postgresql: str, tmp_path: Path, other: str
) -> None:
    with faux_site(SITE) as site:
        crawled(site)
        before = list(workspace.catalogue.articles.all())

        there = copy.copy(workspace.config.catalogue_url, postgresql, silent)
        back = copy.copy(postgresql, other, silent)

        with Workspace(Config(data_dir=tmp_path / "two", catalogue=postgresql, delay=0.0)) as moved:
            assert before == list(moved.catalogue.articles.all())
            assert workspace.catalogue.articles.newest_change() == moved.catalogue.articles.newest_change()
            added = moved.catalogue.sites.get("faux")
            assert added
            again = crawling.collect(moved, added, CrawlOptions(), lambda _: None, lambda: False)
            moved.catalogue.sites.add(Site("new", f"{site.origin}/"))
            moved.catalogue.frontier("new", "nobody")
            reader = moved.engine.reader()
            assert 8 == len(list(reader.ids()))
            reader.close()

    assert there == back
    assert {"articles": 8, "sites": 1} == {
        entry.table: entry.rows for entry in there if entry.table in ("articles", "sites")
    }
    assert (8, "done") == (again.articles, again.outcome)


def test_a_catalogue_in_use_takes_no_copy_and_gives_none_while_it_is_crawled(
    workspace: Workspace, crawled: CrawlFaux, other: str
) -> None:
    with faux_site(SITE) as site:
        crawled(site)
    copy.copy(workspace.config.catalogue_url, other, silent)
    with pytest.raises(CatalogueError, match="already holds sites"):
        copy.copy(workspace.config.catalogue_url, other, silent)

    workspace.catalogue.sites.lease("faux", "elsewhere/1/x", 60)
    with pytest.raises(CatalogueError, match="faux is being crawled"):
        copy.copy(workspace.config.catalogue_url, f"{other}2", silent)


def test_a_copy_that_stopped_half_way_is_not_taken_for_whole_and_can_be_made_again(
    workspace: Workspace, crawled: CrawlFaux, other: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    with faux_site(SITE) as site:
        crawled(site)

    def stop(table: str, _rows: int) -> None:
        if table == "pages":
            raise KeyboardInterrupt

    with pytest.raises(KeyboardInterrupt):
        copy.copy(workspace.config.catalogue_url, other, stop)
    with pytest.raises(CatalogueError, match="not finished"):
        Catalogue(other)

    copy.copy(workspace.config.catalogue_url, other, silent)
    with Catalogue(other) as whole:
        assert list(workspace.catalogue.articles.all()) == list(whole.articles.all())


def test_a_row_that_did_not_arrive_as_it_was_is_noticed(
    workspace: Workspace, crawled: CrawlFaux, other: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    with faux_site(SITE) as site:
        crawled(site)
    tables: list[str] = []

    def spoil(table: str, _rows: int) -> None:
        tables.append(table)
        if tables.count("runs") == 1 and table == "runs":
            spoiled = database.Database(other, unfinished=True)
            with spoiled.write() as connection:
                connection.exec_driver_sql("update articles set digest = 'x' where url like '%/3'")
            spoiled.close()

    with pytest.raises(CatalogueError, match="articles has 8 rows that are not the 8"):
        copy.copy(workspace.config.catalogue_url, other, spoil)


def test_the_command_names_each_table_with_its_rows(
    workspace: Workspace, crawled: CrawlFaux, other: str
) -> None:
    with faux_site(SITE) as site:
        crawled(site)
    command = [sys.executable, "-m", "clinicdex", "catalogue", "copy", workspace.config.catalogue_url, other]
    done = subprocess.run(command, capture_output=True, text=True, timeout=60, check=False)

    assert 0 == done.returncode, done.stderr
    assert "articles\t8\t" in done.stdout
    assert "reindex" in done.stderr
    again = subprocess.run(command, capture_output=True, text=True, timeout=60, check=False)
    assert (1, 1) == (again.returncode, len(again.stderr.splitlines()))
