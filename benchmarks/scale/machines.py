"""What a page and a site cost, and how many machines that makes for a daily recrawl of many sites.

    python benchmarks/scale/machines.py

Clinics of two sizes, 10 and 110 pages of about 15 KB, are crawled into PostgreSQL and OpenSearch: first with
all pages new, then again with nothing changed (304). The difference between the two sizes is what a page
costs, the rest is what a run of a site costs: CPU seconds of all our processes, and those of PostgreSQL and
OpenSearch from /proc. The table assumes clinics of 100 pages of which 3 change each day, one request per
second and host, runs spread over the day, and machines of 4 cores and 16 GB of which two thirds are used; the
`runs at once` wait for their hosts most of the time. Needs `make engines`.
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
PAGES, CHANGED = 100, 3  # pages of a clinic, and how many of them change each day
CORES, MEMORY, USED = 4, 16_000, 2 / 3  # of a machine: cores, MB, share that is used
DAY = 86_400  # seconds
TICKS = os.sysconf("SC_CLK_TCK")


@dataclass(frozen=True)
class Cost:
    """CPU seconds of one run of a site and of one page in it, and MB of our largest process.

    The three numbers are those of our processes, of PostgreSQL and of OpenSearch.
    """

    run: tuple[float, float, float]
    page: tuple[float, float, float]
    mb: float


def servers() -> tuple[float, float]:
    """Return the CPU seconds that PostgreSQL and OpenSearch have used so far, with their ended processes."""
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
    """Crawl some clinics twice; return (ours, PostgreSQL, OpenSearch, MB) for one clinic, new and again."""
    costs_of = {}
    with clinics(engines.catalogue, SITES, pages, 0.0):
        for name in ("new", "again"):
            before = servers()
            took = timed(command(folder, "crawl"), engines.environment())
            after = servers()
            costs_of[name] = (
                took.cpu / SITES,
                (after[0] - before[0]) / SITES,
                (after[1] - before[1]) / SITES,
                took.mb,
            )
    return costs_of


def costs() -> tuple[dict[str, Cost], dict[str, float]]:
    measured, bytes_of = {}, {}
    for pages in (SMALL, LARGE):
        with running() as engines, tempfile.TemporaryDirectory() as directory:
            measured[pages] = crawled(engines, Path(directory), pages)
            if pages == LARGE:
                bytes_of = stored(engines, SITES * pages)
    costs_by_name = {}
    for name in ("new", "again"):
        small, large = measured[SMALL][name], measured[LARGE][name]
        page = tuple(
            max(0.0, (more - less) / (LARGE - SMALL)) for less, more in zip(small[:3], large[:3], strict=True)
        )
        run = tuple(max(0.0, less - SMALL * each) for less, each in zip(small[:3], page, strict=True))
        costs_by_name[name] = Cost(run, page, large[3])  # type: ignore[arg-type]
    return costs_by_name, bytes_of


def stored(engines: Engines, pages: int) -> dict[str, float]:
    """Return the KB that a page takes in PostgreSQL and an article in OpenSearch."""
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
    ours, postgresql, opensearch = (sites * cpu_seconds / DAY for cpu_seconds in each)  # cores
    at_once = sites * PAGES * 1.0 / DAY
    # In addition to the crawler, a run has an extraction process of about 150 MB.
    needed = max(ours / CORES, at_once * (again.mb + 150) / MEMORY) / USED
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
    costs_by_name, bytes_of = costs()
    print("| CPU | ours | PostgreSQL | OpenSearch | MB of a process |\n|---|---|---|---|---|")
    for name, cost in costs_by_name.items():
        print(
            f"| a run of a site, {name}, s | {' | '.join(f'{seconds:.2f}' for seconds in cost.run)} "
            f"| {cost.mb:.0f} |"
        )
        print(f"| a page in it, ms | {' | '.join(f'{1000 * seconds:.1f}' for seconds in cost.page)} | |")
    print(
        f"\nA page takes {bytes_of['PostgreSQL']:.1f} KB in PostgreSQL, an article "
        f"{bytes_of['OpenSearch']:.1f} KB in OpenSearch.\n"
    )
    print(
        "| sites | pages a day | runs at once | our cores | PostgreSQL's | OpenSearch's | "
        "worker machines |\n|---|---|---|---|---|---|---|"
    )
    for sites in (100, 1_000, 10_000, 100_000):
        print(f"| {' | '.join(map(str, machines(costs_by_name, sites)))} |")


if __name__ == "__main__":
    main()
