"""What `kill -9` must not destroy."""

from __future__ import annotations

import json
import os
import random
import signal
import subprocess
import sys
import time
from pathlib import Path
from typing import Any

import pytest
from clinicdex.catalogue import Catalogue
from support.faux import Reply, article, as_added, faux_site, links


def command(data: Path, *arguments: str) -> list[str]:
    return [sys.executable, "-m", "clinicdex", "-d", str(data), *arguments]


def run(data: Path, *arguments: str) -> str:
    done = subprocess.run(command(data, *arguments), capture_output=True, text=True, timeout=120, check=False)
    assert done.returncode == 0, done.stderr
    return done.stdout


def a_site(pages: int, wait: float) -> dict[str, Any]:
    """Return a site in which every page links to two others and each article has a copy."""
    site: dict[str, Any] = {"/": links("/0", "/1")}
    for n in range(pages):
        target = "".join(f'<a href="/{m}">{m}</a>' for m in (2 * n + 2, 2 * n + 3) if m < pages)
        reply = article(
            f"Article {n // 2}",
            f"seed {n // 2}",
            extra=f"<nav>{target}</nav><footer>Office hours: Monday 9 am to 5 pm</footer>",
        )
        site[f"/{n}"] = Reply(reply.body, 200, reply.headers, wait)
    return site


def export(data: Path) -> list[dict[str, Any]]:
    return sorted(
        (json.loads(line) for line in run(data, "export").splitlines()), key=lambda record: record["url"]
    )


def killed_and_resumed(tmp_path: Path, pages: int, kills: int) -> None:
    rolls = random.Random(7)
    with faux_site(a_site(pages, 0.02)) as site:
        for name in ("calm", "killed"):
            run(tmp_path / name, *as_added(site))
        run(tmp_path / "calm", "-q", "crawl")
        for _ in range(kills):
            process = subprocess.Popen(
                command(tmp_path / "killed", "-q", "crawl"), stderr=subprocess.DEVNULL, start_new_session=True
            )
            time.sleep(rolls.uniform(0.5, 2.5))
            victims = [process.pid] if rolls.random() < 0.5 else children(process.pid)
            for victim in victims:
                kill(victim)
            process.wait(30)
        run(tmp_path / "killed", "-q", "crawl")

        assert export(tmp_path / "calm") == export(tmp_path / "killed")
        assert run(tmp_path / "killed", "verify") == ""
        assert len(export(tmp_path / "calm")) == pages // 2


def children(pid: int) -> list[int]:
    return [int(child) for child in Path(f"/proc/{pid}/task/{pid}/children").read_text().split()]


def kill(pid: int) -> None:
    try:
        os.kill(pid, signal.SIGKILL)
    except ProcessLookupError:
        return


def test_a_crawl_killed_at_random_ends_like_one_that_was_not(tmp_path: Path) -> None:
    killed_and_resumed(tmp_path, pages=60, kills=4)


@pytest.mark.soak
def test_a_large_crawl_killed_fifty_times_ends_like_one_that_was_not(tmp_path: Path) -> None:
    killed_and_resumed(tmp_path, pages=600, kills=50)


def test_after_the_parent_is_killed_its_crawl_stops_by_itself(tmp_path: Path) -> None:
    with faux_site(a_site(400, 0.05)) as site:
        run(tmp_path, *as_added(site))
        process = subprocess.Popen(command(tmp_path, "-q", "crawl"), stderr=subprocess.DEVNULL)
        wait_until(lambda: len(site.asked) > 20)
        crawlers = children(process.pid)
        process.kill()
        process.wait()
        wait_until(lambda: not any(Path(f"/proc/{pid}").exists() for pid in crawlers))

    assert crawlers
    assert len(site.asked) < 400


def test_a_crawler_or_reader_that_is_killed_is_told_and_made_up_for(tmp_path: Path) -> None:
    with faux_site(a_site(200, 0.03)) as site:
        run(tmp_path, *as_added(site))
        process = subprocess.Popen(command(tmp_path, "crawl"), stderr=subprocess.PIPE, text=True)
        wait_until(lambda: len(site.asked) > 30)
        for child in children(process.pid):
            kill(child)
        _, message = process.communicate(timeout=60)

        assert process.returncode == 4, message
        assert "go on" in message
        assert "Traceback" not in message
        run(tmp_path, "-q", "crawl")

    assert len(export(tmp_path)) == 100


def test_ctrl_c_stops_cleanly_and_the_next_run_goes_on(tmp_path: Path) -> None:
    with faux_site(a_site(300, 0.05)) as site:
        run(tmp_path, *as_added(site))
        process = subprocess.Popen(command(tmp_path, "crawl"), stderr=subprocess.PIPE, text=True)
        wait_until(lambda: len(site.asked) > 20)
        process.send_signal(signal.SIGINT)
        _, message = process.communicate(timeout=30)

        assert process.returncode == 130
        assert "go on" in message
        assert "Traceback" not in message
        requests = len(site.asked)
        run(tmp_path, "-q", "crawl")

    assert len(export(tmp_path)) == 150
    assert len(site.asked) - requests < 300


def test_a_second_run_of_a_site_is_told_who_holds_it(tmp_path: Path) -> None:
    with faux_site(a_site(100, 0.05)) as site:
        run(tmp_path, *as_added(site))
        first = subprocess.Popen(command(tmp_path, "-q", "crawl"), stderr=subprocess.DEVNULL)
        wait_until(lambda: len(site.asked) > 10)
        second = subprocess.run(
            command(tmp_path, "crawl"), capture_output=True, text=True, timeout=60, check=False
        )
        first.terminate()
        first.wait(30)

    assert second.returncode == 1
    assert "another run" in second.stderr
    assert second.stderr.count("\n") == 1


def wait_until(condition: Any, seconds: float = 90) -> None:
    end = time.monotonic() + seconds
    while not condition():
        assert time.monotonic() < end, "it did not happen in time"
        time.sleep(0.02)


def test_the_site_of_a_daemon_that_is_killed_is_finished_by_another_within_a_minute(tmp_path: Path) -> None:
    def daemon() -> subprocess.Popen[bytes]:
        return subprocess.Popen(
            command(tmp_path, "-q", "schedule", "run"), stderr=subprocess.DEVNULL, start_new_session=True
        )

    def holder() -> str | None:
        with Catalogue(f"sqlite:///{tmp_path / 'catalogue.sqlite'}") as catalogue:
            return catalogue.sites.holder("faux")

    with faux_site(a_site(60, 0.1)) as site:
        run(tmp_path, *as_added(site), "--every", "1d")
        daemons = [daemon(), daemon()]
        try:
            wait_until(lambda: len(site.asked) > 20)
            first = next(process for process in daemons if str(process.pid) == (holder() or "").split("/")[1])
            before = list(site.asked)
            kill(first.pid)
            wait_until(lambda: len(site.asked) > len(before) + 20)
            wait_until(lambda: holder() is None)
        finally:
            for process in daemons:
                process.terminate()
                process.wait(30)

        assert len(before) == len(set(before))
        assert max(site.asked.count(path) for path in site.asked) <= 2
        assert 30 == len(export(tmp_path))
        assert run(tmp_path, "verify") == ""
