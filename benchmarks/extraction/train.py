"""Train the judges that pipeline/trained.json.gz ships.

    python benchmarks/extraction/train.py GOLD --out pipeline/trained.json.gz     the shipped file
    python benchmarks/extraction/train.py GOLD --folds FOLDER                     files for measuring

--folds writes fold-N.json.gz and without-SET.json.gz. The fold-N files are kept in
benchmarks/extraction/folds, so that CI measures sites no judge was trained on; write them again with every
training. GOLD is the folder with the evaluation data (CLINICDEX_GOLD). Needs `pip install -e .[benchmark]`
(LightGBM). The same data give the same file. The lexicon for a training page is counted without the page's
own fold, so that the trees do not learn to trust the lexicon more than it deserves on a new page.
"""

from __future__ import annotations

import argparse
import gzip
import hashlib
import json
import math
from collections import Counter, defaultdict
from collections.abc import Callable, Iterable, Sequence
from concurrent.futures import ProcessPoolExecutor
from dataclasses import dataclass, field
from functools import partial
from pathlib import Path
from typing import Any

import lightgbm
import numpy as np
from clinicdex.pipeline import kind
from clinicdex.pipeline.blocks import Segments
from clinicdex.pipeline.content import Judgement, choose, probabilities
from clinicdex.pipeline.decode import decode
from clinicdex.pipeline.features import FEATURES, measure, page_of
from clinicdex.pipeline.forest import Forest
from clinicdex.pipeline.lexicon import Lexicon, class_words, text_words
from clinicdex.pipeline.parsed_page import ParsedPage, parse
from clinicdex.pipeline.segment import segment
from clinicdex.pipeline.site import FEWEST_PAGES, Notes, SiteModel, learn, observe
from gold import FOLDS, INDEPENDENT, WHOLE_SITES, Example, examples, lines, page_of_site
from labels import labels

SETS = (*INDEPENDENT, "newspaper4k", *WHOLE_SITES)  # trained on; the other sets hold a peer's own output
MOST_BLOCKS = 4000  # blocks of a page that are trained on; the rest of the page is cut off
SHORT = 60  # words; shorter blocks are counted in the lexicon of texts
DOMAINS = {"classes": 6, "texts": 12}  # a word is kept if at least this many domains use it
PRIOR = {"classes": 1.0, "texts": 0.15}  # pseudo-count that draws the odds of rare words towards 0
CLINIC_WEIGHT = 2.0  # clinic pages are what clinicdex extracts
CONTENT = {"objective": "binary", "learning_rate": 0.1, "num_leaves": 31, "min_data_in_leaf": 200,
           "feature_fraction": 0.5, "bagging_fraction": 0.7, "bagging_freq": 1, "lambda_l2": 5, "max_bin": 63,
           "deterministic": True, "force_row_wise": True, "num_threads": 2, "seed": 1, "verbose": -1,
           "use_missing": False}  # fmt: skip
CONTENT_TREES = 160
KIND = {
    **CONTENT,
    "objective": "multiclass",
    "num_class": len(kind.KINDS),
    "num_leaves": 8,
    "min_data_in_leaf": 10,
    "learning_rate": 0.1,
}
KIND_TREES = 40
MANIFEST_KINDS = {
    "article": "article",
    "listing": "listing",
    "home": "home",
    "contact": "service",
    "other": "service",
}
# Page types of WCXB -> our kinds; a type that is not listed keeps its name.
TYPES = {"collection": "listing", "documentation": "documentation"}


@dataclass
class Learned:
    """A page with everything that training needs from it."""

    example: Example
    marks: list[bool]  # for each block: whether it is main content
    notes: Notes
    # Lexicon -> word -> (content, boilerplate) mass.
    words: dict[str, dict[str, tuple[float, float]]] = field(default_factory=dict)


def opened(example: Example) -> tuple[ParsedPage, Segments] | None:
    """Parse and segment a page as the pipeline does; None if there is nothing on it."""
    parsed_page = parse(decode(example.markup()), example.url)
    if parsed_page is None:
        return None
    segments = segment(parsed_page)
    del segments.blocks[MOST_BLOCKS:]
    return (parsed_page, segments) if segments.blocks else None


def look(example: Example) -> Learned | None:
    """Label a page's blocks and count its words; None if its gold text is not on it."""
    page = opened(example)
    if page is None or not example.text:
        return None
    parsed_page, segments = page
    marks = labels([block.text for block in segments.blocks], example.text)
    if not any(marks):
        return None
    notes = observe(parsed_page, segments.blocks, ())
    return Learned(
        example, marks, notes, {"classes": _class_mass(segments, marks), "texts": _text_mass(segments, marks)}
    )


def _class_mass(segments: Segments, marks: Sequence[bool]) -> dict[str, tuple[float, float]]:
    around: list[frozenset[str]] = []
    for box in segments.boxes:
        mine = frozenset(class_words(box.names))
        around.append(mine | around[box.parent.number] if box.parent else mine)
    weighed = [
        (around[block.box.number], mark, min(block.words, SHORT))
        for block, mark in zip(segments.blocks, marks, strict=True)
        if block.box
    ]
    return _mass(weighed)


def _text_mass(segments: Segments, marks: Sequence[bool]) -> dict[str, tuple[float, float]]:
    return _mass(
        (frozenset(text_words(b.text)), mark, 1)
        for b, mark in zip(segments.blocks, marks, strict=True)
        if b.words < SHORT
    )


def _mass(weighed: Iterable[tuple[frozenset[str], bool, int]]) -> dict[str, tuple[float, float]]:
    """Distribute one unit of content and one of boilerplate over the words of a page."""
    entries = list(weighed)
    totals = [sum(weight for _, mark, weight in entries if mark is wanted) or 1 for wanted in (True, False)]
    mass: dict[str, list[float]] = defaultdict(lambda: [0.0, 0.0])
    for words, mark, weight in entries:
        for word in words:
            mass[word][0 if mark else 1] += weight / totals[0 if mark else 1]
    return {word: (content, boilerplate) for word, (content, boilerplate) in mass.items()}


def lexicon(pages: Iterable[Learned]) -> Lexicon:
    """Count the log-odds of every word that enough domains use."""
    odds = {}
    pages = list(pages)
    for name, domains in DOMAINS.items():
        users: dict[str, set[str]] = defaultdict(set)
        sums: dict[str, list[float]] = defaultdict(lambda: [0.0, 0.0])
        for page in pages:
            for word, (content, boilerplate) in page.words[name].items():
                users[word].add(page.example.group)
                sums[word][0] += content
                sums[word][1] += boilerplate
        kept = sorted(word for word, seen in users.items() if len(seen) >= domains)
        odds[name] = {word: _odds(sums[word], PRIOR[name]) for word in kept}
    return Lexicon(**odds)


def _odds(words: Sequence[float], prior: float) -> float:
    """Return the log-odds of a word by how often it stood in content and in boilerplate."""
    content, boilerplate = words
    return round(max(-5.0, min(5.0, math.log((content + prior) / (boilerplate + prior)))), 2)


def site_models(gold: Path, pages: Sequence[Learned]) -> dict[tuple[str, str], SiteModel]:
    """Learn every site that has at least FEWEST_PAGES pages.

    The clinic sites are learned from all their pages, the other sites from their pages in the gold set.
    """
    notes: dict[tuple[str, str], list[Notes]] = defaultdict(list)
    for page in pages:
        if page.example.site and page.example.set not in WHOLE_SITES:
            notes[page.example.set, page.example.site].append(page.notes)
    for example, _ in clinic_pages(gold):
        parsed = opened(example)
        if parsed:
            notes[example.set, example.site].append(observe(parsed[0], parsed[1].blocks, ()))
    return {
        site: learn(site_notes)
        for site, site_notes in sorted(notes.items())
        if len(site_notes) >= FEWEST_PAGES
    }


def clinic_pages(gold: Path) -> list[tuple[Example, str]]:
    """Return all pages of the sites that are held whole, each with the kind that the manifest gives it."""
    return [
        (page_of_site(gold, name, record["path"]), MANIFEST_KINDS[record["kind"]])
        for name in WHOLE_SITES
        for record in lines(gold / name / "manifest.jsonl")
        if record["kind"] in MANIFEST_KINDS
    ]


def rows(page: tuple[Example, SiteModel | None], lexicons: Sequence[Lexicon]) -> list[Any]:
    """Measure a page's blocks without its site's model and, if there is a model, with it too."""
    example, model = page
    opening = opened(example)
    assert opening is not None
    parsed_page, segments = opening
    known = lexicons[example.fold()]
    shares: list[list[float] | None] = [None]
    if model is not None:
        shares.append(model.shares(segments.blocks))
    return [measure(segments, parsed_page, share, known) for share in shares]


@dataclass
class Table:
    """All blocks of all pages, ready for LightGBM."""

    rows: Any
    marks: Any
    weights: Any
    page: Any  # number of the page each row belongs to


def table(pages: Sequence[Learned], measured: Sequence[list[Any]]) -> Table:
    """Stack the pages; a page's weight depends on the size of its set (to the power -0.3), not on its length.

    A clinic page has CLINIC_WEIGHT times that weight.
    """
    sizes = Counter(page.example.set for page in pages)
    parts: list[tuple[Any, Any, Any, Any]] = []
    for number, (page, matrices) in enumerate(zip(pages, measured, strict=True)):
        weight = sizes[page.example.set] ** -0.3 * (CLINIC_WEIGHT if page.example.set in WHOLE_SITES else 1.0)
        for matrix in matrices:
            words = np.minimum(np.expm1(matrix[:, 0]), SHORT) + 2.0
            share = words / words.sum() * weight / len(matrices)
            parts.append((matrix, np.array(page.marks, np.int8), share, np.full(len(matrix), number)))
    stacked = [np.concatenate(column) for column in zip(*parts, strict=True)]
    return Table(stacked[0], stacked[1], stacked[2] / stacked[2].mean(), stacked[3])


def content_forest(data: Table, chosen: Any) -> dict[str, Any]:
    """Train the block scorer on the chosen rows."""
    training = lightgbm.Dataset(
        data.rows[chosen], data.marks[chosen], weight=data.weights[chosen], free_raw_data=True
    )
    return record_of(lightgbm.train(CONTENT, training, CONTENT_TREES).dump_model()["tree_info"])


def record_of(trees: Sequence[dict[str, Any]]) -> dict[str, Any]:
    """Convert LightGBM's trees to the arrays of `Forest`."""
    record: dict[str, Any] = {"features": [], "thresholds": [], "masks": [], "starts": [], "leaves": []}
    for tree in trees:
        leaves: list[float] = []
        record["starts"].append(len(record["features"]))
        _flatten(tree["tree_structure"], record, leaves)
        if record["starts"][-1] == len(record["features"]):  # a tree of one leaf still needs a test
            record["features"].append(0), record["thresholds"].append(0.0), record["masks"].append(0xFFFFFFFF)
        record["leaves"].append(leaves)
    return record


def _flatten(node: dict[str, Any], record: dict[str, Any], leaves: list[float]) -> None:
    if "leaf_value" in node:
        leaves.append(round(node["leaf_value"], 5))
        return
    position = len(record["features"])
    record["features"].append(node["split_feature"])
    record["thresholds"].append(float(f"{node['threshold']:.6g}"))
    record["masks"].append(0)
    first = len(leaves)
    _flatten(node["left_child"], record, leaves)
    left = ((1 << len(leaves)) - 1) ^ ((1 << first) - 1)
    record["masks"][position] = 0xFFFFFFFF ^ left
    _flatten(node["right_child"], record, leaves)


def kind_rows(example: Example, content: Forest, known: Lexicon) -> list[float] | None:
    """Return a whole page's features for the judge of kinds; None if there is nothing on the page."""
    page = opened(example)
    if page is None:
        return None
    parsed_page, segments = page
    matrix = measure(segments, parsed_page, None, known)
    scores = probabilities(content.score(matrix))
    kept = choose(scores, np.array([block.words for block in segments.blocks], np.float64))
    return kind.measure(Judgement(segments.blocks, scores.tolist(), {}, frozenset(kept), page_of(matrix)))


def kind_forests(measured: Sequence[list[float]], wanted: Sequence[str]) -> dict[str, Any]:
    """Train the judge of kinds."""
    matrix, numbers = np.array(measured, np.float32), np.array([kind.KINDS.index(name) for name in wanted])
    return record_of(
        lightgbm.train(KIND, lightgbm.Dataset(matrix, numbers), KIND_TREES).dump_model()["tree_info"]
    )


def write(file: Path, known: Lexicon, content: dict[str, Any], kinds: dict[str, Any]) -> None:
    """Write a file that `pipeline/trained.py` reads; equal values give equal bytes."""
    record = {
        "features": FEATURES,
        "classes": known.classes,
        "texts": known.texts,
        "content": content,
        "kinds": kinds,
    }
    version = hashlib.sha256(json.dumps(record, sort_keys=True).encode()).hexdigest()[:12]
    text = json.dumps({"version": version, **record}, separators=(",", ":"), ensure_ascii=False)
    with file.open("wb") as raw, gzip.GzipFile(filename="", mode="wb", fileobj=raw, mtime=0) as packed:
        packed.write(text.encode())
    print(f"{file}: version {version}, {file.stat().st_size / 1024:.0f} KB")


class School:
    """Everything that is computed once and used by every training."""

    def __init__(self, gold: Path) -> None:
        with ProcessPoolExecutor(2) as pool:
            learned = pool.map(look, [e for e in examples(gold, *SETS) if e.text], chunksize=20)
            self.pages = [page for page in learned if page]
            self.lexicons = [
                lexicon(p for p in self.pages if p.example.fold() != fold) for fold in range(FOLDS)
            ]
            models = site_models(gold, self.pages)
            pages_with_models = [
                (page.example, models.get((page.example.set, page.example.site))) for page in self.pages
            ]
            self.table = table(
                self.pages,
                list(pool.map(partial(rows, lexicons=self.lexicons), pages_with_models, chunksize=20)),
            )
        self.sets = np.array([page.example.set for page in self.pages])
        self.folds = np.array([page.example.fold() for page in self.pages])
        self.typed = typed_pages(gold, self.pages)

    def train(self, file: Path, keep: Any, known: Lexicon, skip: Callable[[Example], bool]) -> None:
        """Train on the pages that `keep` marks; `skip` names the same pages among those with a kind."""
        content = content_forest(self.table, keep[self.table.page])
        typed = [(example, name) for example, name in self.typed if not skip(example)]
        with ProcessPoolExecutor(2) as pool:
            measured = list(
                pool.map(
                    partial(kind_rows, content=Forest.from_record(content), known=known),
                    [e for e, _ in typed],
                    chunksize=20,
                )
            )
        kinds = [(row, name) for row, (_, name) in zip(measured, typed, strict=True) if row]
        write(file, known, content, kind_forests([row for row, _ in kinds], [name for _, name in kinds]))


def typed_pages(gold: Path, pages: Sequence[Learned]) -> list[tuple[Example, str]]:
    """Return the pages whose kind is known: those of WCXB and of the clinics, and news articles as well."""
    typed = [(e, TYPES.get(e.fields["page_type"], e.fields["page_type"])) for e in examples(gold, "wcxb")]
    news = [
        (page.example, "article")
        for page in pages
        if page.example.set in ("scrapinghub", "fundus", "dragnet")
    ]
    return [*typed, *clinic_pages(gold), *news]


def main() -> None:
    parser = argparse.ArgumentParser(
        description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter
    )
    parser.add_argument("gold", type=Path)
    parser.add_argument("--out", type=Path)
    parser.add_argument("--folds", type=Path)
    options = parser.parse_args()
    school = School(options.gold)
    if options.out:
        school.train(options.out, school.folds >= 0, lexicon(school.pages), lambda _: False)
    if options.folds:
        options.folds.mkdir(parents=True, exist_ok=True)
        for fold in range(FOLDS):
            school.train(
                options.folds / f"fold-{fold}.json.gz",
                school.folds != fold,
                school.lexicons[fold],
                partial(_is_of_fold, fold),
            )
        for name in INDEPENDENT:
            known = lexicon(page for page in school.pages if page.example.set != name)
            school.train(
                options.folds / f"without-{name}.json.gz",
                school.sets != name,
                known,
                partial(_is_of_set, name),
            )


def _is_of_fold(fold: int, example: Example) -> bool:
    return bool(example.fold() == fold)


def _is_of_set(name: str, example: Example) -> bool:
    return bool(example.set == name)


if __name__ == "__main__":
    main()
