"""Three machines share the sites of one PostgreSQL and one OpenSearch, and one of them dies.

    python benchmarks/scale/workers.py [--sites 60] [--pages 4] [--delay 0.5]

Each machine is a process `clinicdex schedule run` with a folder of its own, all on this machine; every request waits for its turn as it would for
a real host. "three, one killed" loses one to SIGKILL, with its children, when a third of the sites are done. `begun twice` are sites that another
went on with, `asked twice` pages that were fetched once more for it, `missing` and `doubled` articles in the index at the end. Needs `make engines`.
"""

from __future__ import annotations

import argparse
import json
import os
import signal
import subprocess
import tempfile
import time
from collections import Counter
from pathlib import Path
from typing import Any

from clinicdex.catalogue import Catalogue
from clinicdex.index.open import reader_at
from scene import clinics, command, running

SECONDS = 3600


def measure(workers: int, killed: bool, sites: int, pages: int, delay: float) -> dict[str, Any]:
    with (
        running() as engines,
        tempfile.TemporaryDirectory() as place,
        clinics(engines.catalogue, sites, pages, delay) as served,
    ):
        started = time.perf_counter()
        machines = [
            subprocess.Popen(
                command(Path(place) / str(n), "schedule", "run"),
                env=engines.environment(),
                stderr=subprocess.DEVNULL,
                start_new_session=True,
            )
            for n in range(workers)
        ]
        try:
            with Catalogue(engines.catalogue) as catalogue:
                wait(lambda: len(done(catalogue)) >= sites // 3)
                if killed:
                    os.killpg(machines[0].pid, signal.SIGKILL)
                wait(lambda: len(done(catalogue)) == sites)
                seconds = time.perf_counter() - started
                wait(lambda: not any(map(catalogue.sites.holder, served)))
                runs = Counter(run.site for run in catalogue.sites.runs(None, 10 * sites))
                wanted = {article.id for article in catalogue.articles.all()}
        finally:
            for machine in machines:
                machine.terminate()
            for machine in machines:
                machine.wait(120)
        with reader_at(engines.index) as reader:
            held = list(reader.ids())
        asked = [Counter(site.asked) for site in served.values()]
        return {
            "seconds": round(seconds, 1),
            "sites done": sites,
            "articles": len(held),
            "missing": len(wanted - set(held)) + sites * pages - len(wanted),
            "doubled": len(held) - len(set(held)),
            "begun twice": sum(count > 1 for count in runs.values()),
            "asked twice": sum(
                count - 1 for one in asked for path, count in one.items() if path.strip("/").isdigit()
            ),
        }


def done(catalogue: Catalogue) -> list[str]:
    return [name for name, run in catalogue.sites.last_runs().items() if run.outcome == "done"]


def wait(condition: Any) -> None:
    end = time.monotonic() + SECONDS
    while not condition():
        if time.monotonic() > end:
            raise SystemExit("it did not end within an hour")
        time.sleep(0.2)


def main() -> None:
    parser = argparse.ArgumentParser(
        description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter
    )
    parser.add_argument("--sites", type=int, default=60)
    parser.add_argument("--pages", type=int, default=4)
    parser.add_argument("--delay", type=float, default=0.5)
    parser.add_argument("--json", action="store_true")
    options = parser.parse_args()
    ways = {"one": (1, False), "three": (3, False), "three, one killed": (3, True)}
    found = {name: measure(*way, options.sites, options.pages, options.delay) for name, way in ways.items()}
    if options.json:
        print(json.dumps(found))
        return
    alone = found["one"]["seconds"]
    columns = list(found["one"])
    print(f"| machines | {' | '.join(columns)} | of one's time |\n|---|{'---|' * (len(columns) + 1)}")
    for name, one in found.items():
        print(
            f"| {name} | {' | '.join(str(one[column]) for column in columns)} | "
            f"{one['seconds'] / alone:.2f} |"
        )


if __name__ == "__main__":
    main()
