"""Queries made to do harm: each gets results or a friendly message, with little work, at 10,000 articles."""

from __future__ import annotations

import random
from collections.abc import Iterator
from pathlib import Path

import pytest
from clinicdex.index.query import PEOPLE, parse
from clinicdex.index.whoosh.engine import WhooshEngine
from clinicdex.index.whoosh.reader import WhooshReader
from clinicdex.records import Article
from hypothesis import given, settings
from hypothesis import strategies as st
from support.effort import lines_run
from support.faux import WORDS

QUESTIONS = {
    "star": "*", "stars inside": "?*a*", "short prefix": "a*", "prefixes": "s* st* str* " * 40,
    "range": "[a TO z]", "fuzzy": "spine~5", "nots": "NOT " * 1_000, "parentheses": "(" * 5_000,
    "one word": "x" * 100_000, "words": "pain " * 10_000, "nul": "back\x00pain",
    "surrogates": "\ud800 back \udfff", "quotes": '"' * 999, "pluses": "+" * 999, "minuses": "-" * 999,
    "excluded all": " ".join(f"-{word}" for word in WORDS), "regex": 'r"(.*)*x"',
    "phrases": '"back pain" ' * 200, "long phrase": '"' + "back " * 3_000 + '"',
    "fields": "topic: author: site: date:" * 50, "dates": "date:9999-99-99..0000",
    "bidi": "\u202eback\u202c \u200f", "combining": "a" + "\u0301" * 5_000,
}  # fmt: skip


# of Python, about half a second; the costliest question, 120 prefixes, runs 2,080,000
MOST_LINES = 4_000_000


@pytest.fixture(scope="module")
def reader(tmp_path_factory: pytest.TempPathFactory) -> Iterator[WhooshReader]:
    rolls = random.Random(3)
    vocabulary = [
        *WORDS,
        *("".join(rolls.choices("abcdefghijklmnopqrst", k=rolls.randint(3, 9))) for _ in range(5_000)),
    ]
    engine = WhooshEngine(Path(tmp_path_factory.mktemp("hostile")))
    with engine.writer(fresh=True) as writer:
        for number in range(10_000):
            words = rolls.choices(vocabulary, range(len(vocabulary), 0, -1), k=40)
            writer.replace(
                [
                    Article(
                        id=f"{number:020x}",
                        url=f"https://a.example/{number}",
                        site="a",
                        title=" ".join(words[:5]),
                        text=" ".join(words),
                    )
                ]
            )
        writer.commit(1)
        writer.swap()
    with engine.reader() as opened:
        yield opened


@pytest.mark.parametrize("name", QUESTIONS)
def test_no_question_is_a_lot_of_work(reader: WhooshReader, name: str) -> None:
    def answer() -> None:
        query = parse(QUESTIONS[name])
        assert len(reader.search(query, facets=True).hits) <= 10
        reader.correct(query)

    assert lines_run(answer) < MOST_LINES
    query = parse(QUESTIONS[name])
    if len(QUESTIONS[name]) > PEOPLE.characters:
        assert query.notices


@settings(max_examples=300, deadline=None)
@given(
    st.lists(
        st.sampled_from(
            [
                '"',
                "+",
                "-",
                "*",
                "(",
                ")",
                "topic:",
                "date:",
                "..",
                " ",
                "back",
                "walk",
                "~2",
                "\x00",
                "2024",
                "ﬁ",
                "\ud800",
            ]
        ),
        max_size=60,
    )
)
def test_any_soup_has_an_answer(reader: WhooshReader, parts: list[str]) -> None:
    query = parse("".join(parts))

    assert reader.search(query).total >= 0
    reader.correct(query)
