"""The topics of a text, found with the vocabulary."""

from __future__ import annotations

import json
import subprocess
import sys
from pathlib import Path

import pytest
from clinicdex.pipeline.site_topics import Found, settled
from clinicdex.pipeline.topics import Wording, from_vocabulary
from clinicdex.records import Topic
from clinicdex.vocabulary.concepts import Concept, Vocabulary
from support.pages import vocabulary

DIABETES = Concept("d", "Diabetes", ("diabetes mellitus",))
SECOND = Concept("d2", "Diabetes Type 2", ("diabetes mellitus type 2",), ("d",))
LASER = Concept("l", "McLeod Syndrome", ("MLS",))


def found(text: str) -> list[str]:
    return [mention.concept for mention in Vocabulary([DIABETES, SECOND, LASER]).mentions(text)]


def about(text: str) -> list[str]:
    return [topic.label for topic in from_vocabulary(Wording("", (), text), vocabulary(), "en")]


def labels_in(text: str, language: str) -> list[str]:
    return [topic.label for topic in from_vocabulary(Wording("", (), text), vocabulary(), language)]


def test_the_longest_term_counts_whatever_its_case_plural_and_numerals() -> None:
    assert ["d2", "d2", "d"] == found(
        "Diabetes Type II is not DIABETES MELLITUS TYPE 2, and type 1 is diabetes too."
    )


def test_an_acronym_counts_only_beside_its_long_form() -> None:
    assert [] == found("Our MLS laser eases pain.")
    assert ["l", "l"] == found("McLeod syndrome (MLS) is rare.")


def test_what_the_first_words_name_is_a_topic_and_a_passing_word_is_none() -> None:
    filler = "Many people ask about it, and the answer is not the same for all of them. " * 6

    assert ["Blastomycosis"] == about(f"Blastomycosis is rare. {filler}")
    assert [] == about(f"{filler} One patient had blastomycosis.")


def test_words_of_every_second_article_are_no_topics() -> None:
    assert [] == about(
        "Ice, hope and will: the patient felt weakness, tenderness and irritability, and had "
        "no power in arm and leg."
    )


@pytest.mark.gold
def test_topics_stay_above_their_floors(gold: Path) -> None:
    root = Path(__file__).parents[2] / "benchmarks"
    done = subprocess.run(
        [sys.executable, root / "extraction/topics.py", gold, "--json"],
        capture_output=True,
        text=True,
        check=False,
        timeout=120,
    )
    assert done.returncode == 0, done.stderr
    floors = json.loads((root / "baseline.json").read_text())["extraction/topics"]["at_least"]

    assert {} == {
        name: (json.loads(done.stdout)[name], floor)
        for name, floor in floors.items()
        if json.loads(done.stdout)[name] < floor
    }


def test_a_text_is_about_what_its_own_language_names() -> None:
    recipe = "La cola de cuy y la coca se sirven con una crack de sal; el cristal es para la mesa. " * 8
    german = (
        "Bei Rückenschmerzen hilft Bewegung. Rückenschmerzen vergehen, ein Bandscheibenvorfall ist selten. "
    )

    assert [] == labels_in(recipe, "es")
    assert ["Rückenschmerzen", "Bandscheibenvorfall"] == labels_in(german * 3, "de")
    assert [] == labels_in(german * 3, "sv")
    assert [] == labels_in("Kokain Heroin cocaine heroin " * 9, "fi")


@pytest.mark.parametrize(
    ("language", "text", "label"),
    [
        ("es", "El dolor de espalda es frecuente; los dolores de espalda pasan.", "Dolor de espalda"),
        ("fr", "Les douleurs d’arthrose : l'arthrose du genou.", "Arthrose"),
        ("it", "Le borsiti sono dolorose, e la borsa resta a casa.", "Borsite"),
        ("ru", "При бронхите кашляют. Лечение бронхита долгое.", "Бронхит"),
        ("tr", "Astımı olanlar; astım kötü değildir.", "Astım"),
        ("ja", "朝の腰痛について。腰痛は動けば楽になります。", "腰痛"),
    ],
)
def test_a_name_is_found_in_all_its_forms(language: str, text: str, label: str) -> None:
    assert label in labels_in(f"{text} " * 3, language)


def test_an_everyday_word_never_decides_alone() -> None:
    speed = "Speed up your walk, look through the crystal and the glass, and mind the bends and the chalk. "

    assert [] == about(speed * 5)
    assert ["Methamphetamine"] == about("Methamphetamine, called meth, harms. Crystal is another name. " * 3)[
        :1
    ]


def test_a_general_head_is_no_topic_and_a_frozen_shoulder_is_no_bursitis() -> None:
    assert [] == about("Signs and symptoms, muscle tonus, clinical trials and child care. " * 4)
    assert ["Frozen Shoulder"] == about("A frozen shoulder, or adhesive capsulitis, thaws in time. " * 3)


def test_a_phrase_on_every_page_of_a_site_names_no_topic_where_only_the_text_has_it() -> None:
    motion, knee = Topic("Motion", "m", "vocabulary"), Topic("Knee Pain", "k", "vocabulary")
    found = {f"/{n}": Found((motion, knee) if n < 2 else (motion,), frozenset({"m"})) for n in range(11)}
    found["/named"] = Found((motion,))

    changed = settled(found)

    assert (knee,) == changed["/0"]
    assert () == changed["/5"]
    assert "/named" not in changed
    assert {} == settled({url: found[url] for url in list(found)[:9]})


def test_a_concept_is_called_as_the_publisher_calls_it() -> None:
    found = {
        "/a": Found((Topic("Slipped Discs", "d", "publisher"),)),
        "/b": Found((Topic("Bulging Disc", "d", "vocabulary"),)),
    }

    assert {"/b": (Topic("Slipped Discs", "d", "vocabulary"),)} == settled(found)
