"""OpenSearch is killed while articles are indexed, and comes back half a minute later.

    python benchmarks/scale/outage.py [--away 30] [--articles 5000]

A separate node is killed with SIGKILL after a third of the articles and started again with the same data. The
catalogue (SQLite) gets 100 articles at a time and then loses every tenth of them, and the index follows;
nothing tells the indexer or the searcher about the outage. A reader searches four times a second. Needs `make
engines` once, for the jars.
"""

from __future__ import annotations

import argparse
import signal
import tempfile
import threading
import time
from collections import Counter
from pathlib import Path

import scene
from clinicdex.config import Config
from clinicdex.errors import EngineError
from clinicdex.flow.indexing import index
from clinicdex.flow.workspace import Workspace
from clinicdex.index.engine import Engine
from clinicdex.index.query import parse
from clinicdex.records import Article

AT_ONCE = 100


def article(number: int) -> Article:
    text = f"Gentle stretching eases back pain number {number}. " * 40
    return Article(
        id=f"{number:020x}",
        url=f"https://a.example/{number}",
        site="a",
        language="en",
        title=f"Back pain {number}",
        text=text,
    )


def main() -> None:
    import opensearch

    parser = argparse.ArgumentParser(
        description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter
    )
    parser.add_argument("--away", type=float, default=30.0)
    parser.add_argument("--articles", type=int, default=5_000)
    options = parser.parse_args()
    built = scene.ROOT / ".engines" / "opensearch"
    opensearch.build(built)
    with tempfile.TemporaryDirectory() as directory:
        node = opensearch.start(built, Path(directory))
        port = int(node.url.rpartition(":")[2])
        nodes = [node]
        back = threading.Timer(
            options.away, lambda: nodes.append(opensearch.start(built, Path(directory), port=port))
        )
        counts, stop = Counter[str](), threading.Event()
        with Workspace(
            Config(data_dir=Path(directory) / "ours", index=f"opensearch+{node.url}/articles")
        ) as workspace:
            asking = threading.Thread(target=ask, args=(workspace.engine, counts, stop), daemon=True)
            began = time.monotonic()
            for first in range(0, options.articles, AT_ONCE):
                if first == options.articles // 3 // AT_ONCE * AT_ONCE:
                    asking.start()
                    node.stop(signal.SIGKILL)
                    back.start()
                workspace.catalogue.articles.add(map(article, range(first, first + AT_ONCE)))
                for n in range(max(0, first - AT_ONCE), first, 10):
                    workspace.catalogue.articles.forget("a", article(n).url)
                index(workspace)
            seconds = time.monotonic() - began
            back.join()
            stop.set()
            asking.join()
            gone = {article(n).id for n in range(0, first, 10)}
            wanted = {article(n).id for n in range(options.articles)} - gone
            with workspace.engine.reader() as reader:
                ids = list(reader.ids())
                total = reader.search(parse("pain", size=1)).total
        nodes[-1].stop()
    print(
        "| articles | away s | seconds | lost | doubled | removed but there | counted by a "
        "search | questions answered | refused with a reason |"
    )
    print("|---|---|---|---|---|---|---|---|---|")
    row = (
        options.articles,
        options.away,
        f"{seconds:.0f}",
        len(wanted - set(ids)),
        len(ids) - len(set(ids)),
        len(gone & set(ids)),
        total,
    )
    print(f"| {' | '.join(map(str, row))} | {counts['answered']} | {counts['refused']} |")


def ask(engine: Engine, told: Counter[str], stop: threading.Event) -> None:
    while not stop.wait(0.25):
        try:
            with engine.reader() as reader:
                reader.search(parse("back pain"))
            told["answered"] += 1
        except EngineError:
            told["refused"] += 1


if __name__ == "__main__":
    main()
