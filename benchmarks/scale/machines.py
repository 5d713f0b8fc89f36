"""What a page and a site cost, and how many machines that makes for a daily recrawl of many sites.

    python benchmarks/scale/machines.py

Two sorts of clinics, 10 and 110 pages of about 15 KB, are crawled over PostgreSQL and OpenSearch: first all new, then again with nothing changed
(304). The difference of the two sorts is what a page costs, the rest what a run of a site costs: CPU seconds of all our processes, and those of
PostgreSQL and OpenSearch from /proc. The table takes clinics of 100 pages of which 3 change each day, one request a second and host, runs spread over the
day, and machines of 4 cores and 16 GB of which two thirds are used; `runs at once` wait for their hosts most of the time. Needs `make engines`.
"""

from __future__ import annotations

import argparse
import json
import math
import os
import tempfile
from dataclasses import dataclass
from pathlib import Path

import psycopg
from scene import ROOT, Engines, clinics, command, running, timed

SMALL, LARGE, SITES = 10, 110, 4
PAGES, CHANGED = 100, 3  # of a clinic; of these each day
CORES, MEMORY, USED = 4, 16_000, 2 / 3  # of a machine; MB
DAY = 86_400
TICKS = os.sysconf("SC_CLK_TCK")


@dataclass(frozen=True)
class Cost:
    """CPU seconds of one run of a site, and of one page in it: ours, PostgreSQL's, OpenSearch's; and MB of our largest process."""

    run: tuple[float, float, float]
    page: tuple[float, float, float]
    mb: float


def servers() -> tuple[float, float]:
    """Give the CPU seconds that PostgreSQL and OpenSearch have taken so far, processes of theirs that ended included."""
    state = json.loads((ROOT / ".engines" / "running.json").read_text())
    postmaster = int((Path(state["folder"]) / "data" / "postmaster.pid").read_text().split()[0])
    family = [
        postmaster,
        *(int(pid) for pid in Path(f"/proc/{postmaster}/task/{postmaster}/children").read_text().split()),
    ]
    return sum(map(cpu, family)), cpu(int(state["pid"]))


def cpu(pid: int) -> float:
    try:
        fields = Path(f"/proc/{pid}/stat").read_text().rpartition(")")[2].split()
    except FileNotFoundError:
        return 0.0
    return sum(int(field) for field in fields[11:15]) / TICKS


def crawled(engines: Engines, folder: Path, pages: int) -> dict[str, tuple[float, float, float, float]]:
    """Crawl some clinics twice; give (ours, PostgreSQL, OpenSearch, MB) for one clinic, new and again."""
    found = {}
    with clinics(engines.catalogue, SITES, pages, 0.0):
        for name in ("new", "again"):
            before = servers()
            took = timed(command(folder, "crawl"), engines.environment())
            after = servers()
            found[name] = (
                took.cpu / SITES,
                (after[0] - before[0]) / SITES,
                (after[1] - before[1]) / SITES,
                took.mb,
            )
    return found


def costs() -> tuple[dict[str, Cost], dict[str, float]]:
    found, bytes_of = {}, {}
    for pages in (SMALL, LARGE):
        with running() as engines, tempfile.TemporaryDirectory() as place:
            found[pages] = crawled(engines, Path(place), pages)
            if pages == LARGE:
                bytes_of = stored(engines, SITES * pages)
    made = {}
    for name in ("new", "again"):
        small, large = found[SMALL][name], found[LARGE][name]
        page = tuple(
            max(0.0, (more - less) / (LARGE - SMALL)) for less, more in zip(small[:3], large[:3], strict=True)
        )
        run = tuple(max(0.0, less - SMALL * each) for less, each in zip(small[:3], page, strict=True))
        made[name] = Cost(run, page, large[3])  # type: ignore[arg-type]
    return made, bytes_of


def stored(engines: Engines, pages: int) -> dict[str, float]:
    """Give the KB that a page takes in PostgreSQL and an article in OpenSearch."""
    from clinicdex.index.opensearch.address import parse
    from opensearchpy import OpenSearch

    with psycopg.connect(engines.catalogue.replace("+psycopg", "")) as connection:
        size = connection.execute("select pg_database_size(current_database()) - 7800000").fetchone()
    at = parse(engines.index)
    with OpenSearch(hosts=list(at.hosts)) as client:
        index = client.indices.stats(index=f"{at.name}-g*", metric="store")["_all"]["primaries"]["store"][
            "size_in_bytes"
        ]
    return {"PostgreSQL": size[0] / pages / 1000 if size else 0.0, "OpenSearch": index / pages / 1000}


def machines(found: dict[str, Cost], sites: int) -> list[object]:
    new, again = found["new"], found["again"]
    each = [
        run + (PAGES - CHANGED) * same + CHANGED * fresh
        for run, same, fresh in zip(again.run, again.page, new.page, strict=True)
    ]
    ours, postgresql, opensearch = (sites * one / DAY for one in each)  # cores
    at_once = sites * PAGES * 1.0 / DAY
    needed = (
        max(ours / CORES, at_once * (again.mb + 150) / MEMORY) / USED
    )  # beside the crawler its run has a reader of about 150 MB
    return [
        f"{sites:,}",
        f"{sites * PAGES:,}",
        f"{at_once:.1f}",
        f"{ours:.2f}",
        f"{postgresql:.2f}",
        f"{opensearch:.2f}",
        max(1, math.ceil(needed)),
    ]


def main() -> None:
    parser = argparse.ArgumentParser(
        description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter
    )
    parser.parse_args()
    found, bytes_of = costs()
    print("| CPU | ours | PostgreSQL | OpenSearch | MB of a process |\n|---|---|---|---|---|")
    for name, cost in found.items():
        print(
            f"| a run of a site, {name}, s | {' | '.join(f'{one:.2f}' for one in cost.run)} | {cost.mb:.0f} |"
        )
        print(f"| a page in it, ms | {' | '.join(f'{1000 * one:.1f}' for one in cost.page)} | |")
    print(
        f"\nA page takes {bytes_of['PostgreSQL']:.1f} KB in PostgreSQL, an article "
        f"{bytes_of['OpenSearch']:.1f} KB in OpenSearch.\n"
    )
    print(
        "| sites | pages a day | runs at once | our cores | PostgreSQL's | OpenSearch's | "
        "worker machines |\n|---|---|---|---|---|---|---|"
    )
    for sites in (100, 1_000, 10_000, 100_000):
        print(f"| {' | '.join(map(str, machines(found, sites)))} |")


if __name__ == "__main__":
    main()
