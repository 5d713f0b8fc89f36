"""Feeds, and WordPress's lists of posts."""

from __future__ import annotations

import json
from datetime import date

from clinicdex.crawler.feed import posts_address
from clinicdex.flow.workspace import Workspace
from support.faux import CrawlFaux, Reply, article, faux_site, html, text
from support.seen import titles

POSTS = posts_address("/wp-json/")


def test_a_feed_named_by_a_page_is_read(workspace: Workspace, crawled: CrawlFaux) -> None:
    feed = text(
        "<rss><channel><link>{origin}/</link><item><link>{origin}/a</link></item></channel></rss>",
        "application/rss+xml",
    )
    head = '<link rel="alternate" type="application/rss+xml" href="/feed/">'
    with faux_site({"/": html("<p>Welcome</p>", head), "/feed/": feed, "/a": article("Ankles")}) as site:
        crawled(site)

    assert titles(workspace) == ["Ankles"]


def test_the_usual_feed_is_tried_when_the_home_page_names_none(
    workspace: Workspace, crawled: CrawlFaux
) -> None:
    feed = text("<rss><channel><item><link>{origin}/a</link></item></channel></rss>", "application/rss+xml")
    with faux_site({"/": html("<p>Welcome</p>"), "/feed/": feed, "/a": article("Ankles")}) as site:
        crawled(site)

    assert titles(workspace) == ["Ankles"]


def test_where_wordpress_lists_its_posts_they_are_found(workspace: Workspace, crawled: CrawlFaux) -> None:
    head = '<link rel="https://api.w.org/" href="/wp-json/">'
    posts = text('[{"link": "{origin}/a", "modified_gmt": "2026-01-01T00:00:00"}]', "application/json")
    with faux_site({"/": html("<p>Welcome</p>", head), POSTS: posts, "/a": article("Ankles")}) as site:
        crawled(site)

    assert titles(workspace) == ["Ankles"]


def test_what_wordpress_lists_fills_in_what_the_page_does_not_say(
    workspace: Workspace, crawled: CrawlFaux
) -> None:
    posts = [
        {
            "link": "{origin}/a", "date": "2024-03-05T09:00:00", "modified": "2024-04-06T09:00:00",
            "modified_gmt": "2024-04-06T16:00:00",
            "_embedded": {
                "author": [{"name": "Ann Roe"}],
                "wp:term": [[{"taxonomy": "category", "name": "Ankles &amp; Feet"},
                             {"taxonomy": "category", "name": "Uncategorized"}]],
            },
        },
        {"link": "{origin}/b", "date": "nonsense", "_embedded": "nonsense"},
    ]  # fmt: skip
    signed = article(
        "Backs",
        extra='<p class="byline">By Bob Stone</p>',
        head='<meta property="article:published_time" content="2020-01-02">',
    )
    pages = {
        "/": html("<p>Welcome</p>", '<link rel="https://api.w.org/" href="/wp-json/">'),
        "/a": article("Ankles"),
        "/b": signed,
    }
    with faux_site(pages | {POSTS: text(json.dumps(posts), "application/json")}) as site:
        crawled(site)

    ankles, backs = sorted(workspace.catalogue.articles.all("faux"), key=lambda item: item.title)
    assert (date(2024, 3, 5), date(2024, 4, 6)) == (ankles.published, ankles.modified)
    assert ["Ann Roe"] == [item.name for item in ankles.authors]
    assert "Ankles & Feet" in [topic.label for topic in ankles.topics]
    assert "Uncategorized" not in [topic.label for topic in ankles.topics]
    assert date(2020, 1, 2) == backs.published


def test_what_wordpress_says_later_has_the_page_read_again(workspace: Workspace, crawled: CrawlFaux) -> None:
    dates = {"now": "2024-03-05T09:00:00"}
    posts = lambda _: text(  # noqa: E731
        json.dumps([{"link": "{origin}/a", "date": dates["now"]}]), "application/json"
    )
    pages = {
        "/": html("<p>Welcome</p>", '<link rel="https://api.w.org/" href="/wp-json/">'),
        "/a": article("Ankles"),
        POSTS: posts,
    }
    with faux_site(pages) as site:
        crawled(site)
        dates["now"] = "2024-03-07T09:00:00"
        crawled(site)

    assert [date(2024, 3, 7)] == [item.published for item in workspace.catalogue.articles.all("faux")]


def test_a_long_list_of_posts_is_read_to_its_end_once(workspace: Workspace, crawled: CrawlFaux) -> None:
    def listed(first: int, last: int) -> Reply:
        posts = [
            {"link": f"{{origin}}/p/{number}", "modified_gmt": "2024-03-05T09:00:00"}
            for number in range(first, last)
        ]
        return Reply(
            json.dumps(posts).encode(), 200, {"Content-Type": "application/json", "X-WP-TotalPages": "2"}
        )

    pages = {
        "/": html("<p>Welcome</p>", '<link rel="https://api.w.org/" href="/wp-json/">'),
        POSTS: listed(0, 100),
        f"{POSTS}&page=2": listed(100, 120),
    }
    with faux_site(
        pages | {f"/p/{number}": article(f"Article {number:03}") for number in range(120)}
    ) as site:
        summary = crawled(site)

    assert 120 == summary.articles
