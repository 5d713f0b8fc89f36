"""Who signed an article, in the many ways in which pages say it, and who did not."""

from __future__ import annotations

import json
import subprocess
import sys
from pathlib import Path

import pytest
from clinicdex.flow.shipped import shipped_names
from clinicdex.pipeline.rules import SiteRules
from clinicdex.pipeline.site import FEWEST_PAGES, SiteModel, corrected
from clinicdex.records import Article
from support.pages import PROSE, outcome, page, post


def signed(body: str, head: str = "", **more: object) -> Article:
    result = outcome(page(body, head=head), **more)  # type: ignore[arg-type]
    assert isinstance(result, Article), result
    return result


def names(found: Article) -> list[str]:
    return [person.as_written for person in found.authors]


def ending(*lines: str) -> str:
    half = PROSE.find(". ", len(PROSE) // 2) + 1
    return (
        f"<article><h1>A Post</h1><p>{PROSE[:half]}</p><p>{PROSE[half:].strip()}</p>"
        f"{''.join(f'<p>{line}</p>' for line in lines)}</article>"
    )


@pytest.mark.parametrize(
    ("line", "expected"),
    [
        ("Posted by Marta Weiss on March 3, 2024 in Wellness", ["Marta Weiss"]),
        ("Words: Oliver Grant", ["Oliver Grant"]),
        ("Text: Sabine Kroll<br>Fotos: Lukas Maier", ["Sabine Kroll"]),
        ("Door Sanne de Wit, fysiotherapeut", ["Sanne de Wit"]),
        ("Rédigé par le Dr Jean-Luc d’Orsay, le 4 mai 2023", ["Dr Jean-Luc d’Orsay"]),
        ("A cura della Dott.ssa Elena Ricci", ["Dott.ssa Elena Ricci"]),
        ("Von Karin Holm und Peter Lang", ["Karin Holm", "Peter Lang"]),
        (
            "Authors: Nina Patel, MD, Carl Ott, PhD, and Rosa Diaz, RN",
            ["Nina Patel, MD", "Carl Ott, PhD", "Rosa Diaz, RN"],
        ),
        ("作者：李小龙 发布时间：2024-02-06", ["李小龙"]),
        ("Dec. 19, 2025 · Niko Laaksonen", ["Niko Laaksonen"]),
        ("By Nguyễn Thị Lan, DPM", ["Nguyễn Thị Lan, DPM"]),
        ("By Susan", ["Susan"]),
    ],
)
def test_a_line_that_signs(line: str, expected: list[str]) -> None:
    assert expected == names(signed(post(f"<p class=entry-meta>{line}</p>")))


@pytest.mark.parametrize(
    "markup",
    [
        "<div class=meta><span>Written by</span><span>Dana Hofer, PT</span></div>",
        "<dl><dt>Author:</dt><dd>Dana Hofer, PT</dd></dl>",
        "<table><tr><td>Author</td><td>Dana Hofer, PT</td></tr><tr><td>Version</td><td>2</td></tr></table>",
        "<p><a rel=author href=/author/dana>Dana Hofer, PT</a></p>",
        "<p><span itemprop=author itemscope><span itemprop=name>Dana Hofer, PT</span></span> "
        "· May 4, 2023</p>",
        '<div class="post-author__name">Dana Hofer, PT</div>',
        "<div>Author</div><div>Dana Hofer</div><div>PT</div>",
    ],
)
def test_a_signature_in_markup(markup: str) -> None:
    result = signed(post(markup))

    assert ["Dana Hofer, PT"] == names(result)
    assert ("PT",) == result.authors[0].credentials


@pytest.mark.parametrize(
    ("line", "expected", "source"),
    [
        (
            '–Otto Brandt, Jr., MD, found on <a href="https://spine.example/x">Spine Digest</a>',
            ["Otto Brandt, Jr., MD"],
            "Spine Digest",
        ),
        ("Written by Clara Stone. AFAA, ISSA – Director of Fitness", ["Clara Stone, AFAA, ISSA"], None),
        (
            "Contributed by Tarik Aman, DDS. Reprinted with permission from <a "
            "href=https://smile.example/>Smile Weekly</a>.",
            ["Tarik Aman, DDS"],
            "Smile Weekly",
        ),
        ("~Judith Falk, DC, CCSP", ["Judith Falk, DC, CCSP"], None),
        ("Source: American Heart Association", [], "American Heart Association"),
    ],
)
def test_an_attribution_at_the_end_is_read_and_taken_out(
    line: str, expected: list[str], source: str | None
) -> None:
    result = signed(ending(line))

    assert (expected, source) == (names(result), result.source.name if result.source else None)
    assert result.text.endswith(PROSE[-20:])


@pytest.mark.parametrize(
    "bait",
    [
        "<p class=byline>by admin</p>",
        "<p class=byline>Posted by brightmedia</p>",
        "<p class=byline>By Lakeside Chiropractic</p>",
        "<p class=byline>By the Editorial Team</p>",
        "<p class=byline><a href=/category/sleep-apnea>Sleep Apnea</a> | May 4, 2023</p>",
        "<p>Photo by Getty Images</p>",
    ],
)
def test_accounts_offices_and_categories_sign_nothing(bait: str) -> None:
    assert [] == names(signed(post(bait)))


@pytest.mark.parametrize(
    "around",
    [
        "<h2>Related Posts</h2><div><a href=/x>Better naps</a><p>By Lucy Moss, PhD</p></div>",
        "<h3>2 Comments</h3><ol class=comment-list><li>Joan Miller says: thank you so much "
        "for this</li></ol>",
        "<blockquote><p>I walked in crooked and out whistling.</p></blockquote><p "
        "class=testimonial-author>– Ray Barra, Patient</p>",
        "<footer><p>Dr. Ann Keller, DC</p></footer>",
    ],
)
def test_names_beside_the_article_sign_nothing(around: str) -> None:
    assert [] == names(signed(post(around=around)))


def test_a_name_in_the_running_text_signs_nothing() -> None:
    assert [] == names(
        signed(post("<p>Dr. Lena Smith says that most backs get better by themselves within some weeks.</p>"))
    )


def test_reviewers_are_kept_apart() -> None:
    result = signed(
        post(
            "<ul><li>Written by Ada Ross</li><li>Medically reviewed by Seth Mann, "
            "DO</li><li>Fact checked by Lucy Marsh</li></ul>"
        )
    )

    assert ["Ada Ross"] == names(result)
    assert ["Seth Mann, DO", "Lucy Marsh"] == [person.as_written for person in result.reviewed_by]


def json_ld(value: object) -> str:
    return f'<script type="application/ld+json">{json.dumps(value)}</script>'


def test_metadata_signs_where_nothing_is_shown() -> None:
    graph = {
        "@graph": [
            {"@type": "Article", "author": {"@id": "#p"}},
            {"@type": "Person", "@id": "#p", "name": "Bea Fontaine"},
        ]
    }

    assert ["Bea Fontaine"] == names(signed(post(), json_ld(graph)))
    assert [] == names(
        signed(
            post(), json_ld({"@type": "Article", "author": {"@type": "Organization", "name": "Anna Care"}})
        )
    )
    assert [] == names(signed(post(), '<meta name=author content="inception">'))


def test_metadata_tells_how_a_shown_name_is_cut_and_who_else_signed() -> None:
    head = json_ld(
        {
            "@type": "NewsArticle",
            "author": [{"@type": "Person", "name": "Sina Zell"}, {"@type": "Person", "name": "Omar Reed"}],
        }
    )

    assert ["Sina Zell", "Omar Reed"] == names(
        signed(post("<p class=byline>Von Sina Zell Landespolitische Korrespondentin</p>"), head)
    )


def test_one_person_who_signs_the_whole_site_is_its_author_and_a_login_is_not() -> None:
    head = json_ld({"@type": "Article", "author": {"@type": "Person", "name": "James Webber"}})
    model = SiteModel(pages=FEWEST_PAGES, accounts=frozenset({"james webber", "bold themes"}))

    assert ["James Webber"] == names(signed(post(), head))
    assert ["James Webber"] == names(signed(post(), head, model=model))
    assert [] == names(signed(post(), head, model=corrected(model, SiteRules(accounts=("James Webber",)))))
    for account in ("jwebber", "james_webber", "Redacción", "webteam", "Bold Themes", "John Doe"):
        by = json_ld({"@type": "Article", "author": {"@type": "Person", "name": account}})
        assert [] == names(signed(post(), by, model=model)), account


def test_the_owner_names_who_is_nobody() -> None:
    model = corrected(SiteModel(), SiteRules(accounts=("Mia Webb",)))

    assert [] == names(signed(post("<p>By Mia Webb</p>"), model=model))


def test_given_names_are_known_without_case_and_accents() -> None:
    names = shipped_names()

    assert all(name in names for name in ("Susan", "JOSÉ", "Jean-Luc", "sanne"))
    assert not any(word in names for word in ("Admin", "Sleep", "inception", "Best"))


def test_bylines_stay_above_their_floors() -> None:
    """The cases of benchmarks/extraction/bylines.py, written by somebody who had not seen the code."""
    root = Path(__file__).parents[2] / "benchmarks"
    done = subprocess.run(
        [sys.executable, root / "extraction/bylines.py", "--json"],
        capture_output=True,
        text=True,
        check=False,
        timeout=120,
    )
    assert done.returncode == 0, done.stderr
    ours = {
        f"{name} {what}": count
        for name, counts in json.loads(done.stdout)["clinicdex"].items()
        for what, count in counts.items()
    }
    floors = json.loads((root / "baseline.json").read_text())["extraction/bylines"]

    assert {} == {
        name: (ours[name], floor) for name, floor in floors["at_least"].items() if ours[name] < floor
    }
    assert {} == {name: (ours[name], most) for name, most in floors["at_most"].items() if ours[name] > most}


def test_an_author_who_is_only_referred_to_is_the_person_who_publishes_the_site() -> None:
    graph: list[dict[str, object]] = [
        {"@type": "Article", "author": {"@id": "/author/bea/#author"}},
        {"@type": "WebSite", "publisher": {"@id": "/#person"}},
    ]

    assert [] == names(signed(post(), json_ld({"@graph": graph})))
    graph.append({"@type": "Person", "@id": "/#person", "name": "Bea Fontaine"})
    assert ["Bea Fontaine"] == names(signed(post(), json_ld({"@graph": graph})))


@pytest.mark.parametrize(
    ("lines", "expected"),
    [
        (("Kind regards, Dr Rosa Diaz, dentist",), ["Dr Rosa Diaz"]),
        (("Mit besten Grüßen,", "Dr. med. Karin Holm"), ["Dr. med. Karin Holm"]),
        (("S pozdravem,<br>MUDr. Petr Novák",), ["MUDr. Petr Novák"]),
        (("Lucía Serrano, fisioterapeuta, n.º col. 4321",), ["Lucía Serrano"]),
        (("Finally, Rosa Diaz walked home.",), []),
        (("Ask at the desk, please",), []),
    ],
)
def test_who_signs_the_last_lines_is_the_author(lines: tuple[str, ...], expected: list[str]) -> None:
    assert expected == names(signed(ending(*lines)))


def test_titles_before_a_name_are_credentials_and_no_part_of_it() -> None:
    for line, name, credentials in (
        ("Autor: MUDr. Petr Novák", "Petr Novák", ("MUDr.",)),
        ("Yazan: Uzm. Dr. Ayşe Kaya", "Ayşe Kaya", ("Uzm.", "Dr.")),
        ("Автор: д-р Ирина Белова", "Ирина Белова", ("д-р",)),
        ("מאת: ד״ר דנה לוי", "דנה לוי", ("ד״ר",)),
        ("Von Prof. Dr. med. Karin Holm", "Karin Holm", ("Prof.", "Dr. med.")),
        ("作者：陳怡君 醫師", "陳怡君", ("醫師",)),
    ):
        author = signed(post(f"<p class=meta>{line}</p>")).authors[0]
        assert (name, credentials) == (author.name, author.credentials), line
