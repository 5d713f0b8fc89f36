"""Three machines share the sites of one PostgreSQL and one OpenSearch, and one of them dies.

    python benchmarks/scale/workers.py [--sites 60] [--pages 4] [--delay 0.5]

Each machine is a process `clinicdex schedule run` with its own folder, all on this machine; every request
waits for its turn as it would with a real host. In "three, one killed" one machine is killed with SIGKILL,
with its children, when a third of the sites are done. `begun twice` counts the sites that another machine
continued, `asked twice` the pages that were fetched again because of that, `missing` and `doubled` the
articles in the index at the end. Needs `make engines`.
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

SECONDS = 3600  # limit of each wait


def measure(workers: int, killed: bool, sites: int, pages: int, delay: float) -> dict[str, Any]:
    with (
        running() as engines,
        tempfile.TemporaryDirectory() as directory,
        clinics(engines.catalogue, sites, pages, delay) as served,
    ):
        started = time.perf_counter()
        machines = [
            subprocess.Popen(
                command(Path(directory) / str(n), "schedule", "run"),
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
            ids = list(reader.ids())
        requests = [Counter(site.asked) for site in served.values()]
        return {
            "seconds": round(seconds, 1),
            "sites done": sites,
            "articles": len(ids),
            "missing": len(wanted - set(ids)) + sites * pages - len(wanted),
            "doubled": len(ids) - len(set(ids)),
            "begun twice": sum(count > 1 for count in runs.values()),
            "asked twice": sum(
                count - 1
                for counts in requests
                for path, count in counts.items()
                if path.strip("/").isdigit()
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
    rows = {name: measure(*way, options.sites, options.pages, options.delay) for name, way in ways.items()}
    if options.json:
        print(json.dumps(rows))
        return
    alone = rows["one"]["seconds"]
    columns = list(rows["one"])
    print(f"| machines | {' | '.join(columns)} | of one's time |\n|---|{'---|' * (len(columns) + 1)}")
    for name, row in rows.items():
        print(
            f"| {name} | {' | '.join(str(row[column]) for column in columns)} | "
            f"{row['seconds'] / alone:.2f} |"
        )


if __name__ == "__main__":
    main()
