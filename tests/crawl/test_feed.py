"""Feeds, and the posts that WordPress lists."""

from __future__ import annotations

from collections.abc import Callable

from clinicdex import flow
from faux import article, faux_site, html, text
from seen import titles

Crawl = Callable[..., flow.Summary]


def test_a_feed_named_by_a_page_is_read(house: flow.House, crawled: Crawl) -> None:
    feed = text("<rss><channel><link>{origin}/</link><item><link>{origin}/a</link></item></channel></rss>", "application/rss+xml")
    head = '<link rel="alternate" type="application/rss+xml" href="/feed/">'
    with faux_site({"/": html("<p>Welcome</p>", head), "/feed/": feed, "/a": article("Ankles")}) as site:
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
