"""The search page and its data, for people and their browsers."""

from __future__ import annotations

import asyncio
import json
import re
import signal
import socket
import subprocess
import sys
import threading
import time
import urllib.error
import urllib.request
from datetime import date
from html import unescape
from pathlib import Path
from typing import Any
from xml.etree import ElementTree

import pytest
from clinicdex.config import Config, Pin
from clinicdex.index.engine import Reader
from clinicdex.index.memory import MemoryEngine
from clinicdex.index.whoosh.engine import WhooshEngine
from clinicdex.records import Topic
from clinicdex.searchbox.app import application
from clinicdex.searchbox.http.executor import SearchExecutor
from clinicdex.searchbox.http.rate_limit import RateLimit
from clinicdex.searchbox.query_log import QueryLog
from clinicdex.searchbox.server import listening
from clinicdex.searchbox.settings import Settings, of
from clinicdex.searchbox.translations import all_words, spoken
from clinicdex.searchbox.widget import code
from starlette.testclient import TestClient
from support.door import CLINIC, article, asked, holding
from support.hostile import HOSTILE, live

MANY = [article(n, f"Pain {n}", "Back pain eases.", topics=(Topic(f"T{n % 2}"),)) for n in range(13)]


def test_the_page_shows_results_without_javascript() -> None:
    door = asked(MANY)
    page = door.get("/search", params={"q": "back pain"})

    assert page.status_code == 200
    assert page.headers["content-type"].startswith("text/html")
    assert "<mark>pain</mark>" in page.text
    assert 'rel="next"' in page.text
    assert "13 results" in page.text
    assert "page=2" in page.text
    assert 'rel="prev"' in door.get("/search", params={"q": "pain", "page": 2}).text


def test_every_link_of_the_page_keeps_what_was_chosen() -> None:
    page = asked(MANY).get("/search", params={"q": "pain", "topic": "T1", "sort": "date"}).text
    links = re.findall(r'href="(/search\?[^"]+)"', page)

    assert any("topic=T1" not in link and "q=pain" in link for link in links), "the choice can be taken back"
    assert all("sort=date" in link for link in links if "site=" in link)
    assert 'name="topic" value="T1"' in page


def test_a_chosen_year_is_one_choice() -> None:
    door = asked()
    year = re.search(
        r'href="(/search[^"]+since=2024-01-01[^"]+)">2024</a>', door.get("/search?q=pain+back").text
    )
    assert year
    page = door.get(unescape(year[1])).text

    assert [("q=pain+back", "2024")] == re.findall(
        r'<li><a href="/search\?([^"]+)">([^<]+) <span aria-hidden', page
    )
    assert ["2024-01-01", "2024-06-30"] == re.findall(
        r"([\d-]+) <span aria-hidden", door.get("/search?q=pain&since=2024-01-01&until=2024-06-30").text
    )


def test_on_paper_stands_what_was_asked() -> None:
    page = (
        asked().get("/search?q=back+<pain>&topic=Sciatica&since=2020-01-01&until=2020-12-31&sort=date").text
    )

    assert '<p class="printed" dir="auto">back &lt;pain&gt; · Sciatica · 2020</p>' in page
    assert ".printed{display:none}" in asked().get("/clinicdex.css").text


def test_results_are_named_so_and_no_icon_is_missed() -> None:
    door = asked()

    assert '<section aria-label="Results">' in door.get("/search?q=pain").text
    assert 204 == door.get("/favicon.ico").status_code


def test_the_page_says_who_wrote_what_and_when() -> None:
    page = asked().get("/search?q=low+back").text

    assert "Ann Roe, DC" in page
    assert 'datetime="2024-05-01"' in page
    assert "found on Spine-Health" in page
    assert "/more-like?url=" in page
    assert "Not medical advice" in page


def test_topics_with_commas_stay_apart() -> None:
    labels = ("Range of Motion, Articular", "Knee")
    page = asked([article(1, topics=tuple(map(Topic, labels)))]).get("/search?q=pain").text

    assert "Range of Motion, Articular · Knee" in page


def test_broader_topics_stand_above_what_is_more_special() -> None:
    page = (
        asked(
            [*CLINIC, article(9, "Neck", "Pain", topics=(Topic("Back Pain", "mesh:D001416", "vocabulary"),))]
        )
        .get("/search?q=pain+back+sciatic")
        .text
    )

    assert re.search(
        r">Back Pain</a>&nbsp;<small>3</small><ul><li><a [^>]+>Low Back Pain</a>&nbsp;<small>2</small>", page
    )


def test_many_topics_are_short_and_the_rest_folded() -> None:
    topics = [Topic(f"T{n}", str(n)) for n in range(30)]
    page = (
        asked([article(n, topics=(topics[n], topics[(n + 1) % 30], topics[(n + 2) % 30])) for n in range(30)])
        .get("/search?q=pain")
        .text
    )
    short, _, rest = page.partition('<details class="facets">')[2].partition(
        "<details><summary>All topics</summary>"
    )

    assert 8 == short.count("topic=")
    assert {"T0", "T1"} <= set(re.findall(r">(T\d+)</a>", short)), "what the first results are about"
    assert 8 == rest.partition("</details>")[0].count("topic=")


def test_of_a_deep_tree_two_levels_are_shown_and_the_chosen_topic_shows_what_is_below_it() -> None:
    labels = {
        "Migraine": "mesh:D008881",
        "Brain Diseases": "mesh:D001927",
        "Nervous System Diseases": "mesh:D009422",
    }
    deep = [
        article(n, topics=(Topic(label, concept, "vocabulary"),))
        for n, (label, concept) in enumerate(labels.items())
    ]
    door = asked([*deep, article(9)])
    tree = door.get("/search?q=pain").text.partition("All topics</summary>")[2].partition("</details>")[0]

    assert re.search("Nervous System Diseases</a>&nbsp;<small>3</small><ul><li>", tree)
    assert "Migraine" not in tree
    assert ">Migraine</a>" in door.get("/search?q=pain&topic=Brain+Diseases").text


def test_of_a_topic_and_its_plural_one_is_shown() -> None:
    labels = ("Migraine", "Migraines", "Injury", "Injuries", "Neck")
    page = (
        asked([article(n, topics=tuple(map(Topic, labels[:n]))) for n in range(6)]).get("/search?q=pain").text
    )

    assert ["Migraine", "Injury", "Neck"] == re.findall(r">(\w+)</a>&nbsp;<small>", page)


def test_the_chips_are_what_the_first_results_are_about() -> None:
    knee, care, posture = Topic("Knee Pain"), Topic("Chiropractic"), Topic("Posture")
    knees = [
        article(n, "Knee pain", "Sore knees.", topics=(care, knee, Topic("Migraine" if n else "Migraines")))
        for n in range(3)
    ]
    others = [
        article(
            10 + n, "Care", "Good care of knees and backs takes time and patience.", topics=(care, posture)
        )
        for n in range(9)
    ]
    answer = asked([*knees, *others, article(99, "Care", "Knees.")]).get("/search.json?q=knee+pain").json()

    assert ["Chiropractic", "Posture"] == list(answer["facets"]["topic"])[:2], "most have those"
    assert ["Knee Pain", "Migraine", "Posture", "Chiropractic"] == answer["about"]
    assert (
        [] == asked([article(n, topics=(care,)) for n in range(3)]).get("/search.json?q=pain").json()["about"]
    ), "all have it"


def test_the_page_speaks_the_language_of_its_reader() -> None:
    door = asked()

    assert (
        "Ergebnisse eingrenzen"
        in door.get("/search?q=pain", headers={"Accept-Language": "fr-CA;q=0.5, de-AT"}).text
    )
    assert {name: set(words) for name, words in all_words().items()} == {
        name: set(all_words()["en"]) for name in all_words()
    }
    assert ["pt", "en", "en", "en"] == [
        spoken(header, all_words()) for header in ("xx, pt", "", ";;q=x,,", "de;q=0")
    ]


@pytest.mark.parametrize("text", HOSTILE)
def test_crawled_text_is_never_markup(text: str) -> None:
    url = text if "script:" in text or text.startswith("data:") else "https://one.example/x"
    hostile = article(
        1,
        f"{text} pain",
        f"{text} pain",
        url=url,
        site=text,
        topics=(Topic(text),),
        also_at=(text,),
        summary=text,
    )
    door = asked([hostile, article(2)], no_results_link="https://one.example/ask")
    pages = [
        door.get("/search", params={"q": q, "topic": topic}).text
        for q, topic in (("pain", ""), (text, ""), ("pain", text))
    ]

    pages += [
        door.get(path, params={"q": text, "page": "0", "url": text}, headers={"Accept": "text/html"}).text
        for path in ("/search", "/more-like")
    ]

    assert [] == [found for page in pages for found in live(page)]
    feed = door.get("/search.rss?q=pain").content
    assert ElementTree.fromstring(feed).find("channel/item") is not None


def test_the_same_as_data() -> None:
    door = asked(MANY)
    answer = door.get("/search.json", params={"q": "pain", "topic": "T1"}).json()

    assert answer["total"] == 6
    assert {"id", "url", "title", "snippet", "highlights", "authors", "score"} <= set(answer["hits"][0])
    assert answer["facets"]["topic"] == {"T1": 6}
    assert ["Pain 0", "Pain 1", "Pain 10"] == door.get("/suggest", params={"q": "pain"}).json()[
        "suggestions"
    ][:3]
    after = door.get(
        "/search.json", params={"q": "pain", "after": door.get("/search.json?q=pain").json()["cursor"]}
    ).json()
    assert 3 == len(after["hits"])


def test_the_same_as_a_feed() -> None:
    channel = ElementTree.fromstring(asked().get("/search.rss?q=back&sort=date").content).find("channel")

    assert channel is not None
    assert ["Low back pain", "Sciatica"] == [item.findtext("title") for item in channel.iter("item")]
    assert "Wed, 01 May 2024 00:00:00 +0000" == channel.findtext("item/pubDate")
    assert "http://localhost/search?q=back&sort=date" == channel.findtext("link")


def test_browsers_learn_to_search_here() -> None:
    door = asked()
    namespace = "{http://a9.com/-/spec/opensearch/1.1/}"
    described = ElementTree.fromstring(door.get("/opensearch.xml").content)

    assert "http://localhost/search?q={searchTerms}&page={startPage?}" == described.findall(
        f"{namespace}Url"
    )[0].get("template")
    assert ["sci", ["Sciatica"]] == door.get("/suggest?q=sci&format=opensearch").json()
    assert 'href="/opensearch.xml"' in door.get("/").text


def test_what_is_pinned_comes_first_once() -> None:
    pins = (
        Pin("Sciatica help", CLINIC[2].url),
        Pin("opening hours", "https://one.example/contact", "When we are open"),
    )
    door = asked(pins=pins)
    answer = door.get("/search.json?q=sciatica+HELP").json()

    assert ["Sciatica"] == [pin["title"] for pin in answer["pinned"]]
    assert "Sciatica" not in [hit["title"] for hit in answer["hits"]]
    assert "When we are open" in door.get("/search?q=opening+hours").text
    assert [] == door.get("/search.json?q=hours").json()["pinned"]


def test_nothing_found_helps_on() -> None:
    door = asked(no_results_link="https://one.example/contact/")
    mistyped = door.get("/search.json?q=sciatca").json()
    page = door.get("/search?q=piriforma").text

    assert "sciatica" == mistyped["did_you_mean"]
    assert "Piriformis syndrome" in page
    assert "https://one.example/contact/" in page


@pytest.mark.parametrize(
    ("own", "shown"),
    [(None, "Kein ärztlicher Rat"), ("off", None), ("Ask your chiropractor.", "Ask your chiropractor.")],
)
def test_the_notice_is_the_owners(own: str | None, shown: str | None) -> None:
    found = asked(notice=own).get("/search.json?q=pain", headers={"Accept-Language": "de"}).json()["notice"]

    assert found is None if shown is None else found.startswith(shown)


def test_related_articles_as_page_and_as_data() -> None:
    door = asked()
    url = {"url": CLINIC[2].url}

    assert {"Low back pain", "Piriformis syndrome"} <= {
        hit["title"] for hit in door.get("/more-like", params=url).json()["hits"]
    }
    page = door.get("/more-like", params=url, headers={"Accept": "text/html"}).text
    assert "<h1>Related articles</h1>" in page
    assert f'<a href="{CLINIC[2].url}" dir="auto">Sciatica</a>' in page
    assert "sort=" not in page
    assert "/search.rss" not in page
    assert [404, 400] == [
        door.get("/more-like", params=params).status_code
        for params in ({"url": "https://one.example/none"}, {})
    ]


@pytest.mark.parametrize(
    "query",
    [
        "page=0",
        "page=x",
        "page=99999999",
        "page=" + "9" * 5000,
        "since=yesterday",
        "sort=odd",
        "page=²",
        "topic=" + "x" * 300,
    ],
)
def test_a_bad_parameter_is_told_and_no_error_of_ours(query: str) -> None:
    answer = asked().get(f"/search.json?q=x&{query}")

    assert (400, "bad_parameter") == (answer.status_code, answer.json()["code"])


def test_without_an_index_the_door_says_503_and_what_to_do() -> None:
    door = TestClient(application(MemoryEngine(), Settings("1")), base_url="http://localhost")
    answers = [
        door.get(path)
        for path in ("/search?q=x", "/search.json?q=x", "/suggest?q=x", "/health", "/indexes/articles/search")
    ]

    assert [503] * 5 == [answer.status_code for answer in answers]
    assert all(
        "clinicdex reindex" in answer.json()["message"] and answer.headers["retry-after"]
        for answer in answers
    )


VISITOR = {"Accept": "text/html,application/xhtml+xml,*/*;q=0.8", "Accept-Language": "de"}


@pytest.mark.parametrize(
    ("path", "status", "said"),
    [
        ("/search?q=knee+<b>&page=0", 400, "page must be a number from 1 to 100"),
        ("/more-like?url=https://one.example/gone", 404, "Hier ist nichts"),
        ("/nothing-here", 404, "Hier ist nichts"),
    ],
)
def test_a_visitor_gets_a_page_for_what_cannot_be_answered_and_a_program_the_same_as_data(
    path: str, status: int, said: str
) -> None:
    door = asked()
    page, data = door.get(path, headers=VISITOR), door.get(path)

    assert [status] * 2 == [page.status_code, data.status_code]
    assert data.json()["status"] == status
    assert page.headers["content-type"].startswith("text/html")
    assert said in page.text
    assert '<html lang="de">' in page.text
    assert {"cache-control": "no-store"}.items() <= page.headers.items()
    assert "content-security-policy" in page.headers
    assert 'role="search"' in page.text


def test_what_a_visitor_typed_is_still_in_the_field_of_the_page_that_refuses_it() -> None:
    page = asked().get("/search?q=knee+<b>&page=0", headers=VISITOR)

    assert 'value="knee &lt;b&gt;"' in page.text


def test_a_visitor_who_comes_too_fast_or_without_an_index_gets_a_page_with_the_same_headers() -> None:
    door = asked(rate=1.0, burst=1)
    fast = [door.get("/search?q=knee", headers=VISITOR) for _ in range(3)][-1]
    down = TestClient(application(MemoryEngine(), Settings("1")), base_url="http://localhost").get(
        "/search?q=knee", headers=VISITOR
    )

    assert (429, "1", True) == (fast.status_code, fast.headers["retry-after"], "Zu viele Suchen" in fast.text)
    assert (503, "30", True) == (
        down.status_code,
        down.headers["retry-after"],
        "später noch einmal" in down.text,
    )
    assert "reindex" not in down.text, "that is for the owner"


@pytest.mark.parametrize(
    "path", ["/search.json?page=0", "/indexes/articles/search?limit=x", "/indexes/none", "/suggest/x"]
)
def test_an_address_for_programs_answers_with_data_whatever_they_accept(path: str) -> None:
    assert asked().get(path, headers=VISITOR).json()["code"]


def test_a_commit_is_seen_by_the_next_request() -> None:
    engine = MemoryEngine()
    door = TestClient(application(engine, Settings("1")), base_url="http://localhost")
    for number in (1, 2):
        with engine.writer(fresh=number == 1) as writer:
            writer.replace([article(number)])
            writer.commit(number)
            writer.swap()
        assert number == door.get("/search.json?q=pain").json()["total"]


def test_what_was_at_hand_is_gone_once_it_is_deleted(tmp_path: Path) -> None:
    engine = WhooshEngine(tmp_path / "index")
    with engine.writer(fresh=True) as writer:
        writer.replace(CLINIC)
        writer.commit(1)
        writer.swap()
    door = TestClient(
        application(WhooshEngine(tmp_path / "index"), Settings("1")), base_url="http://localhost"
    )
    address = "/indexes/articles/search?attributesToRetrieve=title&q=knee"
    assert [[{"title": CLINIC[1].title}]] * 3 == [door.get(address).json()["hits"] for _ in range(3)]

    with engine.writer() as writer:
        writer.remove([CLINIC[1].id])
        writer.commit(2)
    assert [] == door.get(address).json()["hits"]


def test_a_question_has_a_limit_of_time_and_few_are_answered_at_once() -> None:
    executor = SearchExecutor(holding(CLINIC), seconds=0.5)
    release, at_once, most = threading.Event(), [0], [0]

    def slow(reader: Reader) -> None:
        at_once[0] += 1
        most[0] = max(most[0], at_once[0])
        release.wait(60)

    async def ask() -> list[Any]:
        return await asyncio.gather(*(executor.ask(slow) for _ in range(9)), return_exceptions=True)

    problems = asyncio.run(ask())
    assert not release.is_set()  # they were answered while the four were still at work
    release.set()
    assert [(503, "busy")] * 9 == [(problem.status, problem.code) for problem in problems]
    assert [4] == most


def test_a_server_writes_neither_catalogue_nor_index(tmp_path: Path) -> None:
    engine = WhooshEngine(tmp_path / "index")
    with engine.writer(fresh=True) as writer:
        writer.replace(CLINIC)
        writer.commit(1)
        writer.swap()
    before = {path: path.stat().st_mtime_ns for path in tmp_path.rglob("*")}
    door = TestClient(
        application(WhooshEngine(tmp_path / "index"), Settings("1")), base_url="http://localhost"
    )

    assert 4 == door.get("/search.json").json()["total"]
    assert [200] * 3 == [door.get(path).status_code for path in ("/search?q=pain", "/suggest?q=p", "/health")]
    assert before == {path: path.stat().st_mtime_ns for path in tmp_path.rglob("*")}


def test_what_has_not_changed_is_not_sent_again() -> None:
    door = asked()
    first = door.get("/search.json?q=pain")
    again = door.get("/search.json?q=pain", headers={"If-None-Match": first.headers["etag"]})

    assert (304, b"") == (again.status_code, again.content)
    assert (
        200 == door.get("/search.json?q=knee", headers={"If-None-Match": first.headers["etag"]}).status_code
    )
    head = door.head("/search?q=pain")
    assert (200, b"") == (head.status_code, head.content)
    assert (
        "gzip"
        == asked(MANY).get("/search?q=pain", headers={"Accept-Encoding": "gzip"}).headers["content-encoding"]
    )


def test_answers_carry_the_headers_that_protect_and_no_banner() -> None:
    door = asked()
    for path in (
        "/search?q=pain",
        "/search.json?q=pain",
        "/search.json?page=x",
        "/none",
        "/clinicdex-search.js",
    ):
        headers = door.get(path).headers
        assert headers["x-content-type-options"] == "nosniff"
        assert headers["referrer-policy"] == "strict-origin-when-cross-origin"
        assert "default-src 'none'" in headers["content-security-policy"]
        assert "unsafe" not in headers["content-security-policy"]
        assert "server" not in headers


def test_only_named_origins_may_ask_from_another_page() -> None:
    door = asked(origins=("https://clinic.example",))
    preflight = {
        "Origin": "https://clinic.example",
        "Access-Control-Request-Method": "POST",
        "Access-Control-Request-Headers": "content-type,authorization,x-meilisearch-client",
    }

    assert (
        "https://clinic.example"
        == door.get("/search.json?q=x", headers={"Origin": "https://clinic.example"}).headers[
            "access-control-allow-origin"
        ]
    )
    assert 200 == door.options("/multi-search", headers=preflight).status_code
    assert (
        "access-control-allow-origin"
        not in door.get("/search.json?q=x", headers={"Origin": "https://evil.example"}).headers
    )
    assert (
        400
        == door.options("/multi-search", headers=preflight | {"Origin": "https://evil.example"}).status_code
    )
    assert (
        "access-control-allow-origin"
        not in asked().get("/search.json?q=x", headers={"Origin": "https://clinic.example"}).headers
    )


@pytest.mark.parametrize(
    ("host", "status"),
    [
        ("localhost", 200),
        ("127.0.0.1:8000", 200),
        ("[::1]:80", 200),
        ("search.clinic.example", 200),
        ("SEARCH.clinic.example:443", 200),
        ("evil.example", 421),
        ("", 421),
    ],
)
def test_it_answers_only_for_its_own_hosts(host: str, status: int) -> None:
    assert (
        status == asked(hosts=("search.clinic.example",)).get("/health", headers={"Host": host}).status_code
    )


def test_a_client_that_asks_too_often_waits_and_others_do_not() -> None:
    pace = RateLimit(10, 20)

    assert [0.0] * 20 == [pace.wait("a", 100.0) for _ in range(20)]
    assert pace.wait("a", 100.0) == pytest.approx(0.1)
    assert 0.0 == pace.wait("b", 100.0)
    assert 0.0 == pace.wait("a", 100.11)
    assert 0.0 < pace.wait("a", 100.11)


def test_the_table_of_clients_is_bounded() -> None:
    pace = RateLimit(10, 20)
    for number in range(20_000):
        pace.wait(str(number), 100.0)

    assert len(pace._due) <= 10_000


def test_too_many_requests_are_told_when_to_come_again() -> None:
    door = asked(rate=1.0, burst=3)
    answers = [door.get("/health") for _ in range(5)]

    assert [200, 200, 200, 429, 429] == [answer.status_code for answer in answers]
    assert "1" == answers[-1].headers["retry-after"]


def test_what_is_too_large_is_refused() -> None:
    door = asked()

    assert 414 == door.get("/search?q=" + "x" * 9000).status_code
    assert (
        413
        == door.post(
            "/indexes/articles/search", content=b" " * 70_000, headers={"Content-Type": "application/json"}
        ).status_code
    )


def test_searches_are_noted_without_who(tmp_path: Path) -> None:
    door = asked(searches=tmp_path / "searches.jsonl")
    door.get("/search?q=Sciatica")
    door.get("/search?q=pain&page=2")
    door.get("/search.json?q=kne&typing=1")
    door.post("/searches", json={"q": "knee of ann@clinic.example, 0171 555 0199"})
    door.post("/searches", json={"q": "knee", "url": CLINIC[1].url})

    noted = [json.loads(line) for line in (tmp_path / "searches.jsonl").read_text().splitlines()]
    assert ["sciatica", "knee of @ #"] == [entry["q"] for entry in noted]
    assert {"day", "q", "total"} == set(noted[0])


def test_a_question_is_noted_once_however_its_results_are_sorted_or_narrowed(tmp_path: Path) -> None:
    door = asked(searches=tmp_path / "searches.jsonl")
    page = {"Referer": "http://localhost/search?q=knee+pain"}
    door.head("/search?q=knee+pain")
    door.get("/search?q=knee+pain")
    door.get("/search?q=knee+pain&sort=date", headers=page)
    door.get("/search?q=knee+pain&topic=Knee", headers=page)
    door.get("/search?q=sciatica&topic=Knee", headers=page)
    for elsewhere in ("http://[", "https://clinic.example/?q=back"):
        door.get("/search?q=back", headers={"Referer": elsewhere})

    noted = [json.loads(line)["q"] for line in (tmp_path / "searches.jsonl").read_text().splitlines()]
    assert ["knee pain", "sciatica", "back", "back"] == noted


def test_clicks_are_noted_only_if_the_owner_wants_to_know(tmp_path: Path) -> None:
    door = asked(searches=tmp_path / "searches.jsonl", clicks=True)
    door.post("/searches", json={"q": "knee", "url": CLINIC[1].url})
    door.post("/searches", json={"q": "knee", "url": "https://evil.example/"})

    assert [CLINIC[1].url] == [
        json.loads(line).get("url") for line in (tmp_path / "searches.jsonl").read_text().splitlines()
    ]
    wrong: tuple[Any, ...] = ({"q": 1}, [])
    assert [400, 400] == [door.post("/searches", json=body).status_code for body in wrong]


def test_the_file_of_searches_is_bounded(tmp_path: Path) -> None:
    path = tmp_path / "searches.jsonl"
    path.write_bytes(b"x" * 10_000_001)
    QueryLog(path, clicks=False).note("pain", 1, date(2024, 1, 1))

    assert path.stat().st_size < 100
    QueryLog(tmp_path / "none" / "searches.jsonl", clicks=False).note("pain", 1, date(2024, 1, 1))


def test_the_search_box_is_one_small_file_without_markup_from_answers() -> None:
    import gzip

    script = asked().get("/clinicdex-search.js")
    assert script.headers["content-type"].startswith("text/javascript")
    assert not re.search(
        r"innerHTML|outerHTML|insertAdjacentHTML|document\.write|eval\(|cookie|localStorage", script.text
    )
    assert len(gzip.compress(code().encode(), 9)) <= 8 * 1024


def test_health_and_version() -> None:
    door = asked()

    assert {"status": "available"} == door.get("/health").json()
    assert {"clinicdex": "1.2.3"}.items() <= door.get("/version").json().items()


def test_strangers_may_ask_ten_times_a_second_and_this_machine_as_often_as_it_likes(tmp_path: Path) -> None:
    config = Config(data_dir=tmp_path)

    assert None is of(config, "1", origins=(), host="127.0.0.1", local=True).rate
    assert (10.0, 20) == (lambda settings: (settings.rate, settings.burst))(
        of(config, "1", origins=(), host="0.0.0.0", local=False)
    )


def started(tmp_path: Path, *arguments: str) -> tuple[subprocess.Popen[str], str]:
    command = [sys.executable, "-m", "clinicdex", "-d", str(tmp_path), "serve", "--port", "0", *arguments]
    server = subprocess.Popen(command, stderr=subprocess.PIPE, text=True)
    assert server.stderr
    address = re.search(r"http://\S+/", server.stderr.readline())
    assert address
    for _ in range(100):
        try:
            urllib.request.urlopen(f"{address.group()}version").close()
            return server, address.group()
        except urllib.error.URLError:
            time.sleep(0.1)
    raise AssertionError("the server did not answer within ten seconds")


def ended(server: subprocess.Popen[str]) -> None:
    server.send_signal(signal.SIGTERM)
    server.communicate(timeout=20)


def test_the_server_starts_says_where_and_ends_on_sigterm(tmp_path: Path) -> None:
    server, address = started(tmp_path)
    try:
        with pytest.raises(urllib.error.HTTPError) as raised:
            urllib.request.urlopen(f"{address}health")
        assert raised.value.code == 503
        raised.value.close()
    finally:
        ended(server)
    assert server.returncode in (0, 143, -15)


def test_a_connection_that_sends_no_request_is_closed(tmp_path: Path) -> None:
    from urllib.parse import urlsplit

    server, address = started(tmp_path)
    try:
        port = urlsplit(address).port or 0
        with socket.create_connection(("127.0.0.1", port), timeout=20) as slow:
            slow.sendall(b"GET /health HTTP/1.1\r\nHost: localhost\r\nX-Slow: ")
            assert b"" == slow.recv(1000)
    finally:
        ended(server)


def test_no_answer_waits_for_the_one_before_it_to_be_acknowledged() -> None:
    """Headers and body are sent separately; with Nagle's algorithm on, a body waits 0.04 s."""
    undelayed: list[int] = []

    class Seen(asyncio.Protocol):
        def connection_made(self, transport: Any) -> None:
            option = transport.get_extra_info("socket").getsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY)
            undelayed.append(option)
            transport.close()

    async def connect() -> bytes:
        loop = asyncio.get_running_loop()
        server = await loop.create_server(Seen, sock=listening("127.0.0.1", 0))
        reader, writer = await asyncio.open_connection(*server.sockets[0].getsockname())
        closed = await reader.read()
        writer.close()
        server.close()
        return closed

    assert b"" == asyncio.run(connect())
    assert [1] == undelayed


def test_only_named_proxies_are_believed_about_whom_they_speak_for(tmp_path: Path) -> None:
    def statuses(config: str) -> list[int]:
        folder = tmp_path / str(len(config))
        folder.mkdir()
        (folder / "clinicdex.toml").write_text(config)
        command = [
            sys.executable,
            "-m",
            "clinicdex",
            "-c",
            str(folder / "clinicdex.toml"),
            "serve",
            "--port",
            "0",
        ]
        server = subprocess.Popen(command, stderr=subprocess.PIPE, text=True)
        assert server.stderr
        address = re.search(r"http://\S+/", server.stderr.readline())
        assert address
        codes = []
        try:
            time.sleep(3)
            for number in range(45):
                request = urllib.request.Request(
                    f"{address.group()}version", headers={"X-Forwarded-For": f"10.0.0.{number}"}
                )
                try:
                    urllib.request.urlopen(request).close()
                    codes.append(200)
                except urllib.error.HTTPError as error:
                    codes.append(error.code)
                    error.close()
        finally:
            ended(server)
        return codes

    assert {200} == set(statuses('trusted_proxies = ["127.0.0.1"]'))
    assert 429 in statuses('trusted_proxies = ["10.9.9.9"]')


def test_what_is_deleted_is_not_shown_any_more() -> None:
    engine = holding(CLINIC)
    door = TestClient(application(engine, Settings("1")), base_url="http://localhost")
    with engine.writer() as writer:
        writer.remove([CLINIC[0].id])
        writer.commit(2)

    assert CLINIC[0].title not in door.get("/search?q=back").text
