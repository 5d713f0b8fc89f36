from __future__ import annotations

from clinicdex.article import SnippetLimits
from clinicdex.index.analysis import terms
from clinicdex.index.query import MOST_TERMS, parse
from clinicdex.index.snippet import cut
from hypothesis import given
from hypothesis import strategies as st


def test_words_phrases_and_signs_are_told_apart() -> None:
    query = parse('low "slipped disc" -surgery +stretching -"back brace"')

    assert ("low",) == query.words
    assert (("slip", "disc"),) == query.phrases
    assert ("stretch",) == query.required
    assert (("surgeri",), ("back", "brace")) == query.excluded


def test_a_repeated_word_counts_twice() -> None:
    assert parse("pain pain").words == ("pain", "pain")


def test_a_question_that_is_too_long_is_cut_and_says_so() -> None:
    query = parse(" ".join(f"w{n}" for n in range(100)))

    assert MOST_TERMS == len(query.words)
    assert query.notices


@given(st.text(max_size=700))
def test_parsing_never_fails(text: str) -> None:
    parse(text)


@given(st.text(max_size=700))
def test_analysis_never_fails_and_gives_no_empty_terms(text: str) -> None:
    assert all(terms(text)) or not terms(text)


@given(st.text(max_size=2000), st.text(max_size=50), st.integers(0, 300))
def test_a_snippet_keeps_its_limits_and_marks_inside_itself(text: str, asked: str, most: int) -> None:
    snippet = cut(text, frozenset(terms(asked)), SnippetLimits(max_snippet=most))

    assert len(snippet.text) <= most + len("… ") + len(" …")
    assert all(0 <= start < end <= len(snippet.text) for start, end in snippet.highlights)


def test_the_window_with_most_of_the_words_is_shown() -> None:
    text = "pain " + "filler " * 100 + "the slipped disc causes pain here " + "filler " * 100

    assert "slipped disc causes pain" in cut(text, frozenset(terms("slipped disc pain")), SnippetLimits()).text


def test_a_word_longer_than_the_window_is_cut_with_it() -> None:
    snippet = cut("pneumonia", frozenset(terms("pneumonia")), SnippetLimits(max_snippet=4))

    assert snippet.text == "pneu …"
