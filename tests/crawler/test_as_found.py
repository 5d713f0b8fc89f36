"""Sitemaps, feeds, robots.txt and pages as sites really send them."""

from __future__ import annotations

import gzip
from typing import Any

import pytest
from clinicdex.crawler import feed, links, robots, sitemap
from clinicdex.crawler.encoding import in_utf_8
from clinicdex.flow.workspace import Workspace
from clinicdex.pipeline.media_type import sniff
from support.faux import CrawlFaux, Reply, article, faux_site, html, text
from support.seen import titles

HOST = "https://clinic.example"
URLS = [f"{HOST}/a?x=1&lang=en", f"{HOST}/caf%C3%A9"]
PLAIN = (
    '<?xml version="1.0" encoding="UTF-8"?>\n<urlset xmlns="http://www.sitemaps.org/schemas/sitemap/0.9">'
    f"<url><loc>{HOST}/a?x=1&amp;lang=en</loc></url><url><loc>{HOST}/café</loc></url></urlset>"
)


@pytest.mark.parametrize(
    "body",
    [
        PLAIN.encode(),
        PLAIN.encode("utf-8-sig"),
        PLAIN.encode("utf-16"),
        PLAIN.encode("utf-16-be"),
        PLAIN.replace("UTF-8", "utf-16").encode(),
        PLAIN.replace("UTF-8", "iso-8859-1").encode("latin-1"),
        PLAIN.replace("&amp;", "&").encode(),
        PLAIN.replace("é", "&eacute;").encode(),
        PLAIN.replace("\n", "\r").encode(),
        PLAIN.replace("<loc>", "<loc><![CDATA[ ")
        .replace("</loc>", " ]]></loc>")
        .replace("&amp;", "&")
        .encode(),
        PLAIN.replace("<loc>", "<loc>\x0b").encode(),
        gzip.compress(PLAIN.encode())[:-8],
        gzip.compress(gzip.compress(PLAIN.encode())),
        "\ufeff".encode() + "\r".join(URLS).encode(),
        "\n".join(URLS).encode("utf-16"),
    ],
)
def test_a_sitemap_is_read_however_it_is_encoded_packed_or_escaped(body: bytes) -> None:
    found = sitemap.read(body, f"{HOST}/sitemap.xml")

    assert (URLS, 0) == ([page.url for page in found.pages], found.unreadable)


@pytest.mark.parametrize("cut", range(1, 60, 3))
def test_what_is_cut_off_makes_no_url(cut: int) -> None:
    for body in (PLAIN.encode()[:-cut], gzip.compress(PLAIN.encode())[:-cut]):
        assert {page.url for page in sitemap.read(body, HOST).pages} <= set(URLS)
    lines = sitemap.read("\n".join(URLS).encode()[: -min(cut, 20)], HOST, is_whole=False)
    assert {page.url for page in lines.pages} <= set(URLS)


def test_what_cannot_be_read_is_counted() -> None:
    assert 1 == sitemap.read(b"<urlset><url><loc>not a url at all:</loc></url></urlset>", "x:").unreadable
    assert 1 == sitemap.read(b"\x00\x01 garbage", HOST).unreadable
    assert 0 == sitemap.read(b"<!doctype html><html><body>Nothing here</body></html>", HOST).unreadable


RSS = "<rss><channel>{}</channel></rss>"


@pytest.mark.parametrize(
    ("body", "expected"),
    [
        (RSS.format("<item><guid>https://clinic.example/a</guid></item>"), ["/a"]),
        (RSS.format('<item><guid isPermaLink="false">https://clinic.example/a</guid></item>'), []),
        (RSS.format("<item><guid>17</guid></item>"), []),
        (RSS.format("<item><guid>https://clinic.example/p?1</guid><link>/a</link></item>"), ["/a"]),
        (
            RSS.format(
                "<item><description><p>open <b>tags<br></description><link>/a</link></item>"
                "<item><description><ul><li>never closed</item><item><link>/b</link></item>"
            ),
            ["/a", "/b"],
        ),
        (
            '<feed xmlns="http://www.w3.org/2005/Atom" xml:base="/blog/"><entry><link href="a/"/></entry>'
            '<entry xml:base="old/"><link href="b/" xml:base="/top/"/></entry></feed>',
            ["/blog/a/", "/top/b/"],
        ),
        (
            '<feed xmlns="http://www.w3.org/2005/Atom"><entry><id>https://clinic.example/a</id></entry></feed>',
            ["/a"],
        ),
        (
            '\ufeff{"version": "https://jsonfeed.org/version/1.1", "items": [{"id": "1", "url": "/a"},'
            ' {"id": "https://clinic.example/b"}, {"id": "3"}, 7]}',
            ["/a", "/b"],
        ),
        ('{"version": "1", "items": [{"url": "/a"}]}', []),
        (RSS.format("<item><link>/a</link></item><item><link>/half"), ["/a"]),
    ],
)
def test_a_feed_says_where_its_articles_are_in_many_ways(body: str, expected: list[str]) -> None:
    found = [page.url for page in feed.read(body.encode(), f"{HOST}/feed/")]

    assert [f"{HOST}{path}" for path in expected] == found


@pytest.mark.parametrize("end", ["\n", "\r\n", "\r"])
@pytest.mark.parametrize("encoding", ["utf-8", "utf-8-sig", "utf-16"])
def test_robots_txt_is_read_whatever_ends_its_lines_and_begins_it(end: str, encoding: str) -> None:
    body = end.join(("Sitemap: /map.xml", "User-agent: *", "Disallow: /staff/", "")).encode(encoding)
    rules = robots.rules_from(200, body)

    assert [f"{HOST}/map.xml"] == sitemap.named_in_robots(body, HOST)
    assert rules.refusal(f"{HOST}/staff/a")
    assert rules.refusal(f"{HOST}/a") is None


def test_a_feed_serves_as_a_sitemap_also_within_an_index(workspace: Workspace, crawled: CrawlFaux) -> None:
    pages: dict[str, Any] = {
        "/": html("<p>Welcome</p>"),
        "/robots.txt": text("Sitemap: {origin}/rss.xml\nSitemap: {origin}/index.xml"),
        "/rss.xml": text(RSS.format("<item><link>{origin}/a</link></item>"), "application/rss+xml"),
        "/index.xml": text("<sitemapindex><sitemap><loc>{origin}/atom.xml</loc></sitemap></sitemapindex>"),
        "/atom.xml": text(
            '<feed xmlns="http://www.w3.org/2005/Atom"><entry><link href="/b"/></entry></feed>'
        ),
    }
    with faux_site(pages | {"/a": article("Ankles"), "/b": article("Backs")}) as site:
        crawled(site)

    assert ["Ankles", "Backs"] == titles(workspace)


def test_a_sitemap_on_another_host_counts_if_robots_txt_vouches_for_it(
    workspace: Workspace, crawled: CrawlFaux
) -> None:
    elsewhere: dict[str, Any] = {}
    pages: dict[str, Any] = {"/": html("<p>Welcome</p>"), "/a": article("Ankles"), "/b": article("Backs")}
    with faux_site(pages) as site, faux_site(elsewhere) as host:
        pages["/robots.txt"] = text(f"Sitemap: {host.origin}/index.xml")
        elsewhere |= {
            "/index.xml": text("<sitemapindex><sitemap><loc>/map.xml</loc></sitemap></sitemapindex>"),
            "/map.xml": text(
                f"<urlset><url><loc>{site.origin}/a</loc></url><url><loc>{host.origin}/theirs</loc></url></urlset>"
            ),
        }
        workspace.config = _allowing(workspace, host.host_port)
        summary = crawled(site)

    assert ["Ankles"] == titles(workspace)
    assert "/theirs" not in host.asked
    assert {"other site": 1} == summary.dropped


def _allowing(workspace: Workspace, host_port: str) -> Any:
    from dataclasses import replace

    return replace(workspace.config, allow_hosts=(host_port,))


def test_a_sitemap_on_another_host_that_only_a_sitemap_names_is_left_alone(
    workspace: Workspace, crawled: CrawlFaux
) -> None:
    pages: dict[str, Any] = {"/": html("<p>Welcome</p>"), "/robots.txt": text("Sitemap: {origin}/map.xml")}
    pages["/map.xml"] = text(
        "<sitemapindex><sitemap><loc>http://127.0.0.2:9/m.xml</loc></sitemap></sitemapindex>"
    )
    with faux_site(pages) as site:
        summary = crawled(site)

    assert {"other site": 1} == summary.dropped


PAGE = (
    '<html><head><meta charset="{}"></head>'
    '<a href="/read?word=santé&amp;n=1">a</a><a href="/été">b</a></html>'
)


@pytest.mark.parametrize(
    ("encoding", "header", "query"),
    [
        ("utf-8", None, "sant%C3%A9"),
        ("iso-8859-1", None, "sant%E9"),
        ("windows-1252", "windows-1252", "sant%E9"),
        (
            "iso-8859-1",
            "utf-8",
            "sant%C3%A9",
        ),  # the header decides: the bytes are not UTF-8, so both are wrong
        ("utf-16", None, "sant%C3%A9"),
    ],
)
def test_a_query_is_written_in_the_encoding_of_its_page_and_a_path_in_utf_8(
    encoding: str, header: str | None, query: str
) -> None:
    body = PAGE.format(encoding).encode(encoding)
    if (encoding, header) == ("iso-8859-1", "utf-8"):
        body = PAGE.format(encoding).encode("utf-8")

    found = links.of_page(body, f"{HOST}/", header).pages

    assert [f"{HOST}/read?word={query}&n=1", f"{HOST}/%C3%A9t%C3%A9"] == found


def test_a_character_that_the_encoding_lacks_becomes_its_number() -> None:
    body = '<meta charset="windows-1252"><a href="/read?word=&#28450;">a</a>é'.encode("latin-1")

    assert [f"{HOST}/read?word=%26%2328450%3B"] == links.of_page(body, f"{HOST}/", None).pages


def test_the_encoding_of_a_page_is_found_as_browsers_do() -> None:
    assert "utf-16-le" == in_utf_8("<p>é</p>".encode("utf-16"), "utf-8")[1]
    assert ("<p>é</p>".encode(), "utf-8") == in_utf_8("<p>é</p>".encode(), "iso-8859-1")
    assert "cp1252" == in_utf_8("<p>é</p>".encode("latin-1"), "no-such-thing")[1]


@pytest.mark.parametrize(
    ("content", "target"),
    [
        ("0;url=/a", "/a"),
        ("5; URL='/a'", "/a"),
        ('0, url = "/a"', "/a"),
        ("0;/a", "/a"),
        ("1.5 /a", "/a"),
        ("30", None),
        ("url=/a", None),
    ],
)
def test_a_meta_refresh_is_read_as_browsers_read_it(content: str, target: str | None) -> None:
    escaped = content.replace('"', "&quot;")
    found = links.of_page(f'<meta http-equiv="Refresh" content="{escaped}">'.encode(), f"{HOST}/", None)

    assert ([f"{HOST}{target}"] if target else []) == found.pages


@pytest.mark.parametrize(
    ("body", "found"),
    [
        (b"%PDF-1.7\n", "PDF"),
        (b"\n\n junk %PDF-1.4", "PDF"),
        (b"PK\x03\x04", "an office document or an archive"),
        (b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1", "an office document"),
        (b"\x89PNG\r\n\x1a\n", "an image"),
        (b"RIFF\x00\x00\x00\x00WEBPVP8 ", "an image"),
        (b"\x00\x00\x00\x20ftypisom", "a video or an image"),
        (b"\x1f\x8b\x08\x00", "an archive"),
        (b"\x7fELF\x02", "a program"),
        (b"<!doctype html><p>%PDF-1.7 is a header", None),
        (b"In this text PK\x03\x04 occurs", None),
        ("<p>é".encode("utf-16"), None),
        (b"", None),
    ],
)
def test_what_bytes_are_is_told_by_the_bytes(body: bytes, found: str | None) -> None:
    assert found == sniff(body)


def test_what_is_only_called_html_makes_no_article(workspace: Workspace, crawled: CrawlFaux) -> None:
    words = " ".join(f"(A sentence about necks and backs, number {n}.) Tj" for n in range(200))
    pdf = Reply(f"%PDF-1.5\nBT {words} ET\n%%EOF".encode(), 200, {"Content-Type": "text/html"})
    unlabelled = Reply(pdf.body, 200, {})
    pages = {"/": html('<a href="/a">a</a><a href="/get?id=1">b</a><a href="/sheet">c</a>')}
    with faux_site(pages | {"/a": article("Ankles"), "/get?id=1": pdf, "/sheet": unlabelled}) as site:
        summary = crawled(site)

    assert ["Ankles"] == titles(workspace)
    assert 2 == summary.rejected["not html"]


def test_a_page_in_utf_16_has_links(workspace: Workspace, crawled: CrawlFaux) -> None:
    home = Reply('<html><a href="/a">a</a></html>'.encode("utf-16"), 200, {"Content-Type": "text/html"})
    with faux_site({"/": home, "/a": article("Ankles")}) as site:
        crawled(site)

    assert ["Ankles"] == titles(workspace)


def test_a_folder_and_its_index_page_are_one_article(workspace: Workspace, crawled: CrawlFaux) -> None:
    pages = {
        "/": html(
            '<a href="/necks/index.html">a</a><a href="/necks/">b</a><a href="/2019/10/index.php">c</a>'
        )
    }
    same = {path: article("Necks") for path in ("/necks/", "/necks/index.html")}
    with faux_site(pages | same | {"/2019/10/index.php": article("2019 October")}) as site:
        crawled(site)
        articles = list(workspace.catalogue.articles.all())

    assert [(f"{site.origin}/necks/", (f"{site.origin}/necks/index.html",))] == [
        (found.url, found.also_at) for found in articles
    ]


@pytest.mark.parametrize(
    "body",
    [
        b"x" + b" " * 3_000_000 + b"y",
        b"<?xml " * 500_000,
        b"<![CDATA[" * 300_000,
        b"<content><item>" * 200_000,
        b"&" * 3_000_000,
        b"<description>" * 300_000,
        gzip.compress(b"") * 150_000,
        b'<meta http-equiv=refresh content="' + b"1" * 3_000_000 + b'">',
        b"<title>Just a moment...</title>" + b"<script " * 400_000,
        b"User-agent: *\nAllow: a" + b" " * 400_000 + b"b",
    ],
    ids=lambda body: repr(body[:20]),
)
def test_hostile_files_cost_no_more_than_their_length(body: bytes) -> None:
    """With a quadratic expression in the way, each of these takes minutes or hours."""
    from clinicdex.crawler.challenge import is_challenge

    sitemap.read(body, HOST)
    feed.read(body, HOST)
    robots.rules_from(200, body)
    sitemap.named_in_robots(body, HOST)
    links.of_page(body, HOST, None)
    is_challenge(body, lambda _: "")
