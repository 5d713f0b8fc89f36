"""Sitemaps of every sort are read."""

from __future__ import annotations

import gzip
from typing import Any

from clinicdex.flow.workspace import Workspace
from support.faux import CrawlFaux, Reply, article, faux_site, html, text
from support.seen import titles


def test_sitemaps_of_robots_txt_are_read_also_gzipped_and_nested(
    workspace: Workspace, crawled: CrawlFaux
) -> None:
    with faux_site(pages := site_with_sitemap()) as site:
        pages["/inner.xml.gz"] = Reply(
            gzip.compress(f"<urlset><url><loc>{site.origin}/a</loc></url></urlset>".encode())
        )
        crawled(site)

    assert titles(workspace) == ["Ankles"]


def site_with_sitemap() -> dict[str, Any]:
    return {
        "/": html("<p>Welcome</p>"),
        "/robots.txt": text("User-agent: *\nSitemap: {origin}/map.xml"),
        "/map.xml": text(
            "<sitemapindex><sitemap><loc>{origin}/inner.xml.gz</loc></sitemap></sitemapindex>",
            "application/xml",
        ),
        "/a": article("Ankles"),
    }


def test_the_sitemaps_of_wordpress_are_tried_when_robots_txt_names_none(
    workspace: Workspace, crawled: CrawlFaux
) -> None:
    pages = {
        "/": html("<p>Welcome</p>"),
        "/wp-sitemap.xml": text("<urlset><url><loc>{origin}/a</loc></url></urlset>", "application/xml"),
    }
    with faux_site(pages | {"/a": article("Ankles")}) as site:
        crawled(site)

    assert titles(workspace) == ["Ankles"]
