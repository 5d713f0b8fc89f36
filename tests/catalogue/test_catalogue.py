from __future__ import annotations

import re
import sqlite3
import threading
import time
from collections.abc import Iterator, Sequence
from dataclasses import replace
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import pytest
from clinicdex.catalogue import ALL, DUE, FEEDS, FULL, Catalogue, schema
from clinicdex.catalogue.articles import ExtractedPage
from clinicdex.catalogue.sites import Site
from clinicdex.errors import CatalogueError
from clinicdex.records import Article, Link, Page, Reason, Rejection, UrlKind, Visit, VisitOutcome

pytestmark = pytest.mark.both_stores


@pytest.fixture
def catalogue(catalogue_url: str) -> Iterator[Catalogue]:
    with Catalogue(catalogue_url) as opened:
        opened.sites.add(Site("s", "https://s.example/"))
        opened.sites.lease("s", "me", 60)
        yield opened


def page(path: str, body: bytes = b"<p>x") -> Page:
    return Page(
        f"https://s.example{path}",
        f"https://s.example{path}",
        200,
        datetime(2026, 1, 1, tzinfo=UTC),
        (("etag", '"1"'),),
        body,
    )


def outcome(path: str, id_: str = "", text: str = "text", canonical: str = "") -> ExtractedPage:
    url = f"https://s.example{path}"
    extracted = Article(id=id_ or path.strip("/").ljust(20, "0"), url=url, site="s", title=path, text=text)
    return ExtractedPage(
        url=url, outcome=extracted, canonical=canonical or url, digest=text, notes={"url": url}
    )


def link(path: str, kind: UrlKind = UrlKind.PAGE, modified: float | None = None) -> Link:
    return Link(url=f"https://s.example{path}", kind=kind, depth=0, priority=0, modified=modified)


def answered(id_: int, text: str, page: Page | None = None, links: Sequence[Link] = (), **more: Any) -> Visit:
    return Visit(id=id_, outcome=VisitOutcome.from_text(text), page=page, links=links, **more)


def visit(catalogue: Catalogue, *pages: Page, links: tuple[str, ...] = ()) -> None:
    frontier = catalogue.frontier("s", "me")
    frontier.open_run([Link(url=item.url, kind=UrlKind.PAGE, depth=0, priority=0) for item in pages])
    ids = {entry.url: entry.id for entry in frontier.take(100)}
    targets = [link(item) for item in links]
    frontier.commit([answered(ids[item.url], str(item.status), item, targets, etag='"1"') for item in pages])


def run(
    catalogue: Catalogue, answers: dict[str, Page | str], asks: str = ALL, links: tuple[Link, ...] = ()
) -> list[str]:
    """Make a whole run in which every URL has the given answer (such as "304"); return the taken paths."""
    frontier = catalogue.frontier("s", "me", asks=asks)
    frontier.open_run([])
    paths = []
    while entries := frontier.take(10):
        for entry in entries:
            path = entry.url.removeprefix("https://s.example")
            paths.append(path)
            answer = answers[path]
            if isinstance(answer, str):
                frontier.commit([answered(entry.id, answer, None, links)])
            else:
                frontier.commit([answered(entry.id, str(answer.status), answer, links)])
    frontier.close_run()
    return paths


def aged(catalogue: Catalogue, seconds: float) -> None:
    """Move all times in the frontier back by some seconds."""
    with catalogue._database.write() as connection:
        for column in ("visited_at", "due", "struck_at"):
            connection.exec_driver_sql(f"update frontier set {column} = {column} - {seconds}")


def test_a_page_and_its_links_are_written_together(catalogue: Catalogue) -> None:
    visit(catalogue, page("/a"), links=("/b", "/c", "/b"))

    assert catalogue.pages.count("s") == 1
    assert ["https://s.example/b", "https://s.example/c"] == [
        entry.url for entry in catalogue.frontier("s", "me").take(10)
    ]


def test_what_a_dead_process_had_taken_is_queued_again(catalogue: Catalogue) -> None:
    frontier = catalogue.frontier("s", "me")
    frontier.open_run([link("/a")])
    assert len(frontier.take(5)) == 1
    assert [] == frontier.take(5)

    fresh = frontier.open_run([link("/a")])

    assert not fresh
    assert len(frontier.take(5)) == 1


def test_a_new_run_asks_for_all_that_is_known_with_its_validators(catalogue: Catalogue) -> None:
    visit(catalogue, page("/a"))
    catalogue.frontier("s", "me").close_run()

    frontier = catalogue.frontier("s", "me")
    assert frontier.open_run([])
    assert ['"1"'] == [entry.etag for entry in frontier.take(5)]


def test_all_anew_asks_without_validators(catalogue: Catalogue) -> None:
    visit(catalogue, page("/a"))
    catalogue.frontier("s", "me").close_run()

    frontier = catalogue.frontier("s", "me", asks=FULL)
    frontier.open_run([])
    assert [""] == [entry.etag for entry in frontier.take(5)]


def test_what_does_not_change_is_due_ever_later_and_what_changes_sooner(catalogue: Catalogue) -> None:
    day = 86400.0
    visit(catalogue, page("/calm"), page("/lively"))
    catalogue.frontier("s", "me").close_run()

    versions = iter(range(9))
    rounds = []
    for _ in range(5):
        aged(catalogue, day)
        rounds.append(
            sorted(run(catalogue, {"/calm": "304", "/lively": page("/lively", b"%d" % next(versions))}, DUE))
        )

    assert all("/lively" in paths for paths in rounds)
    assert [0, 2] == [number for number, paths in enumerate(rounds) if "/calm" in paths]
    assert sorted(run(catalogue, {"/calm": "304", "/lively": "304"}, ALL)) == ["/calm", "/lively"]


def test_a_page_that_is_said_to_have_changed_is_asked_for_though_it_is_not_due(catalogue: Catalogue) -> None:
    visit(catalogue, page("/a"), page("/b"))
    catalogue.frontier("s", "me").close_run()
    aged(catalogue, 86400)
    run(catalogue, {"/a": "304", "/b": "304"}, DUE)
    aged(catalogue, 3600)

    frontier = catalogue.frontier("s", "me", asks=DUE)
    frontier.open_run([link("/map.xml", UrlKind.SITEMAP)])
    map_id = frontier.take(5)[0].id
    frontier.commit(
        [
            answered(
                map_id,
                "200",
                None,
                [link("/a", modified=time.time() - 60), link("/b", modified=time.time() - 7200)],
            )
        ]
    )

    assert ["https://s.example/a"] == [entry.url for entry in frontier.take(5)]


def test_between_runs_only_feeds_are_asked_and_what_is_new_in_them(catalogue: Catalogue) -> None:
    visit(catalogue, page("/a"))
    frontier = catalogue.frontier("s", "me")
    frontier.open_run([link("/feed/", UrlKind.FEED), link("/map.xml", UrlKind.SITEMAP)])
    frontier.commit([answered(entry.id, "200") for entry in frontier.take(5)])
    frontier.close_run()

    assert ["/feed/", "/new"] == run(
        catalogue, {"/feed/": "200", "/new": page("/new")}, FEEDS, (link("/new"),)
    )
    assert catalogue.frontier_state("s").has_feeds()


def test_an_article_that_is_not_found_is_believed_gone_a_day_later(catalogue: Catalogue) -> None:
    missing = replace(page("/a"), status=404)
    visit(catalogue, page("/a"))
    catalogue.articles.save("s", [outcome("/a")], "v")
    catalogue.frontier("s", "me").close_run()

    def status() -> int:
        stored = catalogue.pages.get("https://s.example/a")
        assert stored
        return stored.page.status

    run(catalogue, {"/a": missing})
    run(catalogue, {"/a": missing})
    assert (200, 1) == (status(), catalogue.frontier_state("s").not_found_once())
    aged(catalogue, 86400)
    run(catalogue, {"/a": "timeout"})
    assert (200, 1) == (status(), catalogue.frontier_state("s").not_found_once())
    run(catalogue, {"/a": missing})
    assert (404, 0) == (status(), catalogue.frontier_state("s").not_found_once())


def test_what_was_missing_once_and_is_there_again_begins_anew(catalogue: Catalogue) -> None:
    visit(catalogue, page("/a"))
    catalogue.articles.save("s", [outcome("/a")], "v")
    catalogue.frontier("s", "me").close_run()

    run(catalogue, {"/a": replace(page("/a"), status=404)})
    aged(catalogue, 86400)
    run(catalogue, {"/a": "304"})

    assert 0 == catalogue.frontier_state("s").not_found_once()


def test_what_answers_410_is_gone_at_once(catalogue: Catalogue) -> None:
    visit(catalogue, page("/a"))
    catalogue.articles.save("s", [outcome("/a")], "v")
    catalogue.frontier("s", "me").close_run()

    run(catalogue, {"/a": replace(page("/a"), status=410)})

    stored = catalogue.pages.get("https://s.example/a")
    assert stored
    assert 410 == stored.page.status


def test_a_path_has_at_most_a_hundred_queries(catalogue: Catalogue) -> None:
    frontier = catalogue.frontier("s", "me")
    frontier.open_run([link("/list")])
    id_ = frontier.take(1)[0].id
    many = [link(f"/list?page={number}") for number in range(150)]

    assert 50 == frontier.commit([answered(id_, "200", page("/list"), [*many, link("/listing?page=1")])])
    assert 0 == frontier.commit([answered(id_, "200", page("/list"), many[:100])])
    assert 101 == catalogue.frontier_state("s").waiting()


def lost(catalogue: Catalogue, *paths: str, reason: Reason = Reason.ERROR_PAGE) -> None:
    rejections = [Rejection(f"https://s.example{path}", reason) for path in paths]
    catalogue.articles.save(
        "s",
        [
            ExtractedPage(url=rejection.url, outcome=rejection, canonical="", digest="")
            for rejection in rejections
        ],
        "v2",
    )


def kept(catalogue: Catalogue, *outcomes: ExtractedPage) -> None:
    catalogue.articles.save("s", list(outcomes), "v")
    catalogue.articles.settle("s", {item.url: item.url for item in outcomes}, final=True)


def test_a_lost_article_stays_until_it_is_let_go(catalogue: Catalogue) -> None:
    visit(catalogue, page("/a"), page("/b"))
    kept(catalogue, outcome("/a"), outcome("/b", text="other"))

    lost(catalogue, "/a")
    assert ({"error page": 1}, 2) == catalogue.lost("s").losses()
    assert 2 == catalogue.articles.count("s")

    assert 1 == catalogue.lost("s").let_go()
    assert 1 == catalogue.articles.count("s")


def test_a_lost_article_that_is_found_again_is_lost_no_more(catalogue: Catalogue) -> None:
    visit(catalogue, page("/a"))
    kept(catalogue, outcome("/a"))

    lost(catalogue, "/a")
    catalogue.articles.save("s", [outcome("/a")], "v3")

    assert ({}, 1) == catalogue.lost("s").losses()


def test_an_article_that_moved_is_not_lost_and_keeps_its_id(catalogue: Catalogue) -> None:
    visit(catalogue, page("/old"))
    kept(catalogue, outcome("/old", "the-id"))
    stamp = catalogue.articles.newest_change()
    gone = replace(page("/old", b""), status=301, headers=(("location", "/new"),))
    catalogue.frontier("s", "me").close_run()
    run(catalogue, {"/old": gone, "/new": page("/new")}, links=(link("/new"),))

    lost(catalogue, "/old")
    catalogue.articles.save("s", [outcome("/new", "another-id")], "v")
    assert {} == catalogue.lost("s").losses()[0]
    catalogue.lost("s").let_go()
    catalogue.articles.settle("s", {"https://s.example/new": "https://s.example/new"}, final=True)

    assert [("the-id", "https://s.example/new")] == [
        (item.id, item.url) for item in catalogue.articles.all("s")
    ]
    assert [("the-id", True)] == [
        (change.id, change.article is not None) for change in catalogue.articles.changes(stamp, 10)
    ]


def test_a_failed_address_waits_for_its_time(catalogue: Catalogue) -> None:
    frontier = catalogue.frontier("s", "me")
    frontier.open_run([link("/a")])
    id_ = frontier.take(1)[0].id

    frontier.commit([answered(id_, "timeout", retry_at=time.time() + 60)])
    assert ([], 1) == (frontier.take(1), catalogue.frontier_state("s").waiting())
    frontier.commit([answered(id_, "timeout", retry_at=time.time() - 1)])
    assert [2] == [entry.tries for entry in frontier.take(1)]


def test_only_the_holder_of_the_lease_may_write(catalogue: Catalogue) -> None:
    visit(catalogue, page("/a"))
    catalogue.sites.release("s", "me")
    catalogue.sites.lease("s", "other", 60)

    with pytest.raises(CatalogueError, match="held by another run"):
        catalogue.frontier("s", "me").take(1)


def test_one_of_two_takers_gets_the_lease_until_it_ends(catalogue: Catalogue) -> None:
    catalogue.sites.release("s", "me")

    assert catalogue.sites.lease("s", "one", 60).owner == "one"
    assert catalogue.sites.lease("s", "two", 60).owner == "one"
    catalogue.sites.lease("s", "one", -1)  # its end has passed
    assert catalogue.sites.lease("s", "two", 60).owner == "two"


def test_equal_bytes_stay_read_and_changed_bytes_do_not(catalogue: Catalogue) -> None:
    visit(catalogue, page("/a"))
    catalogue.articles.save("s", [outcome("/a")], "v1")
    catalogue.frontier("s", "me").close_run()

    visit(catalogue, page("/a"))
    assert [] == catalogue.pages.unread("s", "v1", 10)
    assert [page("/a")] == catalogue.pages.unread("s", "v2", 10)
    catalogue.frontier("s", "me").close_run()
    visit(catalogue, page("/a", b"<p>new"))
    assert [b"<p>new"] == [stored.body for stored in catalogue.pages.unread("s", "v1", 10)]


def settled(catalogue: Catalogue, **kept: str) -> None:
    catalogue.articles.settle(
        "s", {f"https://s.example/{k}": f"https://s.example/{v}" for k, v in kept.items()}, final=True
    )


def test_changes_follow_each_other_and_end(catalogue: Catalogue) -> None:
    visit(catalogue, page("/a"), page("/b"))
    catalogue.articles.save("s", [outcome("/a"), outcome("/b")], "v1")
    assert [] == catalogue.articles.changes(0, 10)
    settled(catalogue, a="a", b="b")

    first = catalogue.articles.changes(0, 1)
    rest = catalogue.articles.changes(first[-1].number, 10)
    assert ["/a", "/b"] == [change.article.title for change in first + rest if change.article]
    assert [] == catalogue.articles.changes(rest[-1].number, 10)

    rejected = ExtractedPage(
        url="https://s.example/a",
        outcome=Rejection("https://s.example/a", Reason.THIN),
        canonical="",
        digest="",
    )
    catalogue.articles.save("s", [rejected], "v2")
    assert [] == catalogue.articles.changes(rest[-1].number, 10)
    catalogue.lost("s").let_go()
    assert [("a".ljust(20, "0"), None)] == [
        (change.id, change.article) for change in catalogue.articles.changes(rest[-1].number, 10)
    ]


def test_an_equal_reading_is_no_change(catalogue: Catalogue) -> None:
    visit(catalogue, page("/a"))
    catalogue.articles.save("s", [outcome("/a")], "v1")
    settled(catalogue, a="a")
    before = catalogue.articles.newest_change()

    catalogue.articles.save("s", [outcome("/a")], "v2")
    settled(catalogue, a="a")

    assert before == catalogue.articles.newest_change()


def test_an_id_stays_once_a_run_has_ended(catalogue: Catalogue) -> None:
    visit(catalogue, page("/a"))
    catalogue.articles.save("s", [outcome("/a", "first")], "v1")
    settled(catalogue, a="a")

    catalogue.articles.save("s", [outcome("/a", "second", text="new")], "v2")
    settled(catalogue, a="a")

    assert [("first", "new")] == [(item.id, item.text) for item in catalogue.articles.all()]


def test_an_id_that_passes_to_another_address_is_removed_before_it_appears_again(
    catalogue: Catalogue,
) -> None:
    visit(catalogue, page("/a"), page("/b"))
    catalogue.articles.save("s", [outcome("/a", "same"), outcome("/b", "same")], "v1")
    settled(catalogue, a="b", b="b")
    stamp = catalogue.articles.newest_change()
    assert ("https://s.example/a",) == next(catalogue.articles.all()).also_at

    settled(catalogue, a="a", b="a")

    steps = [
        (change.id, change.article.url if change.article else None)
        for change in catalogue.articles.changes(stamp, 10)
    ]
    assert [("same", None), ("same", "https://s.example/a")] == steps
    assert catalogue.articles.get("https://s.example/b") == catalogue.articles.get("https://s.example/a")


def test_forgetting_leaves_no_bytes(catalogue: Catalogue) -> None:
    visit(catalogue, page("/a", b"<p>kept"), page("/b", b"<p>token"))
    catalogue.articles.save("s", [outcome("/a"), outcome("/b")], "v1")
    settled(catalogue, a="a", b="b")

    assert (1, 1) == (
        catalogue.articles.forget("s", "https://s.example/b"),
        catalogue.pages.forget("s", "https://s.example/b"),
    )
    assert ["/a"] == [item.title for item in catalogue.articles.all()]
    assert catalogue.pages.get("https://s.example/b") is None


def test_two_processes_that_write_wait_for_each_other(catalogue_url: str) -> None:
    written: list[str] = []

    def write(name: str) -> None:
        with Catalogue(catalogue_url) as catalogue:
            for _ in range(50):
                catalogue.sites.add(Site(name, "https://x.example/"))
                written.append(name)

    threads = [threading.Thread(target=write, args=(f"s{n}",)) for n in range(4)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()

    assert len(written) == 200


def test_pages_are_marked_unread_while_they_are_written(catalogue: Catalogue, catalogue_url: str) -> None:
    visit(catalogue, *(page(f"/{n}") for n in range(100)))
    ended = threading.Event()
    marked: list[int] = []

    def mark() -> None:
        with Catalogue(catalogue_url) as other:
            while not ended.wait(0.001):
                marked.append(other.pages.mark_unread("s"))

    thread = threading.Thread(target=mark)
    thread.start()
    try:
        for text in (b"one", b"two", b"three", b"four"):
            catalogue.frontier("s", "me").close_run()
            visit(catalogue, *(page(f"/{n}", text) for n in reversed(range(100))))
    finally:
        ended.set()
        thread.join()

    assert set(marked) <= {100}


def test_a_catalogue_of_a_newer_program_is_refused(tmp_path: Path) -> None:
    Catalogue(f"sqlite:///{tmp_path}/c.sqlite").close()
    with sqlite3.connect(f"{tmp_path}/c.sqlite") as raw:
        raw.execute("insert into steps values (999, 0)")
    raw.close()

    with pytest.raises(CatalogueError, match="newer clinicdex"):
        Catalogue(f"sqlite:///{tmp_path}/c.sqlite")


def test_a_catalogue_of_an_older_program_is_brought_up_to_date(tmp_path: Path) -> None:
    Catalogue(f"sqlite:///{tmp_path}/c.sqlite").close()
    with sqlite3.connect(f"{tmp_path}/c.sqlite") as raw:  # as the first step left it
        for index in re.findall(r"CREATE INDEX (\w+) ON articles", " ".join(sum(schema.STEPS, ()))):
            raw.execute(f"drop index {index}")
        for table, column in re.findall(
            r"ALTER TABLE (\w+) ADD COLUMN (\w+)", " ".join(sum(schema.STEPS, ()))
        ):
            raw.execute(f"alter table {table} drop column {column}")
        for table in re.findall(r"CREATE TABLE (\w+)", " ".join(sum(schema.STEPS, ()))):
            raw.execute(f"drop table {table}")
        raw.execute("delete from steps where number > 1")
        raw.execute(
            "insert into articles (site, url, id, canonical, digest, record, kept_as, "
            "also_at, change) values ('s', 'u', 'i', 'u', 'd', x'', null, '[]', 1)"
        )
    raw.close()

    Catalogue(f"sqlite:///{tmp_path}/c.sqlite").close()

    with sqlite3.connect(f"{tmp_path}/c.sqlite") as raw:
        assert [("i", "", "[]")] == raw.execute("select id, fingerprint, near from articles").fetchall()
    raw.close()


def test_sqlite_is_set_for_durability(tmp_path: Path) -> None:
    from sqlalchemy import text

    with Catalogue(f"sqlite:///{tmp_path}/c.sqlite") as catalogue, catalogue._database.read() as connection:
        pragmas = [
            connection.execute(text(f"PRAGMA {name}")).scalar()
            for name in ("journal_mode", "synchronous", "busy_timeout")
        ]

    assert ["wal", 2, 10_000] == pragmas


@pytest.mark.parametrize("url", ["nonsense", "sqlite:////proc/none/c.sqlite", "strange://x"])
def test_a_catalogue_that_does_not_open_says_so_in_one_line(url: str) -> None:
    with pytest.raises(CatalogueError) as raised:
        Catalogue(url)

    assert "\n" not in str(raised.value)


def test_imported_articles_are_visible_at_once(catalogue: Catalogue) -> None:
    imported = outcome("/a").outcome
    assert isinstance(imported, Article)

    catalogue.articles.add([imported, replace(imported, url="https://s.example/copy", id="copy")])

    assert catalogue.articles.count("s") == 2
