"""robots.txt, robots meta tags and headers are obeyed."""

from __future__ import annotations

import time
from dataclasses import replace

import pytest
from clinicdex.catalogue import FEEDS
from clinicdex.config import SiteSettings
from clinicdex.errors import SiteError
from clinicdex.flow.workspace import Workspace
from support.faux import CrawlFaux, Reply, article, faux_site, html, links, ten, text
from support.seen import titles


def test_what_robots_txt_forbids_is_not_asked_for(workspace: Workspace, crawled: CrawlFaux) -> None:
    robots = text(
        "User-agent: clinicdex\nDisallow: /private/\nAllow: /private/open\n\nUser-agent: *\nDisallow: /"
    )
    with faux_site(
        {
            "/robots.txt": robots,
            "/": links("/private/a", "/private/open", "/b"),
            "/private/open": article("Open"),
            "/b": article("Backs"),
        }
    ) as site:
        crawled(site)

    assert "/private/a" not in site.asked
    assert titles(workspace) == ["Backs", "Open"]
    assert 1 == site.asked.count("/robots.txt")


def test_a_robots_txt_that_fails_forbids_all(workspace: Workspace, crawled: CrawlFaux) -> None:
    with (
        faux_site({"/robots.txt": text("oh", status=503), "/": links("/a"), "/a": article("Ankles")}) as site,
        pytest.raises(SiteError, match=r"robots\.txt"),
    ):
        crawled(site)

    assert ["/robots.txt"] == site.asked


def test_a_robots_txt_that_is_missing_allows_all(workspace: Workspace, crawled: CrawlFaux) -> None:
    with faux_site(
        {
            "/robots.txt": text("User-agent: *\nDisallow: /", status=403),
            "/": links("/a"),
            "/a": article("Ankles"),
        }
    ) as site:
        crawled(site)

    assert titles(workspace) == ["Ankles"]


def test_nofollow_is_heeded_on_links_pages_and_headers(workspace: Workspace, crawled: CrawlFaux) -> None:
    pages = {
        "/": html('<a rel="nofollow" href="/a">a</a> <a href="/meta">m</a> <a href="/header">h</a>'),
        "/meta": html('<a href="/b">b</a>', '<meta name="robots" content="nofollow">'),
        "/header": html('<a href="/c">c</a>', **{"X-Robots-Tag": "nofollow"}),
    }
    with faux_site(pages) as site:
        crawled(site)

    assert not {"/a", "/b", "/c"} & set(site.asked)


def test_noindex_pages_are_no_articles_whoever_says_so(workspace: Workspace, crawled: CrawlFaux) -> None:
    header = article("Header")
    pages = {
        "/": links("/a", "/b", "/c"),
        "/a": article("Meta", head='<meta name="ROBOTS" content="NoIndex, follow">'),
        "/b": Reply(header.body, 200, header.headers | {"X-Robots-Tag": "noindex"}),
        "/c": Reply(header.body, 200, header.headers | {"X-Robots-Tag": "otherbot: noindex"}),
    }
    with faux_site(pages) as site:
        summary = crawled(site)

    assert summary.rejected["noindex"] == 2
    assert titles(workspace) == ["Header"]


def test_a_page_that_says_noindex_later_is_removed(workspace: Workspace, crawled: CrawlFaux) -> None:
    with faux_site(pages := ten()) as site:
        crawled(site)
        pages["/3"] = article("Article 3", head='<meta name=robots content="noindex">')
        summary = crawled(site)

    assert (9, 1) == (summary.articles, summary.rejected["noindex"])


def test_a_robots_txt_that_was_there_today_stands_in_for_one_that_fails(
    workspace: Workspace, crawled: CrawlFaux
) -> None:
    robots: dict[str, Reply] = {"now": text("User-agent: *\nDisallow: /private")}
    pages = {
        "/robots.txt": lambda _: robots["now"],
        "/": links("/private", "/a"),
        "/a": article("Ankles"),
        "/private": article("Private"),
    }
    with faux_site(pages) as site:
        crawled(site)
        robots["now"] = text("oh", status=503)
        again = crawled(site)

    assert "/private" not in site.asked
    assert ("done", ["Ankles"]) == (again.outcome, titles(workspace))
    assert 2 == site.asked.count("/a")


def test_a_robots_txt_of_yesterday_stands_in_for_none(workspace: Workspace, crawled: CrawlFaux) -> None:
    robots: dict[str, Reply] = {"now": text("User-agent: *\nDisallow:")}
    with faux_site(
        {"/robots.txt": lambda _: robots["now"], "/": links("/a"), "/a": article("Ankles")}
    ) as site:
        crawled(site)
        origin, answer = next(iter(workspace.catalogue.sites.robots("faux").items()))
        workspace.catalogue.sites.put_robots(
            "faux", {origin: replace(answer, fetched_at=time.time() - 86_500)}
        )
        robots["now"] = text("oh", status=503)
        crawled(site)

    assert 1 == site.asked.count("/a")
    assert titles(workspace) == ["Ankles"]


def test_between_runs_robots_txt_is_not_asked_for_again(workspace: Workspace, crawled: CrawlFaux) -> None:
    with faux_site(
        {"/robots.txt": text("User-agent: *\nDisallow:"), "/": links("/a"), "/a": article("Ankles")}
    ) as site:
        crawled(site)
        crawled(site, asks=FEEDS)

    assert 1 == site.asked.count("/robots.txt")


def test_a_page_that_wants_no_copy_kept_is_read_and_its_bytes_go(
    workspace: Workspace, crawled: CrawlFaux
) -> None:
    head = '<meta name="robots" content="noarchive">'
    with faux_site(
        {"/": links("/a", "/b"), "/a": article("Ankles", head=head), "/b": article("Backs")}
    ) as site:
        crawled(site)
        stored = {path: workspace.catalogue.pages.get(f"{site.origin}{path}") for path in ("/a", "/b")}
        has_bytes = {path: bool(entry and entry.page.body) for path, entry in stored.items()}
        workspace.catalogue.pages.mark_unread("faux")
        crawled(site)

    assert {"/a": False, "/b": True} == has_bytes
    assert titles(workspace) == ["Ankles", "Backs"]


def test_without_bytes_a_page_is_fetched_again_when_it_is_to_be_read_otherwise(
    workspace: Workspace, crawled: CrawlFaux
) -> None:
    workspace.config = replace(workspace.config, keep_raw=False)
    first = article(
        "Ankles", extra='<p class="note">A note of the clinic that says nothing of ankles at all.</p>'
    )
    tagged = Reply(first.body, 200, first.headers | {"ETag": '"1"'})
    with faux_site({"/": links("/a"), "/a": tagged}) as site:
        crawled(site)
        crawled(site)
        conditional = [
            request.get("if-none-match")
            for request, path in zip(site.requests, site.asked, strict=True)
            if path == "/a"
        ]
        workspace.config = replace(workspace.config, site={"faux": SiteSettings(title_affixes=("Somebody",))})
        crawled(site)
        crawled(site)
        crawled(site)
        later = [
            request.get("if-none-match")
            for request, path in zip(site.requests, site.asked, strict=True)
            if path == "/a"
        ]

    assert [None, '"1"'] == conditional
    assert [None, '"1"', '"1"', None, '"1"'] == later
    assert titles(workspace) == ["Ankles"]
