"""robots.txt, robots meta tags and headers are heeded."""

from __future__ import annotations

from collections.abc import Callable

import pytest
from clinicdex import flow
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
