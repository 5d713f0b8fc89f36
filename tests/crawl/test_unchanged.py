"""What has not changed costs next to nothing."""

from __future__ import annotations

from collections.abc import Callable

from clinicdex import flow
from clinicdex.catalogue import ANEW
from faux import Reply, article, faux_site, links

Crawl = Callable[..., flow.Summary]


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
