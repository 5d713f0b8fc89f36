"""Promises of the crawler, each on a site declared in the test."""

from __future__ import annotations

import gzip
from collections.abc import Callable
from typing import Any

import pytest
from clinicdex import flow, orders
from clinicdex.catalogue import ANEW
from clinicdex.errors import CatalogueError, ConfigError, SiteError
from faux import Reply, article, faux_site, html, links, redirect, text

Crawl = Callable[..., flow.Summary]


def titles(house: flow.House) -> list[str]:
    return [found.title for found in house.catalogue.articles.all("faux")]


def test_links_are_followed_to_the_articles(house: flow.House, crawled: Crawl) -> None:
    with faux_site({"/": links("/a", "/list"), "/list": links("/b", "/a"), "/a": article("Ankles"), "/b": article("Backs")}) as site:
        summary = crawled(site)

    assert titles(house) == ["Ankles", "Backs"]
    assert summary.outcome == "done"
    assert 1 == site.asked.count("/a")


def test_sitemaps_of_robots_txt_are_read_also_gzipped_and_nested(house: flow.House, crawled: Crawl) -> None:
    with faux_site(pages := site_with_sitemap()) as site:
        pages["/inner.xml.gz"] = Reply(gzip.compress(f"<urlset><url><loc>{site.origin}/a</loc></url></urlset>".encode()))
        crawled(site)

    assert titles(house) == ["Ankles"]


def site_with_sitemap() -> dict[str, Any]:
    return {
        "/": html("<p>Welcome</p>"),
        "/robots.txt": text("User-agent: *\nSitemap: {origin}/map.xml"),
        "/map.xml": text("<sitemapindex><sitemap><loc>{origin}/inner.xml.gz</loc></sitemap></sitemapindex>", "application/xml"),
        "/a": article("Ankles"),
    }


def test_a_feed_named_by_a_page_is_read(house: flow.House, crawled: Crawl) -> None:
    feed = text("<rss><channel><link>{origin}/</link><item><link>{origin}/a</link></item></channel></rss>", "application/rss+xml")
    head = '<link rel="alternate" type="application/rss+xml" href="/feed/">'
    with faux_site({"/": html("<p>Welcome</p>", head), "/feed/": feed, "/a": article("Ankles")}) as site:
        crawled(site)

    assert titles(house) == ["Ankles"]


def test_a_redirect_is_followed_within_the_site_and_noted(house: flow.House, crawled: Crawl) -> None:
    with faux_site({"/": links("/old", "/away", "/loop"), "/old": redirect("/new", 301), "/new": article("Necks"),
                    "/away": redirect("http://127.0.0.2:9/x"), "/loop": redirect("/loop")}) as site:  # fmt: skip
        summary = crawled(site)

    assert titles(house) == ["Necks"]
    assert 1 == site.asked.count("/loop")
    assert {"other site": 1} == summary.dropped


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


def test_a_page_that_fails_is_tried_again_and_then_reported(house: flow.House, crawled: Crawl, monkeypatch: pytest.MonkeyPatch) -> None:
    with faux_site(
        {"/": links("/a", "/b"), "/a": lambda before: article("Ankles") if before else text("busy", status=503), "/b": text("down", status=500)}
    ) as site:
        summary = crawled(site)

    assert titles(house) == ["Ankles"]
    assert summary.outcome == "partial"
    assert {"500": 1} == summary.failed
    assert 3 == site.asked.count("/b")


def test_an_unchanged_page_is_asked_for_conditionally_and_not_read_again(house: flow.House, crawled: Crawl) -> None:
    first = article("Ankles")
    page = Reply(first.body, 200, first.headers | {"ETag": '"1"'})
    with faux_site({"/": links("/a"), "/a": page}) as site:
        crawled(site)
        change = house.catalogue.articles.newest_change()
        crawled(site)

        assert '"1"' == site.requests[-1].get("if-none-match") or '"1"' in [request.get("if-none-match") for request in site.requests]
        assert change == house.catalogue.articles.newest_change()
        asked = len(site.requests)
        crawled(site, asks=ANEW)
        assert all("if-none-match" not in request for request in site.requests[asked:])


def test_an_answer_over_the_limit_is_cut_off(house: flow.House, crawled: Crawl, monkeypatch: pytest.MonkeyPatch) -> None:
    bomb = Reply(gzip.compress(b"<p>" + b"x" * 30_000_000), 200, {"Content-Type": "text/html", "Content-Encoding": "gzip"})
    with faux_site({"/": links("/big", "/bomb", "/a"), "/big": html("x" * 11_000_000), "/bomb": bomb, "/a": article("Ankles")}) as site:
        summary = crawled(site)

    assert titles(house) == ["Ankles"]
    assert {"too large": 2} == summary.failed


def test_the_page_limit_bounds_a_run_and_the_next_one_goes_on(house: flow.House, crawled: Crawl) -> None:
    wide: dict[str, Any] = {"/": links(*(f"/{n}" for n in range(20)))} | {f"/{n}": article(f"Article {n:02}") for n in range(20)}
    with faux_site(wide) as site:
        summaries = [crawled(site, max_pages=10) for _ in range(3)]
        pages = [path for path in site.asked if path in wide]

    assert [9, 19, 20] == [summary.articles for summary in summaries]
    assert len(pages) == len(set(pages)) == 21


def test_a_host_that_asks_for_a_longer_pause_gets_it(house: flow.House, crawled: Crawl) -> None:
    with faux_site(
        {"/robots.txt": text("User-agent: *\nCrawl-delay: 0.4"), "/": links("/a", "/b"), "/a": article("Ankles"), "/b": article("Backs")}
    ) as site:
        crawled(site)
        gaps = [after - before for before, after in zip(site.times[1:], site.times[2:], strict=False)]

    assert min(gaps) >= 0.35


def test_a_host_that_asks_for_a_pause_beyond_reason_is_left_alone(house: flow.House, crawled: Crawl) -> None:
    with (
        faux_site({"/robots.txt": text("User-agent: *\nCrawl-delay: 3600"), "/": links("/a")}) as site,
        pytest.raises(SiteError, match="crawl delay too long"),
    ):
        crawled(site)


def test_a_page_that_moved_is_an_article_at_its_new_address_only(house: flow.House, crawled: Crawl) -> None:
    pages: dict[str, Any] = {"/": links("/old"), "/old": article("Ankles")}
    with faux_site(pages) as site:
        crawled(site)
        pages |= {"/old": redirect("/new", 301), "/new": article("Ankles", "revised")}
        crawled(site)

    assert [f"{site.origin}/new"] == [one.url for one in house.catalogue.articles.all()]


def test_a_write_that_fails_ends_the_run_with_its_reason(house: flow.House, crawled: Crawl) -> None:
    import sqlite3

    with faux_site({"/": links("/a"), "/a": lambda _: broken()}) as site:

        def broken() -> Reply:
            with sqlite3.connect(house.config.data_dir / "catalogue.sqlite") as raw:
                raw.execute("alter table pages rename to elsewhere")
            raw.close()
            return article("Ankles")

        with pytest.raises((SiteError, CatalogueError), match="no such table"):
            crawled(site)


def test_a_chain_of_links_ends_at_the_greatest_depth(house: flow.House, crawled: Crawl) -> None:
    with faux_site({"/": links("/p/0")} | {f"/p/{n}": links(f"/p/{n + 1}") for n in range(40)}) as site:
        summary = crawled(site)

    assert summary.dropped["too deep"] == 1
    assert "/p/9" in site.asked and "/p/10" not in site.asked


def test_one_request_at_a_time_and_a_pause_between(house: flow.House, crawled: Crawl) -> None:
    with faux_site({"/": links("/a", "/b"), "/a": article("Ankles"), "/b": article("Backs")}) as site:
        crawled(site, delay=0.3)
        gaps = [after - before for before, after in zip(site.times[1:], site.times[2:], strict=False)]

    assert min(gaps) >= 0.25


def test_the_user_agent_names_us_and_whom_to_write_to(house: flow.House) -> None:
    assert orders.user_agent("me@clinic.example").endswith("(+me@clinic.example)")
    assert orders.user_agent("me@clinic.example").startswith("clinicdex/")


def test_a_host_that_is_not_loopback_needs_a_contact_and_a_delay(house: flow.House) -> None:
    from clinicdex.catalogue.sites import Site

    with pytest.raises(ConfigError, match="contact"):
        flow.order_for(house.config, Site("s", "https://clinic.example/"), flow.Crawl())


def test_a_loopback_site_is_refused_unless_it_is_allowed(house: flow.House) -> None:
    from clinicdex.catalogue.sites import Site

    with faux_site({"/": links("/a")}) as site:
        added = Site("faux", f"{site.origin}/")
        house.catalogue.sites.add(added)
        with pytest.raises(SiteError, match=r"not a public address.*--allow-host"):
            flow.collect(house, added, flow.Crawl(), lambda _: None, lambda: False)

    assert [] == site.asked


def test_one_page_that_breaks_the_reader_does_not_stop_the_crawl(house: flow.House, crawled: Crawl) -> None:
    deep = html("<div>" * 200_000 + "x")
    with faux_site(
        {
            "/": links("/deep", "/empty", "/binary", "/a"),
            "/deep": deep,
            "/empty": html(""),
            "/binary": html("\x00\x01" * 5000),
            "/a": article("Ankles"),
        }
    ) as site:
        crawled(site)

    assert titles(house) == ["Ankles"]


def test_a_page_stored_under_two_addresses_is_one_article(house: flow.House, crawled: Crawl) -> None:
    canonical = '<link rel="canonical" href="/backs/">'
    with faux_site({"/": links("/?p=7", "/backs/", "/copy"), "/?p=7": article("Backs", head=canonical), "/backs/": article("Backs", head=canonical),
                    "/copy": article("Backs")}) as site:  # fmt: skip
        summary = crawled(site)

    found = list(house.catalogue.articles.all("faux"))
    assert [f"{site.origin}/backs/"] == [one.url for one in found]
    assert (f"{site.origin}/?p=7", f"{site.origin}/copy") == found[0].also_at
    assert summary.doubles == 2


def test_a_proxy_named_in_the_settings_carries_every_request(house: flow.House) -> None:
    from dataclasses import replace

    from clinicdex.catalogue.sites import Site

    clinic = "http://clinic.example"
    with faux_site({f"{clinic}/": links("/a"), f"{clinic}/a": article("Ankles")}) as proxy:
        house.config = replace(house.config, proxy=f"{proxy.origin}/", contact="me@clinic.example")
        added = Site("faux", f"{clinic}/", delay=0.01)
        house.catalogue.sites.add(added)
        flow.collect(house, added, flow.Crawl(), lambda _: None, lambda: False)

    assert titles(house) == ["Ankles"]
    assert f"{clinic}/robots.txt" == proxy.asked[0]


def test_the_proxy_of_the_environment_is_not_used(house: flow.House, crawled: Crawl, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("http_proxy", "http://127.0.0.1:9/")
    with faux_site({"/": links("/a"), "/a": article("Ankles")}) as site:
        crawled(site)

    assert titles(house) == ["Ankles"]


def test_the_sitemaps_of_wordpress_are_tried_when_robots_txt_names_none(house: flow.House, crawled: Crawl) -> None:
    pages = {"/": html("<p>Welcome</p>"), "/wp-sitemap.xml": text("<urlset><url><loc>{origin}/a</loc></url></urlset>", "application/xml")}
    with faux_site(pages | {"/a": article("Ankles")}) as site:
        crawled(site)

    assert titles(house) == ["Ankles"]


def test_the_usual_feed_is_tried_when_the_home_page_names_none(house: flow.House, crawled: Crawl) -> None:
    feed = text("<rss><channel><item><link>{origin}/a</link></item></channel></rss>", "application/rss+xml")
    with faux_site({"/": html("<p>Welcome</p>"), "/feed/": feed, "/a": article("Ankles")}) as site:
        crawled(site)

    assert titles(house) == ["Ankles"]


def test_where_wordpress_lists_its_posts_they_are_found(house: flow.House, crawled: Crawl) -> None:
    head = '<link rel="https://api.w.org/" href="/wp-json/">'
    posts = text('[{"link": "{origin}/a", "modified_gmt": "2026-01-01T00:00:00"}]', "application/json")
    address = "/wp-json/wp/v2/posts?per_page=100&orderby=modified&_fields=link,modified_gmt"
    with faux_site({"/": html("<p>Welcome</p>", head), address: posts, "/a": article("Ankles")}) as site:
        crawled(site)

    assert titles(house) == ["Ankles"]


def test_a_host_that_says_it_is_overloaded_is_left_in_peace_for_a_while(house: flow.House, crawled: Crawl) -> None:
    pages: dict[str, Any] = {"/": lambda before: links("/a", "/b") if before else text("busy", status=429), "/a": article("A"), "/b": article("B")}
    with faux_site(pages) as site:
        crawled(site)
        again = [when for path, when in zip(site.asked, site.times, strict=True) if path == "/"]

    assert titles(house) == ["A", "B"]
    assert again[1] - again[0] >= 2


def test_articles_come_first_when_a_run_is_cut_short(house: flow.House, crawled: Crawl) -> None:
    pages: dict[str, Any] = {"/": links("/contact", "/tag/x", "/about", "/ease-your-low-back-pain", "/team")}
    with faux_site(pages | {"/ease-your-low-back-pain": article("Backs")}) as site:
        crawled(site, max_pages=2)

    assert titles(house) == ["Backs"]


# --- what is gone -------------------------------------------------------------------------------------------------

GONE = text("gone", status=410)


def ten() -> dict[str, Any]:
    return {"/": links(*(f"/{n}" for n in range(10)))} | {f"/{n}": article(f"Article {n}") for n in range(10)}


def test_what_is_gone_leaves_catalogue_and_index_in_the_same_run(house: flow.House, crawled: Crawl) -> None:
    with faux_site(pages := ten()) as site:
        crawled(site)
        pages["/3"] = GONE
        summary = crawled(site)

    assert (9, "done") == (summary.articles, summary.outcome)
    with house.engine.reader() as reader:
        assert 9 == len(list(reader.ids()))


def test_a_run_that_would_take_more_than_three_in_ten_is_held_until_it_is_forced(house: flow.House, crawled: Crawl) -> None:
    with faux_site(pages := ten()) as site:
        crawled(site)
        pages |= dict.fromkeys(("/0", "/1", "/2", "/3"), GONE)
        held, again = crawled(site), crawled(site)
        forced = crawled(site, force=True)

    assert ("held", 10, {"error page": 4}) == (held.outcome, held.articles, held.held)
    assert ("held", 10) == (again.outcome, again.articles)
    assert ("done", 6, {}) == (forced.outcome, forced.articles, forced.held)


def test_what_was_held_and_comes_back_was_never_away(house: flow.House, crawled: Crawl) -> None:
    with faux_site(pages := ten()) as site:
        crawled(site)
        change = house.catalogue.articles.newest_change()
        before = {path: pages[path] for path in ("/0", "/1", "/2", "/3")}
        pages |= dict.fromkeys(before, html("<p>Down for maintenance</p>"))
        held = crawled(site)
        pages |= before
        back = crawled(site)

    assert ("held", "done", 10) == (held.outcome, back.outcome, back.articles)
    assert change == house.catalogue.articles.newest_change()


def test_a_site_that_fails_loses_nothing(house: flow.House, crawled: Crawl) -> None:
    with faux_site(pages := ten()) as site:
        crawled(site)
        pages |= {f"/{n}": text("", status=404) for n in range(5)} | {f"/{n}": text("oh", status=404) for n in range(5, 10)}
        summary = crawled(site)

    assert (10, 10) == (summary.articles, summary.not_found)


def test_a_page_that_says_noindex_later_is_removed(house: flow.House, crawled: Crawl) -> None:
    with faux_site(pages := ten()) as site:
        crawled(site)
        pages["/3"] = article("Article 3", head='<meta name=robots content="noindex">')
        summary = crawled(site)

    assert (9, 1) == (summary.articles, summary.rejected["noindex"])


def test_a_site_that_moves_house_keeps_its_articles_and_their_ids(house: flow.House, crawled: Crawl) -> None:
    with faux_site(pages := ten()) as site:
        crawled(site)
        ids = {one.title: one.id for one in house.catalogue.articles.all("faux")}
        for n in range(10):
            pages |= {f"/new/{n}": pages[f"/{n}"], f"/{n}": redirect(f"/new/{n}", 301)}
        summary = crawled(site)

    assert ("done", 10) == (summary.outcome, summary.articles)
    assert ids == {one.title: one.id for one in house.catalogue.articles.all("faux")}
    with house.engine.reader() as reader:
        assert set(ids.values()) == set(reader.ids())
