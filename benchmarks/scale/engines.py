"""Whoosh and OpenSearch behind the same reader and writer: speed, quality, and searches during a rebuild.

    python benchmarks/scale/engines.py GOLD [--docs 100000] [--quality ADDRESS] [--json]

Generated articles of about 680 words (benchmarks/search/generated.py), 500 per commit. `docs/s` is by wall
clock; the terms are made in our single process for both engines, and OpenSearch runs next to it in a JVM with
1 GB of heap. A query is text in and the ids of the best ten out, `page` is a page of ten with facets and
snippets, `suggest` one keystroke; times are in milliseconds, from a second, warm round. nDCG@10 is measured
as in benchmarks/search/quality.py. While 20,000 of the articles are indexed again, 20 queries a second are
run: `asked` counts them, `errors` those that failed, and `missing` the searches that did not count all
articles. Needs `make engines` once.
"""

from __future__ import annotations

import argparse
import json
import tempfile
import threading
import time
from functools import partial
from itertools import islice
from pathlib import Path

import scene  # before the modules of benchmarks/search: it puts their folder on sys.path
from clinicdex.errors import EngineError
from clinicdex.index.engine import Engine
from clinicdex.index.open import engine_at
from clinicdex.index.query import parse
from filling import filled, named
from generated import documents
from generated import questions as sorts_of_questions
from latency import again
from quality import COLLECTIONS, corpus, judgements, mean, questions, scores

REBUILT, EACH_SECOND = 20_000, 20


def speed(engine: Engine, gold: Path, count: int) -> dict[str, float]:
    started, cpu = time.perf_counter(), time.process_time()
    names = filled(engine, documents(gold, count))
    seconds, cpu = time.perf_counter() - started, time.process_time() - cpu
    row: dict[str, float] = {"docs/s": count / seconds, "CPU ms a doc, ours": 1000 * cpu / count}
    queries = sorts_of_questions(gold)
    with engine.reader() as reader:
        for sort, some in queries.items():
            row[f"{sort} p50"], row[f"{sort} p99"] = again(partial(named, reader, names, most=10), some)
        row["page p50"], row["page p99"] = again(
            lambda text: reader.search(parse(text), facets=True), queries["short"]
        )
        typed = [name[:length] for name in queries["short"][:60] for length in (2, 4, 7)]
        row["suggest p50"], row["suggest p99"] = again(reader.suggest, typed)
    return row


def rebuild(engine: Engine, gold: Path) -> dict[str, float]:
    """Rebuild the index while queries are run."""
    some = list(islice(documents(gold, REBUILT), REBUILT))
    filled(engine, some)
    queries, stop = sorts_of_questions(gold)["short"], threading.Event()
    counts = {"asked": 0, "errors": 0, "missing": 0}

    def ask() -> None:
        while not stop.wait(1 / EACH_SECOND):
            counts["asked"] += 1
            try:
                with engine.reader() as reader:
                    reader.search(parse(queries[counts["asked"] % len(queries)]))
                    counts["missing"] += reader.search(parse("", size=1)).total != REBUILT
            except EngineError:
                counts["errors"] += 1

    asking = threading.Thread(target=ask)
    asking.start()
    started = time.perf_counter()
    filled(engine, some)
    seconds = time.perf_counter() - started
    time.sleep(2)
    stop.set()
    asking.join()
    return {"rebuild s": seconds, **counts}


def quality(engine: Engine, gold: Path) -> dict[str, float]:
    scores_by_name: dict[str, float] = {}
    for folder in dict.fromkeys(folder for folder, _ in COLLECTIONS.values()):
        directory = gold / "search" / folder
        known = filled(engine, corpus(directory))
        with engine.reader() as reader:
            search = partial(named, reader, known)
            for name, file in ((name, file) for name, (its, file) in COLLECTIONS.items() if its == folder):
                scores_by_name[f"nDCG {name}"] = mean(
                    list(
                        scores(search, questions(directory / f"{file}.jsonl"), judgements(directory)).values()
                    )
                )
    return {f"nDCG {name}": scores_by_name[f"nDCG {name}"] for name in COLLECTIONS}


def measure(address: str, gold: Path, count: int) -> dict[str, float]:
    engine = engine_at(address)
    try:
        return quality(engine, gold) | speed(engine, gold, count) | rebuild(engine, gold)
    finally:
        engine.close()


def main() -> None:
    import opensearch

    parser = argparse.ArgumentParser(
        description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter
    )
    parser.add_argument("gold", type=Path)
    parser.add_argument("--docs", type=int, default=100_000)
    parser.add_argument("--json", action="store_true")
    parser.add_argument("--quality", metavar="ADDRESS", help="only nDCG@10, of the index at an address")
    options = parser.parse_args()
    if options.quality:
        engine = engine_at(options.quality)
        print(json.dumps(quality(engine, options.gold)))
        engine.close()
        return
    built = scene.ROOT / ".engines" / "opensearch"
    opensearch.build(built)
    with tempfile.TemporaryDirectory() as directory:
        node = opensearch.start(built, Path(directory) / "node", heap="1g", jit=4)
        try:
            results = {"OpenSearch": measure(f"opensearch+{node.url}/articles", options.gold, options.docs)}
        finally:
            node.stop()
        results["Whoosh"] = measure(f"whoosh+file://{directory}/index", options.gold, options.docs)
    if options.json:
        print(json.dumps(results))
        return
    print(f"{options.docs:,} articles\n\n| | {' | '.join(results)} |\n|---|{'---|' * len(results)}")
    for row in results["Whoosh"]:
        print(f"| {row} | {' | '.join(shown(values[row]) for values in results.values())} |")


def shown(value: float) -> str:
    return (
        str(value)
        if isinstance(value, int)
        else f"{value:.4f}"
        if value < 1
        else f"{value:.3g}"
        if value < 100
        else f"{value:.0f}"
    )


if __name__ == "__main__":
    main()
