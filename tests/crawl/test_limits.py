"""No answer costs more than its share."""

from __future__ import annotations

import gzip
from collections.abc import Callable

import pytest
from clinicdex import flow
from faux import Reply, article, faux_site, html, links
from seen import titles

Crawl = Callable[..., flow.Summary]


def test_an_answer_over_the_limit_is_cut_off(house: flow.House, crawled: Crawl, monkeypatch: pytest.MonkeyPatch) -> None:
    bomb = Reply(gzip.compress(b"<p>" + b"x" * 30_000_000), 200, {"Content-Type": "text/html", "Content-Encoding": "gzip"})
    with faux_site({"/": links("/big", "/bomb", "/a"), "/big": html("x" * 11_000_000), "/bomb": bomb, "/a": article("Ankles")}) as site:
        summary = crawled(site)

    assert titles(house) == ["Ankles"]
    assert {"too large": 2} == summary.failed


def test_one_page_that_breaks_the_reader_does_not_stop_the_crawl(house: flow.House, crawled: Crawl) -> None:
    deep = html("<div>" * 200_000 + "x")
    with faux_site(
        {
            "/": links("/deep", "/empty", "/binary", "/a"),
            "/deep": deep,
            "/empty": html(""),
            "/binary": html("\x00\x01" * 5000),
            "/a": article("Ankles"),
        }
    ) as site:
        crawled(site)

    assert titles(house) == ["Ankles"]
