"""Near-duplicates are linked, within and across sites, and never merged."""

from __future__ import annotations

import random
import threading
from collections.abc import Callable

from clinicdex import flow
from clinicdex.article import Article, Source
from clinicdex.catalogue import Catalogue
from clinicdex.index.query import parse
from clinicdex.pipeline.fingerprint import NEAR, distance, simhash
from clinicdex.pipeline.near import Text, link
from faux import Reply, article_text, faux_site, html, links

Crawl = Callable[..., flow.Summary]


def test_near_texts_are_linked_and_others_are_not() -> None:
    mine, others = [Text("b", 0b1000), Text("empty", 0)], [Text("a", 0b1011), Text("far", 2**63 - 1), Text("none", 0)]

    assert {"b": {"a"}} == link(mine, others)
    assert {"a": {"b"}} == link(others, mine)
    assert {"a": {"b"}, "b": {"a"}} == link([*mine, *others], [])


def test_a_word_changed_in_a_long_text_keeps_it_near() -> None:
    text = article_text("spine", 60)

    assert {"a", "b"} == set(link([Text("a", simhash(text)), Text("b", simhash(text.replace("ease", "soothe", 1)))], []))


def stored(house: flow.House, site: str, *articles: Article) -> None:
    house.catalogue.articles.add(articles)
    flow.link_near(house, site)


def linked(catalogue: Catalogue) -> dict[str, tuple[str, ...]]:
    return {article.url: article.near for article in catalogue.articles.all()}


def one(url: str, site: str, fingerprint: int, source: str | None = None) -> Article:
    found = Source("elsewhere", source) if source else None
    return Article(id=url, url=url, site=site, title=url, text="x", fingerprint=fingerprint, source=found)


def test_links_are_kept_on_both_sides_the_named_source_first(house: flow.House) -> None:
    stored(house, "s", one("a", "s", 7, source="z"), one("far", "s", 2**60))
    stored(house, "t", one("b", "t", 7), one("z", "t", 7))
    change = house.catalogue.articles.newest_change()

    assert {"a": ("z", "b"), "b": ("a", "z"), "far": (), "z": ("a", "b")} == linked(house.catalogue)
    assert 0 == flow.link_near(house, "s") == flow.link_near(house, "t")
    assert change == house.catalogue.articles.newest_change()


def test_sites_that_are_linked_at_the_same_time_name_each_other(house: flow.House) -> None:
    prints = [random.Random(n).getrandbits(64) for n in range(15)]

    def fill(site: str) -> None:
        for number, fingerprint in enumerate(prints):
            stored(house, site, one(f"{site}{number}", site, fingerprint))

    threads = [threading.Thread(target=fill, args=(site,)) for site in ("s", "t")]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()

    assert {f"{site}{n}": (f"{other}{n}",) for site, other in ("st", "ts") for n in range(len(prints))} == linked(house.catalogue)


def test_what_goes_or_is_no_longer_near_is_no_longer_linked(house: flow.House) -> None:
    stored(house, "s", one("a", "s", 7), one("c", "s", 7))
    stored(house, "t", one("b", "t", 7))
    house.catalogue.articles.forget("t", "b")
    assert {"a": ("c",), "c": ("a",)} == linked(house.catalogue)

    stored(house, "t", one("b", "t", 7))
    stored(house, "s", one("a", "s", 2**60))
    assert {"a": (), "b": ("c",), "c": ("b",)} == linked(house.catalogue)


def test_links_are_the_same_in_whatever_order_sites_come(house: flow.House) -> None:
    rolls = random.Random(1)
    articles = [one(f"{n:03}", f"s{n % 5}", 0x1234_5678_9ABC_DEF0 ^ sum(1 << rolls.randrange(64) for _ in range(3))) for n in range(60)]
    sites = [f"s{n}" for n in range(5)]
    for site in sites:
        stored(house, site, *(article for article in articles if article.site == site))
    first = linked(house.catalogue)
    for site in reversed(sites):
        house.catalogue.articles.forget(site, "")
        stored(house, site, *(article for article in articles if article.site == site))

    near = {a.url: tuple(b.url for b in articles if a is not b and distance(a.fingerprint, b.fingerprint) <= NEAR) for a in articles}
    assert first == linked(house.catalogue) == near
    assert any(near.values())


def test_the_same_words_on_two_sites_are_linked_and_fold_in_results(house: flow.House, crawled: Crawl) -> None:
    text = article_text("shared", 60)

    def page(words: str) -> Reply:
        half = words.find(".", len(words) // 2) + 1
        return html(f"<article><h1>Stiff Necks</h1><p>{words[:half]}</p><p>{words[half:]}</p></article>", "<title>Stiff Necks</title>")

    with (
        faux_site({"/": links("/neck"), "/neck": page(text)}) as one,
        faux_site({"/": links("/neck"), "/neck": page(text.replace("ease", "soothe", 1))}) as two,
    ):
        crawled(one, name="one")
        crawled(two, name="two")

    kept = {article.site: article for article in house.catalogue.articles.all()}
    assert (kept["two"].url,) == kept["one"].near
    assert (kept["one"].url,) == kept["two"].near
    with house.engine.reader() as reader:
        results = reader.search(parse("stiff necks"))
    assert (2, 1) == (results.total, len(results.hits))
    assert results.hits[0].folded == results.hits[0].article.near
