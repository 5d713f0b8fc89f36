"""One article, however many URLs it has."""

from __future__ import annotations

from clinicdex.flow.workspace import Workspace
from support.faux import CrawlFaux, article, faux_site, links


def test_a_page_stored_under_two_addresses_is_one_article(workspace: Workspace, crawled: CrawlFaux) -> None:
    canonical = '<link rel="canonical" href="/backs/">'
    with faux_site({"/": links("/?p=7", "/backs/", "/copy"), "/?p=7": article("Backs", head=canonical),
                    "/backs/": article("Backs", head=canonical),
                    "/copy": article("Backs")}) as site:  # fmt: skip
        summary = crawled(site)

    articles = list(workspace.catalogue.articles.all("faux"))
    assert [f"{site.origin}/backs/"] == [item.url for item in articles]
    assert (f"{site.origin}/?p=7", f"{site.origin}/copy") == articles[0].also_at
    assert summary.doubles == 2
