"""What a frontier of a million URLs costs: memory, and time per operation.

    python benchmarks/crawl/frontier.py [--json]

Each size is measured in its own process. `insert` is the time per new link when the 76 links of a page are
written together with the page, as in a crawl. `next` is the time per URL when URLs are taken 32 at a time.
`MB` is the largest resident size of the process.
"""

from __future__ import annotations

import argparse
import json
import resource
import subprocess
import sys
import tempfile
import time
from typing import Any

from clinicdex.catalogue import Catalogue
from clinicdex.catalogue.sites import Site
from clinicdex.records import Link, UrlKind, Visit, VisitOutcome

SIZES = (10_000, 1_000_000)
BATCH = 50  # visits in one write
LINKS = 76
TAKEN = 200  # batches of 32 URLs


def one(size: int) -> dict[str, Any]:
    with tempfile.TemporaryDirectory() as folder, Catalogue(f"sqlite:///{folder}/c.sqlite") as catalogue:
        catalogue.sites.add(Site("s", "https://s.example/"))
        catalogue.sites.lease("s", "me", 36_000)
        frontier = catalogue.frontier("s", "me")
        frontier.open_run([Link(url="https://s.example/", kind=UrlKind.PAGE, depth=0, priority=0)])
        id_ = frontier.take(1)[0].id
        started, number = time.perf_counter(), 0
        while number < size:
            visits = []
            for _ in range(BATCH):
                paths = (
                    f"articles/{(n * 7919) % size}-about-the-back/" for n in range(number, number + LINKS)
                )
                urls = (f"https://s.example/{path}" for path in paths)
                links = [Link(url=url, kind=UrlKind.PAGE, depth=1, priority=0) for url in urls]
                visits.append(Visit(id=id_, outcome=VisitOutcome.answered(200), links=links))
                number += LINKS
            frontier.commit(visits)
        inserting = time.perf_counter() - started
        started = time.perf_counter()
        taken = sum(len(frontier.take(32)) for _ in range(TAKEN))
        taking = time.perf_counter() - started
        return {
            "addresses": size, "insert µs": round(1e6 * inserting / number, 1),
            "next µs": round(1e6 * taking / taken, 1),
            "MB": round(resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024),
        }  # fmt: skip


def main() -> None:
    parser = argparse.ArgumentParser(
        description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter
    )
    parser.add_argument("--json", action="store_true")
    parser.add_argument("--size", type=int, help=argparse.SUPPRESS)
    options = parser.parse_args()
    if options.size:
        print(json.dumps(one(options.size)))
        return
    rows = [
        json.loads(
            subprocess.run(
                [sys.executable, __file__, "--size", str(n)], capture_output=True, text=True, check=True
            ).stdout
        )
        for n in SIZES
    ]
    if options.json:
        print(json.dumps(rows))
        return
    print(f"| {' | '.join(rows[0])} |\n{'|---' * len(rows[0])}|")
    print("\n".join(f"| {' | '.join(map(str, row.values()))} |" for row in rows))


if __name__ == "__main__":
    main()
