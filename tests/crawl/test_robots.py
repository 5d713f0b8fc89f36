"""robots.txt, robots meta tags and headers are heeded."""

from __future__ import annotations

import time
from collections.abc import Callable
from dataclasses import replace

import pytest
from clinicdex import flow
from clinicdex.catalogue import FEEDS
from clinicdex.config import SiteSettings
from clinicdex.errors import SiteError
from faux import Reply, article, faux_site, html, links, ten, text
from seen import titles

Crawl = Callable[..., flow.Summary]


def test_what_robots_txt_forbids_is_not_asked_for(house: flow.House, crawled: Crawl) -> None:
    robots = text("User-agent: clinicdex\nDisallow: /private/\nAllow: /private/open\n\nUser-agent: *\nDisallow: /")
    with faux_site(
        {"/robots.txt": robots, "/": links("/private/a", "/private/open", "/b"), "/private/open": article("Open"), "/b": article("Backs")}
    ) as site:
        crawled(site)

    assert "/private/a" not in site.asked
    assert titles(house) == ["Backs", "Open"]
    assert 1 == site.asked.count("/robots.txt")


def test_a_robots_txt_that_fails_forbids_all(house: flow.House, crawled: Crawl) -> None:
    with (
        faux_site({"/robots.txt": text("oh", status=503), "/": links("/a"), "/a": article("Ankles")}) as site,
        pytest.raises(SiteError, match=r"robots\.txt"),
    ):
        crawled(site)

    assert ["/robots.txt"] == site.asked


def test_a_robots_txt_that_is_missing_allows_all(house: flow.House, crawled: Crawl) -> None:
    with faux_site({"/robots.txt": text("User-agent: *\nDisallow: /", status=403), "/": links("/a"), "/a": article("Ankles")}) as site:
        crawled(site)

    assert titles(house) == ["Ankles"]


def test_nofollow_is_heeded_on_links_pages_and_headers(house: flow.House, crawled: Crawl) -> None:
    pages = {
        "/": html('<a rel="nofollow" href="/a">a</a> <a href="/meta">m</a> <a href="/header">h</a>'),
        "/meta": html('<a href="/b">b</a>', '<meta name="robots" content="nofollow">'),
        "/header": html('<a href="/c">c</a>', **{"X-Robots-Tag": "nofollow"}),
    }
    with faux_site(pages) as site:
        crawled(site)

    assert not {"/a", "/b", "/c"} & set(site.asked)


def test_noindex_pages_are_no_articles_whoever_says_so(house: flow.House, crawled: Crawl) -> None:
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
    assert titles(house) == ["Header"]


def test_a_page_that_says_noindex_later_is_removed(house: flow.House, crawled: Crawl) -> None:
    with faux_site(pages := ten()) as site:
        crawled(site)
        pages["/3"] = article("Article 3", head='<meta name=robots content="noindex">')
        summary = crawled(site)

    assert (9, 1) == (summary.articles, summary.rejected["noindex"])


def test_a_robots_txt_that_was_there_today_stands_in_for_one_that_fails(house: flow.House, crawled: Crawl) -> None:
    robots: dict[str, Reply] = {"now": text("User-agent: *\nDisallow: /private")}
    pages = {"/robots.txt": lambda _: robots["now"], "/": links("/private", "/a"), "/a": article("Ankles"), "/private": article("Private")}
    with faux_site(pages) as site:
        crawled(site)
        robots["now"] = text("oh", status=503)
        again = crawled(site)

    assert "/private" not in site.asked
    assert ("done", ["Ankles"]) == (again.outcome, titles(house))
    assert 2 == site.asked.count("/a")


def test_a_robots_txt_of_yesterday_stands_in_for_none(house: flow.House, crawled: Crawl) -> None:
    robots: dict[str, Reply] = {"now": text("User-agent: *\nDisallow:")}
    with faux_site({"/robots.txt": lambda _: robots["now"], "/": links("/a"), "/a": article("Ankles")}) as site:
        crawled(site)
        origin, (_, status, body) = next(iter(house.catalogue.sites.robots("faux").items()))
        house.catalogue.sites.put_robots("faux", {origin: (time.time() - 86_500, status, body)})
        robots["now"] = text("oh", status=503)
        crawled(site)

    assert 1 == site.asked.count("/a")
    assert titles(house) == ["Ankles"]


def test_between_runs_robots_txt_is_not_asked_for_again(house: flow.House, crawled: Crawl) -> None:
    with faux_site({"/robots.txt": text("User-agent: *\nDisallow:"), "/": links("/a"), "/a": article("Ankles")}) as site:
        crawled(site)
        crawled(site, asks=FEEDS)

    assert 1 == site.asked.count("/robots.txt")


def test_a_page_that_wants_no_copy_kept_is_read_and_its_bytes_go(house: flow.House, crawled: Crawl) -> None:
    head = '<meta name="robots" content="noarchive">'
    with faux_site({"/": links("/a", "/b"), "/a": article("Ankles", head=head), "/b": article("Backs")}) as site:
        crawled(site)
        kept = {path: bool(house.catalogue.pages.get(f"{site.origin}{path}")[1].body) for path in ("/a", "/b")}  # type: ignore[index]
        house.catalogue.pages.mark_unread("faux")
        crawled(site)

    assert {"/a": False, "/b": True} == kept
    assert titles(house) == ["Ankles", "Backs"]


def test_without_bytes_a_page_is_fetched_again_when_it_is_to_be_read_otherwise(house: flow.House, crawled: Crawl) -> None:
    house.config = replace(house.config, keep_raw=False)
    first = article("Ankles", extra='<p class="note">A note of the clinic that says nothing of ankles at all.</p>')
    tagged = Reply(first.body, 200, first.headers | {"ETag": '"1"'})
    with faux_site({"/": links("/a"), "/a": tagged}) as site:
        crawled(site)
        crawled(site)
        conditional = [request.get("if-none-match") for request, path in zip(site.requests, site.asked, strict=True) if path == "/a"]
        house.config = replace(house.config, site={"faux": SiteSettings(title_affixes=("Somebody",))})
        crawled(site)
        crawled(site)
        crawled(site)
        later = [request.get("if-none-match") for request, path in zip(site.requests, site.asked, strict=True) if path == "/a"]

    assert [None, '"1"'] == conditional
    assert [None, '"1"', '"1"', None, '"1"'] == later
    assert titles(house) == ["Ankles"]
