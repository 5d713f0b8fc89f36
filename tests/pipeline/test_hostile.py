"""Pages made to do harm, or just very odd: each gets an answer, soon."""

from __future__ import annotations

import re
import time
from pathlib import Path

import pytest
from clinicdex.flow import single_pages
from clinicdex.pipeline import (
    attribution,
    boilerplate,
    consent,
    content,
    dates,
    decode,
    kind,
    parsed_page,
    person,
    robots,
    signature,
    site,
    tag_words,
    tags,
    title,
)
from clinicdex.pipeline.markup_weight import weight
from clinicdex.records import Article, Reason, Rejection
from hypothesis import given, settings
from hypothesis import strategies as st
from support.pages import PARAGRAPHS, outcome, page, post

PATTERNS = {
    f"{module.__name__.rsplit('.', 1)[-1]}.{name}": value
    for module in (
        attribution,
        consent,
        content,
        tag_words,
        dates,
        decode,
        parsed_page,
        boilerplate,
        kind,
        person,
        robots,
        signature,
        site,
        tags,
        title,
    )
    for name, value in vars(module).items()
    if isinstance(value, re.Pattern)
}
TRAPS = (
    "by " + "A" * 600, "by " + "Aa " * 200, "- " * 300, ", MD" * 150, "a." * 300, "Dr. " * 150, "1 " * 300,
    "2024-" * 120, "| " * 300, "·" * 600, "on 1 " * 120, "Jan 1" * 120, "posted on in " * 50,
    "found on " * 60, " \n" * 300, "=" * 600, "(" * 600, "©" * 600, "mon - tue - " * 50, "share " * 100,
    "A B C " * 100, "ÀÈ" * 300, "作者：" * 200, "von und zu " * 60, "–" * 600, "'" * 600, "M.D." * 150,
    "0" * 600, "\u00a0" * 600, "x" * 599 + "!", "written by " * 55, "reviewed by reviewed by " * 25,
)  # fmt: skip


MOST_CPU = 30.0  # seconds of this process; what is exponential takes hours, all else takes under two


def test_there_are_patterns_to_try() -> None:
    assert len(PATTERNS) > 40


@pytest.mark.parametrize("name", sorted(PATTERNS))
def test_no_pattern_takes_long_on_a_trap(name: str) -> None:
    for trap in TRAPS:
        text: str | bytes = trap.encode() if isinstance(PATTERNS[name].pattern, bytes) else trap
        started = time.process_time()
        list(PATTERNS[name].finditer(text))
        assert time.process_time() - started < MOST_CPU, trap[:20]


@pytest.mark.parametrize(
    ("what", "markup"),
    [
        ("empty", ""),
        ("nothing but a script", "<script>" + "x" * 2_000_000 + "</script>"),
        ("deep", "<div>" * 200_000),
        ("many siblings", "<p>a</p>" * 300_000),
        ("line breaks", "<br>" * 600_000),
        ("one word", "<p>" + "a" * 2_900_000),
        ("attributes", "<p " + " ".join(f"a{n}=1" for n in range(200_000)) + ">x</p>"),
        (
            "broken JSON-LD",
            '<script type="application/ld+json">{"@type": ["Article", {"author": [[[</script><p>x</p>',
        ),
        ("deep JSON-LD", '<script type="application/ld+json">' + "[" * 100_000 + "</script><p>x</p>"),
        ("NULs", "<p>\x00\x00</p>"),
        ("entities", "&#x41;" * 300_000),
    ],
)
def test_every_page_is_answered_without_exponential_work(what: str, markup: str) -> None:
    started = time.process_time()

    result = outcome(page(markup))

    assert isinstance(result, Rejection), what
    assert time.process_time() - started < MOST_CPU


def test_pictures_scripts_and_styles_in_a_page_do_not_make_it_too_large() -> None:
    heavy = (
        f"<style>{'a{b:c}' * 100_000}</style><script>{'x();' * 300_000}</script>"
        f'<img src="data:image/png;base64,{"A" * 2_000_000}"><svg>{"<g/>" * 200_000}</svg>'
    )

    found = outcome(page(post(heavy + PARAGRAPHS)))

    assert isinstance(found, Article)


@pytest.mark.parametrize("start", [b"<script ", b"<svg><", b'"data:', b"<style>"])
def test_weighing_a_page_takes_as_long_as_it_is(start: bytes) -> None:
    assert weight(start * 100_000) <= len(start) * 100_000


def test_a_page_that_is_too_large_says_so() -> None:
    result = outcome(page("<p>a</p>" * 6_000_000))

    assert isinstance(result, Rejection)
    assert result.reason is Reason.TOO_LARGE


def test_text_is_found_two_thousand_elements_deep() -> None:
    result = outcome(page("<div>" * 2_000 + post() + "</div>" * 2_000))

    assert isinstance(result, Article)
    assert result.word_count > 100


def test_one_page_that_kills_its_reader_costs_only_itself(
    monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    hostile = "<p " + " ".join(f"a{n}='<'" for n in range(150_000)) + ">x</p>"
    pages = [
        {"html": f"<html><body>{post(title='One')}</body></html>"},
        {"html": hostile},
        {"html": f"<html><body>{post(title='Two')}</body></html>"},
    ]

    records = list(single_pages.batch(enumerate(pages, 1), same_site=False, force=False))

    assert ["One", None, "Two"] == [record.get("title") for record in records]


markup = st.recursive(
    st.text(max_size=40),
    lambda inner: st.tuples(
        st.sampled_from("p div h1 ul li table tr td article aside a b script".split()),
        st.lists(inner, max_size=4),
    ).map(lambda made: f"<{made[0]}>{''.join(made[1])}</{made[0]}>"),
    max_leaves=25,
)


@settings(max_examples=150, deadline=None)
@given(markup)
def test_reading_never_raises_and_says_the_same_twice(body: str) -> None:
    assert outcome(page(body)) == outcome(page(body))
    assert outcome(page(post(body))) == outcome(page(post(body)))
