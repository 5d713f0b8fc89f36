"""From a crawl to search results, and the faults on the way."""

from __future__ import annotations

import shutil
import time
from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest
from clinicdex.config import SiteSettings
from clinicdex.errors import ConfigError
from clinicdex.flow import crawling, extraction, forgetting, indexing, lease, transfer
from clinicdex.flow.site_profile import SiteProfile, profile_of
from clinicdex.flow.workspace import Workspace
from clinicdex.index.query import parse
from clinicdex.pipeline.imported import article_from
from support.faux import CrawlFaux, article, faux_site, links, text
from support.pages import persons

pytestmark = pytest.mark.both_stores

SITE: dict[str, Any] = {"/": links(*(f"/{n}" for n in range(8)))} | {
    f"/{n}": article(f"Article {n}", extra="<p>Call us on 555-0100 for a visit</p>") for n in range(8)
}


def found(workspace: Workspace, query: str = "") -> list[str]:
    with workspace.engine.reader() as reader:
        return [hit.article.title for hit in reader.search(parse(query, size=100)).hits]


def test_what_was_crawled_can_be_searched(workspace: Workspace, crawled: CrawlFaux) -> None:
    with faux_site(SITE) as site:
        summary = crawled(site)

    assert summary.articles == 8
    assert [f"Article {n}" for n in range(8)] == sorted(found(workspace))
    assert [] == indexing.problems(workspace)


def test_the_site_model_takes_out_what_every_page_repeats(workspace: Workspace, crawled: CrawlFaux) -> None:
    with faux_site(SITE) as site:
        crawled(site)

    assert not any("555" in item.text for item in workspace.catalogue.articles.all())


def test_every_leg_can_be_run_again_and_changes_nothing(workspace: Workspace, crawled: CrawlFaux) -> None:
    with faux_site(SITE) as site:
        crawled(site)
    before, change = list(workspace.catalogue.articles.all()), workspace.catalogue.articles.newest_change()

    workspace.catalogue.pages.mark_unread("faux")
    extraction.finish_extraction(workspace, profile_of(workspace, "faux"))

    assert before == list(workspace.catalogue.articles.all())
    assert change == workspace.catalogue.articles.newest_change()
    assert indexing.index(workspace) == 0


@pytest.mark.parametrize("damage", ["gone", "emptied"])
def test_an_index_that_does_not_open_is_built_anew_by_whoever_writes(
    workspace: Workspace, crawled: CrawlFaux, damage: str
) -> None:
    with faux_site(SITE) as site:
        crawled(site)
        folder = workspace.config.data_dir / "index"
        if damage == "gone":
            shutil.rmtree(folder)
        else:
            for file in folder.glob("g*/*.toc"):
                file.write_bytes(b"")
        crawled(site)

    assert len(found(workspace)) == 8


def test_what_the_catalogue_has_and_the_index_has_not_is_made_up_for(
    workspace: Workspace, crawled: CrawlFaux
) -> None:
    with faux_site(SITE) as site:
        crawled(site, index=False)

    assert indexing.index(workspace) == 8
    assert len(found(workspace)) == 8


def test_an_article_that_is_gone_leaves_the_index(workspace: Workspace, crawled: CrawlFaux) -> None:
    pages = dict(SITE)
    with faux_site(pages) as site:
        crawled(site)
        pages["/3"] = text("gone", status=410)
        crawled(site)

    assert "Article 3" not in found(workspace)
    assert [] == indexing.problems(workspace)


def test_reading_rules_in_the_settings_are_used_at_once(workspace: Workspace, crawled: CrawlFaux) -> None:
    with faux_site(SITE) as site:
        crawled(site)
    workspace.config = replace(workspace.config, site={"faux": SiteSettings(exclude=("/3",))})

    extraction.finish_extraction(workspace, profile_of(workspace, "faux"))
    indexing.index(workspace)

    assert "Article 3" not in found(workspace)


def test_forgetting_takes_an_address_out_of_everything(workspace: Workspace, crawled: CrawlFaux) -> None:
    with faux_site(SITE) as site:
        crawled(site)
        forgetting.forget(workspace, f"{site.origin}/3")

    assert "Article 3" not in found(workspace)
    assert workspace.catalogue.pages.get(f"{site.origin}/3") is None
    assert [] == indexing.problems(workspace)


def test_forgetting_what_is_no_address_is_refused(workspace: Workspace) -> None:
    for target in ("", "nobody", "/path"):
        with pytest.raises(ConfigError, match="neither a site nor"):
            forgetting.forget(workspace, target)


def test_forgetting_reaches_imported_articles(workspace: Workspace) -> None:
    transfer.take_in(
        workspace,
        iter(
            [
                (1, {"url": "https://a.example/1", "title": "One"}),
                (2, {"url": "https://a.example/2", "title": "Two"}),
            ]
        ),
    )

    assert forgetting.forget(workspace, "https://a.example/1").count == 1
    assert ["Two"] == found(workspace)


def test_forgetting_the_kept_address_lets_another_stand_for_the_article(
    workspace: Workspace, crawled: CrawlFaux
) -> None:
    with faux_site(SITE | {"/": links("/1", "/1-copy"), "/1-copy": SITE["/1"]}) as site:
        crawled(site)
        forgetting.forget(workspace, f"{site.origin}/1-copy")
        forgetting.forget(workspace, f"{site.origin}/1")

    assert [] == indexing.problems(workspace)
    assert [] == found(workspace)


@pytest.mark.parametrize(
    "spelling",
    ["#top", "?utm_source=mail", "?fbclid=1#a", "/", "HOST", "ESCAPED", "PORT", "PASSWORD", "HTTPS", "WWW"],
)
def test_an_address_is_forgotten_in_any_spelling(workspace: Workspace, spelling: str) -> None:
    records = [{"url": f"http://clinic.example/caf\u00e9{n}", "title": f"Title {n}"} for n in range(2)]
    transfer.take_in(workspace, iter(enumerate(records, 1)))
    plain = "http://clinic.example/caf\u00e90"
    given = {
        "HOST": "HTTP://Clinic.Example/caf\u00e90",
        "ESCAPED": "http://clinic.example/caf%c3%a90",
        "PORT": "http://clinic.example:80/caf\u00e90",
        "PASSWORD": "http://ann:secret@clinic.example/caf\u00e90",
        "HTTPS": "https://clinic.example/caf\u00e90",
        "WWW": "http://www.clinic.example/caf\u00e90/",
    }.get(spelling, plain + spelling)

    forgotten = forgetting.forget(workspace, given)

    assert ("http://clinic.example/caf%C3%A90",) == forgotten.found
    assert ["Title 1"] == found(workspace)
    assert list(forgotten.found) == list(workspace.catalogue.tombstones.all())


def test_an_article_is_forgotten_by_its_other_address(workspace: Workspace) -> None:
    record = {"url": "https://a.example/1", "title": "One", "also_at": ["https://a.example/p?1"]}
    transfer.take_in(workspace, iter([(1, record)]))

    forgotten = forgetting.forget(workspace, "https://a.example/p?1")

    assert {"https://a.example/1", "https://a.example/p?1"} == set(forgotten.found)
    assert [] == found(workspace)


def test_forgetting_names_the_other_addresses_of_the_text(workspace: Workspace, crawled: CrawlFaux) -> None:
    with faux_site(SITE | {"/": links("/1", "/1-copy"), "/1-copy": SITE["/1"]}) as site:
        crawled(site)
        forgotten = forgetting.forget(workspace, f"{site.origin}/1-copy")

    assert (f"{site.origin}/1",) == forgotten.same_text


def test_what_was_forgotten_is_in_no_history(workspace: Workspace, crawled: CrawlFaux) -> None:
    with faux_site(SITE) as site:
        crawled(site)
        told = workspace.catalogue.sites.runs("faux", 1)[0].counts["changes"]["new"]
        forgetting.forget(workspace, f"{site.origin}/3")
        kept = workspace.catalogue.sites.runs("faux", 1)[0].counts["changes"]["new"]

    assert "Article 3" in told["first"]
    assert {"count": told["count"], "first": []} == kept


def test_forgetting_says_so_while_another_reads_the_bytes(workspace: Workspace) -> None:
    import sqlite3

    transfer.take_in(workspace, iter([(1, {"url": "https://a.example/1", "title": "One"})]))
    if not workspace.config.catalogue_url.startswith("sqlite"):
        assert forgetting.forget(workspace, "https://a.example/1").bytes_are_gone
        return
    reader = sqlite3.connect(workspace.config.data_dir / "catalogue.sqlite")
    try:
        reader.execute("begin")
        reader.execute("select count(*) from articles").fetchone()
        kept = forgetting.forget(workspace, "https://a.example/1").bytes_are_gone
        reader.rollback()
        gone = forgetting.forget(workspace, "https://a.example/1").bytes_are_gone
    finally:
        reader.close()

    assert (False, True) == (kept, gone)


def test_an_index_that_is_behind_the_catalogue_or_follows_another_is_a_problem(workspace: Workspace) -> None:
    transfer.take_in(workspace, iter([(1, {"url": "https://a.example/1", "title": "One"})]))
    newest = workspace.catalogue.articles.newest_change()
    workspace.catalogue.articles.add(
        [article_from({"url": "https://a.example/2", "title": "Two"}, persons())]
    )
    behind = indexing.problems(workspace)[0]
    with workspace.engine.writer() as writer:
        writer.commit(newest + 100)

    assert "behind the catalogue" in behind
    assert "another catalogue" in indexing.problems(workspace)[0]


def test_an_import_of_a_crawled_address_replaces_it(workspace: Workspace, crawled: CrawlFaux) -> None:
    with faux_site(SITE) as site:
        crawled(site)
        transfer.take_in(
            workspace, iter([(1, {"url": f"{site.origin}/3", "title": "Mine", "id": "\x00stamp"})])
        )

    assert 8 == len(found(workspace))
    assert "Mine" in found(workspace)
    assert [] == indexing.problems(workspace)


def test_a_long_reading_keeps_its_lease(
    workspace: Workspace, crawled: CrawlFaux, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(lease, "LEASE", 4.0)
    monkeypatch.setattr(lease, "_RENEW", 0.1)
    plain = extraction.finish_extraction
    takers: list[str] = []

    def slow(opened: Workspace, profile: SiteProfile, **how: Any) -> dict[str, int]:
        time.sleep(4.5)
        takers.append(opened.catalogue.sites.lease(profile.site, "another", 1).owner)
        return plain(opened, profile, **how)

    monkeypatch.setattr(crawling, "finish_extraction", slow)
    with faux_site(SITE) as site:
        summary = crawled(site)

    assert ([workspace.owner], "done") == (takers, summary.outcome)


def test_a_selector_that_is_no_css_is_told_before_anything_is_read(
    workspace: Workspace, crawled: CrawlFaux
) -> None:
    with faux_site(SITE) as site:
        crawled(site)
    workspace.config = replace(workspace.config, site={"faux": SiteSettings(content="div[")})

    with pytest.raises(ConfigError, match="is not a CSS selector"):
        extraction.finish_extraction(workspace, profile_of(workspace, "faux"))
    assert workspace.catalogue.articles.count() == 8


MISFITS: list[dict[str, Any]] = [
    {"language": 5}, {"site": 5}, {"topics": [{"label": None}]},
    {"authors": [{"as_written": "A", "name": 5}]}, {"limits": {"max_snippet": "a"}},
    {"published": "yesterday"}, {"topics": 3}, {"url": 7}, {"authors": [{"nobody": 1}]},
]  # fmt: skip


@pytest.mark.parametrize("misfit", MISFITS, ids=str)
def test_a_record_that_does_not_fit_is_refused_and_poisons_nothing(
    workspace: Workspace, misfit: dict[str, Any]
) -> None:
    good = {"url": "https://a.example/1", "title": "One", "summary": "odd \ud800"}
    with pytest.raises(ConfigError, match="line 2"):
        transfer.take_in(workspace, iter([(1, good), (2, good | {"url": "https://a.example/2"} | misfit)]))

    indexing.index(workspace)
    assert ["One"] == found(workspace)


def test_crawling_and_extracting_at_once_lose_nothing(workspace: Workspace, crawled: CrawlFaux) -> None:
    with faux_site(
        {"/": links(*(f"/{n}" for n in range(150)))} | {f"/{n}": article(f"Article {n}") for n in range(150)}
    ) as site:
        crawled(site)

    assert len(found(workspace)) == 100
    assert workspace.catalogue.articles.count() == 150


@pytest.mark.gold
@pytest.mark.parametrize("which", ["clinic", "languages"])
def test_real_sites_that_no_judge_was_trained_on_are_read_as_people_read_them(gold: Path, which: str) -> None:
    """The measures of folds by site stay above the floors that benchmarks/baseline.json pins."""
    import json
    import subprocess
    import sys

    extraction_benchmarks = Path(__file__).parents[2] / "benchmarks/extraction"
    script, folds = extraction_benchmarks / "clinic.py", extraction_benchmarks / "folds"
    done = subprocess.run(
        [sys.executable, script, str(gold), "--set", which, "--folds", str(folds), "--json", "--no-peers"],
        capture_output=True,
        text=True,
        check=False,
        timeout=300,
    )
    assert done.returncode == 0, done.stderr
    ours = json.loads(done.stdout)["clinicdex"]
    floors = json.loads((Path(__file__).parents[2] / "benchmarks/baseline.json").read_text())[
        f"extraction/{which} by folds"
    ]

    assert {
        name: (ours[name], floor) for name, floor in floors["at_least"].items() if ours[name] < floor
    } == {}
    assert {name: (ours[name], most) for name, most in floors["at_most"].items() if ours[name] > most} == {}
