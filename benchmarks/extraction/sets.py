"""Score main content, titles, authors and dates on the public gold sets.

    python benchmarks/extraction/sets.py GOLD --folds FOLDER [--peer NAME]... [--pages N] [--set NAME]...
                                         [--json]

clinicdex and its peers are run on the same pages. GOLD is the folder with the evaluation data
(CLINICDEX_GOLD), FOLDER what `train.py --folds` wrote: every page is extracted with judges that were trained
without its domain (column "clinicdex"), and again with judges trained without its whole set ("left out").
Text is scored by 4-gram shingles as in Scrapinghub's article extraction benchmark, as the mean over the nine
independent sets; `snippets` is trafilatura's with/without measure. Titles, authors and dates are compared on
the articles of the sets that have all three (fundus, WCXB, postlight): titles and names folded, authors as
sets, dates by the day. CPU is process time; each system has its own processes.
"""

from __future__ import annotations

import argparse
import json
import re
import sys
import time
from collections import defaultdict
from collections.abc import Callable, Iterable, Sequence
from concurrent.futures import ProcessPoolExecutor
from dataclasses import replace
from datetime import UTC, datetime
from functools import cache, partial
from pathlib import Path
from statistics import fmean
from typing import Any

from clinicdex.flow.shipped import shipped_context
from clinicdex.pipeline.decode import decode
from clinicdex.pipeline.extract import Context, extract
from clinicdex.records import Article, Page
from gold import INDEPENDENT, Example, examples
from measures import Score, interval, page_score, set_score, snippet_score
from peers import PEERS, Found
from people import names

OTHERS = ("trafilatura_eval", "postlight", "readability_js", "newspaper4k")
WITH_METADATA = ("fundus", "wcxb", "postlight")


@cache
def context(file: Path) -> Context:
    return replace(shipped_context(judges=file), force=True)


def ours(example: Example, folds: Path, left_out: bool) -> tuple[Found, float]:
    """Extract one page with judges that were trained without its domain, or without its whole set."""
    name = f"without-{example.set}" if left_out and example.set in INDEPENDENT else f"fold-{example.fold()}"
    known = context(folds / f"{name}.json.gz")
    page = Page(example.url, example.url, 200, datetime(2026, 11, 1, tzinfo=UTC), (), example.markup())
    started = time.process_time()
    outcome = extract(page, known).outcome
    spent = time.process_time() - started
    if not isinstance(outcome, Article):
        return Found(), spent
    people = tuple(person.as_written for person in outcome.authors)
    day = outcome.published.isoformat() if outcome.published else ""
    return Found(
        outcome.text,
        outcome.title,
        people,
        day,
        tuple(t.label for t in outcome.topics if t.origin == "publisher"),
    ), spent


@cache
def peer_reader(name: str) -> Callable[[str, str], Found]:
    return PEERS[name]()


def theirs(example: Example, name: str) -> tuple[Found, float]:
    reader = peer_reader(name)
    started = time.process_time()
    answer = reader(decode(example.markup()), example.url)
    return answer, time.process_time() - started


def score(pages: Sequence[Example], found: Sequence[tuple[Found, float]]) -> dict[str, Any]:
    """Return all measures of one system."""
    texts: dict[str, list[Score]] = defaultdict(list)
    types: dict[str, list[Score]] = defaultdict(list)
    for example, (got, _) in zip(pages, found, strict=True):
        if example.text:
            one = page_score(example.text, got.text)
            texts[example.set].append(one)
            if example.set == "wcxb":
                types[example.fields["page_type"]].append(one)
    sets = {name: set_score(scores) for name, scores in texts.items()}
    independent = [sets[name] for name in INDEPENDENT if name in sets]
    snippets = [
        (e.fields["with"], e.fields["without"], got.text)
        for e, (got, _) in zip(pages, found, strict=True)
        if e.set == "trafilatura_eval"
    ]
    result: dict[str, Any] = {}
    if independent:
        result["mean F1"] = fmean(one.f1 for one in independent)
        result["mean P"] = fmean(one.precision for one in independent)
        result["mean R"] = fmean(one.recall for one in independent)
        every = [one.f1 for name in INDEPENDENT for one in texts.get(name, ())]
        low, high = interval(every)
        result["page F1 ±95 %"] = f"{fmean(every):.3f} [{low:.3f}, {high:.3f}]"
    result |= {name: one.f1 for name, one in sets.items()}
    result |= {f"wcxb {name}": set_score(scores).f1 for name, scores in sorted(types.items())}
    if snippets:
        result["snippets"] = snippet_score(snippets).f1
    result |= metadata(list(zip(pages, (got for got, _ in found), strict=True)))
    result["CPU ms"] = 1000 * fmean(spent for _, spent in found)
    return result


def metadata(pairs: Sequence[tuple[Example, Found]]) -> dict[str, Any]:
    """Score titles, authors and dates on the articles of the sets that have all three."""
    result: dict[str, Any] = {}
    pairs = [
        (e, got)
        for e, got in pairs
        if e.set in WITH_METADATA and e.fields.get("page_type") in (None, "article")
    ]
    titled = [plain(e.fields["title"]) == plain(got.title) for e, got in pairs if e.fields.get("title")]
    if titled:
        result["title exact"] = fmean(titled)
    for name in WITH_METADATA:
        mine = [(e, got) for e, got in pairs if e.set == name]
        if mine:
            result[f"authors {name}"] = author_f1(
                (e.fields.get("authors") or (), got.authors) for e, got in mine
            )
    unsigned = [(e, got) for e, got in pairs if e.set == "wcxb" and not e.fields.get("authors")]
    if unsigned:
        result["authors where none"] = f"{sum(bool(got.authors) for _, got in unsigned)}/{len(unsigned)}"
    dated = [
        (str(e.fields["date"])[:10], got.date)
        for e, got in pairs
        if re.match(r"\d{4}-\d\d-\d\d", str(e.fields.get("date") or ""))
    ]
    if dated:
        right = sum(wanted == got for wanted, got in dated)
        result["date P"] = right / max(1, sum(bool(got) for _, got in dated))
        result["date R"] = right / len(dated)
    tagged = [(e.fields["tags"], got.tags) for e, got in pairs if e.set == "fundus" and e.fields.get("tags")]
    if tagged:
        result["tags fundus"] = tag_f1(tagged)
    return result


def author_f1(pairs: Iterable[tuple[Sequence[str], Sequence[str]]]) -> float:
    """Return the F1 over all names of a set."""
    right = given = wanted = 0
    for gold, got in pairs:
        one, other = names([gold] if isinstance(gold, str) else gold), names(got)
        right, given, wanted = right + len(one & other), given + len(other), wanted + len(one)
    return 2 * right / max(1, given + wanted)


def tag_f1(pairs: Iterable[tuple[Sequence[str], Sequence[str]]]) -> float:
    right = given = wanted = 0
    for gold, got in pairs:
        one, other = {plain(tag) for tag in gold}, {plain(tag) for tag in got}
        right, given, wanted = right + len(one & other), given + len(other), wanted + len(one)
    return 2 * right / max(1, given + wanted)


def plain(text: str) -> str:
    return re.sub(r"\W+", " ", (text or "").casefold()).strip()


def table(results: dict[str, dict[str, Any]]) -> str:
    rows = list(dict.fromkeys(name for values in results.values() for name in values))
    lines = [f"| | {' | '.join(results)} |", "|---" * (len(results) + 1) + "|"]
    return "\n".join(
        [
            *lines,
            *(
                f"| {row} | " + " | ".join(shown(values.get(row)) for values in results.values()) + " |"
                for row in rows
            ),
        ]
    )


def shown(value: Any) -> str:
    return "" if value is None else f"{value:.3f}" if isinstance(value, float) else str(value)


def main() -> None:
    parser = argparse.ArgumentParser(
        description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter
    )
    parser.add_argument("gold", type=Path)
    parser.add_argument("--folds", type=Path, required=True)
    parser.add_argument("--peer", action="append", default=[], choices=sorted(PEERS))
    parser.add_argument("--set", action="append", default=[])
    parser.add_argument(
        "--pages", type=int, default=10**6, help="at most so many of a set, the same for every system"
    )
    parser.add_argument("--no-left-out", action="store_true")
    parser.add_argument("--json", action="store_true")
    options = parser.parse_args()
    if not (options.gold / "extraction").is_dir():
        sys.exit(
            f"{options.gold} holds no extraction data; set CLINICDEX_GOLD to the folder with "
            f"the evaluation data"
        )
    pages: list[Example] = []
    for name in options.set or (*INDEPENDENT, *OTHERS):
        pages += sorted(examples(options.gold, name), key=lambda e: e.id)[: options.pages]
    systems: dict[str, Callable[[Example], tuple[Found, float]]] = {
        "clinicdex": partial(ours, folds=options.folds, left_out=False)
    }
    if not options.no_left_out:
        systems["left out"] = partial(ours, folds=options.folds, left_out=True)
    systems |= {name: partial(theirs, name=name) for name in options.peer}
    results = {}
    for name, system in systems.items():
        with ProcessPoolExecutor(2) as pool:
            results[name] = score(pages, list(pool.map(system, pages, chunksize=10)))
    print(json.dumps(results, indent=1) if options.json else table(results))


if __name__ == "__main__":
    main()
