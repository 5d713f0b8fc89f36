"""An unchanged page costs almost nothing."""

from __future__ import annotations

import pytest
from clinicdex.catalogue import FULL
from clinicdex.flow.workspace import Workspace
from support.faux import CrawlFaux, Reply, article, faux_site, links

pytestmark = pytest.mark.both_stores


def test_an_unchanged_page_is_asked_for_conditionally_and_not_read_again(
    workspace: Workspace, crawled: CrawlFaux
) -> None:
    first = article("Ankles")
    page = Reply(first.body, 200, first.headers | {"ETag": '"1"'})
    with faux_site({"/": links("/a"), "/a": page}) as site:
        crawled(site)
        change = workspace.catalogue.articles.newest_change()
        crawled(site)

        assert '"1"' in [request.get("if-none-match") for request in site.requests]
        assert change == workspace.catalogue.articles.newest_change()
        before = len(site.requests)
        crawled(site, asks=FULL)
        assert all("if-none-match" not in request for request in site.requests[before:])
