"""How good the first ten results are: nDCG@10 on four public collections, all engines in the same run.

    python benchmarks/search/quality.py GOLD [--engine NAME]... [--json]

Every collection is searched with the same defaults. nDCG is that of trec_eval (ndcg_cut). B and the title's
weight were chosen on every other query; "other half" are the queries they were not chosen on. MedQuAD with
LiveQA is searched in three ways: with the summaries of consumers' questions, which are the result that
counts, with the questions' key words, and with the questions as written.
"""

from __future__ import annotations

import argparse
import json
import math
import tempfile
from collections.abc import Iterable, Iterator
from pathlib import Path

from engines import ENGINES, Search
from filling import Document

COLLECTIONS = {
    "MedQuAD+LiveQA": ("medquad-liveqa", "queries"),
    "SciFact": ("scifact", "queries"),
    "Cranfield": ("cranfield", "queries"),
    "CACM": ("cacm", "queries"),
    "LiveQA key words": ("medquad-liveqa", "queries.keywords"),
    "LiveQA as written": ("medquad-liveqa", "queries.original"),
}
DEPTH = 10


def corpus(folder: Path) -> Iterator[Document]:
    for line in (folder / "corpus.jsonl").open(encoding="utf-8"):
        record = json.loads(line)
        yield record["_id"], record["title"], record["text"]


def questions(file: Path) -> dict[str, str]:
    return {record["_id"]: record["text"] for record in map(json.loads, file.open(encoding="utf-8"))}


def judgements(folder: Path) -> dict[str, dict[str, int]]:
    judged: dict[str, dict[str, int]] = {}
    for line in (folder / "qrels.tsv").read_text(encoding="utf-8").splitlines()[1:]:
        query, document, grade = line.split("\t")
        judged.setdefault(query, {})[document] = int(float(grade))
    return {query: grades for query, grades in judged.items() if any(grade > 0 for grade in grades.values())}


def scores(search: Search, asked: dict[str, str], judged: dict[str, dict[str, int]]) -> dict[str, float]:
    """Return the nDCG@10 of every judged query, in the order of the queries."""
    return {
        query: ndcg(search(text, DEPTH), judged[query]) for query, text in asked.items() if query in judged
    }


def ndcg(found: list[str], grades: dict[str, int]) -> float:
    """Return the normalised discounted cumulative gain of a list.

    Järvelin and Kekäläinen 2002; the gains are the grades, as in trec_eval.
    """
    ideal = sorted((grade for grade in grades.values() if grade > 0), reverse=True)[:DEPTH]
    return _gain(max(0, grades.get(name, 0)) for name in found) / _gain(ideal)


def _gain(grades: Iterable[int]) -> float:
    return sum(grade / math.log2(rank + 2) for rank, grade in enumerate(grades))


def mean(values: list[float]) -> float:
    return sum(values) / len(values) if values else 0.0


def measure(gold: Path, engines: Iterable[str] = ENGINES) -> dict[str, dict[str, float]]:
    results: dict[str, dict[str, float]] = {name: {} for name in engines}
    for name in results:
        build = ENGINES[name]
        built: dict[str, Search] = {}
        for label, (collection, file) in COLLECTIONS.items():
            folder = gold / "search" / collection
            with tempfile.TemporaryDirectory() as directory:
                built[collection] = built.get(collection) or build(corpus(folder), Path(directory))
                gains = list(
                    scores(
                        built[collection], questions(folder / f"{file}.jsonl"), judgements(folder)
                    ).values()
                )
            results[name][label] = mean(gains)
            results[name][f"{label}, other half"] = mean(gains[1::2])
    return results


def main() -> None:
    parser = argparse.ArgumentParser(
        description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter
    )
    parser.add_argument("gold", type=Path)
    parser.add_argument("--engine", action="append", choices=list(ENGINES))
    parser.add_argument("--json", action="store_true")
    options = parser.parse_args()
    results = measure(options.gold, options.engine or ENGINES)
    if options.json:
        print(json.dumps(results))
        return
    labels = [label for label in next(iter(results.values())) if not label.endswith("half")]
    for title, ending in (("all questions", ""), ("other half", ", other half")):
        print(f"| {title} | {' | '.join(labels)} |\n|{'---|' * (len(labels) + 1)}")
        for name, found in results.items():
            print(f"| {name} | {' | '.join(f'{found[label + ending]:.4f}' for label in labels)} |")
        print()


if __name__ == "__main__":
    main()
