"""Make vocabulary/health.tsv.gz from the public vocabularies.

    python benchmarks/vocabulary/build.py DATA vocabulary/health.tsv.gz

DATA holds vocabulary/{mesh_descriptors,medlineplus_topics_from_medquad,doid,symp}.tsv and
search/medquad-articles/articles.jsonl.

Sources: MeSH, courtesy of the U.S. National Library of Medicine; MedlinePlus health topics (NLM), by way of
MedQuAD (CC BY 4.0), whose articles also give the frequencies; the Disease Ontology (DOID, CC0) and the
Symptom Ontology (SYMP, CC0). Kept from MeSH, by tree number: diseases (C), anatomy that patients talk about
(A01, A02, A14.549), imaging except microscopy (E01.370.350), therapies, anesthesia, surgery and dentistry
(E02, E03, E04, E06), prostheses and implants (E07.695), mental health (F03), exercise and movement (G11.427),
food (J02). If an ontology and MeSH have the same disease or symptom, the two become one concept.
"""

from __future__ import annotations

import csv
import gzip
import io
import json
import re
import sys
from collections import Counter
from dataclasses import replace
from pathlib import Path

import clinicdex.vocabulary.concepts as concepts

TREES = re.compile(
    r"(?:C\d|A01|A02|A14\.549|E01\.370\.350\.(?!515)|E02"
    r"|E03|E04|E06|E07\.695|F03|G11\.427|I03\.350|J02\.500"
    r"|N02\.421\.784)"
)
# Words that are MeSH or MedlinePlus terms but say nothing as the topic of a clinic's article. Chosen by hand.
STOP = frozenset(
    (
        "disease syndrome pain wound patient infection fever ice will hope judgment power "
        "volition region tissue body head face "
        "hand arm leg foot back side chest neck skin muscle bone joint symptom injury "
        "complication rupture emergency hair eye "
        "nose mouth ear lip tongue life water movement gait fall food diet therapy treatment "
        "surgery rest sleep cell blood growth "
        "period stress recurrence nutrient "
        # What the two ontologies add: words that are in every other article, and words of other fields.
        "weakness discharge tenderness wasting shake trembling congestion agitation thirst "
        "irritability exhaustion sweaty perspire boil "
        "hopping wobble wheelbarrowing prostration lameness crinkle recumbency frequency "
        "malaise drowsy languid fecal crackle droopiness "
        "underweight hematogenous afebrile analgesia leech neoplasm photography image "
        "holography cementation walker crown electrode stent hypotensive blastoma"
    ).split()
)
# What clinics write about and no source has under the clinics' words. Written by hand; "mesh:" ids are the
# broader concepts.
CLINIC_WORDS = (
    ("stretching", "Stretching", "stretching exercises|stretch|muscle stretching exercises", "mesh:D015444"),
    ("bulging-disc", "Bulging Disc", "disc bulge|bulging disk|slipped disc|slipped disk", "mesh:D055959"),
    ("dry-needling", "Dry Needling", "trigger point needling", ""),
    (
        "spinal-adjustment",
        "Spinal Adjustment",
        "chiropractic adjustment|spinal manipulation|chiropractic manipulation",
        "mesh:D015446",
    ),
    ("posture", "Posture", "good posture|poor posture|bad posture", ""),
    ("ergonomics", "Ergonomics", "workplace ergonomics|desk setup|desk ergonomics", ""),
    ("core-strength", "Core Strength", "core strengthening|core exercises|core stability", "mesh:D015444"),
    ("knee-pain", "Knee Pain", "painful knee|runner's knee", ""),
    ("running-injuries", "Running Injuries", "running injury", ""),
)
LONGEST_SYNONYM = 7  # words; chosen by hand
MOST_SYNONYMS = 20  # of a concept; chosen by hand
# Letters of a one-word synonym in the ontologies; shorter ones are gene codes ("Hts") or slang. Chosen by
# hand.
SHORTEST_WORD = 5


def rows(path: Path) -> list[dict[str, str]]:
    with path.open(encoding="utf-8", newline="") as file:
        return list(csv.DictReader(file, delimiter="\t", quoting=csv.QUOTE_NONE))


def key(term: str) -> str:
    return " ".join(concepts._folded_words(term))


def plain(synonyms: str, label: str) -> list[str]:
    """Return the synonyms without inverted forms ("Pain, Back"), repetitions and overlong ones."""
    seen, kept = {key(label)}, []
    for synonym in synonyms.split("|"):
        words = synonym.split()
        if (
            synonym
            and "," not in synonym
            and len(words) <= LONGEST_SYNONYM
            and key(synonym) not in seen
            and key(synonym) not in STOP
        ):
            seen.add(key(synonym))
            kept.append(synonym)
    return kept[:MOST_SYNONYMS]


def build(data: Path) -> list[concepts.Concept]:
    vocabulary = Growing(_medical(data))
    for row in rows(data / "vocabulary/doid.tsv"):
        vocabulary.add(row, row["mesh"].split("|"))
    for row in rows(data / "vocabulary/symp.tsv"):
        if not row["label"].endswith(" symptom"):  # "eye symptom": a heading, not a thing
            vocabulary.add(row, [])
    every = vocabulary.concepts()
    ids = {concept.id for concept in every}
    return [replace(c, broader=tuple(b for b in c.broader if b in ids)) for c in every]


def _medical(data: Path) -> list[concepts.Concept]:
    """Return MeSH's concepts with MedlinePlus's labels, and the concepts that only MedlinePlus or we have."""
    mesh = {
        row["id"]: row
        for row in rows(data / "vocabulary/mesh_descriptors.tsv")
        if any(TREES.match(t) for t in row["tree_numbers"].split("|"))
    }
    by_term = {
        key(term): id_ for id_, row in mesh.items() for term in [*row["synonyms"].split("|"), row["label"]]
    }
    topics, extra = {}, []
    for topic in rows(data / "vocabulary/medlineplus_topics_from_medquad.tsv"):
        known = by_term.get(key(topic["label"]))
        if known:
            topics[known] = topic
        elif key(topic["label"]) not in STOP:
            name = topic["url"].rsplit("/", 1)[-1].removesuffix(".html")
            extra.append(
                concepts.Concept(
                    f"medlineplus:{name}", topic["label"], tuple(plain(topic["synonyms"], topic["label"]))
                )
            )
    result = []
    for id_, row in mesh.items():
        named = topics.get(id_)
        label = named["label"] if named else upright(row)
        synonyms = plain("|".join([row["label"], row["synonyms"], named["synonyms"] if named else ""]), label)
        broader = tuple(f"mesh:{parent}" for parent in row["broader_ids"].split("|"))
        if key(label) not in STOP:
            result.append(concepts.Concept(f"mesh:{id_}", label, tuple(synonyms), broader))
    ours = [
        concepts.Concept(
            f"clinicdex:{name}", label, tuple(plain(synonyms, label)), tuple(filter(None, [broader]))
        )
        for name, label, synonyms, broader in CLINIC_WORDS
    ]
    our_terms = {key(term) for concept in ours for term in (concept.label, *concept.synonyms)}
    return ours + [concept for concept in extra + result if key(concept.label) not in our_terms]


def upright(row: dict[str, str]) -> str:
    """Return "Hemolytic Anemia" for "Anemia, Hemolytic" if MeSH has that form too, else the label."""
    head, comma, rest = row["label"].partition(", ")
    turned = f"{rest} {head}"
    return next(
        (term for term in row["synonyms"].split("|") if comma and key(term) == key(turned)), row["label"]
    )


class Growing:
    """A vocabulary to which ontologies are added; a concept that it already has gains synonyms."""

    def __init__(self, found: list[concepts.Concept]) -> None:
        self._concepts = {concept.id: concept for concept in found}
        self._by_term: dict[str, str] = {}
        self._ids: dict[str, str] = {}  # the ontology's id -> our id
        for concept in found:
            for term in (concept.label, *concept.synonyms):
                self._by_term.setdefault(key(term), concept.id)

    def add(self, row: dict[str, str], mesh: list[str]) -> None:
        label = row["label"]
        synonyms = [
            term
            for term in plain(row["synonyms"], label)
            if " " in term or (len(term) >= SHORTEST_WORD and term.isalpha())
        ]
        known = next(
            (id_ for m in mesh if (id_ := f"mesh:{m}") in self._concepts), None
        ) or self._by_term.get(key(label))
        if known:
            self._ids[row["id"]] = known
            old = self._concepts[known]
            new = [term for term in [label, *synonyms] if self._by_term.setdefault(key(term), known) == known]
            self._concepts[known] = replace(
                old, synonyms=tuple(plain("|".join([*old.synonyms, *new]), old.label))
            )
        elif key(label) not in STOP:
            id_ = self._ids[row["id"]] = row["id"].lower()
            self._concepts[id_] = concepts.Concept(
                id_, label[0].upper() + label[1:], tuple(synonyms), tuple(row["broader_ids"].split("|"))
            )
            self._by_term[key(label)] = id_

    def concepts(self) -> list[concepts.Concept]:
        return [
            replace(c, broader=tuple(self._ids.get(parent, parent) for parent in c.broader))
            for c in self._concepts.values()
        ]


def frequencies(data: Path, vocabulary: concepts.Vocabulary) -> dict[str, float]:
    counts: Counter[str] = Counter()
    documents = [
        json.loads(line) for line in (data / "search/medquad-articles/articles.jsonl").open(encoding="utf-8")
    ]
    for document in documents:
        counts.update(
            {mention.concept for mention in vocabulary.mentions(document["title"] + "\n" + document["text"])}
        )
    return {concept: count / len(documents) for concept, count in counts.items()}


def table(found: list[concepts.Concept], shares: dict[str, float]) -> str:
    out = io.StringIO()
    out.write(
        "# id\tlabel\tsynonyms\tbroader\tfrequency; MeSH courtesy of the U.S. National "
        "Library of Medicine; MedlinePlus topics by way of MedQuAD (CC BY 4.0); Disease "
        "Ontology and Symptom Ontology (CC0)\n"
    )
    for c in sorted(found, key=lambda concept: concept.id):
        share = shares.get(c.id, 0)
        out.write(
            "\t".join(
                [
                    c.id,
                    c.label,
                    "|".join(c.synonyms),
                    "|".join(c.broader),
                    f"{share:.4f}".rstrip("0").rstrip("."),
                ]
            )
            + "\n"
        )
    return out.getvalue()


def main(data: Path, target: Path) -> None:
    found = build(data)
    text = table(found, frequencies(data, concepts.Vocabulary(found)))
    target.write_bytes(gzip.compress(text.encode(), 9, mtime=0))
    print(
        f"{len(found)} concepts, {sum(1 + len(c.synonyms) for c in found)} terms, "
        f"{target.stat().st_size:,} bytes"
    )


if __name__ == "__main__":
    main(Path(sys.argv[1]), Path(sys.argv[2]))
