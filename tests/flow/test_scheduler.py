"""The schedule crawls every site when it is due, and only once, whichever process does it."""

from __future__ import annotations

import threading
import time
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any
from zoneinfo import ZoneInfo

import pytest
from clinicdex.catalogue.sites import Site
from clinicdex.commands import service_units
from clinicdex.config import Config, SiteSettings
from clinicdex.errors import ConfigError
from clinicdex.flow import scheduler, timetable
from clinicdex.flow.crawling import Summary
from clinicdex.flow.workspace import Workspace
from support.faux import Reply, article, faux_site, html, links, text

pytestmark = pytest.mark.both_stores

SITE: dict[str, Any] = {"/": links(*(f"/{n}" for n in range(8)))} | {
    f"/{n}": article(f"Article {n}") for n in range(8)
}


def go(workspace: Workspace, jobs: int = 1) -> dict[str, Any]:
    return {
        ended.site: ended.result
        for ended in scheduler.run_schedule(workspace.config, jobs, lambda _: None, lambda: False, once=True)
    }


def add(workspace: Workspace, name: str, site: Any, **more: Any) -> None:
    settings: dict[str, Any] = {"every": "1d", "allow_hosts": (site.host_port,), "next_due": 1.0} | more
    workspace.catalogue.sites.add(Site(name, f"{site.origin}/", **settings))


@pytest.mark.parametrize("when", [{"every": "1d"}, {"every": None, "cron": "0 3 * * *"}])
def test_what_a_sleeping_machine_missed_three_times_is_made_up_once(
    workspace: Workspace, when: dict[str, Any]
) -> None:
    with faux_site(SITE) as site:
        add(
            workspace,
            "faux",
            site,
            next_due=(datetime.now(UTC) - timedelta(days=3, hours=1)).timestamp(),
            **when,
        )
        runs = [go(workspace) for _ in range(3)]

    assert [1, 0, 0] == [len(run) for run in runs]
    added = workspace.catalogue.sites.get("faux")
    assert added
    assert added.next_due
    assert time.time() < added.next_due < time.time() + 100_000
    assert 1 == len(workspace.catalogue.sites.runs("faux", 10))


def test_a_site_that_fails_does_not_keep_others_from_their_turn_and_is_tried_again_soon(
    workspace: Workspace,
) -> None:
    started = time.time()
    with faux_site(SITE) as site:
        workspace.catalogue.sites.add(Site("dead", "http://127.0.0.1:9/", every="1d", next_due=1.0))
        add(workspace, "faux", site)
        results = go(workspace)

    assert isinstance(results["dead"], Exception)
    assert isinstance(results["faux"], Summary)
    assert results["faux"].articles == 8
    dead = workspace.catalogue.sites.get("dead")
    assert dead
    assert dead.next_due
    assert started + 240 <= dead.next_due <= time.time() + 360  # five minutes, 20 % more or less
    assert 1 == workspace.catalogue.sites.failures("dead")


def test_one_wrong_site_table_does_not_stop_the_schedule(workspace: Workspace) -> None:
    workspace.config = replace(workspace.config, site={"wrong": SiteSettings(content="div[[")})
    stop: list[bool] = []
    with faux_site(SITE) as site:
        workspace.catalogue.sites.add(Site("wrong", "http://127.0.0.1:9/"))
        add(workspace, "faux", site)
        for ended in scheduler.run_schedule(
            workspace.config, 1, lambda _: None, lambda: bool(stop), once=False
        ):
            stop.append(ended.site == "faux")

    assert [True] == stop
    assert 8 == workspace.catalogue.articles.count()


def test_several_sites_are_crawled_at_once(workspace: Workspace) -> None:
    both = threading.Barrier(2)  # each site answers only when the other has been asked, too

    def start_page(_: int) -> Reply:
        both.wait(60)
        return links("/a")

    slow: dict[str, Any] = {"/": start_page, "/a": article("Slow")}
    with faux_site(slow) as one, faux_site(slow) as two:
        add(workspace, "one", one)
        add(workspace, "two", two)
        results = go(workspace, jobs=2)

    assert {1} == {result.articles for result in results.values()}


def test_two_that_go_round_never_crawl_a_site_twice(workspace: Workspace) -> None:
    with faux_site(SITE) as site:
        add(workspace, "faux", site)
        results: list[dict[str, Any]] = []
        threads = [threading.Thread(target=lambda: results.append(go(workspace))) for _ in range(2)]
        for thread in threads:
            thread.start()
        for thread in threads:
            thread.join()

    assert [0, 1] == sorted(len(crawled) for crawled in results)
    assert 1 == site.asked.count("/3")


def test_a_run_on_schedule_asks_only_for_what_is_due(workspace: Workspace) -> None:
    pages = {
        path: Reply(reply.body, 200, reply.headers | {"ETag": f'"{path}"'}) for path, reply in SITE.items()
    }
    with faux_site(pages) as site:
        add(workspace, "faux", site)
        go(workspace)
        with workspace.catalogue._database.write() as connection:
            connection.exec_driver_sql("update frontier set visited_at = visited_at - 86400")
        for _ in range(2):  # the first run finds nothing changed, so that the second requests no page
            workspace.catalogue.sites.set_next_due("faux", 1.0)
            before = len(site.asked)
            go(workspace)

    assert not {f"/{n}" for n in range(8)} & set(site.asked[before:])


def test_a_new_post_is_found_through_the_feed_between_two_runs(workspace: Workspace) -> None:
    feed = "<rss><channel><item><link>{origin}/a</link></item>%s</channel></rss>"
    pages: dict[str, Any] = {
        "/": html("<p>Welcome</p>"),
        "/feed/": text(feed % "", "application/rss+xml"),
        "/a": article("Ankles"),
        "/b": article("Backs"),
    }
    config = replace(workspace.config, feed_every="1m")
    with faux_site(pages) as site:
        add(workspace, "faux", site)
        ended = threading.Event()
        results: list[scheduler.SiteResult] = []
        thread = threading.Thread(
            target=lambda: results.extend(
                scheduler.run_schedule(config, 1, lambda _: None, ended.is_set, once=False)
            )
        )
        thread.start()
        wait_for(lambda: workspace.catalogue.articles.count("faux") == 1)
        wait_for(lambda: not workspace.catalogue.sites.is_due("faux", time.time()))
        pages["/feed/"] = text(feed % "<item><link>{origin}/b</link></item>", "application/rss+xml")
        before = len(site.asked)
        workspace.catalogue.sites.set_feeds_due("faux", 1.0)
        wait_for(lambda: workspace.catalogue.articles.count("faux") == 2)
        ended.set()
        thread.join()

    assert {"/feed/", "/b"} == set(site.asked[before:])


def wait_for(condition: Any) -> None:
    until = time.monotonic() + 120  # a feed that the first run postponed is fetched after a minute
    while not condition():
        assert time.monotonic() < until, "it did not happen"
        time.sleep(0.1)


def test_the_next_runs_are_foreseen_in_the_owners_time_zone() -> None:
    zone = ZoneInfo("America/Denver")
    first = datetime(2100, 3, 13, 10, 0, tzinfo=UTC)
    sites = [
        Site("a", "https://a.example/", cron="0 3 * * *", next_due=first.timestamp()),
        Site("b", "https://b.example/"),
    ]

    runs = timetable.foreseen(sites, zone, 3)

    assert ["a", "a", "a"] == [name for _, name in runs]
    assert ["2100-03-13T03:00-07:00", "2100-03-14T03:00-06:00", "2100-03-15T03:00-06:00"] == [
        when.isoformat(timespec="minutes") for when, _ in runs
    ]


@pytest.mark.parametrize("settings", [{"timezone": "Mars/Olympus"}, {"feed_every": "often"}])
def test_a_time_zone_or_interval_that_is_none_is_told(tmp_path: Path, settings: dict[str, Any]) -> None:
    config = Config(data_dir=tmp_path, **settings)

    with pytest.raises(ConfigError, match="write"):
        list(scheduler.run_schedule(config, 1, lambda _: None, lambda: False, once=True))


def test_what_starts_the_schedule_is_quoted(tmp_path: Path) -> None:
    folder = tmp_path / "50% off"

    assert "50%% off" in service_units.unit(folder, None)
    assert "50\\% off" in service_units.crontab(folder, None)
    assert service_units.crontab(folder, None).endswith("schedule run --once")


def test_the_site_of_a_process_that_died_on_this_machine_is_taken_over_at_once(workspace: Workspace) -> None:
    import socket
    import subprocess
    import sys

    ended = subprocess.Popen([sys.executable, "-c", ""])
    ended.wait()
    with faux_site(SITE) as site:
        add(workspace, "faux", site)
        workspace.catalogue.sites.lease("faux", f"{socket.gethostname()}/{ended.pid}/1", 3_600)
        results = go(workspace)

    assert ["faux"] == list(results)


def test_a_moment_that_a_wrong_clock_set_does_not_put_a_site_off_for_ever(workspace: Workspace) -> None:
    with faux_site(SITE) as site:
        add(workspace, "faux", site, next_due=time.time() + 300 * 86400)
        results = go(workspace)

    assert ["faux"] == list(results)


def test_a_site_stays_at_its_hour_on_schedule(workspace: Workspace) -> None:
    anchor = time.time() - 86400.0
    with faux_site(SITE) as site:
        add(workspace, "faux", site, next_due=anchor, anchor=anchor)
        go(workspace)

    added = workspace.catalogue.sites.get("faux")
    assert added
    assert added.next_due
    assert 0 <= added.next_due - (anchor + 2 * 86400) <= 60
