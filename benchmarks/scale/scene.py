"""What the benchmarks of several machines share: running engines, clinics to crawl, and timed commands."""

from __future__ import annotations

import json
import os
import resource
import subprocess
import sys
import time
from collections.abc import Iterator
from contextlib import ExitStack, contextmanager
from dataclasses import dataclass
from pathlib import Path

ROOT = Path(__file__).parent.parent.parent
sys.path[:0] = [str(ROOT / "tests"), str(ROOT / "tests" / "engines"), str(ROOT / "benchmarks" / "search")]

from clinicdex.catalogue import Catalogue  # noqa: E402
from clinicdex.catalogue.sites import Site as Clinic  # noqa: E402
from fresh import database, index  # noqa: E402
from support.faux import Reply, Site, article, article_text, faux_site, html, links  # noqa: E402

__all__ = ["Engines", "Timed", "clinics", "command", "running", "timed"]

# About 10 KB of boilerplate.
FRAME = "".join(f'<nav class="menu-{n}"><a href="/">Page number {n}</a></nav>' for n in range(200))


@dataclass(frozen=True)
class Engines:
    """URLs of an empty catalogue and an empty index in running servers."""

    catalogue: str
    index: str

    def environment(self) -> dict[str, str]:
        return os.environ | {"CLINICDEX_CATALOGUE": self.catalogue, "CLINICDEX_INDEX": self.index}


@contextmanager
def running() -> Iterator[Engines]:
    state = ROOT / ".engines" / "running.json"
    if not state.exists():
        raise SystemExit("the engines do not run; start them with: make engines")
    servers = json.loads(state.read_text())
    with database(servers["postgresql"]) as catalogue, index(servers["opensearch"]) as index_url:
        yield Engines(catalogue, index_url)


@contextmanager
def clinics(catalogue: str, count: int, pages: int, delay: float) -> Iterator[dict[str, Site]]:
    """Serve clinics that are due, with pages of about 15 KB each; unchanged pages answer 304."""
    with ExitStack() as stack, Catalogue(catalogue) as opened:
        served = {}
        for number in range(count):
            replies = {"/": links(*(f"/{n}" for n in range(pages)))} | {
                f"/{n}": page(number, n) for n in range(pages)
            }
            site = served[f"clinic{number}"] = stack.enter_context(faux_site(replies))
            opened.sites.add(
                Clinic(
                    f"clinic{number}",
                    f"{site.origin}/",
                    every="1d",
                    delay=delay,
                    allow_hosts=(site.host_port,),
                    next_due=1.0,
                )
            )
        yield served


def page(clinic: int, number: int) -> Reply:
    reply = article(f"Article {clinic} {number}")
    paragraphs = "".join(f"<p>{article_text(f'{clinic} {number} {n}', 6)}</p>" for n in range(6))
    body = html(
        f"{FRAME}<article><h1>Article {clinic} {number}</h1>{paragraphs}</article>",
        f"<title>Article {clinic} {number}</title>",
    ).body
    return Reply(body, 200, reply.headers | {"ETag": f'"{clinic}-{number}"'})


def command(folder: Path, *arguments: str) -> list[str]:
    return [sys.executable, "-m", "clinicdex", "-q", "-d", str(folder), *arguments]


@dataclass(frozen=True)
class Timed:
    """The resources that a command used."""

    seconds: float  # wall clock
    cpu: float  # seconds, its children included
    mb: float  # greatest resident size of any of its processes


def timed(words: list[str], environment: dict[str, str]) -> Timed:
    before, started = resource.getrusage(resource.RUSAGE_CHILDREN), time.perf_counter()
    subprocess.run(words, env=environment, check=True, stdout=subprocess.DEVNULL)
    after = resource.getrusage(resource.RUSAGE_CHILDREN)
    cpu = after.ru_utime + after.ru_stime - before.ru_utime - before.ru_stime
    return Timed(time.perf_counter() - started, cpu, after.ru_maxrss / 1024)
