"""Near-duplicates are linked, within and across sites, and never merged."""

from __future__ import annotations

from collections.abc import Callable

from clinicdex import flow
from clinicdex.index.query import parse
from clinicdex.pipeline.fingerprint import simhash
from clinicdex.pipeline.near import Text, link
from faux import Reply, article_text, faux_site, html, links

Crawl = Callable[..., flow.Summary]


def test_near_texts_are_linked_and_others_are_not() -> None:
    texts = [Text("b", 0b1000), Text("a", 0b1011), Text("far", 2**63 - 1), Text("empty", 0)]

    assert {"a": ("b",), "b": ("a",)} == link(texts)
    assert link(texts) == link(reversed(texts))


def test_an_attributed_source_comes_first() -> None:
    assert ("z", "b") == link([Text("a", 7, source="z"), Text("b", 7), Text("z", 7)])["a"]


def test_a_word_changed_in_a_long_text_keeps_it_near() -> None:
    text = article_text("spine", 60)

    assert {"a", "b"} == set(link([Text("a", simhash(text)), Text("b", simhash(text.replace("ease", "soothe", 1)))]))


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
