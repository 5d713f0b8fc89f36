"""Links, and which come first."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from clinicdex import flow
from faux import article, faux_site, links
from seen import titles

Crawl = Callable[..., flow.Summary]


def test_links_are_followed_to_the_articles(house: flow.House, crawled: Crawl) -> None:
    with faux_site({"/": links("/a", "/list"), "/list": links("/b", "/a"), "/a": article("Ankles"), "/b": article("Backs")}) as site:
        summary = crawled(site)

    assert titles(house) == ["Ankles", "Backs"]
    assert summary.outcome == "done"
    assert 1 == site.asked.count("/a")


def test_a_chain_of_links_ends_at_the_greatest_depth(house: flow.House, crawled: Crawl) -> None:
    with faux_site({"/": links("/p/0")} | {f"/p/{n}": links(f"/p/{n + 1}") for n in range(40)}) as site:
        summary = crawled(site)

    assert summary.dropped["too deep"] == 1
    assert "/p/9" in site.asked and "/p/10" not in site.asked


def test_articles_come_first_when_a_run_is_cut_short(house: flow.House, crawled: Crawl) -> None:
    pages: dict[str, Any] = {"/": links("/contact", "/tag/x", "/about", "/ease-your-low-back-pain", "/team")}
    with faux_site(pages | {"/ease-your-low-back-pain": article("Backs")}) as site:
        crawled(site, max_pages=2)

    assert titles(house) == ["Backs"]


def test_the_page_limit_bounds_a_run_and_the_next_one_goes_on(house: flow.House, crawled: Crawl) -> None:
    wide: dict[str, Any] = {"/": links(*(f"/{n}" for n in range(20)))} | {f"/{n}": article(f"Article {n:02}") for n in range(20)}
    with faux_site(wide) as site:
        summaries = [crawled(site, max_pages=10) for _ in range(3)]
        pages = [path for path in site.asked if path in wide]

    assert [9, 19, 20] == [summary.articles for summary in summaries]
    assert len(pages) == len(set(pages)) == 21
