"""No answer costs more than its limits allow, however it is compressed."""

from __future__ import annotations

import gzip
from dataclasses import replace

import brotli
import pytest
from backports import zstd
from clinicdex.flow.workspace import Workspace
from support.faux import CrawlFaux, Reply, article, faux_site, html, links
from support.seen import titles

PACKED = {"gzip": gzip.compress, "br": brotli.compress, "zstd": zstd.compress}


def test_an_answer_over_the_limit_is_cut_off(
    workspace: Workspace, crawled: CrawlFaux, monkeypatch: pytest.MonkeyPatch
) -> None:
    bomb = Reply(
        gzip.compress(b"<p>" + b"x" * 30_000_000),
        200,
        {"Content-Type": "text/html", "Content-Encoding": "gzip"},
    )
    with faux_site(
        {
            "/": links("/big", "/bomb", "/a"),
            "/big": html("x" * 11_000_000),
            "/bomb": bomb,
            "/a": article("Ankles"),
        }
    ) as site:
        summary = crawled(site)

    assert titles(workspace) == ["Ankles"]
    assert {"too large": 2} == summary.failed


def test_one_page_that_breaks_the_reader_does_not_stop_the_crawl(
    workspace: Workspace, crawled: CrawlFaux
) -> None:
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

    assert titles(workspace) == ["Ankles"]


@pytest.mark.parametrize("coding", PACKED)
def test_an_answer_is_unpacked_only_so_far(workspace: Workspace, crawled: CrawlFaux, coding: str) -> None:
    def packed(reply: Reply) -> Reply:
        return Reply(PACKED[coding](reply.body), 200, reply.headers | {"Content-Encoding": coding})

    with faux_site(
        {"/": links("/bomb", "/a"), "/bomb": packed(html("x" * 200_000_000)), "/a": packed(article("Ankles"))}
    ) as site:
        summary = crawled(site)

    assert titles(workspace) == ["Ankles"]
    assert {"too large": 1} == summary.failed


def test_headers_that_do_not_end_are_cut_off(workspace: Workspace, crawled: CrawlFaux) -> None:
    endless = Reply(b"", 200, {f"X-Filler-{number}": "x" * 8_000 for number in range(2_000)})  # 16 MB
    with faux_site({"/": links("/endless", "/a"), "/endless": endless, "/a": article("Ankles")}) as site:
        summary = crawled(site)

    assert titles(workspace) == ["Ankles"]
    assert {"too large": 1} == summary.failed
    assert 1 == site.asked.count("/endless")


def test_a_page_has_so_many_seconds_first_byte_to_last(workspace: Workspace, crawled: CrawlFaux) -> None:
    workspace.config = replace(workspace.config, timeout=1.0)
    with faux_site(
        {"/": links("/slow", "/a"), "/slow": Reply(b"<p>late</p>", wait=3.0), "/a": article("Ankles")}
    ) as site:
        summary = crawled(site)

    assert titles(workspace) == ["Ankles"]
    assert {"timeout": 1} == summary.failed
