from __future__ import annotations

from datetime import date

import pytest
from clinicdex.index.analysis import Analyzer, QueryAnalyzer
from clinicdex.index.occurrences import occurrences
from clinicdex.index.query import PEOPLE, Filters, parse
from clinicdex.index.snippet import cut
from clinicdex.index.wording import pruned
from clinicdex.index.words import words
from clinicdex.records import SnippetLimits
from hypothesis import given
from hypothesis import strategies as st
from support.effort import lines_run


def test_words_phrases_and_signs_are_told_apart() -> None:
    query = parse('low "slipped disc" -surgery +stretching -"back brace"')

    assert ("low",) == query.words
    assert (("slipped", "disc"),) == query.phrases
    assert ("stretching",) == query.required
    assert (("surgery",), ("back", "brace")) == query.excluded


@pytest.mark.parametrize("text", ["“slipped disc”", "„slipped disc“", "«slipped disc»", "»slipped disc«"])
def test_quotes_as_phones_and_word_processors_write_them_make_a_phrase(text: str) -> None:
    assert (("slipped", "disc"),) == parse(text).phrases
    assert (("slipped", "disc"),) == parse(f"-{text}").excluded


def test_a_repeated_word_counts_twice() -> None:
    assert parse("pain pain").words == ("pain", "pain")


def test_a_question_that_is_too_long_is_cut_and_says_so() -> None:
    query = parse(" ".join(f"w{n}" for n in range(100)))

    assert PEOPLE.terms == len(query.words)
    assert query.notices


def marked(text: str, asked: str) -> list[tuple[int, int, str]]:
    return occurrences(text, Analyzer().terms(asked), [Analyzer()])


@given(st.text(max_size=700))
def test_parsing_never_fails(text: str) -> None:
    parse(text)


@given(st.text(max_size=700))
def test_analysis_never_fails_and_gives_no_empty_terms(text: str) -> None:
    assert all(Analyzer().terms(text))
    assert all(words(text))


@given(st.text(max_size=2000), st.text(max_size=50), st.integers(0, 300))
def test_a_snippet_keeps_its_limits_and_marks_inside_itself(text: str, asked: str, most: int) -> None:
    snippet = cut(text, marked(text, asked), SnippetLimits(max_snippet=most))

    assert len(snippet.text) <= most + len("… ") + len(" …")
    assert all(0 <= start < end <= len(snippet.text) for start, end in snippet.highlights)


def test_the_window_with_most_of_the_words_is_shown() -> None:
    text = "pain " + "filler " * 100 + "the slipped disc causes pain here " + "filler " * 100

    assert "slipped disc causes pain" in cut(text, marked(text, "slipped disc pain"), SnippetLimits()).text


def test_a_word_longer_than_the_window_is_cut_with_it() -> None:
    snippet = cut("pneumonia", marked("pneumonia", "pneumonia"), SnippetLimits(max_snippet=4))

    assert snippet.text == "pneu …"


@pytest.mark.parametrize(
    ("text", "filters"),
    [
        ('topic:"back pain" stretching', Filters(topic="back pain")),
        ("author:hill stretching", Filters(named="hill")),
        ("site:my-clinic language:de stretching", Filters(site="my-clinic", language="de")),
        ("date:2024 stretching", Filters(since=date(2024, 1, 1), until=date(2024, 12, 31))),
        ("date:2024-02 stretching", Filters(since=date(2024, 2, 1), until=date(2024, 2, 29))),
        ("date:2023-05.. stretching", Filters(since=date(2023, 5, 1))),
        ("date:..2020-01-31 stretching", Filters(until=date(2020, 1, 31))),
    ],
)
def test_filters_can_be_typed(text: str, filters: Filters) -> None:
    query = parse(text)

    assert (("stretching",), filters) == (query.words, query.filters)


@pytest.mark.parametrize(
    "text",
    ["date:soon", "date:2024-13", "date:2024-02-31", "date:..", "colour:red", "topic:", "http://x", "12:30"],
)
def test_what_only_looks_like_a_filter_is_text(text: str) -> None:
    query = parse(text)

    assert Filters() == query.filters
    assert query.words


def test_words_that_only_ask_are_left_out_unless_nothing_else_is_asked() -> None:
    asked = pruned(parse("please tell me how do I get rid of back pain"), ["en"]).words
    assert ("get", "rid", "back", "pain") == asked
    assert ("what", "about", "it") == pruned(parse("What about it?"), ["en"]).words


def test_a_star_stands_for_the_rest_of_a_word() -> None:
    query = parse("sciat* * a* pain")

    assert (("sciat",), ("pain",)) == (query.prefixes, pruned(query, ["en"]).words)


# One spelling per line; every engine indexes and searches with the same terms.
GOLDEN = {
    "T. Hill's L5-S1 disc": ["t", "hill", "l5", "s1", "disc"],
    "Café CAFÉ": ["cafe", "cafe"],
    "children’s exercises": ["children", "exercis"],
    "follow-up, x-ray & COVID-19": ["follow", "up", "x", "ray", "covid", "19"],
    "O'Brien 1,000 mg vitamin D": ["obrien", "1", "000", "mg", "vitamin", "d"],
    "the and of": [],
    "Ｆｕｌｌ ﬁne": ["full", "fine"],
}


@pytest.mark.parametrize("text", GOLDEN)
def test_a_text_has_the_terms_it_always_had(text: str) -> None:
    assert GOLDEN[text] == Analyzer().terms(text)


def test_every_language_is_stemmed_as_its_own() -> None:
    assert ["ubung", "ubung"] == Analyzer("de").terms("Übung Übungen")
    assert ["unknown", "words"] == Analyzer("xx").terms("unknown words")
    assert {"exercis", "exercises"} == set(QueryAnalyzer(["en", "xx"]).terms("exercises"))


@given(st.text(st.sampled_from("aábBçe’'-_ .\nİ1xyz"), max_size=60), st.integers(0, 10))
def test_what_is_marked_is_what_is_indexed(text: str, place: int) -> None:
    analyzer = Analyzer()
    indexed = analyzer.terms(text)
    searched = {indexed[place % len(indexed)]} if indexed else set()

    assert [term for term in indexed if term in searched] == [
        term for _, _, term in occurrences(text, searched, [analyzer])
    ]


@pytest.mark.parametrize(
    ("text", "asked"),
    [
        ("Therapies and therapy.", "therapy"),
        ("dying, dies, DIE", "die"),
        ("O’Brien's café—CAFÉ", "café obrien"),
        ("_word_ x_word", "word"),
    ],
)
def test_every_form_of_an_asked_word_is_marked(text: str, asked: str) -> None:
    wanted = set(Analyzer().terms(asked))

    assert [term for term in Analyzer().terms(text) if term in wanted] == [
        term for _, _, term in occurrences(text, wanted, [Analyzer()])
    ]


@pytest.mark.parametrize(
    ("language", "text", "asked"),
    [
        ("nl", "Gekookt, koken; oedeem", "koken oedeem"),
        ("de", "Oedem, Ödeme, Aerzte", "Ödem Ärzte"),
        ("ga", "an bhean agus mbean", "bean"),
        ("id", "bermain dan permainan", "main"),
        ("sr", "injekcije", "injekcija"),
        ("tr", "binden", "bini"),
        ("fi", "abbaye", "abbaye"),
        ("et", "loeb", "lugema"),
    ],
)
def test_a_word_is_marked_where_its_language_changes_how_it_begins(
    language: str, text: str, asked: str
) -> None:
    analyzer = Analyzer(language)
    wanted = set(analyzer.terms(asked))
    matching = [term for term in analyzer.terms(text) if term in wanted]

    assert matching
    assert matching == [term for _, _, term in occurrences(text, wanted, [analyzer])]


def test_finding_terms_takes_as_long_as_the_text_is() -> None:
    def effort(length: int) -> int:
        return lines_run(lambda: occurrences("漢" * length + " back", {"back"}, [Analyzer()]))

    assert effort(20_000) <= 2.2 * effort(10_000)
