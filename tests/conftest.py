from __future__ import annotations

import json
import os
import shutil
from collections.abc import Generator, Iterator
from pathlib import Path
from typing import TYPE_CHECKING, Any, cast

import pytest
from clinicdex.catalogue.sites import Site
from clinicdex.config import Config
from clinicdex.flow import crawling
from clinicdex.flow.crawl_options import CrawlOptions
from clinicdex.flow.crawling import Summary
from clinicdex.flow.workspace import Workspace

if TYPE_CHECKING:
    from playwright.sync_api import Browser


@pytest.hookimpl(wrapper=True)
def pytest_runtest_makereport() -> Generator[None, pytest.TestReport, pytest.TestReport]:
    """Fail skipped tests if CLINICDEX_SKIP_NOTHING says that everything they need is there."""
    report = yield
    if report.skipped and os.environ.get("CLINICDEX_SKIP_NOTHING") and not hasattr(report, "wasxfail"):
        _, _, why = cast(tuple[str, int, str], report.longrepr)
        report.outcome = "failed"
        report.longrepr = f"skipped, but nothing may be skipped here: {why}"
    return report


def pytest_generate_tests(metafunc: pytest.Metafunc) -> None:
    """Run the tests marked `both_stores` on SQLite and on PostgreSQL."""
    if "catalogue_url" in metafunc.fixturenames and metafunc.definition.get_closest_marker("both_stores"):
        metafunc.parametrize("catalogue_url", ["sqlite", "postgresql"], indirect=True)


@pytest.fixture
def catalogue_url(request: pytest.FixtureRequest, tmp_path: Path) -> str:
    """The URL of an empty catalogue."""
    if getattr(request, "param", "sqlite") == "postgresql":
        return str(request.getfixturevalue("postgresql"))
    return f"sqlite:///{tmp_path / 'data' / 'catalogue.sqlite'}"


@pytest.fixture
def workspace(tmp_path: Path, catalogue_url: str) -> Iterator[Workspace]:
    """A workspace in an empty folder."""
    with Workspace(Config(data_dir=tmp_path / "data", catalogue=catalogue_url, delay=0.0)) as opened:
        yield opened


@pytest.fixture
def crawled(workspace: Workspace) -> Any:
    """A function that crawls a faux site into the workspace and returns the summary."""

    def crawl(site: Any, **changes: Any) -> Summary:
        options = {
            name: changes.pop(name)
            for name in ("max_pages", "delay", "asks", "force", "index")
            if name in changes
        }
        added = Site(changes.pop("name", "faux"), f"{site.origin}/", allow_hosts=(site.host_port,), **changes)
        workspace.catalogue.sites.add(added)
        return crawling.collect(workspace, added, CrawlOptions(**options), lambda _: None, lambda: False)

    return crawl


def running(engine: str) -> str:
    """Return the URL of a real engine; skip the test if the engine is not running."""
    state = Path(__file__).parent.parent / ".engines" / "running.json"
    if not state.exists():
        pytest.skip(f"{engine} does not run: this test needs the real one; start it with: make engines")
    return str(json.loads(state.read_text())[engine.lower()])


@pytest.fixture
def opensearch() -> Iterator[str]:
    """The address of a new index in a real OpenSearch; the index is deleted afterwards."""
    server = running("OpenSearch")
    from fresh import index

    with index(server) as address:
        yield address


@pytest.fixture
def postgresql() -> Iterator[str]:
    """The URL of a new, empty database in a real PostgreSQL; the database is deleted afterwards."""
    server = running("PostgreSQL")
    from fresh import database

    with database(server) as address:
        yield address


@pytest.fixture(scope="session")
def browser() -> Iterator[Browser]:
    """A real browser."""
    chromium = shutil.which("chromium") or shutil.which("chromium-browser") or shutil.which("google-chrome")
    if not chromium:
        pytest.skip(
            "there is no Chromium: this test drives a real browser; on Debian: sudo apt-get install chromium"
        )
    from playwright.sync_api import sync_playwright

    with sync_playwright() as playwright:
        opened = playwright.chromium.launch(
            executable_path=chromium,
            args=[
                "--no-sandbox",
                "--disable-gpu",
                "--host-resolver-rules=MAP * ~NOTFOUND, EXCLUDE 127.0.0.1, EXCLUDE localhost",
            ],
        )
        yield opened
        opened.close()


@pytest.fixture(scope="session")
def clients() -> Path:
    """The folder with other projects' search clients, installed by npm."""
    folder = Path(__file__).parent / "clients"
    if not shutil.which("node") or not (folder / "node_modules").is_dir():
        pytest.skip(
            "the search clients are not installed: this test needs node and npm; on Debian: "
            "sudo apt-get install nodejs npm, then make test"
        )
    return folder


@pytest.fixture(scope="session")
def gold() -> Path:
    """The folder with the evaluation data."""
    named = os.environ.get("CLINICDEX_GOLD")
    if not named:
        pytest.skip(
            "CLINICDEX_GOLD is not set: this test needs the evaluation data, which is not "
            "part of the repository"
        )
    return Path(named)
