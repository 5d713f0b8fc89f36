"""The whole way, and what may happen on it."""

from __future__ import annotations

import shutil
import time
from collections.abc import Callable
from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest
from clinicdex import flow, holding, importing
from clinicdex.config import SiteSettings
from clinicdex.errors import ConfigError
from clinicdex.index.query import parse
from clinicdex.pipeline.imported import article_from
from faux import article, faux_site, links, text

Crawl = Callable[..., flow.Summary]
SITE: dict[str, Any] = {"/": links(*(f"/{n}" for n in range(8)))} | {
    f"/{n}": article(f"Article {n}", extra="<p>Call us on 555-0100 for a visit</p>") for n in range(8)
}


def found(house: flow.House, query: str = "") -> list[str]:
    with house.engine.reader() as reader:
        return [hit.article.title for hit in reader.search(parse(query, size=100)).hits]


def test_what_was_crawled_can_be_searched(house: flow.House, crawled: Crawl) -> None:
    with faux_site(SITE) as site:
        summary = crawled(site)

    assert summary.articles == 8
    assert [f"Article {n}" for n in range(8)] == sorted(found(house))
    assert [] == flow.problems(house)


def test_the_site_model_takes_out_what_every_page_repeats(house: flow.House, crawled: Crawl) -> None:
    with faux_site(SITE) as site:
        crawled(site)

    assert not any("555" in one.text for one in house.catalogue.articles.all())


def test_every_leg_can_be_run_again_and_changes_nothing(house: flow.House, crawled: Crawl) -> None:
    with faux_site(SITE) as site:
        crawled(site)
    before, change = list(house.catalogue.articles.all()), house.catalogue.articles.newest_change()

    house.catalogue.pages.mark_unread("faux")
    flow.finish_reading(house, "faux")

    assert before == list(house.catalogue.articles.all())
    assert change == house.catalogue.articles.newest_change()
    assert flow.index(house) == 0


@pytest.mark.parametrize("damage", ["gone", "emptied"])
def test_an_index_that_does_not_open_is_built_anew_by_whoever_writes(house: flow.House, crawled: Crawl, damage: str) -> None:
    with faux_site(SITE) as site:
        crawled(site)
        folder = house.config.data_dir / "index"
        if damage == "gone":
            shutil.rmtree(folder)
        else:
            for file in folder.glob("g*/*.toc"):
                file.write_bytes(b"")
        crawled(site)

    assert len(found(house)) == 8


def test_what_the_catalogue_has_and_the_index_has_not_is_made_up_for(house: flow.House, crawled: Crawl) -> None:
    with faux_site(SITE) as site:
        crawled(site, index=False)

    assert flow.index(house) == 8
    assert len(found(house)) == 8


def test_an_article_that_is_gone_leaves_the_index(house: flow.House, crawled: Crawl) -> None:
    pages = dict(SITE)
    with faux_site(pages) as site:
        crawled(site)
        pages["/3"] = text("gone", status=410)
        crawled(site)

    assert "Article 3" not in found(house)
    assert [] == flow.problems(house)


def test_reading_rules_in_the_settings_are_used_at_once(house: flow.House, crawled: Crawl) -> None:
    with faux_site(SITE) as site:
        crawled(site)
    house.config = replace(house.config, site={"faux": SiteSettings(exclude=("/3",))})

    flow.finish_reading(house, "faux")
    flow.index(house)

    assert "Article 3" not in found(house)


def test_forgetting_takes_an_address_out_of_everything(house: flow.House, crawled: Crawl) -> None:
    with faux_site(SITE) as site:
        crawled(site)
        flow.forget(house, f"{site.origin}/3")

    assert "Article 3" not in found(house)
    assert house.catalogue.pages.get(f"{site.origin}/3") is None
    assert [] == flow.problems(house)


def test_forgetting_what_is_no_address_is_refused(house: flow.House) -> None:
    for target in ("", "nobody", "/path"):
        with pytest.raises(ConfigError, match="neither a site nor"):
            flow.forget(house, target)


def test_forgetting_reaches_imported_articles(house: flow.House) -> None:
    importing.take_in(house, iter([(1, {"url": "https://a.example/1", "title": "One"}), (2, {"url": "https://a.example/2", "title": "Two"})]))

    assert flow.forget(house, "https://a.example/1") == 1
    assert ["Two"] == found(house)


def test_forgetting_the_kept_address_lets_another_stand_for_the_article(house: flow.House, crawled: Crawl) -> None:
    with faux_site(SITE | {"/": links("/1", "/1-copy"), "/1-copy": SITE["/1"]}) as site:
        crawled(site)
        flow.forget(house, f"{site.origin}/1-copy")
        flow.forget(house, f"{site.origin}/1")

    assert [] == flow.problems(house)
    assert [] == found(house)


def test_an_index_that_is_behind_the_catalogue_or_follows_another_is_a_problem(house: flow.House) -> None:
    importing.take_in(house, iter([(1, {"url": "https://a.example/1", "title": "One"})]))
    newest = house.catalogue.articles.newest_change()
    house.catalogue.articles.add([article_from({"url": "https://a.example/2", "title": "Two"})])
    behind = flow.problems(house)[0]
    with house.engine.writer() as writer:
        writer.commit(newest + 100)

    assert "behind the catalogue" in behind
    assert "another catalogue" in flow.problems(house)[0]


def test_an_import_of_a_crawled_address_replaces_it(house: flow.House, crawled: Crawl) -> None:
    with faux_site(SITE) as site:
        crawled(site)
        importing.take_in(house, iter([(1, {"url": f"{site.origin}/3", "title": "Mine", "id": "\x00stamp"})]))

    assert 8 == len(found(house)) and "Mine" in found(house)
    assert [] == flow.problems(house)


def test_a_long_reading_keeps_its_lease(house: flow.House, crawled: Crawl, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(holding, "LEASE", 0.6)
    monkeypatch.setattr(holding, "_RENEW", 0.1)
    plain = flow.finish_reading
    takers: list[str] = []

    def slow(opened: flow.House, name: str, *, guarded: bool) -> dict[str, int]:
        time.sleep(1.5)
        takers.append(opened.catalogue.sites.lease(name, "another", 1).owner)
        return plain(opened, name, guarded=guarded)

    monkeypatch.setattr(flow, "finish_reading", slow)
    with faux_site(SITE) as site:
        summary = crawled(site)

    assert ([house.owner], "done") == (takers, summary.outcome)


def test_a_selector_that_is_no_css_is_told_before_anything_is_read(house: flow.House, crawled: Crawl) -> None:
    with faux_site(SITE) as site:
        crawled(site)
    house.config = replace(house.config, site={"faux": SiteSettings(content="div[")})

    with pytest.raises(ConfigError, match="no CSS selector"):
        flow.finish_reading(house, "faux")
    assert house.catalogue.articles.count() == 8


MISFITS: list[dict[str, Any]] = [
    {"language": 5}, {"site": 5}, {"topics": [{"label": None}]}, {"authors": [{"as_written": "A", "name": 5}]}, {"limits": {"max_snippet": "a"}},
    {"published": "yesterday"}, {"topics": 3}, {"url": 7}, {"authors": [{"nobody": 1}]},
]  # fmt: skip


@pytest.mark.parametrize("misfit", MISFITS, ids=str)
def test_a_record_that_does_not_fit_is_refused_and_poisons_nothing(house: flow.House, misfit: dict[str, Any]) -> None:
    good = {"url": "https://a.example/1", "title": "One", "summary": "odd \ud800"}
    with pytest.raises(ConfigError, match="line 2"):
        importing.take_in(house, iter([(1, good), (2, good | {"url": "https://a.example/2"} | misfit)]))

    flow.index(house)
    assert ["One"] == found(house)


def test_crawling_and_reading_never_keep_each_other_waiting(house: flow.House, crawled: Crawl, monkeypatch: pytest.MonkeyPatch) -> None:
    """No write waits over a second while a crawl and its reader are at work."""
    waits: list[float] = []
    plain = house.catalogue.articles.save

    def timed(*arguments: Any) -> None:
        start = time.monotonic()
        plain(*arguments)
        waits.append(time.monotonic() - start)

    monkeypatch.setattr(house.catalogue.articles, "save", timed)
    with faux_site({"/": links(*(f"/{n}" for n in range(150)))} | {f"/{n}": article(f"Article {n}") for n in range(150)}) as site:
        crawled(site)

    assert len(found(house)) == 100 and house.catalogue.articles.count() == 150
    assert waits and max(waits) < 1.0


@pytest.mark.gold
def test_a_real_clinic_site_is_read_as_people_read_it(gold: Path, house: flow.House) -> None:
    """Text F1 on the gold articles stays above the floor that benchmarks/baseline.json pins."""
    import json
    import subprocess
    import sys

    script = Path(__file__).parent.parent / "benchmarks/extraction/clinic.py"
    done = subprocess.run([sys.executable, script, str(gold), "--json", "--no-peers"], capture_output=True, text=True, check=False, timeout=300)
    assert done.returncode == 0, done.stderr
    ours = json.loads(done.stdout)["clinicdex"]
    floors = json.loads((Path(__file__).parent.parent / "benchmarks/baseline.json").read_text())["extraction/clinic"]

    assert {name: (ours[name], floor) for name, floor in floors["at_least"].items() if ours[name] < floor} == {}
    assert {name: (ours[name], most) for name, most in floors["at_most"].items() if ours[name] > most} == {}
