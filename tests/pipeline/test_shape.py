"""Articles in the shape of their page: lists, tables, pictures, questions, and nothing that is hidden."""

from __future__ import annotations

import lxml.html
from clinicdex.pipeline.extract import examine
from clinicdex.pipeline.render import html, markdown
from clinicdex.records import Answered, Article, Image, Version
from markdown_it import MarkdownIt
from support.pages import PROSE, context, outcome, page, post

URL = "https://clinic.example/post/"


def marked_down(inner: str) -> str:
    extraction = examine(page(post(f"<p>{PROSE[:200]}</p>{inner}")), context("x"))
    assert extraction.judgement is not None
    return markdown(extraction.judgement.kept, URL, "A Post", extraction.pictures)


def test_lists_keep_their_kind_and_nesting() -> None:
    shape = marked_down(
        "<ol start=3><li>Warm the knee.</li><li><p>Bend it.</p><p>Wait for ten seconds.</p></li></ol>"
        "<ul><li>Bring with you<ul><li>your old letters</li><li>a list of tablets</li></ul></li></ul>"
    )

    assert "3. Warm the knee.\n4. Bend it.\n\n   Wait for ten seconds." in shape
    assert "- Bring with you\n  - your old letters\n  - a list of tablets" in shape


def test_tables_keep_their_cells_whatever_stands_in_them() -> None:
    shape = marked_down(
        "<table><tr><th>Week</th><th>What to do</th></tr><tr><td>1 | 2</td><td>Rest<br>and ice</td></tr>"
        "</table>"
    )

    assert "| Week | What to do |\n| --- | --- |\n| 1 \\| 2 | Rest<br>and ice |\n" in shape


def test_a_table_that_lays_out_the_page_is_no_table() -> None:
    half = PROSE.find(". ", len(PROSE) // 2) + 1
    shape = marked_down(f"<table><tr><td><h2>Rest</h2><p>{PROSE[:half]}</p></td></tr></table>")

    assert "## Rest" in shape
    assert "|" not in shape


def test_definitions_quotations_code_links_and_powers() -> None:
    shape = marked_down(
        "<dl><dt>Ferritin</dt><dd>What stores iron in the body of a person.</dd></dl>"
        "<blockquote><p>Nothing helps as much as walking every day.</p></blockquote>"
        "<p><b>Ask</b> for <a href=/team/ida/>Ida</a><br>or write "
        "<a href=mailto:a@clinic.example>to us</a> and <a href=javascript:x()>press</a>.</p>"
        "<p>It holds 4 × 10<sup>9</sup> of them, as was shown"
        '<sup><a href="#r2">2</a></sup> in H<sub>2</sub>O.</p>'
    )

    assert "Ferritin\n:   What stores iron" in shape
    assert "> Nothing helps as much" in shape
    assert (
        "**Ask** for [Ida](https://clinic.example/team/ida/)  \nor write [to us](mailto:a@clinic.example)"
        in shape
    )
    assert "press." in shape
    assert "[press]" not in shape
    assert "10<sup>9</sup> of them, as was shown[2](#r2)" in shape


def test_the_text_keeps_words_apart_and_powers_together() -> None:
    result = outcome(
        page(
            post(
                "<p>It holds 4 × 10<sup>9</sup> germs in 3 cm<sup>2</sup>, said two trials"
                "<sup>4,5</sup> of the"
                "<span> hidden</span><span style='display:none'> cheap pillows</span> kind.</p>"
                "<p>First line of it.<br><br>Second line of it, which is a paragraph of its own.</p>"
            )
        )
    )

    assert isinstance(result, Article)
    assert "4 × 10⁹ germs in 3 cm², said two trials [4,5] of the hidden kind." in result.text
    assert "First line of it.\n\nSecond line" in result.text


def test_pictures_of_the_text_come_with_words_and_caption() -> None:
    body = post(
        "<figure><img src=/knee.jpg alt='A bent knee'><figcaption>Bend it slowly.</figcaption></figure>"
        "<p>Then look at <img src=/icon.png width=16 height=16> this.</p>",
        around="<footer><img src=/logo.png alt=Logo></footer>",
    )
    result = outcome(page(body))

    assert isinstance(result, Article)
    assert (Image("https://clinic.example/knee.jpg", "A bent knee", "Bend it slowly."),) == result.images
    assert "![A bent knee](https://clinic.example/knee.jpg)" in marked_down(
        "<img src=/knee.jpg alt='A bent knee'>"
    )


def test_declared_questions_are_the_authors_wherever_they_stand() -> None:
    data = (
        '{"@type": "FAQPage", "mainEntity": [{"@type": "Question", "name": "May I drive home?", '
        '"acceptedAnswer": {"@type": "Answer", "text": "<p>Yes, if you feel well enough to.</p>"}}]}'
    )
    result = outcome(
        page(
            post(
                "<div class=card><div class=q>May I drive home?</div>"
                "<p>Yes, if you feel well enough to.</p></div>"
            ),
            head=f'<script type="application/ld+json">{data}</script>',
        )
    )

    assert isinstance(result, Article)
    assert (Answered("May I drive home?", "Yes, if you feel well enough to."),) == result.faq
    assert "May I drive home?\n\nYes, if you feel well enough to." in result.text


def test_an_accordion_is_headings_with_their_texts() -> None:
    shape = marked_down(
        "<h2>Questions</h2><div role=button aria-expanded=false aria-controls=p1>How long does it take?</div>"
        "<div id=p1 hidden><p>About half an hour, and another half an hour of rest afterwards in the "
        "chair.</p></div>"
    )

    assert "### How long does it take?\n\nAbout half an hour" in shape


def test_versions_in_other_languages_and_anchors_of_headings() -> None:
    head = (
        "<link rel=alternate hreflang=de href=/de/beitrag/><link rel=alternate hreflang=en href=/post/>"
        "<link rel=alternate hreflang=x-default href=/post/>"
    )
    result = outcome(page(post("<h2 id=rest>How to rest</h2>"), head=head))

    assert isinstance(result, Article)
    assert (Version("de", "https://clinic.example/de/beitrag/"),) == result.versions
    assert dict(zip(result.headings, result.anchors, strict=True))["How to rest"] == "rest"


def test_short_lines_of_the_author_stay_and_calls_go() -> None:
    third = PROSE.find(". ", len(PROSE) // 3) + 1
    body = (
        f"<article><h1>A Post</h1><p>{PROSE[:third]}</p><h2>Home exercises</h2>"
        "<ol><li>Close your eyes and breathe.</li><li>Next, bend the knee until it touches.</li></ol>"
        "<div class=cta-box><h3>In pain?</h3><p>Call us to arrange a free talk with our team.</p></div>"
        f"<p>{PROSE[third:]}</p><p>Call an ambulance now.</p><p>{PROSE[:third]}</p></article>"
    )
    result = outcome(page(body))

    assert isinstance(result, Article)
    assert "Home exercises" in result.text
    assert "Close your eyes" in result.text
    assert "Call an ambulance now." in result.text
    assert "free talk" not in result.text


def test_html_holds_nothing_active() -> None:
    extraction = examine(page(post("<p onclick=x()>Some words <script>x()</script>of it.</p>")), context("x"))
    assert extraction.judgement is not None

    shape = html(extraction.judgement.kept, URL)
    assert "script" not in shape
    assert "onclick" not in shape


def test_markdown_read_again_has_the_shape_of_the_html() -> None:
    inner = (
        "<h2>First <img src='/knee.png' alt='A knee'> steps</h2>"
        "<ul><li>One</li><li>Two<ol><li>Two a</li></ol></li></ul>"
        "<ul><li>Another list</li></ul><ol><li><em>Rest.<br></em>Then walk.</li></ol><ol><li>Again</li></ol>"
        "<table><tr><th>Day</th><th>Minutes | hours</th></tr><tr><td>Monday</td><td>5<br>6</td></tr></table>"
        "<p>Read <a href='/more/'>more</a> and <strong>rest </strong>well.</p>"
    )
    extraction = examine(page(post(f"<p>{PROSE[:200]}</p>{inner}")), context("x"))
    assert extraction.judgement is not None
    kept, pictures = extraction.judgement.kept, extraction.pictures
    read_again = MarkdownIt("commonmark").enable("table").render(markdown(kept, URL, "A Post", pictures))

    assert outline(html(kept, URL, pictures)) == outline(read_again)


def outline(markup: str) -> list[tuple[str, str]]:
    """Return headings, lists, items, cells, links and pictures in order, each with its text or target."""
    marks = []
    for e in lxml.html.fromstring(f"<div>{markup}</div>").iter(
        "h2", "ul", "ol", "li", "th", "td", "a", "img"
    ):
        shown = (
            e.get("href")
            or e.get("src")
            or "".join(map(str, e.itertext())).replace(" ", "").replace("\n", "")
        )
        marks.append((str(e.tag), "" if e.tag in ("ul", "ol") else shown))
    return marks
