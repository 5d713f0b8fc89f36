"""Near-duplicates are linked, within and across sites, and never merged."""

from __future__ import annotations

import random
import threading

import pytest
from clinicdex.catalogue import Catalogue
from clinicdex.flow import extraction
from clinicdex.flow.workspace import Workspace
from clinicdex.index.query import parse
from clinicdex.pipeline.near import NEAR, distance, link, simhash
from clinicdex.records import Article, Fingerprinted, Source
from support.faux import CrawlFaux, Reply, article_text, faux_site, html, links

pytestmark = pytest.mark.both_stores


def text(url: str, fingerprint: int, site: str = "mine") -> Fingerprinted:
    return Fingerprinted(site=site, url=url, fingerprint=fingerprint)


def test_near_texts_are_linked_and_others_are_not() -> None:
    mine = [text("b", 0b1000), text("empty", 0)]
    others = [text(url, bits, "others") for url, bits in (("a", 0b1011), ("far", 2**63 - 1), ("none", 0))]

    assert {"b": {"a"}} == link([*mine, *others], "mine")
    assert {"a": {"b"}} == link([*mine, *others], "others")
    assert {"a": {"b"}, "b": {"a"}} == link([text("a", 0b1011), *mine], "mine")


def test_a_word_changed_in_a_long_text_keeps_it_near() -> None:
    prose = article_text("spine", 60)

    assert {"a", "b"} == set(
        link([text("a", simhash(prose)), text("b", simhash(prose.replace("ease", "soothe", 1)))], "mine")
    )


def stored(workspace: Workspace, site: str, *articles: Article) -> None:
    workspace.catalogue.articles.add(articles)
    extraction.link_near(workspace, site)


def linked(catalogue: Catalogue) -> dict[str, tuple[str, ...]]:
    return {article.url: article.near for article in catalogue.articles.all()}


def one(url: str, site: str, fingerprint: int, source: str | None = None) -> Article:
    origin = Source("elsewhere", source) if source else None
    return Article(id=url, url=url, site=site, title=url, text="x", fingerprint=fingerprint, source=origin)


def test_links_are_kept_on_both_sides_the_named_source_first(workspace: Workspace) -> None:
    stored(workspace, "s", one("a", "s", 7, source="z"), one("far", "s", 2**60))
    stored(workspace, "t", one("b", "t", 7), one("z", "t", 7))
    change = workspace.catalogue.articles.newest_change()

    assert {"a": ("z", "b"), "b": ("a", "z"), "far": (), "z": ("a", "b")} == linked(workspace.catalogue)
    assert 0 == extraction.link_near(workspace, "s") == extraction.link_near(workspace, "t")
    assert change == workspace.catalogue.articles.newest_change()


def test_sites_that_are_linked_at_the_same_time_name_each_other(workspace: Workspace) -> None:
    prints = [random.Random(n).getrandbits(64) for n in range(15)]

    def fill(site: str) -> None:
        for number, fingerprint in enumerate(prints):
            stored(workspace, site, one(f"{site}{number}", site, fingerprint))

    threads = [threading.Thread(target=fill, args=(site,)) for site in ("s", "t")]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()

    assert {
        f"{site}{n}": (f"{other}{n}",) for site, other in ("st", "ts") for n in range(len(prints))
    } == linked(workspace.catalogue)


def test_what_goes_or_is_no_longer_near_is_no_longer_linked(workspace: Workspace) -> None:
    stored(workspace, "s", one("a", "s", 7), one("c", "s", 7))
    stored(workspace, "t", one("b", "t", 7))
    workspace.catalogue.articles.forget("t", "b")
    assert {"a": ("c",), "c": ("a",)} == linked(workspace.catalogue)

    stored(workspace, "t", one("b", "t", 7))
    stored(workspace, "s", one("a", "s", 2**60))
    assert {"a": (), "b": ("c",), "c": ("b",)} == linked(workspace.catalogue)


def test_links_are_the_same_in_whatever_order_sites_come(workspace: Workspace) -> None:
    rolls = random.Random(1)
    articles = [
        one(f"{n:03}", f"s{n % 5}", 0x1234_5678_9ABC_DEF0 ^ sum(1 << rolls.randrange(64) for _ in range(3)))
        for n in range(60)
    ]
    sites = [f"s{n}" for n in range(5)]
    for site in sites:
        stored(workspace, site, *(article for article in articles if article.site == site))
    first = linked(workspace.catalogue)
    for site in reversed(sites):
        workspace.catalogue.articles.forget(site, "")
        stored(workspace, site, *(article for article in articles if article.site == site))

    near = {
        a.url: tuple(b.url for b in articles if a is not b and distance(a.fingerprint, b.fingerprint) <= NEAR)
        for a in articles
    }
    assert first == linked(workspace.catalogue) == near
    assert any(near.values())


def test_the_same_words_on_two_sites_are_linked_and_fold_in_results(
    workspace: Workspace, crawled: CrawlFaux
) -> None:
    text = article_text("shared", 60)

    def page(words: str) -> Reply:
        half = words.find(".", len(words) // 2) + 1
        return html(
            f"<article><h1>Stiff Necks</h1><p>{words[:half]}</p><p>{words[half:]}</p></article>",
            "<title>Stiff Necks</title>",
        )

    with (
        faux_site({"/": links("/neck"), "/neck": page(text)}) as one,
        faux_site({"/": links("/neck"), "/neck": page(text.replace("ease", "soothe", 1))}) as two,
    ):
        crawled(one, name="one")
        crawled(two, name="two")

    by_site = {article.site: article for article in workspace.catalogue.articles.all()}
    assert (by_site["two"].url,) == by_site["one"].near
    assert (by_site["one"].url,) == by_site["two"].near
    with workspace.engine.reader() as reader:
        results = reader.search(parse("stiff necks"))
    assert (2, 1) == (results.total, len(results.hits))
    assert results.hits[0].near_duplicates == results.hits[0].article.near
