"""Several machines on one PostgreSQL and one OpenSearch: the same commands, two settings."""

from __future__ import annotations

import json
import os
import signal
import subprocess
import sys
import time
from collections import Counter
from collections.abc import Callable, Iterator
from contextlib import ExitStack, contextmanager
from pathlib import Path
from typing import Any

import pytest
from clinicdex.catalogue import Catalogue
from clinicdex.catalogue.sites import Site as Clinic
from clinicdex.index.opensearch.address import parse as address
from opensearchpy import OpenSearch
from support.faux import Reply, Site, article, faux_site, links

SITES, PAGES = 9, 5


@pytest.fixture
def machine(tmp_path: Path, postgresql: str, opensearch: str) -> Callable[..., list[str]]:
    """Return the command line of a machine that has its own folder and shares the two servers."""
    settings = {"CLINICDEX_CATALOGUE": postgresql, "CLINICDEX_INDEX": opensearch}

    def command(name: str, *arguments: str) -> list[str]:
        shared = [f"{key}={value}" for key, value in settings.items()]
        return ["env", *shared, sys.executable, "-m", "clinicdex", "-d", str(tmp_path / name), *arguments]

    return command


def told(command: list[str]) -> str:
    done = subprocess.run(command, capture_output=True, text=True, timeout=120, check=False)
    assert done.returncode == 0, done.stderr
    return done.stdout


@contextmanager
def clinics(catalogue: str) -> Iterator[dict[str, Site]]:
    """Serve some sites that are due, each with its own articles."""
    with ExitStack() as stack:
        served: dict[str, Site] = {}
        for number in range(SITES):
            pages: dict[str, Any] = {"/": links(*(f"/{n}" for n in range(PAGES)))}
            for n in range(PAGES):
                reply = article(f"Article {number} {n}")
                pages[f"/{n}"] = Reply(reply.body, 200, reply.headers, 0.3)
            served[f"site{number}"] = stack.enter_context(faux_site(pages))
        with Catalogue(catalogue) as opened:
            for name, site in served.items():
                opened.sites.add(
                    Clinic(
                        name,
                        f"{site.origin}/",
                        every="1d",
                        delay=0.0,
                        allow_hosts=(site.host_port,),
                        next_due=1.0,
                    )
                )
        yield served


def test_machines_share_the_sites_and_finish_what_one_that_died_began(
    machine: Callable[..., list[str]], postgresql: str
) -> None:
    with clinics(postgresql) as served, Catalogue(postgresql) as catalogue, ExitStack() as stack:
        workers = []
        for name in ("a", "b", "c"):
            worker = subprocess.Popen(
                machine(name, "-q", "schedule", "run"), stderr=subprocess.DEVNULL, start_new_session=True
            )
            stack.callback(ended, worker)
            workers.append(worker)
        wait_for(lambda: len([name for name in served if catalogue.sites.holder(name)]) == 3)
        holders = {catalogue.sites.holder(name) for name in served} - {None}
        assert 3 == len(holders)  # each works on a different site
        os.killpg(workers[0].pid, signal.SIGKILL)

        wait_for(
            lambda: (
                all(last.outcome == "done" for last in catalogue.sites.last_runs().values())
                and len(catalogue.sites.last_runs()) == SITES
            )
        )
        wait_for(lambda: not any(map(catalogue.sites.holder, served)))
        runs = Counter(run.site for run in catalogue.sites.runs(None, 100))

    # Only the site that the killed worker held was begun twice.
    assert SITES + 1 >= runs.total()
    assert 2 >= max(runs.values())
    requests = {name: Counter(site.asked) for name, site in served.items()}
    assert set() == {
        name for name, paths in requests.items() if not {f"/{n}" for n in range(PAGES)} <= paths.keys()
    }
    assert 2 >= max(
        count for paths in requests.values() for path, count in paths.items() if path != "/robots.txt"
    )
    assert "" == told(machine("d", "verify"))
    results = json.loads(told(machine("d", "search", "article", "-n", "100", "--json")))
    assert SITES * PAGES == results["total"] == len({hit["url"] for hit in results["hits"]})


def ended(worker: subprocess.Popen[bytes]) -> None:
    worker.terminate()
    worker.wait(60)


def wait_for(condition: Callable[[], bool], seconds: float = 120.0) -> None:
    end = time.monotonic() + seconds
    while not condition():
        assert time.monotonic() < end, "it did not happen in time"
        time.sleep(0.05)


def open_states(opensearch: str) -> int:
    """Count the states (points in time) that OpenSearch holds open for readers of an index."""
    at = address(opensearch)
    with OpenSearch(hosts=list(at.hosts)) as client:
        shards = client.indices.stats(index=f"{at.name}-g*", metric="search")["_all"]["total"]["search"]
    return int(shards["point_in_time_current"])


def test_every_command_works_with_two_settings_changed(
    machine: Callable[..., list[str]], postgresql: str, opensearch: str
) -> None:
    with clinics(postgresql):
        told(machine("a", "-q", "schedule", "run", "--once"))

    assert SITES == len(told(machine("b", "status", "--json")).splitlines())
    first = json.loads(told(machine("b", "search", "stretch", "--facets", "--json")))
    assert {f"site{n}": PAGES for n in range(SITES)} == first["facets"]["site"]
    assert SITES * PAGES == len(told(machine("b", "export")).splitlines())
    told(machine("b", "reindex"))
    told(machine("b", "reindex", "--undo"))
    assert "Article 3 1" in told(machine("b", "suggest", "article 3"))
    assert told(machine("b", "more-like", first["hits"][0]["url"]))
    assert 0 == open_states(opensearch)
    told(machine("b", "forget", "site0"))
    assert (SITES - 1) * PAGES == json.loads(told(machine("c", "search", "article", "--json")))["total"]
    assert "" == told(machine("c", "verify"))


@pytest.mark.parametrize(
    "settings",
    [
        {"CLINICDEX_INDEX": "https://u:s3cret@127.0.0.1:1/articles"},
        {"CLINICDEX_INDEX": "opensearch+https:/u:s3cret@127.0.0.1/articles"},
        {"CLINICDEX_INDEX": "opensearch+http://[::1/articles"},
        {"CLINICDEX_CATALOGUE": "postgresql:u:s3cret@127.0.0.1:1/x"},
        {"CLINICDEX_CATALOGUE": "postgresql+psycopg://u:s3cret@[::1/x"},
        {"CLINICDEX_CATALOGUE": "postgresql+psycopg://u@127.0.0.1:1/x?password=s3cret"},
    ],
)
def test_an_address_that_is_none_is_told_without_its_password(
    tmp_path: Path, settings: dict[str, str]
) -> None:
    command = [
        sys.executable,
        "-m",
        "clinicdex",
        "-d",
        str(tmp_path),
        "status" if "CLINICDEX_CATALOGUE" in settings else "suggest",
    ]
    done = subprocess.run(
        command + ["back"] * ("suggest" in command),
        capture_output=True,
        text=True,
        timeout=60,
        check=False,
        env=os.environ | settings,
    )

    assert done.returncode in (1, 4)
    assert 1 == len(done.stderr.splitlines())
    assert "s3cret" not in done.stderr
    assert "unexpected" not in done.stderr


@pytest.mark.parametrize(
    ("settings", "said"),
    [
        ({"CLINICDEX_INDEX": "opensearch+http://127.0.0.1:9/articles"}, "does not answer"),
        ({"CLINICDEX_CATALOGUE": "postgresql+psycopg://ann:secret@127.0.0.1:9/none"}, "refused"),
    ],
)
def test_a_server_that_is_not_there_is_told_in_one_line(
    tmp_path: Path, settings: dict[str, str], said: str
) -> None:
    arguments = ["search", "pain"] if "CLINICDEX_INDEX" in settings else ["status"]
    command = [sys.executable, "-m", "clinicdex", "-d", str(tmp_path), *arguments]
    done = subprocess.run(
        command,
        env={"PATH": os.environ["PATH"]} | settings,
        capture_output=True,
        text=True,
        timeout=60,
        check=False,
    )

    assert (1, 1) == (done.returncode, len(done.stderr.splitlines())), done.stderr
    assert said in done.stderr
    assert "secret" not in done.stderr
