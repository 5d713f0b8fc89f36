"""How fast queries are answered and articles indexed: all engines on one generated collection in one run.

    python benchmarks/search/speed.py GOLD [--docs N] [--engine NAME]... [--json]

Each engine has its own process. `build CPU s` is the CPU time of indexing, including the making of the
documents. `disk MB` is the size on disk; `building MB` and `asking MB` are the largest resident size of the
process after building and after searching; `asking alone MB` is that of a process that only searches,
measured for ours only. A query is a line of text in and the ids of the best ten out, parsing included. Times
are wall-clock milliseconds. Rows with `first` are cold: the median of a first round, in which no engine has
seen the query before, and ours decodes the terms it meets. All other rows are warm: a second round, when
every engine has seen every query once. Opening the index and starting a process are in neither.
"""

from __future__ import annotations

import argparse
import json
import subprocess
import sys
import tempfile
import time
from pathlib import Path
from typing import Any

from clinicdex.index.query import BATCH, parse
from clinicdex.index.whoosh.engine import WhooshEngine
from engines import ENGINES
from generated import documents, questions
from latency import percentile, times

COMPARED = ("clinicdex", "Whoosh", "tantivy", "SQLite FTS5", "bm25s")
SLOW = "Whoosh"  # searched in one round only: a round takes minutes
MOST = 10


def resident() -> float:
    """Return the largest resident size of this process in MB.

    Not ru_maxrss: on Linux a child inherits its parent's peak.
    """
    lines = Path("/proc/self/status").read_text(encoding="ascii", errors="replace").splitlines()
    return float(next(line.split()[1] for line in lines if line.startswith("VmHWM"))) / 1024


def one(name: str, gold: Path, count: int) -> dict[str, Any]:
    """Measure one engine."""
    with tempfile.TemporaryDirectory() as directory:
        started = time.process_time()
        search = ENGINES[name](documents(gold, count), Path(directory))

        def ask(question: str) -> list[str]:
            return search(question, MOST)

        row: dict[str, Any] = {"build CPU s": time.process_time() - started, "building MB": resident()}
        row["disk MB"] = (
            sum(path.stat().st_size for path in Path(directory).rglob("*") if path.is_file()) / 1e6
        )
        for sort, queries in questions(gold).items():
            rounds = [times(ask, queries) for _ in range(1 if name == SLOW else 2)]
            row |= {
                f"{sort} first p50": percentile(rounds[0], 0.5),
                f"{sort} p50": percentile(rounds[-1], 0.5),
                f"{sort} p99": percentile(rounds[-1], 0.99),
            }
        row["asking MB"] = resident()
        if name == "clinicdex":
            command = [sys.executable, __file__, str(gold), "--ask", str(Path(directory) / "ours")]
            row["asking alone MB"] = float(
                subprocess.run(command, stdout=subprocess.PIPE, text=True, check=True).stdout
            )
    return row


def asking(gold: Path, folder: Path) -> float:
    """Run every query on an existing index, results and snippets included; return the peak memory in MB."""
    with WhooshEngine(folder).reader() as reader:
        for question in (question for queries in questions(gold).values() for question in queries):
            reader.search(parse(question, limits=BATCH), facets=True)
    return resident()


def main() -> None:
    parser = argparse.ArgumentParser(
        description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter
    )
    parser.add_argument("gold", type=Path)
    parser.add_argument("--docs", type=int, default=100_000)
    parser.add_argument("--engine", action="append", choices=list(ENGINES))
    parser.add_argument("--json", action="store_true")
    parser.add_argument("--one", help=argparse.SUPPRESS)
    parser.add_argument("--ask", type=Path, help=argparse.SUPPRESS)
    options = parser.parse_args()
    if options.one:
        print(json.dumps(one(options.one, options.gold, options.docs)))
        return
    if options.ask:
        print(asking(options.gold, options.ask))
        return
    results = {}
    for name in options.engine or COMPARED:
        command = [sys.executable, __file__, str(options.gold), "--docs", str(options.docs), "--one", name]
        results[name] = json.loads(
            subprocess.run(command, stdout=subprocess.PIPE, text=True, check=True).stdout
        )
    if options.json:
        print(json.dumps(results))
        return
    columns = list(next(iter(results.values())))
    print(f"{options.docs:,} articles\n\n| | {' | '.join(results)} |\n|---|{'---|' * len(results)}")
    for column in columns:
        print(f"| {column} | {' | '.join(shown(row.get(column)) for row in results.values())} |")


def shown(value: float | None) -> str:
    return "–" if value is None else f"{value:.3g}" if value < 100 else f"{value:.0f}"


if __name__ == "__main__":
    main()
