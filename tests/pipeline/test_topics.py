"""The topics of a text, found with the vocabulary."""

from __future__ import annotations

import json
import subprocess
import sys
from pathlib import Path

import pytest
from clinicdex.pipeline.topics import Wording, from_vocabulary
from clinicdex.vocabulary.concepts import Concept, Vocabulary
from support.pages import vocabulary

DIABETES = Concept("d", "Diabetes", ("diabetes mellitus",))
SECOND = Concept("d2", "Diabetes Type 2", ("diabetes mellitus type 2",), ("d",))
LASER = Concept("l", "McLeod Syndrome", ("MLS",))


def found(text: str) -> list[str]:
    return [mention.concept for mention in Vocabulary([DIABETES, SECOND, LASER]).mentions(text)]


def about(text: str) -> list[str]:
    return [topic.label for topic in from_vocabulary(Wording("", (), text), vocabulary(), "en")]


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
