"""The search box in a real browser."""

from __future__ import annotations

import contextlib
import gzip
import json
from collections.abc import Iterator
from pathlib import Path
from typing import TYPE_CHECKING, Any

import pytest
from clinicdex.records import Article, Topic
from clinicdex.searchbox.app import application
from clinicdex.searchbox.settings import Settings
from clinicdex.searchbox.widget import code
from starlette.applications import Starlette
from starlette.requests import Request
from starlette.responses import HTMLResponse, Response
from starlette.routing import Mount, Route
from support.door import CLINIC, article, holding, listening, moved
from support.hostile import HOSTILE

if TYPE_CHECKING:
    from playwright.sync_api import Browser, Dialog, Page

BOX = "<clinicdex-search></clinicdex-search>"
STRICT = (
    "default-src 'none'; script-src 'self'; style-src 'self'; connect-src 'self'; "
    "form-action 'self'; base-uri 'none'; report-uri /report"
)


class Clinic:
    """A clinic's own site with the search box on it, and what browsers sent to it."""

    def __init__(
        self,
        body: str,
        *,
        articles: list[Article] | None = None,
        head: str = "",
        attributes: str = "",
        script: str = "",
        **settings: Any,
    ) -> None:
        self.reports: list[bytes] = []
        self.asked: list[str] = []
        loaded = f'<script src="/clinicdex-search.js" defer {script}></script>'
        self._page = (
            f'<!doctype html><html lang="en" {attributes}><head><title>Clinic</title>{head}{loaded}</head>'
            f"<body><main><h1>Clinic</h1>{body}</main></body></html>"
        )
        self._articles = articles if articles is not None else CLINIC
        self._settings = settings

    @contextlib.contextmanager
    def open(self) -> Iterator[str]:
        async def report(request: Request) -> Response:
            self.reports.append(await request.body())
            return Response(status_code=204)

        def page(request: Request) -> Response:
            return HTMLResponse(self._page, headers={"Content-Security-Policy": STRICT})

        def landed(request: Request) -> Response:
            return HTMLResponse(f"<!doctype html><title>landed</title><p>{request.url.path}")

        ours = application(holding(self._articles), Settings("1", **self._settings))

        async def watched(scope: Any, receive: Any, send: Any) -> None:
            self.asked.append(scope["path"])
            await ours(scope, receive, send)

        routes = [
            Route("/page", page),
            Route("/report", report, methods=["POST"]),
            Route("/a/{n}", landed),
            Route("/own", landed),
            Mount("/", watched),
        ]
        with listening(Starlette(routes=routes)) as address:
            yield address


@contextlib.contextmanager
def visited(browser: Browser, clinic: Clinic, path: str = "/page", **context: Any) -> Iterator[Page]:
    with clinic.open() as address:
        opened = browser.new_context(**context)
        page = opened.new_page()
        page.set_default_timeout(10_000)
        page.goto(address + path)
        try:
            yield page
        finally:
            opened.close()


def violations(page: Page, clients: Path) -> list[str]:
    page.evaluate((clients / "node_modules/axe-core/axe.min.js").read_text())
    report = page.evaluate(
        "axe.run(document, {runOnly: ['wcag2a', 'wcag2aa', 'wcag21a', 'wcag21aa', 'wcag22aa', "
        "'best-practice']})"
    )
    return [
        f"{violation['id']}: {node['html'][:120]} {node['failureSummary'][:200]}"
        for violation in report["violations"]
        for node in violation["nodes"]
    ]


def titles(page: Page) -> list[str]:
    return page.locator("clinicdex-search [part=title]").all_inner_texts()


def test_results_come_while_typing_with_marks(browser: Browser) -> None:
    with visited(browser, Clinic(BOX)) as page:
        page.locator("input").press_sequentially("sciatic ne", delay=20)
        page.wait_for_selector("clinicdex-search mark")
        assert {"Sciatica", "Piriformis syndrome"} <= set(titles(page))
        assert {"sciatic"} <= {
            text.lower() for text in page.locator("clinicdex-search mark").all_inner_texts()
        }
        assert "results" in page.locator("[role=status]").inner_text()
        assert "Not medical advice" in page.locator("[part=notice]").inner_text()


def test_typing_fast_asks_once(browser: Browser) -> None:
    clinic = Clinic(BOX)
    with visited(browser, clinic) as page:
        page.locator("input").press_sequentially("sciatica", delay=10)
        page.wait_for_selector("clinicdex-search [part=title]")
        assert clinic.asked.count("/search.json") <= 2


def test_everything_is_done_with_the_keyboard_alone(browser: Browser) -> None:
    with visited(browser, Clinic(BOX)) as page:
        page.keyboard.press("/")
        page.keyboard.type("piriformis")
        page.wait_for_selector("clinicdex-search [part=title]")
        field = page.locator("input")
        assert ("combobox", "true") == (field.get_attribute("role"), field.get_attribute("aria-expanded"))
        page.keyboard.press("ArrowDown")
        chosen = field.get_attribute("aria-activedescendant")
        assert chosen
        assert "true" == page.locator(f"#{chosen}").get_attribute("aria-selected")
        page.keyboard.press("Escape")
        assert "false" == field.get_attribute("aria-expanded")
        assert "piriformis" == field.input_value()
        page.keyboard.press("Escape")
        assert "" == field.input_value()
        page.locator("h1").click()
        page.keyboard.press("Control+k")
        assert page.evaluate("document.activeElement.localName") == "clinicdex-search"


def test_enter_follows_the_chosen_result(browser: Browser) -> None:
    clinic = Clinic(BOX)
    with clinic.open() as address, browser.new_page() as page:
        page.goto(f"{address}/page")
        page.route(
            "https://one.example/**", lambda route: route.fulfill(body="landed", content_type="text/html")
        )
        page.fill("input", "piriformis syndrome")
        page.wait_for_selector("clinicdex-search [part=title]")
        while page.locator("[aria-selected=true] [part=title]").count() == 0:
            page.keyboard.press("ArrowDown")
        page.keyboard.press("Enter")
        page.wait_for_url("https://one.example/4")


def test_enter_without_a_choice_leads_to_the_results_page(browser: Browser) -> None:
    with visited(browser, Clinic(BOX)) as page:
        page.fill("input", "knee")
        page.keyboard.press("Enter")
        page.wait_for_url("**/search?q=knee")
        assert "Knee pain after running" in page.inner_text("main")


def test_all_results_are_those_of_the_box(browser: Browser) -> None:
    with visited(browser, Clinic('<clinicdex-search site="two" limit="1"></clinicdex-search>')) as page:
        page.fill("input", "nerve back")
        page.get_by_text("All 2 results").click()
        page.wait_for_url("**/search?q=nerve+back&site=two")
        assert "2 results" in page.inner_text("main")


def test_enter_keeps_the_chosen_topic(browser: Browser) -> None:
    box = (
        '<clinicdex-search><form action="/search"><input type="search" name="q" '
        'aria-label="Search"><button>Search</button></form></clinicdex-search>'
    )
    with visited(browser, Clinic(box)) as page:
        page.locator("input[role=combobox]").fill("back")
        page.locator("[part=chip]", has_text="Sciatica").click()
        page.wait_for_selector("[part=chip][aria-pressed=true]")
        page.locator("input[role=combobox]").press("Enter")
        page.wait_for_url("**/search?q=back&topic=Sciatica")


def test_on_a_narrowed_page_the_box_shows_what_enter_leads_to(browser: Browser) -> None:
    with visited(browser, Clinic(BOX), "/search?q=back&site=two") as page:
        page.locator("input[role=combobox]").fill("back pain")
        page.wait_for_selector("clinicdex-search [part=title]")
        assert ["Sciatica"] == titles(page)
        page.locator("input[role=combobox]").press("Enter")
        page.wait_for_url("**/search?q=back+pain&site=two")


def test_hotkeys_can_be_switched_off(browser: Browser) -> None:
    with visited(browser, Clinic('<clinicdex-search hotkeys="off"></clinicdex-search>')) as page:
        page.keyboard.press("/")
        assert page.evaluate("document.activeElement.localName") == "body"


def test_a_mistyped_word_and_a_topic_are_one_click_away(browser: Browser) -> None:
    with visited(browser, Clinic(BOX)) as page:
        page.fill("input", "sciatca")
        page.get_by_text("Did you mean: sciatica").click()
        page.wait_for_selector("clinicdex-search [part=title]")
        page.fill("input", "back")
        page.wait_for_selector("[part=chip]")
        page.locator("[part=chip]", has_text="Sciatica").click()
        page.wait_for_selector("[part=chip][aria-pressed=true]")
        page.wait_for_function(
            "document.querySelector('clinicdex-search').shadowRoot.querySelectorAll('[part=title]').length "
            "=== 1"
        )
        assert ["Sciatica"] == titles(page)


def test_nothing_found_leads_on(browser: Browser) -> None:
    with visited(browser, Clinic(BOX, no_results_link="https://clinic.example/contact/")) as page:
        page.fill("input", "xylophone")
        page.wait_for_selector("[part=help] a")
        assert (
            "Nothing found for “xylophone”. Try fewer or other words."
            in page.locator("[part=help]").inner_text()
        )
        assert "https://clinic.example/contact/" == page.locator("[part=help] a").get_attribute("href")


@pytest.mark.parametrize("height", [400, 700])
def test_the_notice_is_in_sight_with_the_first_result(browser: Browser, clients: Path, height: int) -> None:
    many = [
        article(n, f"Pain {n}", "Back pain eases with rest. " * 9, topics=(Topic(f"T{n}"),)) for n in range(9)
    ]
    head = '<meta name="viewport" content="width=device-width">'
    with visited(
        browser, Clinic(BOX, articles=many, head=head), viewport={"width": 320, "height": height}
    ) as page:
        page.fill("input", "pain")
        page.wait_for_selector("clinicdex-search [part=title]")
        panel, notice = (
            page.locator("[part=panel]").bounding_box(),
            page.locator("[part=notice]").bounding_box(),
        )
        assert panel
        assert notice
        assert notice["y"] + notice["height"] <= min(height, panel["y"] + panel["height"])
        page.keyboard.press("ArrowUp")  # the last suggestion is scrolled into view, above the notice
        last = page.locator("[aria-selected=true]").bounding_box()
        assert last
        assert last["y"] + last["height"] <= notice["y"]
        assert [] == violations(page, clients)


def test_when_the_server_is_down_enter_is_not_offered_if_it_leads_there(browser: Browser) -> None:
    ours = (
        '<clinicdex-search><form action="/search"><input type="search" name="q" '
        'aria-label="Search"></form></clinicdex-search>'
    )
    for box, said in (
        (ours, "Please try again later."),
        (BOX, "Please try again later."),
        (FORM, "Press Enter to go on."),
    ):
        with visited(browser, Clinic(box)) as page:
            page.route("**/search.json*", lambda route: route.abort())
            page.fill("input[role=combobox]", "knee")
            page.wait_for_selector("[part=help]")
            assert f"Search is not available just now. {said}" == page.locator("[part=help]").inner_text()


def test_in_the_dark_the_fields_own_signs_are_light(browser: Browser) -> None:
    for attribute, scheme, expected in (
        ("", "dark", "dark"),
        ('theme="light"', "dark", "light"),
        ('theme="dark"', "light", "dark"),
    ):
        with visited(
            browser, Clinic(f"<clinicdex-search {attribute}></clinicdex-search>"), color_scheme=scheme
        ) as page:
            assert expected == page.locator("input").evaluate("node => getComputedStyle(node).colorScheme")


def test_an_older_answer_never_replaces_a_newer_one(browser: Browser) -> None:
    with visited(browser, Clinic(BOX)) as page:

        def slowly(route: Any) -> None:
            if "q=knee" in route.request.url:
                page.wait_for_timeout(1200)
            with contextlib.suppress(Exception):
                route.continue_()

        page.route("**/search.json*", slowly)
        page.fill("input", "knee")
        page.wait_for_timeout(250)
        page.fill("input", "piriformis")
        page.wait_for_timeout(2500)
        assert ["Piriformis syndrome"] == titles(page)


FORM = (
    '<clinicdex-search><form action="/own"><input type="hidden" name="kind" '
    'value="post"><input type="search" name="s" '
    'aria-label="Find"><button>Go</button></form></clinicdex-search>'
)


def test_without_javascript_the_form_inside_works(browser: Browser) -> None:
    with visited(browser, Clinic(FORM), java_script_enabled=False) as page:
        page.fill("input[type=search]", "knee")
        page.keyboard.press("Enter")
        page.wait_for_url("**/own?kind=post&s=knee")


def test_when_the_server_is_down_the_form_inside_works(browser: Browser) -> None:
    with visited(browser, Clinic(FORM)) as page:
        page.route("**/search.json*", lambda route: route.abort())
        field = page.locator("input[role=combobox]")
        field.fill("knee")
        page.wait_for_selector("[part=help]")
        assert "not available" in page.locator("[part=help]").inner_text()
        field.press("Enter")
        page.wait_for_url("**/own?kind=post&s=knee")


def test_a_themes_own_form_is_upgraded_in_place(browser: Browser) -> None:
    theme = (
        '<form role="search" class="theme" action="/own"><input type="search" name="s" '
        'aria-label="Theme search" value="old"></form>'
    )
    with visited(browser, Clinic(theme, script='data-target="form.theme" data-limit="1"')) as page:
        field = page.locator("clinicdex-search input[role=combobox]")
        assert ("old", "Theme search") == (field.input_value(), field.get_attribute("aria-label"))
        field.fill("pain back")
        page.wait_for_selector("clinicdex-search [part=title]")
        assert 1 == len(titles(page))
        field.press("Enter")
        page.wait_for_url("**/own?s=pain+back")


def test_an_address_with_a_question_opens_with_its_results(browser: Browser) -> None:
    with visited(
        browser, Clinic("<clinicdex-search deep-link inline></clinicdex-search>"), "/page?q=piriformis&x=1"
    ) as page:
        page.wait_for_selector("clinicdex-search [part=title]")
        page.fill("input", "knee")
        page.wait_for_url("**/page?q=knee&x=1")


def test_it_speaks_the_language_of_the_page_and_words_of_the_owner(browser: Browser) -> None:
    box = """<clinicdex-search words='{"search": "Los"}'></clinicdex-search>"""
    with visited(
        browser, Clinic(f"<div>{box.replace('<clinicdex-search', '<clinicdex-search lang=de')}</div>")
    ) as page:
        assert "Die Artikel durchsuchen" == page.locator("input").get_attribute("placeholder")
        assert "Los" == page.locator("[part=button]").inner_text()


def test_searches_and_clicks_are_told_only_as_far_as_the_owner_wants(
    browser: Browser, tmp_path: Path
) -> None:
    for clicks, expected in ((False, [None]), (True, [None, CLINIC[3].url])):
        path = tmp_path / f"{clicks}.jsonl"
        with visited(browser, Clinic(BOX, searches=path, clicks=clicks)) as page:
            page.route(
                "https://one.example/**", lambda route: route.fulfill(body="landed", content_type="text/html")
            )
            page.fill("input", "piriformis")
            page.wait_for_selector("clinicdex-search [part=title]")
            page.wait_for_timeout(2000)
            page.locator("clinicdex-search [part=title]").click()
            page.wait_for_url("https://one.example/4")
            page.wait_for_timeout(500)
        assert expected == [json.loads(line).get("url") for line in path.read_text().splitlines()]


@pytest.mark.parametrize("scheme", ["light", "dark"])
def test_axe_finds_nothing_in_the_box_closed_or_open(browser: Browser, clients: Path, scheme: Any) -> None:
    with visited(
        browser,
        Clinic(
            BOX,
            head='<meta name="viewport" content="width=device-width"><meta '
            'name="color-scheme" content="light dark">',
        ),
        color_scheme=scheme,
    ) as page:
        assert [] == violations(page, clients)
        for question in ("back pain", "sciatca", "xylophone"):
            page.fill("input", question)
            page.wait_for_timeout(800)
            page.keyboard.press("ArrowDown")
            assert [] == violations(page, clients)


@pytest.mark.parametrize("scheme", ["light", "dark"])
@pytest.mark.parametrize(
    "path",
    [
        "/",
        "/search?q=back+pain",
        "/search?q=xylophone",
        "/search?page=0",
        "/search?q=back&topic=Sciatica&sort=date",
    ],
)
def test_axe_finds_nothing_in_the_page(browser: Browser, clients: Path, scheme: Any, path: str) -> None:
    with visited(
        browser, Clinic("", no_results_link="https://clinic.example/"), path, color_scheme=scheme
    ) as page:
        page.wait_for_selector("input[role=combobox]")
        assert [] == violations(page, clients)


def test_a_strict_policy_reports_nothing(browser: Browser) -> None:
    clinic = Clinic(BOX)
    with visited(browser, clinic) as page:
        page.fill("input", "back pain")
        page.wait_for_selector("clinicdex-search mark")
        page.goto(page.url.replace("/page", "/search?q=pain"))
        page.wait_for_selector("input[role=combobox]")
    assert [] == clinic.reports


def test_nothing_is_asked_of_anybody_else_and_no_cookie_is_set(browser: Browser) -> None:
    with visited(browser, Clinic(BOX)) as page:
        hosts = set()
        page.on("request", lambda request: hosts.add(request.url.split("/")[2].partition(":")[0]))
        page.fill("input", "back pain")
        page.wait_for_selector("clinicdex-search mark")
        assert {"127.0.0.1"} == hosts
        assert [] == page.context.cookies()


@pytest.mark.parametrize("width", [320, 1280])
def test_it_fits_any_width_and_every_target_is_large_enough(browser: Browser, width: int) -> None:
    long = article(
        9,
        "Back " + "pneumonoultramicroscopicsilicovolcanoconiosis" * 3,
        "Back pain.",
        topics=(Topic("Back"),),
    )
    with visited(
        browser, Clinic(BOX, articles=[*CLINIC, long]), viewport={"width": width, "height": 700}
    ) as page:
        page.fill("input", "back")
        page.wait_for_selector("[part=chip]")
        assert page.evaluate("document.documentElement.scrollWidth <= innerWidth")
        for target in page.locator("clinicdex-search :is(input, button, li):visible").all():
            box = target.bounding_box()
            assert box
            assert box["height"] >= 44
            assert box["width"] >= 44
        page.goto(page.url.replace("/page", "/search?q=back"))
        assert page.evaluate("document.documentElement.scrollWidth <= innerWidth")


def test_facets_are_folded_on_a_phone_and_open_where_there_is_room_without_javascript(
    browser: Browser,
) -> None:
    for width, shown in ((320, False), (1280, True)):
        with visited(
            browser,
            Clinic(""),
            "/search?q=back+knee",
            viewport={"width": width, "height": 700},
            java_script_enabled=False,
        ) as page:
            facets, first = page.locator(".facets nav"), page.locator(".hit").first.bounding_box()
            assert shown == facets.is_visible()
            assert shown != page.locator(".facets > summary").is_visible()
            assert first
            assert first["y"] < 300
            if not shown:
                page.click(".facets > summary")
                assert facets.is_visible()


def test_from_right_to_left_it_is_mirrored(browser: Browser) -> None:
    with visited(browser, Clinic(BOX, attributes='dir="rtl"')) as page:
        button, field = page.locator("[part=button]").bounding_box(), page.locator("input").bounding_box()
        assert button
        assert field
        assert button["x"] < field["x"]
        page.fill("input", "back")
        page.wait_for_selector("[part=title]")
        assert page.evaluate("document.documentElement.scrollWidth <= innerWidth")


def test_the_looks_are_the_owners(browser: Browser) -> None:
    head = "<link rel=stylesheet href=data:,>"
    with visited(browser, Clinic('<clinicdex-search theme="dark"></clinicdex-search>', head=head)) as page:
        assert "rgb(20, 24, 29)" == page.locator("input").evaluate(
            "node => getComputedStyle(node).backgroundColor"
        )
        page.evaluate(
            "document.querySelector('clinicdex-search').style.setProperty('--cx-background', 'rgb(1, 2, 3)')"
        )
        assert "rgb(1, 2, 3)" == page.locator("input").evaluate(
            "node => getComputedStyle(node).backgroundColor"
        )


def test_hostile_articles_live_neither_in_the_box_nor_on_the_page(browser: Browser) -> None:
    articles = [
        article(n, f"{text} pain", f"{text} pain", topics=(Topic(text[:60]),), summary=text)
        for n, text in enumerate(HOSTILE)
    ]
    articles += [article(100 + n, "pain", "pain", url=text) for n, text in enumerate(HOSTILE) if ":" in text]
    with visited(
        browser, Clinic('<clinicdex-search limit="100"></clinicdex-search>', articles=articles)
    ) as page:
        fired: list[str] = []

        def dismiss(dialog: Dialog) -> None:
            fired.append(dialog.message)
            dialog.dismiss()

        page.on("dialog", dismiss)
        page.on("pageerror", lambda error: fired.append(str(error)))
        page.fill("input", "pain")
        page.wait_for_selector("clinicdex-search [part=title]")
        assert (
            0 == page.locator("clinicdex-search :is(script, img, svg, iframe, a[href^=javascript])").count()
        )
        for number in range(1, 8):
            page.goto(
                page.url.partition("/page")[0].partition("/search")[0] + f"/search?q=pain&page={number}"
            )
            page.wait_for_timeout(100)
        assert [] == fired


def test_it_is_small() -> None:
    assert len(gzip.compress(code().encode(), 9)) <= 8 * 1024


def test_addresses_of_articles_are_followed_only_on_the_web(browser: Browser) -> None:
    with visited(
        browser,
        Clinic(
            BOX,
            articles=[
                article(7, "Pain", "pain", url="javascript:document.title='bad'"),
                *moved([CLINIC[0]], "https://one.example/m"),
            ],
        ),
    ) as page:
        page.fill("input", "pain")
        page.wait_for_selector("clinicdex-search [part=title]")
        page.locator("clinicdex-search [part=title]").get_by_text("Pain", exact=True).click()
        page.wait_for_timeout(300)
        assert "Clinic" == page.title()
