from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import pytest
from clinicdex import urls
from hypothesis import given
from hypothesis import strategies as st


@pytest.mark.parametrize(
    ("url", "expected"),
    [
        ("HTTP://Clinic.Example:80/A/../b", "http://clinic.example/b"),
        ("https://clinic.example/a#top", "https://clinic.example/a"),
        ("https://clinic.example/a?utm_source=x&id=2&fbclid=9", "https://clinic.example/a?id=2"),
        ("https://clinic.example/a?utm_source=x", "https://clinic.example/a"),
        ("https://clinic.example/a?b=&a=1", "https://clinic.example/a?b=&a=1"),
        # A query string in Latin-1 stays in Latin-1.
        ("https://clinic.example/a?x=%E9&fbclid=1", "https://clinic.example/a?x=%E9"),
        ("https://clinic.example/a?flag&utm_source=x", "https://clinic.example/a?flag"),
        ("https://clinic.example/a?gclid=1&q=a%20b+c&&z=", "https://clinic.example/a?q=a%20b+c&&z="),
        ("https://clinic.example/a?", "https://clinic.example/a"),
        ("https://me:secret@clinic.example/", "https://clinic.example/"),
        ("https://bücher.example/ä", "https://xn--bcher-kva.example/%C3%A4"),
        ("mailto:me@clinic.example", None),
        ("javascript:alert(1)", None),
        ("file:///etc/hostname", None),
        ("not an address", None),
        ("", None),
    ],
)
def test_an_address_has_one_canonical_form(url: str, expected: str | None) -> None:
    assert expected == urls.canonical(url)


def test_a_relative_address_is_joined_to_its_page() -> None:
    assert urls.canonical("../b?x=1", "https://clinic.example/a/c/") == "https://clinic.example/a/b?x=1"


@given(st.text(max_size=200))
def test_canonical_never_raises_and_is_idempotent(text: str) -> None:
    once = urls.canonical(text, "https://clinic.example/")

    assert once is None or urls.canonical(once) == once


# Any character that a URL may hold or that is encoded in one; white space at its ends is not part of it.
@given(
    st.text(
        st.characters(
            min_codepoint=33, max_codepoint=0x24F, exclude_characters="#", exclude_categories=("Cc", "Zs")
        ),
        max_size=40,
    )
)
def test_a_tracking_parameter_changes_no_url(query: str) -> None:
    url = f"https://clinic.example/a?{query}"

    assert urls.canonical(url) == urls.canonical(f"{url}&utm_source=x")
    assert urls.canonical(url) == urls.canonical(f"https://clinic.example/a?fbclid=9&{query}")


def test_the_public_suffix_list_is_read_once(monkeypatch: pytest.MonkeyPatch) -> None:
    import tldextract

    read: list[str] = []
    plain = tldextract.TLDExtract.__init__

    def counted(extract: tldextract.TLDExtract, *args: Any, **more: Any) -> None:
        read.append("once")
        plain(extract, *args, **more)

    monkeypatch.setattr(tldextract.TLDExtract, "__init__", counted)
    urls._public_suffixes.cache_clear()

    for site in ("https://a.example.co.uk/", "https://b.example.org/", "https://c.example.net/"):
        urls.Scope(site)

    assert ["once"] == read


@pytest.mark.parametrize(
    ("other", "same"),
    [
        ("https://www.clinic.example/x", True),
        ("http://clinic.example/", True),
        ("https://blog.clinic.example/", False),
        ("https://clinic.example:8443/", False),
        ("https://other.example/", False),
    ],
)
def test_a_site_is_its_host_with_or_without_www(other: str, same: bool) -> None:
    assert same == urls.same_site("https://clinic.example/", other)


@pytest.mark.parametrize(
    ("path", "reason"),
    [
        ("/articles/back-pain/", None),
        ("/?p=12", None),
        ("/photo.JPG", "not a page"),
        ("/post/?replytocom=3", "action"),
        ("/wp-login.php", "action"),
        ("/a/b/a/b/a/b/a/b", "repeating path"),
        ("/" + "x/" * 17, "too deep"),
        ("/" + "y" * 2000, "too long"),
        ("/events/2024-05/", "calendar"),
        ("/list?orderby=price", "facet"),
        ("/list?" + "&".join(f"a{n}=1" for n in range(11)), "too many parameters"),
    ],
)
def test_traps_are_named(path: str, reason: str | None) -> None:
    assert reason == urls.trap("https://clinic.example" + path)


def test_the_owners_globs_bound_a_crawl() -> None:
    scope = urls.Scope("https://clinic.example/", allow=("/blog/*",), deny=("*/draft-*",))

    refusals = {
        path: scope.refusal("https://clinic.example" + path)
        for path in ("/blog/a", "/about", "/blog/draft-1")
    }

    assert {"/blog/a": None, "/about": "not allowed", "/blog/draft-1": "denied"} == refusals


def test_a_scope_ends_at_its_site_and_at_what_was_forgotten() -> None:
    scope = urls.Scope("https://clinic.org/", forgotten=("https://clinic.org/old/",))

    assert "other site" == scope.refusal("https://other.example/")
    assert "forgotten" == scope.refusal("https://clinic.org/old/a")
    assert scope.refusal("https://blog.clinic.org/old/a") is None


@pytest.mark.parametrize(
    ("url", "formerly"),
    [
        ("https://clinic.org/p?flag", "https://clinic.org/p?flag="),
        ("https://clinic.org/p?a=b%20c", "https://clinic.org/p?a=b+c"),
        ("https://clinic.org/p", "https://clinic.org/p?"),
    ],
)
def test_what_was_forgotten_as_it_was_spelled_before_stays_forgotten(url: str, formerly: str) -> None:
    assert urls.is_under(url, (formerly,))
    assert not urls.is_under(f"{url}x", (formerly,))


def test_the_parts_of_an_address() -> None:
    url = "https://clinic.example:8443/blog/low-back-pain/?p=1"

    assert "https://clinic.example:8443" == urls.origin(url)
    assert ("clinic.example", 8443) == urls.host_port(url)
    assert "/blog/" == urls.folder_of(url)


@pytest.mark.gold
def test_addresses_mean_what_they_mean_to_a_browser(gold: Path) -> None:
    """WHATWG's own vectors: every http(s) URL resolves as listed, every invalid one is refused."""
    vectors = [
        entry
        for entry in json.loads((gold / "vectors/wpt-urltestdata.json").read_text())
        if isinstance(entry, dict)
    ]
    wrong = []
    for entry in vectors:
        base = entry.get("base") if entry.get("base") != "about:blank" else None
        href = entry.get("href", "")
        if entry.get("failure"):
            expected = None
        elif href.startswith(("http://", "https://")):
            expected = urls.canonical(href)
        else:
            continue
        if urls.canonical(entry["input"], base) != expected:
            wrong.append(entry["input"])

    assert [] == wrong


@pytest.mark.parametrize(
    ("url", "encoding", "expected"),
    [
        ("/read?word=santé#café", "cp1252", "https://clinic.example/read?word=sant%E9"),
        ("/été?a=1", "cp1252", "https://clinic.example/%C3%A9t%C3%A9?a=1"),
        ("/read?word=漢", "cp1252", "https://clinic.example/read?word=%26%2328450%3B"),
        ("/read?word=漢", "gb18030", "https://clinic.example/read?word=%9D%68"),
        ("/read?word=é", "utf-16-le", "https://clinic.example/read?word=%C3%A9"),
        ("/read#é?word=é", "cp1252", "https://clinic.example/read"),
        ("/read?word=é", "utf-8", "https://clinic.example/read?word=%C3%A9"),
    ],
)
def test_a_query_is_encoded_as_its_page_is(url: str, encoding: str, expected: str) -> None:
    assert expected == urls.canonical(url, "https://clinic.example/", encoding)


@pytest.mark.parametrize(
    ("path", "expected"),
    [
        ("/special/index.html", "/special/"),
        ("/special/Default.aspx", "/special/"),
        ("/index.php", "/"),
        ("/special/", "/special/"),
        ("/special/index-finger.html", "/special/index-finger.html"),
    ],
)
def test_a_folder_and_its_own_page_have_one_path(path: str, expected: str) -> None:
    assert expected == urls.path_of_folder(f"https://clinic.example{path}")


def test_spellings_are_compared_unescaped() -> None:
    assert urls.unescaped("https://clinic.example/caf%c3%a9") == urls.unescaped("https://clinic.example/café")


@pytest.mark.parametrize(
    ("path", "changes"),
    [
        ("/comments/12/delete", True),
        ("/delete.php?id=3", True),
        ("/x?do=delete", True),
        ("/x?remove_item=a", True),
        ("/unsubscribe?t=1", True),
        ("/poll?vote=2", True),
        ("/how-to-remove-a-tick/", False),
        ("/tooth-removal/", False),
        ("/x?q=removes", False),
    ],
)
def test_links_that_change_something_are_not_worth_fetching(path: str, changes: bool) -> None:
    assert ("action" if changes else None) == urls.trap(f"https://clinic.example{path}")
