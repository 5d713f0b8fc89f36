from __future__ import annotations

from clinicdex.crawler import discovery, robots

BASE = "https://clinic.example/blog/"


def test_links_of_a_page_are_canonical_once_and_in_order() -> None:
    body = b'<base href="/x/"><a href="b#1">b</a><a href="b">b</a><a href="https://CLINIC.example/a?utm_source=1">a</a><a href="mailto:x">m</a><area href="/c"><link rel=next href="/d">'

    found = discovery.page_links(body, BASE, None)

    assert [f"https://clinic.example{path}" for path in ("/x/b", "/a", "/c", "/d")] == found.pages


def test_a_meta_refresh_is_a_link() -> None:
    assert ["https://clinic.example/new"] == discovery.page_links(b"<meta http-equiv=refresh content=\"0; URL='/new'\">", BASE, None).pages


def test_sitemaps_of_every_sort() -> None:
    index = (
        b'<?xml version="1.0"?><sitemapindex xmlns="http://www.sitemaps.org/schemas/sitemap/0.9"><sitemap><loc>/s.xml</loc></sitemap></sitemapindex>'
    )
    pages = b'<urlset xmlns="http://www.sitemaps.org/schemas/sitemap/0.9"><url><loc> https://clinic.example/a </loc><lastmod>2024</lastmod></url></urlset>'

    assert ([], ["https://clinic.example/s.xml"]) == discovery.sitemap_links(index, BASE)
    assert (["https://clinic.example/a"], []) == discovery.sitemap_links(pages, BASE)
    assert (["https://clinic.example/a", "https://clinic.example/b"], []) == discovery.sitemap_links(
        b"https://clinic.example/a\nhttps://clinic.example/b\n", BASE
    )
    assert ([], []) == discovery.sitemap_links(b"<html><p>Not found", BASE)


def test_feeds_in_rss_and_atom() -> None:
    atom = b'<feed xmlns="http://www.w3.org/2005/Atom"><link href="/"/><entry><link rel="self" href="/s"/><link href="/a"/></entry></feed>'

    assert ["https://clinic.example/a"] == discovery.feed_links(atom, BASE)
    assert ["https://clinic.example/b"] == discovery.feed_links(b"<rss><channel><item><link>/b</link></item></channel></rss>", BASE)


def test_entities_are_never_resolved() -> None:
    bomb = b'<!DOCTYPE x [<!ENTITY f SYSTEM "file:///etc/hostname">]><urlset><url><loc>https://clinic.example/&f;</loc></url></urlset>'

    pages, _ = discovery.sitemap_links(bomb, BASE)

    assert all(page == "https://clinic.example/" for page in pages)


def test_a_gzip_bomb_is_unpacked_only_so_far() -> None:
    import gzip

    assert len(discovery._unpacked(gzip.compress(b"x" * 80_000_000))) <= 50 * 1024 * 1024


def test_robots_by_status() -> None:
    forbidding = b"User-agent: *\nDisallow: /a"

    assert robots.rules_from(200, forbidding).refusal("https://clinic.example/a") == "robots"
    assert robots.rules_from(200, forbidding).refusal("https://clinic.example/b") is None
    assert robots.rules_from(404, forbidding).refusal("https://clinic.example/a") is None
    for status in (500, 503, 429, None):
        assert robots.rules_from(status, b"").refusal("https://clinic.example/b")


def test_robots_name_sitemaps() -> None:
    assert ["https://clinic.example/s.xml"] == discovery.robots_sitemaps(b"User-agent: *\r\nSITEMAP: /s.xml\r\n", BASE)
