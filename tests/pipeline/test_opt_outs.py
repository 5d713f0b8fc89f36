"""What a publisher reserves is read from its page and its site's files, and kept in the record."""

from __future__ import annotations

import json
from datetime import UTC, datetime

import pytest
from clinicdex.flow.workspace import Workspace
from clinicdex.pipeline.opt_outs import SiteOptOuts
from clinicdex.pipeline.robots import directives
from clinicdex.records import Page
from support.faux import CrawlFaux, Reply, article, faux_site, links, text

SIGNALS = """User-agent: otherbot
Content-Signal: ai-input=no

User-agent: *
Content-Signal: search=yes, ai-train=no
Content-Signal: /leaflets/ ai-input=no
Disallow: /x
"""
TDMREP = json.dumps(
    [{"location": "/papers/*", "tdm-reservation": 1}, {"location": "/free$", "tdm-reservation": 0}, 7]
)


@pytest.mark.parametrize(
    ("path", "reserved"),
    [
        ("/", ("ai-train=no",)),
        ("/leaflets/a", ("ai-train=no", "ai-input=no")),
        ("/papers/a", ("ai-train=no", "tdm-reservation")),
        ("/free", ("ai-train=no",)),
    ],
)
def test_the_files_of_a_site_reserve_by_path(path: str, reserved: tuple[str, ...]) -> None:
    site = SiteOptOuts.from_files(SIGNALS, TDMREP)

    assert reserved == site.of(f"https://clinic.example{path}")


@pytest.mark.parametrize("broken", ["", "{", "[1, 2]", '{"location": "/"}', '[{"location": 3}]'])
def test_a_file_that_is_none_reserves_nothing(broken: str) -> None:
    assert SiteOptOuts() == SiteOptOuts.from_files(broken, broken)


def test_what_is_reserved_is_in_the_record_of_the_article(workspace: Workspace, crawled: CrawlFaux) -> None:
    tagged = article("Backs", head='<meta name="robots" content="noai, noimageai">')
    free = article("Calves")
    pages = {
        "/": links("/papers/a", "/b", "/papers/c"),
        "/robots.txt": text(SIGNALS),
        "/.well-known/tdmrep.json": text(TDMREP, "application/json"),
        "/papers/a": article("Ankles"),
        "/b": tagged,
        "/papers/c": Reply(free.body, 200, free.headers | {"TDM-Reservation": "0"}),
    }
    with faux_site(pages) as site:
        crawled(site)

    assert {
        "Ankles": ("ai-train=no", "tdm-reservation"),
        "Backs": ("ai-train=no", "noai", "noimageai"),
        "Calves": ("ai-train=no",),
    } == {found.title: found.opt_outs for found in workspace.catalogue.articles.all()}


@pytest.mark.parametrize(
    ("written", "expected"),
    [
        ("unavailable_after: 25 Jun 2010 15:00:00 PST", datetime(2010, 6, 25, 23, tzinfo=UTC)),
        (
            "unavailable_after: Friday, 25-Jun-10 15:00:00 GMT, noarchive",
            datetime(2010, 6, 25, 15, tzinfo=UTC),
        ),
        ("noarchive, unavailable_after: 2010-06-25T15:00:00+00:00", datetime(2010, 6, 25, 15, tzinfo=UTC)),
        ("unavailable_after: 2010-06-25", datetime(2010, 6, 25, tzinfo=UTC)),
        ("unavailable_after: soon", None),
        ("otherbot: unavailable_after: 25 Jun 2010 15:00:00 GMT", None),
    ],
)
def test_the_last_day_of_a_page_is_read(written: str, expected: datetime | None) -> None:
    page = Page("https://a.example/", "https://a.example/", 200, datetime(2009, 1, 1, tzinfo=UTC),
                (("x-robots-tag", written),), b"")  # fmt: skip

    assert expected == directives(page, None).expires
