"""A search box without a server: files on any web host, searched in the browser."""

from __future__ import annotations

import gzip
import json
import subprocess
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import replace
from pathlib import Path
from typing import TYPE_CHECKING, Any

import pytest
from clinicdex.config import Pin
from clinicdex.index.query import parse
from clinicdex.index.synonyms import Synonyms
from clinicdex.records import Article, SnippetLimits, Topic
from clinicdex.searchbox import static_export
from clinicdex.searchbox.settings import Settings
from starlette.applications import Starlette
from starlette.requests import Request
from starlette.responses import HTMLResponse, Response
from starlette.routing import Mount, Route
from starlette.staticfiles import StaticFiles
from support.door import CLINIC, LOW_BACK, article, holding, listening
from support.door import asked as door_of

if TYPE_CHECKING:
    from playwright.sync_api import Browser, Page

STRICT = (
    "default-src 'none'; script-src 'self'; style-src 'self'; connect-src 'self'; "
    "base-uri 'none'; report-uri /report"
)
ASK = """
const { find } = await import(process.argv[1]);
const answers = [];
for (const wanted of JSON.parse(process.argv[3])) answers.push(await find(new URL(process.argv[2]), wanted));
console.log(JSON.stringify(answers));
"""


def exported(folder: Path, articles: list[Article], **settings: Any) -> Path:
    static_export.write(static_export.files(articles, Settings("1", **settings), Synonyms()), folder)
    return folder


def asked(folder: Path, *wanted: dict[str, Any] | str) -> list[Any]:
    """Run queries on the exported index in Node; return its answers."""
    with listening(Starlette(routes=[Mount("/deep/down", StaticFiles(directory=folder))])) as address:
        queries = json.dumps([{"q": query} if isinstance(query, str) else query for query in wanted])
        module = folder / "clinicdex-index.mjs"
        module.write_bytes((folder / "clinicdex-index.js").read_bytes())
        command = [
            "node",
            "--input-type=module",
            "-e",
            ASK,
            "--",
            str(module),
            f"{address}/deep/down/",
            queries,
        ]
        ran = subprocess.run(command, capture_output=True, text=True, timeout=120, check=False)
    assert ran.returncode == 0, ran.stderr
    answers: list[Any] = json.loads(ran.stdout)
    return answers


def titles(found: Any) -> list[str]:
    return [hit["title"] for hit in found["hits"]]


QUESTIONS = [
    "back pain",
    "sciatic nerve",
    "knee",
    "stretching",
    "how do I treat my back?",
    "sciatica -foot",
    "+nerve back",
    "pirif*",
    "roe",
    "walks",
    "xylophone",
    "“sciatic nerve” back",
    "the",
]
WRITTEN_QUESTIONS = [
    "x ray",
    "followup",
    "follow up",
    "5 mg",
    "vitamin a",
    '"vitamin a"',
    "accidente de auto",
    "慢性腰痛",
    "痛",
    "l'arthrose",
    "oedeme",
    "Rückenschmerzen",
    "head ache",
]


WRITTEN = [
    article(
        20, "X-ray", "An x-ray and a follow-up visit. Take 5mg, or 200 mg. A headache passes.", language="en"
    ),
    article(21, "Vitamin A", "Vitamin A and a carrot. De Quervain had no car.", language="en"),
    article(22, "慢性腰痛的治疗", "很多人在久坐之后出现慢性腰痛。我们建议每天步行三十分钟。", language="zh"),
    article(23, "L'arthrose du genou", "L’œdème et l'arthrose de l’épaule.", language="fr"),
    article(24, "Der Rücken", "Starke Schmerzen im Rücken nach dem Sport. Übungen helfen.", language="de"),
]


@pytest.mark.parametrize(("held", "questions"), [(CLINIC, QUESTIONS), (WRITTEN, WRITTEN_QUESTIONS)])
def test_the_browser_finds_what_the_server_finds_with_the_same_scores(
    held: list[Article], questions: list[str], tmp_path: Path, clients: Path
) -> None:
    answers = asked(exported(tmp_path, held), *questions)

    with holding(held).reader() as reader:
        for question, answer in zip(questions, answers, strict=True):
            expected = reader.search(parse(question))
            if question in ("the",):
                continue  # a server returns all articles for a query without search terms
            assert [hit.article.title for hit in expected.hits] == titles(answer), question
            assert [hit.score for hit in expected.hits] == pytest.approx(
                [hit["score"] for hit in answer["hits"]]
            )
            assert [hit.snippet.text for hit in expected.hits] == [
                hit["snippet"] for hit in answer["hits"]
            ], question


def test_the_browser_offers_the_topics_that_the_server_offers(tmp_path: Path, clients: Path) -> None:
    labels = (
        "Knee",
        "Knees",
        "Posture",
        "Low Back Pain",
        "Back Pain",
        "Body",
        "Bodies",
        "__proto__",
        "Sciatica",
    )
    chosen = [tuple(Topic(one) for i, one in enumerate(labels) if n % (i + 2) < 2) for n in range(20)]
    some = [
        article(100 + n, f"Pain {n}", "Pain. " * (n % 5 + 1), topics=topics)
        for n, topics in enumerate(chosen)
    ]
    questions = ["pain", "pain 7", "knee", "sciatica", "posture"]
    door = door_of([*CLINIC, *some])
    expected = [door.get("/search.json", params={"q": one}).json()["about"] for one in questions]

    answers = asked(exported(tmp_path, [*CLINIC, *some]), *({"q": one, "limit": 3} for one in questions))
    assert all(expected)
    assert expected == [one["about"] for one in answers]


def test_it_marks_completes_corrects_and_counts(tmp_path: Path, clients: Path) -> None:
    pins = (Pin("opening hours", "https://one.example/contact", "Open"),)
    folder = exported(tmp_path, CLINIC, pins=pins, no_results_link="https://one.example/ask")
    marked, typing, wrong, pinned, narrowed = asked(
        folder, "sciatic", "piri", "sciatca", "Opening HOURS", {"q": "back pain", "topic": "back pain"}
    )

    assert ["sciatic"] == [
        text.lower()
        for text in {hit["snippet"][start:end] for hit in marked["hits"] for start, end in hit["highlights"]}
    ]
    assert ["Piriformis syndrome"] == titles(typing)
    assert ["Piriformis syndrome"] == typing["suggestions"]
    assert ("sciatica", "https://one.example/ask", 0) == (
        wrong["did_you_mean"],
        wrong["no_results_link"],
        wrong["total"],
    )
    assert [{"url": "https://one.example/contact", "title": "Open", "summary": ""}] == pinned["pinned"]
    assert {"Low back pain", "Sciatica"} == set(titles(narrowed))
    assert {"Low Back Pain": 2, "Back Pain": 2}.items() <= narrowed["facets"]["topic"].items()
    assert "Not medical advice" in narrowed["notice"]


def test_words_of_the_vocabulary_lead_to_what_means_the_same(tmp_path: Path, clients: Path) -> None:
    with holding(CLINIC).reader() as reader:
        expected = reader.search(parse("lumbago"))
    assert expected.total
    assert [hit.article.title for hit in expected.hits] == titles(
        asked(exported(tmp_path, CLINIC), "lumbago")[0]
    )


def test_what_a_page_forbids_to_show_is_in_no_file(tmp_path: Path) -> None:
    exported_files = static_export.files(
        [article(1, "One", "Secretive pain.", summary="Secretive", limits=SnippetLimits(nosnippet=True))],
        Settings("1"),
        Synonyms(),
    )
    documents = [
        json.loads(gzip.decompress(data)) for name, data in exported_files.items() if name.startswith("d-")
    ]

    assert [[{"u": "https://one.example/1", "t": "One", "s": "one"}]] == documents


def test_files_are_named_by_their_content_and_older_parts_go(tmp_path: Path) -> None:
    exported(tmp_path, CLINIC)
    before = {path.name: path.read_bytes() for path in tmp_path.iterdir()}
    exported(tmp_path, CLINIC)
    assert before == {path.name: path.read_bytes() for path in tmp_path.iterdir()}

    exported(tmp_path, [replace(CLINIC[0], text="Something else."), *CLINIC[1:]])
    named = json.loads(gzip.decompress((tmp_path / static_export.CONTENTS).read_bytes()))
    parts = {f"{kind}-{digest}.bin" for kind in "td" for _, digest in named[kind]} | {
        f"{kind}-{digest}.bin" for kind in "wc" for digest in named[kind].values()
    }
    assert parts | {f"{kind}-{named[kind]}.bin" for kind in "fs"} == {
        path.name for path in tmp_path.glob("?-*.bin")
    }


def test_several_languages_and_odd_texts_are_searched(tmp_path: Path, clients: Path) -> None:
    articles = [
        article(1, "Rückenschmerzen", "Übungen für den Rücken helfen.", language="de"),
        article(2, "Dolor de espalda", "Los ejercicios alivian la espalda.", language="es"),
        article(3, "Ponds’s knee 𝒜", "O’Brien’s knee: 𝒜 rest.", topics=(LOW_BACK, Topic("__proto__"))),
        article(4, "constructor", "toString __proto__ valueOf"),
    ]
    questions = ["rücken", "RUCKEN", "ejercicio", "o'brien", "constructor", "toString", "übung"]
    answers = asked(exported(tmp_path, articles), *questions)

    with holding(articles).reader() as reader:
        assert [[hit.article.title for hit in reader.search(parse(one)).hits] for one in questions] == [
            titles(one) for one in answers
        ]


@contextmanager
def host(browser: Browser, folder: Path, reports: list[bytes], script: str = "") -> Iterator[Page]:
    """Serve a clinic's web site with the search box in a folder below its root; yield a browser page."""

    async def report(request: Request) -> Response:
        reports.append(await request.body())
        return Response(status_code=204)

    def page(request: Request) -> Response:
        body = '<main><h1>Clinic</h1><clinicdex-search data-index="/files/search/"></clinicdex-search></main>'
        head = '<title>Clinic</title><script src="/files/search/clinicdex-search.js" defer></script>'
        return HTMLResponse(
            f'<!doctype html><html lang="de"><head>{head}</head><body>{body}</body></html>',
            headers={"Content-Security-Policy": STRICT},
        )

    routes = [
        Route("/page", page),
        Route("/report", report, methods=["POST"]),
        Mount("/files/search", StaticFiles(directory=folder)),
    ]
    with listening(Starlette(routes=routes)) as address, browser.new_page() as opened:
        opened.set_default_timeout(10_000)
        opened.goto(f"{address}/page")
        yield opened


def test_the_search_box_works_from_files_alone_under_a_strict_policy(
    browser: Browser, tmp_path: Path
) -> None:
    reports: list[bytes] = []
    with host(browser, exported(tmp_path, CLINIC), reports) as page:
        page.fill("input", "sciatic ner")
        page.wait_for_selector("clinicdex-search mark")
        assert {"Sciatica", "Piriformis syndrome"} == set(page.locator("[part=title]").all_inner_texts())
        assert "Kein ärztlicher Rat" in page.locator("[part=notice]").inner_text()
        page.locator("[part=chip]", has_text="Sciatica").click()
        page.wait_for_function(
            "document.querySelector('clinicdex-search').shadowRoot.querySelectorAll('[part=title]').length "
            "=== 1"
        )
        page.fill("input", "sciatca")
        page.get_by_text("Meinten Sie: sciatica").wait_for()
    assert [] == reports


def test_a_file_that_is_missing_is_told_and_nothing_breaks(browser: Browser, tmp_path: Path) -> None:
    exported(tmp_path, CLINIC)
    (tmp_path / static_export.CONTENTS).unlink()
    with host(browser, tmp_path, []) as page:
        page.fill("input", "pain")
        page.wait_for_selector("[part=help]")
        assert "nicht erreichbar" in page.locator("[part=help]").inner_text()


def test_all_scripts_together_are_small(tmp_path: Path) -> None:
    exported(tmp_path, CLINIC)
    assert sum(len(gzip.compress(path.read_bytes(), 9)) for path in tmp_path.glob("*.js")) <= 15 * 1024
