"""What only an index in OpenSearch can do, and the faults that only it can have."""

from __future__ import annotations

import json
import signal
import ssl
import threading
import time
import urllib.error
import urllib.request
from collections.abc import Iterator
from contextlib import contextmanager
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from typing import Any

import opensearch as server
import pytest
from clinicdex.errors import ConfigError, EngineAway, EngineError, IndexMissing, IndexUnreadable
from clinicdex.index.engine import Engine, Writer
from clinicdex.index.open import engine_at
from clinicdex.index.opensearch import paging
from clinicdex.index.opensearch.address import parse as address
from clinicdex.index.query import parse
from clinicdex.records import Article
from clinicdex.searchbox.app import application
from clinicdex.searchbox.settings import Settings
from opensearchpy import OpenSearch
from starlette.testclient import TestClient
from support.faux import faux_site, text

BUILT = Path(__file__).parents[2] / ".engines" / "opensearch"


def article(number: int, **more: Any) -> Article:
    values: dict[str, Any] = {"id": f"{number:020x}", "title": f"Title {number}", "text": "back pain"} | more
    return Article(url=f"https://one.example/{number}", site="one", language="en", **values)


def fill(engine: Engine, *articles: Article, stamp: int = 1) -> None:
    with engine.writer(fresh=True) as writer:
        writer.replace(articles)
        writer.commit(stamp)
        writer.swap()


def held(engine: Engine) -> set[str]:
    with engine.reader() as reader:
        return set(reader.ids())


@pytest.fixture
def engine(opensearch: str) -> Iterator[Engine]:
    opened = engine_at(opensearch)
    fill(opened, *map(article, range(20)))
    yield opened
    opened.close()


@pytest.fixture
def client(opensearch: str) -> Iterator[OpenSearch]:
    with OpenSearch(hosts=list(address(opensearch).hosts)) as opened:
        yield opened


# --- the index address and the credentials ------------------------------------------------------------------


def test_an_address_names_hosts_an_index_and_how_it_is_laid_out() -> None:
    parsed = address(
        "opensearch+https://a.example:9201,b.example/articles?shards=3&replicas=1&ca=/etc/ca.pem"
    )

    assert ("https://a.example:9201", "https://b.example:9200") == parsed.hosts
    assert ("articles", 3, 1, "/etc/ca.pem") == (
        parsed.name,
        parsed.shards,
        parsed.replicas,
        parsed.authority,
    )


@pytest.mark.parametrize(
    "url",
    [
        "opensearch+https://h", "opensearch+https:///articles", "opensearch+ftp://h/a",
        "opensearch+http://h/Upper", "opensearch+http://h/a?shards=0", "opensearch+http://h/a?speed=9",
        "opensearch+http://h:port/a", "opensearch+http://h/a/b", "elastic://h/a",
    ],
)  # fmt: skip
def test_what_is_no_address_is_told_in_one_line(url: str) -> None:
    with pytest.raises(ConfigError) as raised:
        engine_at(url)

    assert 1 == len(str(raised.value).splitlines())


def test_a_password_does_not_belong_into_the_address() -> None:
    with pytest.raises(ConfigError, match="CLINICDEX_OPENSEARCH_PASSWORD") as raised:
        engine_at("opensearch+https://ann:secret@h/articles")

    assert "secret" not in str(raised.value)


@pytest.mark.parametrize(
    ("environment", "sent"),
    [
        ({"USER": "ann", "PASSWORD": "se:cret"}, "Basic YW5uOnNlOmNyZXQ="),
        ({"API_KEY": "k3y"}, "ApiKey k3y"),
        ({"API_KEY": "k3y", "USER": "ann", "PASSWORD": "pa55"}, "ApiKey k3y"),
        ({}, None),
    ],
)
def test_who_we_are_comes_from_the_environment_and_stands_in_no_message(
    environment: dict[str, str],
    sent: str | None,
    monkeypatch: pytest.MonkeyPatch,
    caplog: pytest.LogCaptureFixture,
) -> None:
    for name, value in environment.items():
        monkeypatch.setenv(f"CLINICDEX_OPENSEARCH_{name}", value)
    caplog.set_level("DEBUG")
    refusal = text('{"error": {"type": "security_exception"}, "status": 401}', "application/json", 401)
    with (
        faux_site({"/articles/_doc/~stamp?realtime=false&_source=false": refusal}) as site,
        pytest.raises(EngineError, match="refuses us") as raised,
    ):
        engine_at(f"opensearch+{site.origin}/articles").reader()

    assert [sent] == [request.get("authorization") for request in site.requests]
    for secret in environment.values():
        assert secret not in f"{raised.value} {caplog.text}"


def test_half_of_who_we_are_is_told(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("CLINICDEX_OPENSEARCH_USER", "ann")

    with pytest.raises(ConfigError, match="set both"):
        engine_at("opensearch+https://h/articles")


def test_a_certificate_that_nobody_vouches_for_is_refused_unless_its_signer_is_named(tmp_path: Path) -> None:
    certificate = self_signed(tmp_path)
    with answering(404, {"error": {"type": "index_not_found_exception"}, "status": 404}, certificate) as port:
        with pytest.raises(EngineError, match=r"certificate cannot be verified .* \?ca="):
            engine_at(f"opensearch+https://127.0.0.1:{port}/articles").reader()
        with pytest.raises(IndexMissing):
            engine_at(f"opensearch+https://127.0.0.1:{port}/articles?ca={certificate}").reader()


def self_signed(folder: Path) -> Path:
    """Create a certificate for 127.0.0.1, with its key in the same file."""
    import ipaddress
    from datetime import UTC, datetime, timedelta

    from cryptography import x509
    from cryptography.hazmat.primitives import hashes, serialization
    from cryptography.hazmat.primitives.asymmetric import ec

    key, name = (
        ec.generate_private_key(ec.SECP256R1()),
        x509.Name([x509.NameAttribute(x509.NameOID.COMMON_NAME, "tests")]),
    )
    now = datetime.now(UTC)
    builder = (
        x509.CertificateBuilder()
        .subject_name(name)
        .issuer_name(name)
        .public_key(key.public_key())
        .serial_number(1)
    )
    builder = builder.not_valid_before(now - timedelta(days=1)).not_valid_after(now + timedelta(days=1))
    names = x509.SubjectAlternativeName([x509.IPAddress(ipaddress.ip_address("127.0.0.1"))])
    certificate = builder.add_extension(names, critical=False).sign(key, hashes.SHA256())
    pem = key.private_bytes(
        serialization.Encoding.PEM, serialization.PrivateFormat.PKCS8, serialization.NoEncryption()
    )
    file = folder / "certificate.pem"
    file.write_bytes(pem + certificate.public_bytes(serialization.Encoding.PEM))
    return file


def send(handler: BaseHTTPRequestHandler, status: int, answer: Any) -> None:
    body = json.dumps(answer).encode()
    handler.send_response(status)
    handler.send_header("Content-Type", "application/json")
    handler.send_header("Content-Length", str(len(body)))
    handler.end_headers()
    handler.wfile.write(body)


@contextmanager
def answering(status: int, answer: Any, certificate: Path) -> Iterator[int]:
    """Serve over TLS; every request gets the same answer."""

    class Handler(BaseHTTPRequestHandler):
        def do_GET(self) -> None:
            send(self, status, answer)

        def log_message(self, *_: Any) -> None:
            pass

    with running(Handler, certificate) as port:
        yield port


@contextmanager
def running(handler: type[BaseHTTPRequestHandler], certificate: Path | None = None) -> Iterator[int]:
    listener = ThreadingHTTPServer(("127.0.0.1", 0), handler)
    # A client that refuses our certificate hangs up.
    listener.handle_error = lambda *_: None  # type: ignore[method-assign]
    if certificate:
        context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
        context.load_cert_chain(certificate)
        listener.socket = context.wrap_socket(listener.socket, server_side=True)
    thread = threading.Thread(target=listener.serve_forever, kwargs={"poll_interval": 0.05}, daemon=True)
    thread.start()
    try:
        yield listener.server_port
    finally:
        listener.shutdown()
        listener.server_close()
        thread.join()


# --- writing ------------------------------------------------------------------------------------------------


def test_articles_that_are_refused_are_named_and_nothing_of_their_commit_is_seen(
    engine: Engine, client: OpenSearch, opensearch: str
) -> None:
    before = held(engine)

    # OpenSearch does the same when its disk is full.
    client.indices.put_settings(index=address(opensearch).name, body={"index.blocks.write": True})
    with (
        engine.writer() as writer,
        pytest.raises(EngineError, match=rf"refused 1 articles, first {article(30).id}: .*blocked"),
    ):
        writer.replace([article(30)])
        writer.commit(2)

    assert before == held(engine)
    client.indices.put_settings(index=address(opensearch).name, body={"index.blocks.write": None})
    with engine.writer() as writer:
        writer.replace([article(30)])
        writer.commit(2)
    assert before | {article(30).id} == held(engine)


def test_an_older_commit_that_arrives_late_replaces_nothing_newer(engine: Engine) -> None:
    with engine.writer() as writer:
        writer.replace([article(1, title="Newer")])
        writer.remove([article(2).id])
        writer.commit(9)
    with engine.writer() as writer:
        writer.replace([article(1, title="Older"), article(2)])
        writer.commit(5)

    with engine.reader() as reader:
        stored = reader.get(article(1).id)
        assert stored
        assert "Newer" == stored.title
        assert (None, 9) == (reader.get(article(2).id), reader.stamp())


def test_an_article_that_is_gone_is_remembered_longer_than_any_writer_is_stopped(
    engine: Engine, client: OpenSearch, opensearch: str
) -> None:
    (settings,) = client.indices.get_settings(index=address(opensearch).name).values()

    # OpenSearch's default is one minute.
    assert "1h" == settings["settings"]["index"]["gc_deletes"]


def test_who_is_told_to_come_back_later_does(engine: Engine, opensearch: str) -> None:
    refused: list[str] = []
    host = address(opensearch).hosts[0]

    class Busy(BaseHTTPRequestHandler):
        """Hands requests on, but says of the first two of articles that the queue is full."""

        protocol_version = "HTTP/1.1"

        def handed_on(self) -> None:
            body = self.rfile.read(int(self.headers.get("Content-Length", 0)))
            if self.path == "/_bulk" and len(refused) < 2:
                refused.append(self.path)
                full = {"type": "rejected_execution_exception", "reason": "queue is full"}
                ids = [json.loads(line)["index"]["_id"] for line in body.splitlines()[::2]]
                send(
                    self,
                    200,
                    {
                        "errors": True,
                        "items": [{"index": {"_id": id_, "status": 429, "error": full}} for id_ in ids],
                    },
                )
                return
            request = urllib.request.Request(
                host + self.path, body or None, {"Content-Type": "application/json"}, method=self.command
            )
            try:
                with urllib.request.urlopen(request) as answer:
                    send(self, answer.status, json.load(answer))
            except urllib.error.HTTPError as error:
                send(self, error.code, json.load(error))

        do_GET = do_POST = do_PUT = do_DELETE = handed_on

        def log_message(self, *_: Any) -> None:
            pass

    with running(Busy) as port:
        other = engine_at(f"opensearch+http://127.0.0.1:{port}/{address(opensearch).name}")
        with other.writer() as writer:
            writer.replace([article(50)])
            writer.commit(2)
        other.close()

    assert 2 == len(refused)
    assert article(50).id in held(engine)


def test_a_generation_of_another_version_is_built_anew(
    engine: Engine, client: OpenSearch, opensearch: str
) -> None:
    client.indices.put_mapping(index=address(opensearch).name, body={"_meta": {"schema": 0}})
    other = engine_at(opensearch)

    for open_ in (other.reader, other.writer):
        with pytest.raises(IndexUnreadable, match="clinicdex reindex"):
            open_()
    other.close()


def test_an_article_that_cannot_be_shown_is_named(
    engine: Engine, client: OpenSearch, opensearch: str
) -> None:
    broken = {"id": article(3).id, "record": {}}
    client.index(
        index=address(opensearch).name,
        id=article(3).id,
        body=broken,
        params={"version": 99, "version_type": "external", "refresh": "true"},
    )
    with engine.writer() as writer:
        writer.commit(100)

    (problem,) = engine.problems()
    assert article(3).id in problem
    assert "clinicdex reindex" in problem


def test_somebody_elses_index_is_left_alone(client: OpenSearch, opensearch: str) -> None:
    client.indices.create(index=address(opensearch).name)

    with pytest.raises(EngineError, match="somebody else's"):
        fill(engine_at(opensearch), article(1))


def test_a_rebuild_that_was_killed_leaves_nothing_behind_for_long(
    engine: Engine, client: OpenSearch, opensearch: str
) -> None:
    name = address(opensearch).name
    client.indices.create(index=f"{name}-g0007")

    fill(engine, article(1))

    assert {f"{name}-g0001", f"{name}-g0008", f"{name}-writer"} == set(
        client.indices.get_alias(index=f"{name}*")
    )


def test_a_new_generation_gets_its_copies_when_it_is_full(client: OpenSearch, opensearch: str) -> None:
    opened = engine_at(f"{opensearch}?shards=2&replicas=1")
    fill(opened, *map(article, range(50)))
    (settings,) = client.indices.get_settings(index=address(opensearch).name).values()

    assert ("2", "1") == (
        settings["settings"]["index"]["number_of_shards"],
        settings["settings"]["index"]["number_of_replicas"],
    )
    assert 50 == len(held(opened))
    opened.close()


# --- searching ----------------------------------------------------------------------------------------------


def test_pages_beyond_what_one_request_gives_follow_without_gap(
    engine: Engine, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("clinicdex.index.opensearch.reader.WINDOW", 7)
    monkeypatch.setattr(paging, "WINDOW", 3)
    with engine.reader() as reader:
        pages = [reader.search(parse("pain", offset=offset, size=4)) for offset in range(0, 24, 4)]
        whole = [hit.id for hit in reader.search(parse("pain", size=100)).hits]
        deep = reader.search(parse("pain", offset=2, size=3, after=pages[0].cursor))

    assert [20] * 6 == [page.total for page in pages]
    assert [article(n).id for n in range(20)] == whole == [hit.id for page in pages for hit in page.hits]
    assert whole[6:9] == [hit.id for hit in deep.hits]


def test_readers_of_one_commit_share_what_opensearch_holds_open(
    engine: Engine, client: OpenSearch, opensearch: str
) -> None:
    def open_states() -> int:
        shards = client.indices.stats(index=f"{address(opensearch).name}-g*", metric="search")["_all"][
            "total"
        ]["search"]
        return int(shards["point_in_time_current"])

    before = open_states()
    readers = [engine.reader() for _ in range(5)]
    assert before + 1 == open_states()
    for reader in readers:
        reader.close()
    with engine.writer() as writer:
        writer.commit(2)
    with engine.reader():
        assert before + 1 == open_states()
    engine.close()
    assert before == open_states()


# --- OpenSearch is unreachable ------------------------------------------------------------------------------


@contextmanager
def own_node(home: Path) -> Iterator[dict[str, Any]]:
    """Start a node that this test may stop and start again at the same port, with the same data."""
    if not (BUILT / "built").exists():
        pytest.skip(
            "OpenSearch is not built: this test needs a real one of its own; build it with: make engines"
        )
    now: dict[str, Any] = {"node": server.start(BUILT, home)}
    try:
        yield now
    finally:
        now["node"].stop(signal.SIGKILL)


def opened(engine: Engine) -> Writer:
    """Open a writer as soon as the engine is reachable."""
    while True:
        try:
            return engine.writer()
        except EngineAway:
            time.sleep(0.2)


def started_again(now: dict[str, Any], home: Path) -> None:
    now["node"] = server.start(BUILT, home, port=int(now["node"].url.rpartition(":")[2]))


def test_an_index_that_goes_away_loses_nothing_and_searches_recover_by_themselves(tmp_path: Path) -> None:
    with own_node(tmp_path) as now:
        engine = engine_at(f"opensearch+{now['node'].url}/articles")
        fill(engine, *map(article, range(10)))
        door = TestClient(
            application(engine, Settings("1")), base_url="http://localhost", raise_server_exceptions=False
        )
        assert 10 == door.get("/search.json?q=pain").json()["total"]

        now["node"].stop(signal.SIGKILL)
        away = door.get("/search.json?q=pain")
        assert 503 == away.status_code
        assert "does not answer" in away.json()["message"]
        assert "30" == away.headers["retry-after"]

        started_again(now, tmp_path)
        assert 10 == door.get("/search.json?q=pain").json()["total"]

        def outage() -> None:
            time.sleep(1)
            now["node"].stop(signal.SIGKILL)
            time.sleep(2)
            started_again(now, tmp_path)

        gone = threading.Thread(target=outage)
        gone.start()
        for number in range(1, 400):
            with opened(engine) as writer:
                writer.replace(map(article, range(10 * number, 10 * number + 10)))
                writer.remove([article(10 * number - 10).id])
                writer.commit(number + 1)
            if not gone.is_alive():
                break
        gone.join()

        expected = {article(n).id for n in range(10 * number + 10)} - {
            article(10 * n - 10).id for n in range(1, number + 1)
        }
        assert expected == held(engine)
        with engine.reader() as reader:
            assert (len(expected), number + 1) == (reader.search(parse("pain", size=1)).total, reader.stamp())
        engine.close()
