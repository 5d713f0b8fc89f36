"""What people write in several ways is one word: in every engine, and in the search box without a server."""

from __future__ import annotations

import json
import subprocess
from itertools import pairwise
from pathlib import Path

import pytest
from clinicdex.index import stop_words
from clinicdex.index.analysis import Analyzer, QueryAnalyzer
from clinicdex.index.occurrences import occurrences
from clinicdex.index.query import parse
from clinicdex.index.wording import pruned
from clinicdex.index.words import joined, words
from clinicdex.searchbox.assets import asset
from hypothesis import given
from hypothesis import strategies as st

# One text per line; the script of the search box makes the same words of it.
WORDS = {
    "l'arthrose d’hydratation qu`il dell´anca": ["arthrose", "hydratation", "il", "anca"],
    "O'Brien's T'ai chi ’tis": ["obrien", "tai", "chi", "tis"],
    "Œdème, ﬁbula, Ｆｕｌｌ, Straße": ["oedeme", "fibula", "full", "strasse"],
    "İstanbul ılık ŁÓDŹ Ørsted þorn": ["istanbul", "ilik", "lodz", "orsted", "thorn"],
    "Band\u00adscheiben\u00advorfall u\u0308bung zero\u200bwidth": [
        "bandscheibenvorfall",
        "ubung",
        "zerowidth",
    ],
    "慢性腰痛的 X线": ["慢性", "性腰", "腰痛", "痛的", "x", "线"],
    "ガン治療 ｶﾞﾝ がん": ["ガン", "ン治", "治療", "ガン", "がん"],
    "허리 통증": ["허리", "통증"],
    "ปวดหลัง": ["ปว", "วด", "ดห", "หลั", "ลัง"],
    "दर्द निवारक क्या": ["दर्द", "निवारक", "क्या"],
    "הַשָּׁלוֹם مُشْكِلَة": ["השלום", "مشكلة"],
    "йод ёж": ["йод", "еж"],
    "x_word _y_ a'b'c z's": ["x", "word", "y", "abc", "z"],
    "10⁹ x² ½": ["109", "x2", "1⁄2"],
}


@pytest.mark.parametrize("text", WORDS)
def test_a_text_has_these_words(text: str) -> None:
    assert WORDS[text] == words(text)


def test_the_script_of_the_search_box_makes_the_same_words(tmp_path: Path, clients: Path) -> None:
    module = tmp_path / "index.mjs"
    module.write_bytes(asset("clinicdex-index.js").read_bytes())
    ask = (
        "const { wordsOf } = await import(process.argv[1]); "
        "console.log(JSON.stringify(JSON.parse(process.argv[2]).map(wordsOf)))"
    )
    long = "慢性腰痛" * 40 + " " + "x" * 80
    ran = subprocess.run(
        ["node", "--input-type=module", "-e", ask, "--", str(module), json.dumps([*WORDS, long])],
        capture_output=True, text=True, timeout=60, check=True,
    )  # fmt: skip

    assert [*WORDS.values(), words(long)] == json.loads(ran.stdout)


# One text per line; names of stop words in capitals, and what is written together or apart
JOINED = {
    "An x-ray, an X ray: anti‑inflammatory.": ["xray", "antiinflammatory", "xray"],
    "5 mg, 0.5 mg, 200 µg, 3 men": ["5mg", "200μg"],
    "vitamin B 12, T score; I walk, a man": ["b12", "tscore"],
    "Vitamin A helps. A man. IT band. IT IS LATE": ["vitamin_a", "it_band"],
    "HbA1c": ["a1c"],
    "腰痛 X线": ["痛"],
    "plain words": [],
}


@pytest.mark.parametrize("text", JOINED)
def test_a_text_has_these_joined_words(text: str) -> None:
    assert JOINED[text] == joined(text, stop_words.of("en"))


@pytest.mark.parametrize(
    ("languages", "question", "kept"),
    [
        (["en"], "how do I get rid of back pain", ("get", "rid", "back", "pain")),
        (["de", "en"], "was hilft gegen die Schmerzen", ("hilft", "schmerzen")),
        (["de", "en"], "can you die from a concussion", ("die", "concussion")),
        (["fr"], "mal de dos", ("mal", "dos")),
        (["en"], "fat man", ("fat", "man")),
        (["pl"], "co na ból w plecach", ("bol", "plecach")),
    ],
)
def test_stop_words_are_those_of_the_questions_language(
    languages: list[str], question: str, kept: tuple[str, ...]
) -> None:
    assert kept == pruned(parse(question), languages, lambda word: True).words


def test_a_question_in_a_language_that_the_index_lacks_loses_its_stop_words_too() -> None:
    known = {"auto", "de", "quervain"}

    asked = pruned(parse("accidente de auto"), ["en"], known.__contains__)

    assert ("accidente", "auto") == asked.words
    assert ("de",) == pruned(parse("de"), ["en"], known.__contains__).words


@pytest.mark.parametrize(
    ("text", "asked", "marked"),
    [
        ("Take an X-ray now", "xray", ["X-ray"]),
        ("Le traitement de l’arthrose", "arthrose", ["arthrose"]),
        ("患者的慢性腰痛很常见", "慢性腰痛", ["慢性腰痛"]),
        ("Two B 12 tablets", "b12", ["B 12"]),
        ("A follow up visit", "followups", ["follow up"]),
        ("Œdème", "oedeme", ["Œdème"]),
    ],
)
def test_what_was_asked_is_marked_however_it_is_written(text: str, asked: str, marked: list[str]) -> None:
    terms = {term for word in words(asked) for term in QueryAnalyzer(["en"]).terms(word)}

    places = occurrences(text, terms, [Analyzer()])

    assert marked == [text[start:end] for start, end, _ in places]


@given(st.text(st.sampled_from("aéÉœ’'-_ 5mgAIT腰痛的ปั\u0301\u00ad.\n"), max_size=80))
def test_places_lie_in_the_text_in_order_and_never_overlap(text: str) -> None:
    analyzer = Analyzer()
    terms = {*analyzer.terms(text), *analyzer.joined(text)}

    places = occurrences(text, terms, [analyzer])

    assert all(0 <= start < end <= len(text) for start, end, _ in places)
    assert all(before[1] <= after[0] for before, after in pairwise(places))
