"""How long people wait: for a page of ten with snippets, for suggestions, and for a whole cold command.

    python benchmarks/search/page.py GOLD [--json]

20,000 generated articles of about 680 words. `page` is a search with facets and snippets as the search page
shows it, `suggest` is one keystroke in the name of a condition, `correct` a misspelt word; medians and 99th
percentiles in wall-clock milliseconds, second (warm) round. `command` is the median of nine runs of a whole
process at 10,000 articles: `clinicdex search`, compared with a bare script on stock Whoosh and one on SQLite
FTS5, which only search. `--help` is the median of twice as many runs of `clinicdex --help` and of a click
program with one command; the ratio should stay below 1.5. The command starts from bytecode, as in a package
installed by pip; where PYTHONDONTWRITEBYTECODE is set, a clone compiles its sources at every start.
"""

from __future__ import annotations

import argparse
import json
import os
import statistics
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable
from itertools import islice
from pathlib import Path
from typing import Any

from clinicdex.index.query import parse
from clinicdex.index.whoosh.engine import WhooshEngine
from engines import ENGINES
from generated import documents, questions
from latency import again
from whoosh import highlight, index, query

PAGES, COLD, RUNS = 20_000, 10_000, 9
STOCK = """
import sys
from whoosh import index
from whoosh.qparser import QueryParser, OrGroup
opened = index.open_dir(sys.argv[1])
with opened.searcher() as searcher:
    for hit in searcher.search(QueryParser("content", opened.schema, group=OrGroup).parse(sys.argv[2])):
        print(hit["id"])
"""
FTS5 = """
import re, sqlite3, sys
asked = " OR ".join(f'"{word}"' for word in re.findall(r"\\w+", sys.argv[2]))
for row in sqlite3.connect(sys.argv[1]).execute(\
"select id from d where d match ? order by bm25(d) limit 10", (asked,)):
    print(row[0])
"""


CLICK = """
import click
@click.command()
@click.option("--site", help="Only articles of this site.")
def search(site):
    "Find articles."
search()
"""


def stock_page(opened: Any) -> Callable[[str], Any]:
    """Return a search with Whoosh's defaults: ten results with Whoosh's own highlights."""
    searcher, analyzer = opened.searcher(), opened.schema["content"].analyzer

    def search(question: str) -> list[str]:
        terms = dict.fromkeys(token.text for token in analyzer(question, mode="query"))
        results = searcher.search(query.Or([query.Term("content", term) for term in terms]), limit=10)
        results.fragmenter = highlight.ContextFragmenter(maxchars=240)
        return [hit.highlights("content") for hit in results]

    return search


def pages(gold: Path) -> dict[str, tuple[float, float]]:
    queries = questions(gold)["short"]
    with tempfile.TemporaryDirectory() as directory:
        folder = Path(directory)
        ENGINES["clinicdex"](documents(gold, PAGES), folder)
        with WhooshEngine(folder / "ours").reader() as reader:
            rows = {
                "page": again(lambda text: reader.search(parse(text), facets=True), queries),
                "suggest": again(
                    reader.suggest, [name[:length] for name in queries[:60] for length in (2, 4, 7)]
                ),
                "correct": again(
                    lambda text: reader.correct(parse(text)),
                    [f"{name[0]}{name[2]}{name[1]}{name[3:]}" for name in queries if len(name) > 6],
                ),
            }
        ENGINES["Whoosh"](documents(gold, PAGES), folder)
        return rows | {
            "page, stock Whoosh": again(stock_page(index.open_dir(str(folder / "whoosh"))), queries[:40])
        }


def commands(gold: Path) -> dict[str, float]:
    """Return the median seconds of whole processes, by kind of command."""
    queries = questions(gold)["short"][:RUNS]
    with tempfile.TemporaryDirectory() as directory:
        folder = Path(directory)
        for name in ("clinicdex", "Whoosh", "SQLite FTS5"):
            ENGINES[name](documents(gold, COLD), folder)
        (folder / "ours").rename(folder / "index")
        shells = {
            "clinicdex search": [sys.executable, "-m", "clinicdex", "-d", str(folder), "search"],
            "bare script on stock Whoosh": [sys.executable, "-c", STOCK, str(folder / "whoosh")],
            "bare script on SQLite FTS5": [sys.executable, "-c", FTS5, str(folder / "fts5.db")],
        }
        return medians(shells, queries)


def starts() -> dict[str, float]:
    """Return the median seconds of a start that only shows help, by program."""
    programs = {
        "clinicdex --help": [sys.executable, "-m", "clinicdex"],
        "bare click program --help": [sys.executable, "-c", CLICK],
    }
    return medians(programs, ["--help"] * 2 * RUNS)


def medians(programs: dict[str, list[str]], arguments: list[str]) -> dict[str, float]:
    """Run the programs in turns, with one argument each time; return their median seconds."""
    environment = {name: value for name, value in os.environ.items() if name != "PYTHONDONTWRITEBYTECODE"}
    seconds: dict[str, list[float]] = {name: [] for name in programs}
    # The first run warms the disk cache, writes bytecode and does not count.
    for argument in (arguments[0], *arguments):
        for name, command in programs.items():
            started = time.perf_counter()
            subprocess.run(
                [*command, argument],
                env=environment,
                stdout=subprocess.DEVNULL,
                stderr=subprocess.DEVNULL,
                check=True,
            )
            seconds[name].append(time.perf_counter() - started)
    return {name: statistics.median(islice(times, 1, None)) for name, times in seconds.items()}


def main() -> None:
    parser = argparse.ArgumentParser(
        description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter
    )
    parser.add_argument("gold", type=Path)
    parser.add_argument("--json", action="store_true")
    options = parser.parse_args()
    rows, cold, helps = pages(options.gold), commands(options.gold), starts()
    if options.json:
        print(json.dumps({"pages": rows, "commands": cold, "starts": helps}))
        return
    print("| ms | median | 99 % |\n|---|---|---|")
    for name, (median, most) in rows.items():
        print(f"| {name} | {median:.2f} | {most:.2f} |")
    bare = cold["bare script on stock Whoosh"]
    print("\n| whole process | seconds | against stock Whoosh |\n|---|---|---|")
    for name, seconds in cold.items():
        print(f"| {name} | {seconds:.3f} | {seconds / bare:.2f} × |")
    bare = helps["bare click program --help"]
    print("\n| whole process | seconds | against bare click |\n|---|---|---|")
    for name, seconds in helps.items():
        print(f"| {name} | {seconds:.3f} | {seconds / bare:.2f} × |")


if __name__ == "__main__":
    main()
