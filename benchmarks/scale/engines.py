"""Whoosh and OpenSearch behind the same reader and writer: how fast, how good, and what a rebuild costs those who search.

    python benchmarks/scale/engines.py GOLD [--docs 100000] [--quality ADDRESS] [--json]

Generated articles of about 680 words (benchmarks/search/generated.py), 500 in a commit; `docs/s` by the clock, terms made in our one process
for both, OpenSearch in a JVM beside it with 1 GB of heap. A question is text in and ids of the best ten out, `page` a page of ten with facets and
snippets, `suggest` one key stroke; milliseconds, second round. nDCG@10 as in benchmarks/search/quality.py. During the rebuild of 20,000 of the
articles 20 questions a second are asked: `errors`, and `missing`, answers that counted fewer articles than there are. Needs `make engines` once.
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

import scene  # before those of benchmarks/search: it says where they are
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
    found: dict[str, float] = {"docs/s": count / seconds, "CPU ms a doc, ours": 1000 * cpu / count}
    asked = sorts_of_questions(gold)
    with engine.reader() as reader:
        for sort, some in asked.items():
            found[f"{sort} p50"], found[f"{sort} p99"] = again(partial(named, reader, names, most=10), some)
        found["page p50"], found["page p99"] = again(
            lambda text: reader.search(parse(text), facets=True), asked["short"]
        )
        typed = [name[:length] for name in asked["short"][:60] for length in (2, 4, 7)]
        found["suggest p50"], found["suggest p99"] = again(reader.suggest, typed)
    return found


def rebuild(engine: Engine, gold: Path) -> dict[str, float]:
    """Rebuild while questions are asked."""
    some = list(islice(documents(gold, REBUILT), REBUILT))
    filled(engine, some)
    asked, stop = sorts_of_questions(gold)["short"], threading.Event()
    told = {"asked": 0, "errors": 0, "missing": 0}

    def ask() -> None:
        while not stop.wait(1 / EACH_SECOND):
            told["asked"] += 1
            try:
                with engine.reader() as reader:
                    reader.search(parse(asked[told["asked"] % len(asked)]))
                    told["missing"] += reader.search(parse("", size=1)).total != REBUILT
            except EngineError:
                told["errors"] += 1

    asking = threading.Thread(target=ask)
    asking.start()
    started = time.perf_counter()
    filled(engine, some)
    seconds = time.perf_counter() - started
    time.sleep(2)
    stop.set()
    asking.join()
    return {"rebuild s": seconds, **told}


def quality(engine: Engine, gold: Path) -> dict[str, float]:
    found: dict[str, float] = {}
    for folder in dict.fromkeys(folder for folder, _ in COLLECTIONS.values()):
        place = gold / "search" / folder
        known = filled(engine, corpus(place))
        with engine.reader() as reader:
            search = partial(named, reader, known)
            for name, asked in ((name, asked) for name, (its, asked) in COLLECTIONS.items() if its == folder):
                found[f"nDCG {name}"] = mean(
                    list(scores(search, questions(place / f"{asked}.jsonl"), judgements(place)).values())
                )
    return {f"nDCG {name}": found[f"nDCG {name}"] for name in COLLECTIONS}


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
    with tempfile.TemporaryDirectory() as place:
        node = opensearch.start(built, Path(place) / "node", heap="1g", jit=4)
        try:
            found = {"OpenSearch": measure(f"opensearch+{node.url}/articles", options.gold, options.docs)}
        finally:
            node.stop()
        found["Whoosh"] = measure(f"whoosh+file://{place}/index", options.gold, options.docs)
    if options.json:
        print(json.dumps(found))
        return
    print(f"{options.docs:,} articles\n\n| | {' | '.join(found)} |\n|---|{'---|' * len(found)}")
    for row in found["Whoosh"]:
        print(f"| {row} | {' | '.join(shown(one[row]) for one in found.values())} |")


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
