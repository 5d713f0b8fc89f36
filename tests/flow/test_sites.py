"""Adding, changing, showing and removing sites; what a run changed; who is let in."""

from __future__ import annotations

import os
import subprocess
import sys
from pathlib import Path
from typing import Any

import pytest
from clinicdex.config import SiteSettings
from clinicdex.errors import ConfigError, SiteError
from clinicdex.flow import crawling, several
from clinicdex.flow.crawl_options import CrawlOptions
from clinicdex.flow.credentials import credentials
from clinicdex.flow.sites import add_site, change_site, known_site, remove_site
from clinicdex.flow.what_changed import Some
from clinicdex.flow.workspace import Workspace
from support.faux import GONE, CrawlFaux, Reply, article, faux_site, html, links, ten, text
from support.seen import titles


def test_adding_a_known_site_changes_only_what_is_given(workspace: Workspace) -> None:
    first, new = add_site(workspace, "https://clinic.example", None, every="1d", deny=("/shop/*",), delay=3.0)
    second, changes = add_site(workspace, "https://clinic.example/", None, every="6h")
    third, none = add_site(workspace, "http://www.clinic.example", None)

    assert (None, ("every: 1d → 6h",), ()) == (new, changes, none)
    assert ("6h", ("/shop/*",), 3.0) == (second.every, second.deny, second.delay)
    assert first.name == second.name == third.name
    assert 1 == len(workspace.catalogue.sites.all())


def test_another_address_on_the_host_of_a_site_is_refused_with_two_ways_out(workspace: Workspace) -> None:
    add_site(workspace, "https://clinic.example", None)

    with pytest.raises(
        ConfigError, match=r"--name.*site set clinic.example --start https://clinic.example/blog/"
    ):
        add_site(workspace, "https://clinic.example/blog/", None)
    add_site(workspace, "https://clinic.example/blog/", "blog")
    assert ["blog", "clinic.example"] == [site.name for site in workspace.catalogue.sites.all()]


def test_a_setting_is_taken_away_by_an_empty_value(workspace: Workspace) -> None:
    site, _ = add_site(workspace, "https://clinic.example", None, every="1d", deny=("/shop/*", "/cart/*"))

    changed, texts = change_site(workspace, site, every="", deny=("",))

    assert (None, (), None) == (changed.every, changed.deny, changed.next_due)
    assert ("every: 1d → none", "deny: /shop/*, /cart/* → none") == texts


def test_an_interval_and_an_expression_replace_each_other(workspace: Workspace) -> None:
    site, _ = add_site(workspace, "https://clinic.example", None, every="1d")
    changed, _ = change_site(workspace, site, cron="0 3 * * *")

    assert (None, "0 3 * * *") == (changed.every, changed.cron)
    with pytest.raises(ConfigError, match="five fields"):
        change_site(workspace, changed, cron="0 0 3 * * *")


def test_a_crawl_begins_at_every_start_that_is_named(workspace: Workspace, crawled: CrawlFaux) -> None:
    pages: dict[str, Any] = {
        "/": html("<p>Welcome</p>"),
        "/rss": text("<rss><channel><item><link>{origin}/a</link></item></channel></rss>", "text/xml"),
        "/list.php": text("<urlset><url><loc>{origin}/b</loc></url></urlset>", "application/xml"),
        "/hidden": links("/c"),
    }
    for path, title in (("/a", "Ankles"), ("/b", "Backs"), ("/c", "Calves")):
        pages[path] = article(title)
    with faux_site(pages) as site:
        starts = tuple(f"{site.origin}{path}" for path in ("/rss", "/list.php", "/hidden"))
        crawled(site)
        nothing = titles(workspace)
        crawled(site, starts=starts)
        site.asked.clear()
        crawled(site, starts=starts, asks="due")

    assert [] == nothing
    assert ["Ankles", "Backs", "Calves"] == titles(workspace)
    assert {"/rss", "/list.php", "/hidden"} <= set(site.asked)


def test_a_site_that_is_removed_leaves_its_settings_in_the_history(
    workspace: Workspace, crawled: CrawlFaux
) -> None:
    with faux_site({"/": links("/a"), "/a": article("Ankles")}) as site:
        crawled(site, every="1d", deny=("/x",))

    assert (2, 1) == remove_site(workspace, known_site(workspace, "faux"))
    (kept,) = workspace.catalogue.sites.runs("faux", 5)
    assert ("removed", 1, ["/x"]) == (kept.outcome, kept.counts["articles"], kept.counts["settings"]["deny"])
    assert [] == workspace.catalogue.sites.all()


def test_a_run_says_what_it_changed(workspace: Workspace, crawled: CrawlFaux) -> None:
    with faux_site(pages := ten()) as site:
        first = crawled(site).changes
        pages |= {
            "/": links(*(f"/{n}" for n in range(10)), "/new"),
            "/new": article("Frozen Shoulder"),
            "/1": article("Article 1", "another text"),
            "/2": GONE,
            "/3": text("", status=404),
        }
        second = crawled(site)
        third = crawled(site).changes

    assert (10, Some()) == (first.new.count, first.changed)
    assert Some(1, ("Frozen Shoulder",)) == second.changes.new
    assert Some(1, ("Article 1",)) == second.changes.changed
    assert Some(1, (f"{site.origin}/2",)) == second.changes.gone
    assert Some(1, ("Article 3",)) == second.changes.missing == third.missing
    assert (Some(), Some(), Some()) == (third.new, third.changed, third.gone)
    stored = workspace.catalogue.sites.runs("faux", 2)[1].counts["changes"]
    assert {"count": 1, "first": ["Frozen Shoulder"]} == stored["new"]


def test_a_home_page_that_forbids_following_is_told_in_words(
    workspace: Workspace, crawled: CrawlFaux
) -> None:
    hidden = html('<a href="/a">a</a>', '<meta name="robots" content="noindex nofollow">')
    with faux_site({"/": hidden, "/a": article("Ankles")}) as site:
        summary = crawled(site)

    assert 1 == len(summary.advice)
    assert "noindex, nofollow" in summary.advice[0]
    assert "Discourage search engines" in summary.advice[0]


def test_a_site_that_does_not_answer_is_told_with_its_cause(workspace: Workspace) -> None:
    from clinicdex.catalogue.sites import Site

    added = Site("dead", "http://127.0.0.1:9/", allow_hosts=("127.0.0.1:9",))
    workspace.catalogue.sites.add(added)

    with pytest.raises(SiteError, match="connection refused"):
        crawling.collect(workspace, added, CrawlOptions(), lambda _: None, lambda: False)


def test_a_certificate_that_is_not_valid_is_told(workspace: Workspace, tmp_path: Path) -> None:
    import ssl
    import threading
    from http.server import BaseHTTPRequestHandler, HTTPServer

    from clinicdex.catalogue.sites import Site

    key, certificate = tmp_path / "key.pem", tmp_path / "certificate.pem"
    subprocess.run(
        ["openssl", "req", "-x509", "-newkey", "rsa:2048", "-nodes", "-days", "2",
         "-subj", "/CN=clinic.example",
         "-keyout", str(key), "-out", str(certificate)],
        check=True, capture_output=True,
    )  # fmt: skip
    server = HTTPServer(("127.0.0.1", 0), BaseHTTPRequestHandler)
    context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
    context.load_cert_chain(certificate, key)
    server.socket = context.wrap_socket(server.socket, server_side=True, do_handshake_on_connect=False)
    server.handle_error = lambda *_: None  # type: ignore[method-assign]
    threading.Thread(target=server.serve_forever, daemon=True).start()
    at = f"127.0.0.1:{server.server_port}"
    added = Site("tls", f"https://{at}/", allow_hosts=(at,))
    workspace.catalogue.sites.add(added)
    try:
        with pytest.raises(SiteError, match="certificate"):
            crawling.collect(workspace, added, CrawlOptions(), lambda _: None, lambda: False)
    finally:
        server.shutdown()
        server.server_close()


STAGING = SiteSettings(headers=("X-Staging: STAGING_KEY",), basic_auth="STAGING_LOGIN")


def test_credentials_come_from_the_environment_and_from_nowhere_else() -> None:
    environment = {"STAGING_KEY": "open sesame", "STAGING_LOGIN": "ann:secret"}

    assert (("X-Staging", "open sesame"), ("Authorization", "Basic YW5uOnNlY3JldA==")) == credentials(
        STAGING, environment
    )
    for wrong, message in (
        ({"STAGING_LOGIN": "ann:secret"}, "headers: X-Staging must name an environment variable"),
        (environment | {"STAGING_LOGIN": "ann"}, "user:password"),
        (environment | {"STAGING_KEY": "a\r\nb: c"}, "no header may hold"),
    ):
        with pytest.raises(ConfigError, match=message):
            credentials(STAGING, wrong)


def test_credentials_go_to_the_sites_own_origin_alone_and_into_no_log(
    workspace: Workspace, crawled: CrawlFaux, monkeypatch: pytest.MonkeyPatch
) -> None:
    from dataclasses import replace

    monkeypatch.setenv("STAGING_KEY", "open-sesame")
    monkeypatch.setenv("STAGING_LOGIN", "ann:secret-word")
    elsewhere: dict[str, Any] = {"/map.xml": text("<urlset></urlset>")}
    pages: dict[str, Any] = {"/": links("/a"), "/a": article("Ankles")}
    with faux_site(pages) as site, faux_site(elsewhere) as other:
        pages["/robots.txt"] = text(f"Sitemap: {other.origin}/map.xml")
        workspace.config = replace(workspace.config, site={"faux": STAGING}, allow_hosts=(other.host_port,))
        crawled(site)

    assert {"open-sesame"} == {headers.get("x-staging") for headers in site.requests}
    assert all("authorization" in headers for headers in site.requests)
    assert other.requests
    assert not any("x-staging" in headers or "authorization" in headers for headers in other.requests)
    written = b"".join(file.read_bytes() for file in workspace.config.data_dir.rglob("*") if file.is_file())
    assert b"open-sesame" not in written
    assert b"YW5u" not in written


def test_a_site_that_keeps_us_waiting_does_not_hold_up_the_others(
    workspace: Workspace, monkeypatch: pytest.MonkeyPatch
) -> None:
    import threading

    from clinicdex.catalogue.sites import Site
    from clinicdex.flow import pace

    monkeypatch.setattr(pace, "_WINDOW", 0.5)
    other_is_done = threading.Event()

    def waits(_: int) -> Reply:
        other_is_done.wait(90)
        return article("Slow")

    with faux_site({"/": links("/a"), "/a": waits}) as slow, faux_site(ten()) as quick:
        sites = [
            Site(name, f"{at.origin}/", allow_hosts=(at.host_port,))
            for name, at in (("slow", slow), ("quick", quick))
        ]
        for added in sites:
            workspace.catalogue.sites.add(added)
        order = []
        for ended in several.crawl_sites(workspace, sites, CrawlOptions(), lambda _: None, lambda: False):
            order.append(ended.site)
            other_is_done.set()

    assert ["quick", "slow"] == order


def test_a_crawl_by_hand_moves_the_schedule(workspace: Workspace) -> None:
    import time

    with faux_site(ten()) as site:
        added, _ = add_site(workspace, site.origin, "faux", every="1d", allow_hosts=(site.host_port,))
        began = time.time()
        list(several.crawl_sites(workspace, [added], CrawlOptions(), lambda _: None, lambda: False))

    moved = known_site(workspace, "faux")
    assert moved.next_due
    assert began + 86400 <= moved.next_due <= time.time() + 86400 + 60


def test_the_files_of_every_command_only_their_owner_can_read(tmp_path: Path) -> None:
    page = tmp_path / "page.html"
    page.write_text("<html><p>Too little</p></html>")
    environment = os.environ | {"HOME": str(tmp_path)}

    def modes(*arguments: str) -> set[str]:
        folder = tmp_path / arguments[0]
        subprocess.run(
            [sys.executable, "-m", "clinicdex", "-d", str(folder), *arguments],
            cwd=tmp_path, env=environment, capture_output=True, check=False, umask=0o022,
        )  # fmt: skip
        paths = [folder, *folder.rglob("*")]
        return {f"{path.stat().st_mode & 0o777:o}" for path in paths}

    for arguments in (
        ("site", "add", "http://127.0.0.1:9/"),
        ("extract", "http://127.0.0.1:9/"),
        ("crawl", "http://127.0.0.1:9/", "--allow-host", "127.0.0.1:9"),
        ("import", "-"),
    ):
        assert {"700", "600"} >= modes(*arguments), arguments
