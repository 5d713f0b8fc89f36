from __future__ import annotations

from pathlib import Path

import pytest
from clinicdex.article import Article, Person, Topic
from clinicdex.index.memory import MemoryEngine
from clinicdex.searchbox.app import application
from starlette.testclient import TestClient

HOSTILE = '<script>alert(1)</script> & "quoted" pain'


@pytest.fixture
def door() -> TestClient:
    engine = MemoryEngine()
    articles = [
        Article(id=f"{n:020x}", url=f"https://one.example/{n}", site="one", title=f"Pain {n}", text="Back pain eases.", topics=(Topic(f"T{n % 2}"),))
        for n in range(12)
    ]
    articles.append(Article(id="f" * 20, url="https://one.example/x", site="one", title=HOSTILE, text=HOSTILE, authors=(Person(HOSTILE, HOSTILE),)))
    with engine.writer(fresh=True) as writer:
        writer.replace(articles)
        writer.commit(1)
        writer.swap()
    return TestClient(application(engine, "1.2.3", ["https://clinic.example"]))


def test_the_page_shows_results_without_javascript(door: TestClient) -> None:
    page = door.get("/search", params={"q": "back pain"})

    assert page.status_code == 200 and page.headers["content-type"].startswith("text/html")
    assert "<mark>pain</mark>" in page.text and 'rel="next"' in page.text and "13 articles" in page.text
    assert "page=2" in page.text and 'rel="prev"' in door.get("/search", params={"q": "pain", "page": 2}).text


def test_crawled_text_is_never_markup(door: TestClient) -> None:
    page = door.get("/search", params={"q": f"{HOSTILE}"}).text

    assert "<script" not in page
    assert "&lt;script&gt;" in page


def test_the_same_as_data(door: TestClient) -> None:
    found = door.get("/search.json", params={"q": "pain", "topic": "T1"}).json()

    assert found["total"] == 6
    assert {"id", "url", "title", "snippet", "highlights", "authors", "score"} <= set(found["hits"][0])
    assert found["facets"]["topic"] == {"T1": 6}
    assert {"suggestions": ["Pain 0", "Pain 1", "Pain 10"]} == {"suggestions": door.get("/suggest", params={"q": "pain"}).json()["suggestions"][:3]}


@pytest.mark.parametrize("query", ["page=0", "page=x", "page=99999999", "since=yesterday", "sort=odd", "page=²"])
def test_a_bad_parameter_is_told_and_no_error_of_ours(door: TestClient, query: str) -> None:
    answer = door.get(f"/search.json?q=x&{query}")

    assert (400, "bad_parameter") == (answer.status_code, answer.json()["code"])


def test_without_an_index_the_door_says_503_and_what_to_do() -> None:
    door = TestClient(application(MemoryEngine(), "1"))
    answers = [door.get(path) for path in ("/search?q=x", "/search.json?q=x", "/suggest?q=x", "/health")]

    assert [503] * 4 == [answer.status_code for answer in answers]
    assert all("clinicdex reindex" in answer.json()["error"] for answer in answers)


def test_a_commit_is_seen_by_the_next_request(door: TestClient) -> None:
    engine = MemoryEngine()
    door = TestClient(application(engine, "1"))
    for number in (1, 2):
        with engine.writer(fresh=number == 1) as writer:
            writer.replace([Article(id=str(number), url="https://one.example/", site="one", title=f"Pain {number}", text="")])
            writer.commit(number)
            writer.swap()
        assert number == door.get("/search.json?q=pain").json()["total"]


def test_health_version_and_script(door: TestClient) -> None:
    assert {"status": "available"} == door.get("/health").json()
    assert {"clinicdex": "1.2.3"} == door.get("/version").json()
    script = door.get("/clinicdex-search.js")
    assert script.headers["content-type"].startswith("text/javascript") and "innerHTML" not in script.text


def test_answers_carry_the_headers_that_protect(door: TestClient) -> None:
    for path in ("/search?q=pain", "/search.json?q=pain", "/search.json?page=x"):
        headers = door.get(path).headers
        assert headers["x-content-type-options"] == "nosniff" and "default-src 'self'" in headers["content-security-policy"]


def test_only_named_origins_may_ask_from_another_page(door: TestClient) -> None:
    assert (
        "https://clinic.example" == door.get("/search.json?q=x", headers={"Origin": "https://clinic.example"}).headers["access-control-allow-origin"]
    )
    assert "access-control-allow-origin" not in door.get("/search.json?q=x", headers={"Origin": "https://evil.example"}).headers


def test_the_server_starts_says_where_and_ends_on_sigterm(tmp_path: Path) -> None:
    import re
    import signal
    import subprocess
    import sys
    import time
    import urllib.error
    import urllib.request

    command = [sys.executable, "-m", "clinicdex", "-d", str(tmp_path), "serve", "--port", "0"]
    server = subprocess.Popen(command, stderr=subprocess.PIPE, text=True)
    try:
        assert server.stderr
        address = re.search(r"http://\S+", server.stderr.readline())
        assert address
        with pytest.raises(urllib.error.HTTPError) as raised:
            for _ in range(50):
                try:
                    urllib.request.urlopen(f"{address.group()}health")
                except urllib.error.URLError as error:
                    if isinstance(error, urllib.error.HTTPError):
                        raise
                    time.sleep(0.1)
        assert raised.value.code == 503
        raised.value.close()
    finally:
        server.send_signal(signal.SIGTERM)
        server.communicate(timeout=20)
    assert server.returncode in (0, 143, -15)
