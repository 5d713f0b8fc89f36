from __future__ import annotations

import gzip
import json
from pathlib import Path

import pytest
from clinicdex.crawler import discovery, feed, links, priority, robots, sitemap, throttle
from clinicdex.crawler.sitemap import FoundUrl, Sitemap
from clinicdex.records import OutcomeKind, VisitOutcome

FORBIDDEN = VisitOutcome(kind=OutcomeKind.FORBIDDEN)
BASE = "https://clinic.example/blog/"


def test_links_of_a_page_are_canonical_once_and_in_order() -> None:
    body = (
        b'<base href="/x/"><a href="b#1">b</a><a href="b">b</a><a '
        b'href="https://CLINIC.example/a?utm_source=1">a</a><a href="mailto:x">m</a><area '
        b'href="/c"><link rel=next href="/d">'
    )

    targets = links.of_page(body, BASE, None)

    assert [f"https://clinic.example{path}" for path in ("/x/b", "/a", "/c", "/d")] == targets.pages


def test_links_met_before_are_left_out() -> None:
    seen = links.Seen()
    body = b'<a href="/a">a</a><a href="b">b</a><a href="https://clinic.example/c">c</a>'

    assert 3 == len(links.of_page(body, BASE, None, seen=seen).pages)
    assert ["https://clinic.example/x/b"] == links.of_page(
        body, "https://clinic.example/x/", None, seen=seen
    ).pages


def test_what_was_met_is_forgotten_when_there_is_too_much_of_it() -> None:
    seen = links.Seen(most=2)

    assert [True, True, False, True, True] == [seen.first(address) for address in "abbca"]


def test_a_meta_refresh_is_a_link() -> None:
    assert ["https://clinic.example/new"] == links.of_page(
        b"<meta http-equiv=refresh content=\"0; URL='/new'\">", BASE, None
    ).pages


@pytest.mark.parametrize(
    ("told", "follows"),
    [
        ([], True),
        (["noindex"], True),
        (["noindex, nofollow"], False),
        (["otherbot: noindex, nofollow"], True),
        (["otherbot: nofollow", "clinicdex: none"], False),
        (["max-snippet: 20, nofollow"], False),
        (["otherbot: noindex, clinicdex: nofollow"], False),
        (["nofollow, otherbot: noindex"], False),
        (["otherbot: noindex", "nofollow"], False),
    ],
)
def test_an_x_robots_tag_is_heeded_when_it_is_for_us(told: list[str], follows: bool) -> None:
    targets = links.of_page(b'<a href="/a">a</a>', BASE, None, robots_headers=told)

    assert (["https://clinic.example/a"] if follows else []) == targets.pages


def test_sitemaps_of_every_sort() -> None:
    index = (
        b'<?xml version="1.0"?><sitemapindex xmlns="http://www.sitemaps.org/schemas/sitemap/0.9">'
        b"<sitemap><loc>/s.xml</loc></sitemap></sitemapindex>"
    )
    pages = (
        b'<urlset xmlns="http://www.sitemaps.org/schemas/sitemap/0.9"><url><loc> '
        b"https://clinic.example/a "
        b"</loc><lastmod>2024-01-02T00:00:00Z</lastmod></url></urlset>"
    )

    assert Sitemap([], [FoundUrl("https://clinic.example/s.xml")]) == sitemap.read(index, BASE)
    assert Sitemap([FoundUrl("https://clinic.example/a", 1704153600.0)]) == sitemap.read(pages, BASE)
    assert sitemap.read(pages, BASE) == sitemap.read(gzip.compress(pages), BASE)
    assert Sitemap(
        [FoundUrl("https://clinic.example/a"), FoundUrl("https://clinic.example/b")]
    ) == sitemap.read(b"https://clinic.example/a\nhttps://clinic.example/b\n", BASE)
    assert Sitemap() == sitemap.read(b"<html><p>Not found", BASE)
    assert Sitemap() == sitemap.read(b"", BASE)


def test_a_sitemap_that_breaks_off_gives_what_came_before() -> None:
    cut = sitemap.read(b"<urlset><url><loc>https://clinic.example/a</loc></url><url><loc>https://cl", BASE)

    assert Sitemap([FoundUrl("https://clinic.example/a")]) == cut


def test_a_sitemap_is_read_only_so_far() -> None:
    many = b"<urlset>" + b"<url><loc>https://clinic.example/a</loc></url>" * 60_000 + b"</urlset>"

    assert 50_000 == len(sitemap.read(many, BASE).pages)
    assert Sitemap(unreadable=1) == sitemap.read(gzip.compress(b"x" * 80_000_000), BASE)


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("2024-01-02", 1704153600.0),
        ("2024-01-02T01:00:00+01:00", 1704153600.0),
        ("yesterday", None),
        ("", None),
        (None, None),
        ("2024", None),
    ],
)
def test_times_of_change(text: str | None, expected: float | None) -> None:
    assert expected == sitemap.moment(text)


def test_feeds_in_rss_and_atom_say_what_changed_when() -> None:
    atom = (
        b'<feed xmlns="http://www.w3.org/2005/Atom"><link href="/"/><entry><link rel="self" '
        b'href="/s"/><link href="/a"/>'
        b"<published>2023-01-01T00:00:00Z</published><updated>2024-01-02T00:00:00Z</updated></entry></feed>"
    )
    rss = (
        b"<rss><channel><item><link>/b</link><pubDate>Tue, 02 Jan 2024 00:00:00 "
        b"+0000</pubDate></item><item><link>/c</link></item></channel></rss>"
    )

    assert [FoundUrl("https://clinic.example/a", 1704153600.0)] == feed.read(atom, BASE)
    assert [
        FoundUrl("https://clinic.example/b", 1704153600.0),
        FoundUrl("https://clinic.example/c"),
    ] == feed.read(rss, BASE)
    assert [] == feed.read(b"<html><p>Not found", BASE)
    assert [] == feed.read(b"", BASE)


def test_the_posts_of_wordpress_say_what_changed_when() -> None:
    posts = [{"link": "https://clinic.example/a/", "modified_gmt": "2024-01-02T00:00:00"}, {"id": 1}, 7]

    assert [FoundUrl("https://clinic.example/a/", 1704153600.0)] == feed.read_posts(
        json.dumps(posts).encode(), BASE
    )
    assert [] == feed.read_posts(b'{"code":"rest_disabled"}', BASE)
    assert [] == feed.read_posts(b"<html>", BASE)
    assert feed.posts_address("https://clinic.example/?rest_route=/").startswith(
        "https://clinic.example/?rest_route=/wp/v2/posts&per_page=100"
    )


def test_entities_are_never_resolved() -> None:
    bomb = (
        b"<!DOCTYPE x [<!ENTITY f SYSTEM "
        b'"file:///etc/hostname">]><urlset><url><loc>https://clinic.example/&f;</loc></url></urlset>'
    )

    listed = sitemap.read(bomb, BASE)

    assert ["https://clinic.example/&f;"] == [page.url for page in listed.pages]


def test_robots_by_status() -> None:
    forbidding = b"User-agent: *\nDisallow: /a"

    assert robots.rules_from(200, forbidding).refusal("https://clinic.example/a") == FORBIDDEN
    assert robots.rules_from(200, forbidding).refusal("https://clinic.example/b") is None
    assert robots.rules_from(404, forbidding).refusal("https://clinic.example/a") is None
    for status in (500, 503, 429, None):
        assert robots.rules_from(status, b"").refusal("https://clinic.example/b")


@pytest.mark.gold
def test_robots_txt_is_read_as_google_reads_it(gold: Path) -> None:
    """The three misses: Google compares a URL as written; ours are percent-encoded before this check."""
    vectors = json.loads((gold / "vectors/google-robotstxt.json").read_text())
    read = [
        robots.allows(robots.parse(vector["robots_txt"].encode()), vector["url"], vector["user_agent"])
        == vector["allowed"]
        for vector in vectors
    ]

    assert (140, 137) == (len(read), sum(read))
    assert {"ID_Encoding"} == {
        vector["name"] for vector, right in zip(vectors, read, strict=True) if not right
    }


def test_robots_name_sitemaps_and_where_none_is_named_the_usual_places_are_tried() -> None:
    assert ["https://clinic.example/s.xml"] == sitemap.named_in_robots(
        b"User-agent: *\r\nSITEMAP: /s.xml\r\n", BASE
    )
    assert ["/sitemap.xml"] == [link.url for link in discovery.sitemap_guesses("", named=True)]
    assert 3 == len(discovery.sitemap_guesses("", named=False))


def test_articles_are_asked_for_before_contacts_and_lists() -> None:
    ranked = sorted(
        ("/contact/", "/category/back/", "/low-back-pain-relief/", "/about-us/team"),
        key=lambda path: -priority.of_page(f"https://clinic.example{path}", 1, {}),
    )

    assert "/low-back-pain-relief/" == ranked[0]
    assert {"/contact/", "/about-us/team"} == set(ranked[-2:])
    assert priority.of_page("https://clinic.example/blog/x", 1, {"/blog/": 0.9}) > priority.of_page(
        "https://clinic.example/shop/x", 1, {"/shop/": 0.1}
    )


@pytest.mark.parametrize(
    ("floor", "delay", "latency", "status", "expected"),
    [
        (1.0, 1.0, 0.1, 200, 1.0),  # a fast host: the delay that the owner set
        (1.0, 1.0, 5.0, 200, 3.0),  # a slow host: halfway to the time it needs
        (1.0, 1.0, 0.1, 429, 2.0),
        (1.0, 8.0, 0.1, 503, 16.0),
        (1.0, 50.0, 0.1, 503, 60.0),
        (0.0, 0.0, 0.1, 200, 0.0),  # the owner's own machine
        (0.0, 0.0, 0.1, 503, 2.0),
        (0.0, 2.0, 0.1, 200, 1.0),
        (0.0, 0.08, 0.1, 200, 0.0),
    ],
)
def test_a_host_is_asked_as_fast_as_it_bears(
    floor: float, delay: float, latency: float, status: int, expected: float
) -> None:
    assert expected == pytest.approx(throttle.next_delay(floor, delay, latency, status))


def test_the_pause_is_never_shortened_and_always_the_same_for_one_address() -> None:
    factors = [throttle.jitter(f"https://clinic.example/{number}") for number in range(200)]

    assert 1 <= min(factors) < 1.05
    assert 1.2 < max(factors) <= 1.25
    assert factors[0] == throttle.jitter("https://clinic.example/0")
