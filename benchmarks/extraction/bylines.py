"""Score bylines on 220 pages written for this: many forms and languages, and pages that only seem signed.

    python benchmarks/extraction/bylines.py [--peer NAME]... [--json]

The pages (`bylines.jsonl.gz`) were written for clinicdex, after the markup of common themes and page
builders, by somebody who had not seen the code, in three sets. The first two sets and every other page of the
third were used while the code was written; the rest of the third is the set "unseen". Names are folded and
compared as sets; `as written` requires the same words; `invented` counts unsigned pages that got an author.
"""

from __future__ import annotations

import argparse
import gzip
import json
from collections import Counter
from collections.abc import Callable, Iterator
from dataclasses import replace
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

from clinicdex.flow.shipped import shipped_context
from clinicdex.pipeline.extract import extract
from clinicdex.pipeline.person_title import as_credentials
from clinicdex.records import Article, Page, Person
from peers import PEERS
from people import names

# Authors as written, credentials of each, reviewers, source.
Answer = tuple[list[str], list[list[str]], list[str], str]
CASES = Path(__file__).with_name("bylines.jsonl.gz")


def cases() -> Iterator[dict[str, Any]]:
    """Yield the cases; those not looked at while the code was written belong to the set "unseen"."""
    with gzip.open(CASES, "rt", encoding="utf-8") as lines:
        for number, line in enumerate(lines):
            case = json.loads(line)
            yield case | ({"set": "unseen"} if case["set"] == "third" and number % 2 else {})


def ours() -> Callable[[dict[str, Any]], Answer]:
    context = replace(shipped_context(), force=True)

    def answer(case: dict[str, Any]) -> Answer:
        page = Page(
            case["url"], case["url"], 200, datetime(2026, 11, 1, tzinfo=UTC), (), case["html"].encode()
        )
        outcome = extract(page, context).outcome
        if not isinstance(outcome, Article):
            return [], [], [], ""
        people = [person.as_written for person in outcome.authors]
        reviewers = [person.as_written for person in outcome.reviewed_by]
        return (
            people,
            [letters_behind(person) for person in outcome.authors],
            reviewers,
            outcome.source.name if outcome.source else "",
        )

    return answer


def letters_behind(person: Person) -> list[str]:
    """Return the credentials behind a name: the cases do not count the titles before it."""
    before = set(as_credentials(person.as_written))
    return [letters for letters in person.credentials if letters not in before]


def peer(name: str) -> Callable[[dict[str, Any]], Answer]:
    reader = PEERS[name]()
    return lambda case: (list(reader(case["html"], case["url"]).authors), [], [], "")


def score(answer: Callable[[dict[str, Any]], Answer]) -> dict[str, dict[str, int]]:
    """Count the right answers of each set."""
    results: dict[str, Counter[str]] = {}
    for case in cases():
        counts = results.setdefault(case["set"], Counter())
        people, credentials, reviewers, source = answer(case)
        wanted = [person["as_written"] for person in case["authors"]]
        counts["signed"] += bool(wanted)
        counts["authors exact"] += bool(wanted) and names(people) == names(wanted)
        counts["as written"] += bool(wanted) and people == wanted
        counts["with credentials"] += any(person["credentials"] for person in case["authors"])
        counts["credentials exact"] += any(p["credentials"] for p in case["authors"]) and credentials == [
            p["credentials"] for p in case["authors"]
        ]
        counts["unsigned"] += not wanted
        counts["invented"] += not wanted and bool(people)
        checked = names(person["as_written"] for person in case["reviewed_by"])
        named = (case["source"] or {}).get("name", "")
        counts["reviewed or sourced"] += bool(checked or named)
        counts["reviewers and source exact"] += bool(checked or named) and (names(reviewers), source) == (
            checked,
            named,
        )
    return {name: dict(counts) for name, counts in results.items()}


def main() -> None:
    parser = argparse.ArgumentParser(
        description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter
    )
    parser.add_argument("--peer", action="append", default=[], choices=sorted(PEERS))
    parser.add_argument("--json", action="store_true")
    options = parser.parse_args()
    results = {"clinicdex": score(ours())} | {name: score(peer(name)) for name in options.peer}
    if options.json:
        print(json.dumps(results))
        return
    columns = list(next(iter(next(iter(results.values())).values())))
    print(f"| system | set | {' | '.join(columns)} |")
    print("|---" * (len(columns) + 2) + "|")
    for system, sets in results.items():
        for name, counts in sets.items():
            print(f"| {system} | {name} | {' | '.join(str(counts[column]) for column in columns)} |")


if __name__ == "__main__":
    main()
