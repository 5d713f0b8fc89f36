"""Other projects' search clients, unchanged, with our API; tests/clients/package.json has their versions."""

from __future__ import annotations

import json
import subprocess
from pathlib import Path
from typing import TYPE_CHECKING, Any

from clinicdex.searchbox.app import application
from clinicdex.searchbox.settings import Settings
from starlette.applications import Starlette
from starlette.responses import HTMLResponse
from starlette.routing import Mount, Route
from starlette.staticfiles import StaticFiles
from support.door import CLINIC, holding, listening, served

if TYPE_CHECKING:
    from playwright.sync_api import Browser


def said(clients: Path, script: str) -> Any:
    with served(holding(CLINIC)) as address:
        ran = subprocess.run(
            ["node", script, address], cwd=clients, capture_output=True, text=True, timeout=60, check=False
        )
    assert ran.returncode == 0, ran.stderr
    return json.loads(ran.stdout)


def test_meilisearch_js_works_unchanged(clients: Path) -> None:
    answers = said(clients, "meilisearch.mjs")

    assert {
        "health": {"status": "available"},
        "version": "1.2.3",
        "indexes": ["articles"],
        "index": "id",
    }.items() <= answers.items()
    assert answers["post"] == answers["get"] == ["Piriformis syndrome", "Sciatica"]
    assert [
        ["Piriformis syndrome"],
        ["Knee pain after running"],
        ["Knee pain after running", "Piriformis syndrome"],
    ] == [answers[name] for name in ("arrays", "text", "range")]
    assert "<em>Piriformis</em> syndrome" == answers["highlighted"]
    assert [4, 2] == answers["pages"]
    assert [["Knee pain after running"], ["Sciatica"]] == answers["multi"]
    assert [{"value": "Knee", "count": 1}] == answers["facet"]
    assert [True, "invalid_search_filter", 400] == answers["badFilter"]
    assert [True, "index_not_found", 404] == answers["noIndex"]


def test_instant_meilisearch_works_unchanged(clients: Path) -> None:
    answers = said(clients, "instant.mjs")

    assert ["Piriformis syndrome", "Sciatica"] == answers["titles"]
    assert "__ais-highlight__sciatic__/ais-highlight__" in answers["highlighted"]
    assert (2, {"two": 2}, ["Sciatica"], ["Knee"]) == (
        answers["count"],
        answers["facets"],
        answers["narrowed"],
        answers["values"],
    )


def test_the_autocomplete_client_works_unchanged(clients: Path) -> None:
    assert {
        "titles": ["Piriformis syndrome"],
        "marked": "__ais-highlight__Piriformis__/ais-highlight__ syndrome",
    } == said(clients, "autocomplete.mjs")


INSTANT = """<!doctype html><title>InstantSearch</title>\
<div id="box"></div><div id="topics"></div><div id="hits"></div><div id="pages"></div>
<script src="/npm/instantsearch.js/dist/instantsearch.production.min.js"></script>
<script type="importmap">{"imports": {"meilisearch": "/npm/meilisearch/dist/index.js"}}</script>
<script type="module">
import { instantMeiliSearch } from "/npm/@meilisearch/instant-meilisearch/dist/index.js";
const { searchClient } = instantMeiliSearch(location.origin, "not-needed", { finitePagination: true });
const search = instantsearch({ indexName: "articles", searchClient, routing: true });
const w = instantsearch.widgets;
search.addWidgets([w.searchBox({ container: "#box" }), \
w.refinementList({ container: "#topics", attribute: "topics" }), w.pagination({ container: "#pages" }),
  w.hits({ container: "#hits", templates: { item: (hit, { html, components }) => \
html`<a href="${hit.url}">${components.Highlight({ attribute: "title", hit })}</a>` } })]);
search.start();
</script>"""
DOCSEARCH = """<!doctype html><title>docsearch</title><div id="search"></div>
<script src="/npm/meilisearch-docsearch/dist/index.global.js"></script>
<script>__docsearch_meilisearch__.docsearch({ container: "#search", host: location.origin, \
apiKey: "not-needed", indexUid: "articles" });</script>"""


def beside(clients: Path, page: str) -> Starlette:
    """Return the application with a page that uses a client, without the headers that forbid that."""
    ours = application(holding(CLINIC), Settings("1.2.3"))
    return Starlette(
        routes=[
            Route("/page", lambda request: HTMLResponse(page)),
            Mount("/npm", StaticFiles(directory=clients / "node_modules")),
            Mount("/", ours),
        ]
    )


def test_instantsearch_draws_results_facets_and_marks_in_a_browser(clients: Path, browser: Browser) -> None:
    with listening(beside(clients, INSTANT)) as address, browser.new_page() as page:
        page.goto(f"{address}/page")
        page.wait_for_selector("#hits a")
        assert 4 == page.locator("#hits a").count()
        page.fill("#box input", "sciat")
        page.wait_for_function("document.querySelectorAll('#hits a').length === 2")
        assert {"Sciatica"} == set(page.locator("#hits mark").all_inner_texts())
        page.locator("#topics label", has_text="Low Back Pain").click()
        page.wait_for_function("document.querySelectorAll('#hits a').length === 1")
        assert "Sciatica" == page.locator("#hits a").inner_text()


def test_docsearch_draws_results_in_a_browser(clients: Path, browser: Browser) -> None:
    with listening(beside(clients, DOCSEARCH)) as address, browser.new_page() as page:
        page.goto(f"{address}/page")
        page.locator("#search button").first.click()
        page.locator("input").first.fill("piriformis")
        page.wait_for_selector("a[href='https://one.example/4']")
        assert "Piriformis" in page.locator("a[href='https://one.example/4']").inner_text()
