"""From a page to an article, or to the reason why it is not one."""

from __future__ import annotations

import hashlib
import json
from datetime import date
from pathlib import Path

import pytest
from clinicdex.demo.sites import articles, site_pages
from clinicdex.pipeline.extract import examine, extract
from clinicdex.pipeline.extract_text import examine_text
from clinicdex.pipeline.rules import SiteRules
from clinicdex.pipeline.site import learn
from clinicdex.records import Article, Page, Person, Reason, Rejection, Source, from_record, to_record
from hypothesis import given, settings
from hypothesis import strategies as st
from support.pages import PROSE, context, outcome, page, post

# Of the dump's text, its four bullets as "- …"; we may not ship the dump itself.
SEED_SHA256 = "c8f2f41a4b2cb026edf991c94c51cfaf3e9db55f2a82bbd59a3c71cb578d7856"


def read_article(body: str, **more: object) -> Article:
    result = outcome(page(body, **more))  # type: ignore[arg-type]
    assert isinstance(result, Article), result
    return result


def test_the_text_is_the_authors_and_nothing_else() -> None:
    boilerplate_kind = """<nav><a href=/>Home</a><a href=/blog>Blog</a></nav><aside>\
<p>Sign up for our newsletter and never miss any of our many useful tips.</p></aside>
    <section id=comments><h2>2 Comments</h2>\
<p>Great article, I did all of this and it helped me so very much, thank you.</p></section>
    <h3>Leave a Reply</h3><p>You must be logged in to post a comment.</p>\
<footer>Copyright © 2024 Clinic. All rights reserved. 12 Main Street</footer>"""

    assert read_article(post(around=boilerplate_kind)).text.replace("\n\n", " ") == PROSE


@pytest.mark.parametrize(
    "line",
    [
        "Filed under: Back, Nerves",
        "Temas: Espalda, Nervios",
        "Schlagwörter: Rücken, Nerven",
        "Catégories : Dos, Nerfs",
        "Categorias: Costas, Nervos",
        "Argomenti: Schiena, Nervi",
        "Trefwoorden: Rug, Zenuwen",
    ],
)
def test_a_list_of_topics_above_the_text_is_not_part_of_it(line: str) -> None:
    assert read_article(post(f"<div>{line}</div>")).text.replace("\n\n", " ") == PROSE


def test_blocks_are_joined_as_readers_expect() -> None:
    inner = (
        "<h2>What to do</h2><ul><li>First, walk a little every day.</li><li>Then <b>rest</b>.</li></ul>"
        "<table><tr><th>Week</th><th>Minutes</th></tr><tr><td>1</td><td>10</td></tr></table>"
    )

    text = read_article(post(inner)).text

    assert text.startswith(
        "What to do\n\n- First, walk a little every day.\n- Then rest.\n\nWeek | Minutes\n1 | 10\n\n"
    )
    assert not text.endswith("\n")


@pytest.mark.parametrize(
    ("byline", "expected"),
    [
        ("<p class=byline>By Dr. Lena Ortiz, DC</p>", [("Dr. Lena Ortiz, DC", "Lena Ortiz", ("Dr.", "DC"))]),
        ("<p>Written by Hannah Cole, PT, DPT</p>", [("Hannah Cole, PT, DPT", "Hannah Cole", ("PT", "DPT"))]),
        (
            "<dl><dt>Written by:</dt><dd>Christine Frank, DDS</dd></dl>",
            [("Christine Frank, DDS", "Christine Frank", ("DDS",))],
        ),
        ("<p>Por Lucía Serrano</p>", [("Lucía Serrano", "Lucía Serrano", ())]),
        (
            "<p>By Peter F. Ullrich, Jr., MD and Ann Lee</p>",
            [("Peter F. Ullrich, Jr., MD", "Peter F. Ullrich, Jr.", ("MD",)), ("Ann Lee", "Ann Lee", ())],
        ),
        (
            "<p>By Dr. Paul Helms | 6 min read | Updated August 2026</p>",
            [("Dr. Paul Helms", "Paul Helms", ("Dr.",))],
        ),
        (
            "<p class=entry-meta>Leave a Comment / Thoughts / By Dr. Jo May, MD</p>",
            [("Dr. Jo May, MD", "Jo May", ("Dr.", "MD"))],
        ),
        ("<p>By Admin</p>", []),
        ("<p>By the Clinic Team</p>", []),
        ("", []),
    ],
)
def test_the_visible_byline_names_the_authors(
    byline: str, expected: list[tuple[str, str, tuple[str, ...]]]
) -> None:
    result = read_article(post(byline))

    assert expected == [(person.as_written, person.name, person.credentials) for person in result.authors]
    assert result.text.replace("\n\n", " ") == PROSE or not expected


def test_an_attribution_at_the_end_names_author_and_source_and_leaves_the_text() -> None:
    end = post().replace(
        "</article>",
        "<p>–Peter F. Ullrich, Jr., MD, found on <a "
        'href="https://spine.example/x">Spine-Health</a></p></article>',
    )

    result = read_article(end)

    assert (Person("Peter F. Ullrich, Jr., MD", "Peter F. Ullrich, Jr.", ("MD",)),) == result.authors
    assert Source("Spine-Health", "https://spine.example/x") == result.source
    assert "Ullrich" not in result.text


def test_a_reviewer_is_no_author() -> None:
    result = read_article(post("<p>Medically reviewed by Orlando Cedeno, DPM · 6 min read</p>"))

    assert () == result.authors
    assert ["Orlando Cedeno"] == [person.name for person in result.reviewed_by]


def test_metadata_names_the_author_only_if_it_is_a_person() -> None:
    def said(name: str) -> list[str]:
        data = json.dumps({"@type": "Article", "author": {"@type": "Person", "name": name}})
        return [
            person.name
            for person in read_article(
                post(), head=f'<script type="application/ld+json">{data}</script>'
            ).authors
        ]

    assert ["Ann Lee"] == said("Ann Lee")
    assert [] == said("webmaster")
    assert [] == said("Harborview Chiropractic")


def test_dates_come_from_what_the_page_says() -> None:
    head = (
        '<meta property="article:published_time" content="2024-01-15T19:06:25+00:00"><meta '
        'property="article:modified_time" content="2024-02-01">'
    )

    assert (date(2024, 1, 15), date(2024, 2, 1)) == (
        read_article(post(), head=head).published,
        read_article(post(), head=head).modified,
    )
    assert date(2020, 7, 23) == read_article(post("<p>July 23, 2020</p>")).published
    assert (
        read_article(post(), head='<meta property="article:published_time" content="2031-01-01">').published
        is None
    )


def test_the_publishers_topics_come_first_and_the_vocabulary_adds_concepts() -> None:
    body = post(
        "<p>Sciatica is pain along the sciatic nerve. Sciatica often passes by itself, and "
        "exercise helps sciatica.</p>",
        title="Sciatica",
    )
    result = read_article(
        body.replace(
            "<article>",
            '<article class="post-7 hentry category-uncategorized category-back-pain tag-self-help">',
        )
    )

    assert [("Back Pain", "publisher"), ("Self Help", "publisher")] == [
        (topic.label, topic.origin) for topic in result.topics[:2]
    ]
    assert ("Sciatica", "vocabulary") in [(topic.label, topic.origin) for topic in result.topics]


def test_a_page_for_scripts_is_read_as_readers_without_them_see_it() -> None:
    shell = '<div id="app"></div><script src="/app.js"></script>'

    assert (
        "Walking helps." in read_article(f"{shell}<noscript>{post('<p>Walking helps.</p>')}</noscript>").text
    )
    assert (
        "scripts"
        not in read_article(
            f"{post()}<noscript><p>{'Please allow scripts to see this page. ' * 40}</p></noscript>"
        ).text
    )


def test_the_language_is_told_by_the_text() -> None:
    spanish = (
        "El dolor de espalda es muy común y casi siempre mejora con el movimiento y el descanso adecuado. "
        * 8
    )

    assert read_article(f"<article><h1>Dolor</h1><p>{spanish}</p></article>").language == "es"


@pytest.mark.parametrize(
    ("made", "reason"),
    [
        (page(post(), "https://clinic.example/"), Reason.HOME),
        (page(post(), "https://clinic.example/category/back/"), Reason.LISTING),
        (page(post(), "https://clinic.example/contact-us/"), Reason.CONTACT),
        (page(post(title="Medical Disclaimer"), "https://clinic.example/?p=7"), Reason.CONTACT),
        (page(post(), "https://clinic.example/library-privacy/"), Reason.CONTACT),
        (page("<h1>Closed</h1><p>We are closed on Monday.</p>"), Reason.THIN),
        (page(post(), head='<meta name=robots content="noindex">'), Reason.NOINDEX),
        (page(post(), x_robots_tag="none"), Reason.NOINDEX),
        (page(post(), status=404), Reason.ERROR_PAGE),
        (page(b"%PDF-1.4", content_type="application/pdf"), Reason.NOT_HTML),
        (page(b"<p>" + b"x" * 3_000_001), Reason.TOO_LARGE),
        (page('<div id="root"></div><script src="/app.js"></script>'), Reason.NEEDS_JAVASCRIPT),
        (
            page(post(), head='<script type="application/ld+json">{"@type":"Product"}</script>'),
            Reason.PRODUCT,
        ),
        (
            page(
                "".join(
                    f"<h2><a href=/{n}>Post number {n} is here</a></h2><p>Some words about it, "
                    f"and then some more of them. </p>"
                    for n in range(9)
                )
            ),
            Reason.LISTING,
        ),
        (page(b""), Reason.UNREADABLE),
    ],
    ids=lambda value: str(value) if isinstance(value, Reason) else "",
)
def test_what_is_no_article_is_rejected_with_its_reason(made: Page, reason: Reason) -> None:
    result = outcome(made)

    assert isinstance(result, Rejection)
    assert reason == result.reason


def test_the_owners_rules_win() -> None:
    body = (
        f"<div class=promo>{PROSE}</div><div "
        f"class=real><p>{PROSE.replace('post', 'real')}</p><p class=x>Call "
        f"us.</p></div><b class=who>Ann Lee, MD</b><i class=when>3 May "
        f"2022</i><u>Backs</u>"
    )
    rules = SiteRules("div.real", (".x",), ".who", ".when", "u")

    result = outcome(page(body), rules=rules)

    assert isinstance(result, Article)
    assert PROSE.replace("post", "real") == result.text
    assert (["Ann Lee"], date(2022, 5, 3), ["Backs"]) == (
        [p.name for p in result.authors],
        result.published,
        [t.label for t in result.topics],
    )


@pytest.mark.parametrize(
    ("raw", "declared"),
    [
        ("naïve café – “quoted”".encode(), None),
        ("naïve café – “quoted”".encode(), "latin-1"),
        ("naïve café – “quoted”".encode("cp1252"), "iso-8859-1"),
        ("naïve café – “quoted”".encode("utf-16"), None),
        ('<meta charset="windows-1252">naïve café – “quoted”'.encode("cp1252"), None),
    ],
)
def test_the_characters_survive_what_a_page_claims(raw: bytes, declared: str | None) -> None:
    from clinicdex.pipeline.decode import decode

    assert "naïve café – “quoted”" in decode(raw, declared)


def demo_readings(name: str) -> dict[str, Article | Rejection]:
    origin = "http://127.0.0.1:1"
    pages = {}
    for path, answer in site_pages(name, origin).items():
        if answer.content_type.startswith("text/html") and answer.status == 200:
            pages[path] = Page(
                origin + path,
                origin + path,
                200,
                page("").fetched_at,
                (("content-type", answer.content_type),),
                answer.body,
                None,
            )
    empty = context(name)
    notes = [observed for item in pages.values() if (observed := extract(item, empty).notes)]
    model = learn(notes)
    assert model == learn(reversed(notes))
    return {path: extract(item, context(name, model)).outcome for path, item in pages.items()}


@pytest.mark.parametrize("name", ["harborview", "millbrook"])
def test_the_demo_articles_are_found_as_they_were_written(name: str) -> None:
    outcomes = demo_readings(name)
    wrong: list[tuple[object, ...]] = []
    for written in articles(name):
        got = outcomes[written.path]
        if not isinstance(got, Article):
            wrong.append((written.path, got))
            continue
        seen = (got.title, {p.name for p in got.authors}, got.published, got.language)
        meant = (written.title, set(written.authors), written.published, written.language)
        if seen != meant:
            wrong.append((written.path, seen, meant))
        leaks = [
            "OFFICE HOURS",
            "SHARE THIS POST",
            "Leave a Reply",
            "logged in",
            "You may also like",
            "Copyright",
            "Book an appointment",
            "newsletter",
        ]
        wrong += [(written.path, leak) for leak in leaks if leak.lower() in got.text.lower()]

    assert [] == wrong
    extra = {path for path, got in outcomes.items() if isinstance(got, Article)} - {
        written.path for written in articles(name)
    }
    assert {path for path in extra if not path.startswith("/archives/")} == set()


def test_an_article_survives_its_record() -> None:
    result = read_article(post("<p>By Ann Lee, MD</p>"))

    assert result == from_record(json.loads(json.dumps(to_record(result))))


@settings(max_examples=60, deadline=None)
@given(st.binary(max_size=600))
def test_any_bytes_are_a_page(raw: bytes) -> None:
    result = outcome(page(raw))

    assert not isinstance(result, Article) or "<" not in result.text or b"<" in raw


@settings(max_examples=40, deadline=None)
@given(st.text(max_size=600))
def test_any_text_is_a_dump(text: str) -> None:
    examine_text(text, context("x"))


def test_explaining_shows_every_block_with_its_fate() -> None:
    reading = examine(page(post(around="<footer>Copyright 2024</footer>")), context("x"))

    assert {"main content", "title"} < {verdict.reason for verdict in reading.verdicts}
    assert ("Copyright 2024", False) in [(verdict.block.text, verdict.kept) for verdict in reading.verdicts]


@pytest.mark.gold
def test_the_seed_record_is_exact(gold: Path) -> None:
    dump = (gold / "seed/exercise-and-the-spine.txt").read_text(encoding="utf-8")
    lines = dump[dump.index("A typical response") : dump.index("–Peter F.")].strip().replace("  • ", "- ")

    result = examine_text(dump, context("seed")).outcome

    assert isinstance(result, Article)
    assert "Exercise and the Spine" == result.title
    assert (Person("Peter F. Ullrich, Jr., MD", "Peter F. Ullrich, Jr.", ("MD",)),) == result.authors
    assert result.source is None
    assert SEED_SHA256 == hashlib.sha256(result.text.encode()).hexdigest()
    assert lines == result.text
    assert {"Exercise", "Stretching"} < {topic.label for topic in result.topics}
    assert any("Back Pain" in topic.label for topic in result.topics)
