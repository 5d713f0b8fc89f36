"""When an article was published, changed and reviewed: in many languages, and never another text's date."""

from __future__ import annotations

from datetime import date

import pytest
from clinicdex.records import Article
from support.pages import PARAGRAPHS, PROSE, outcome, page


def dated(line: str, language: str = "en", *, end: str = "", head: str = "", url: str = "") -> Article:
    half = PROSE.find(". ", len(PROSE) // 2) + 1
    body = (
        f'<!doctype html><html lang="{language}"><head>{head}</head><body><main><article><h1>A Post</h1>'
        f"{line}"
        f"<p>{PROSE[:half]}</p><p>{PROSE[half:].strip()}</p>{end}</article></main></body></html>"
    )
    result = outcome(page(body.encode(), url or "https://clinic.example/post/", charset="utf-8"))
    assert isinstance(result, Article), result
    return result


@pytest.mark.parametrize(
    ("language", "line", "expected"),
    [
        ("de", "Veröffentlicht am 4. März 2024", date(2024, 3, 4)),
        ("de-AT", "3. Jänner 2025", date(2025, 1, 3)),
        ("pt-BR", "Publicado em 9 de setembro de 2023", date(2023, 9, 9)),
        ("es", "12 de enero de 2022", date(2022, 1, 12)),
        ("fr", "Publié le 1er août 2023", date(2023, 8, 1)),
        ("it", "Pubblicato il 5 maggio 2021", date(2021, 5, 5)),
        ("nl", "Geplaatst op 28 februari 2024", date(2024, 2, 28)),
        ("pl", "Opublikowano: 17 września 2022", date(2022, 9, 17)),
        ("cs", "Publikováno 3. 7. 2025", date(2025, 7, 3)),
        ("ru", "Дата публикации: 21 октября 2023 г.", date(2023, 10, 21)),
        ("uk", "Опубліковано 8 травня 2024", date(2024, 5, 8)),
        ("tr", "Yayın tarihi: 19 Ağustos 2021", date(2021, 8, 19)),
        ("el", "Δημοσιεύτηκε 30 Ιουνίου 2022", date(2022, 6, 30)),
        ("hu", "Megjelent: 2024. április 11.", date(2024, 4, 11)),
        ("sv", "Publicerad 6 dec 2023", date(2023, 12, 6)),
        ("fi", "Julkaistu 2. lokakuuta 2024", date(2024, 10, 2)),
        ("vi", "Ngày đăng: 14 tháng 11, 2023", date(2023, 11, 14)),
        ("zh-CN", "发布时间：2023年5月6日", date(2023, 5, 6)),
        ("ja", "公開日 令和5年2月1日", date(2023, 2, 1)),
        ("ko", "작성일: 2025년 1월 9일", date(2025, 1, 9)),
        ("he", "פורסם ב-7 בינואר 2024", date(2024, 1, 7)),
        ("ar", "نشر في ١٢ يونيو ٢٠٢٣", date(2023, 6, 12)),
        ("th", "เผยแพร่เมื่อ 3 เมษายน 2566", date(2023, 4, 3)),
        ("en-US", "Posted 04/09/2023", date(2023, 4, 9)),
        ("en-GB", "Posted 04/09/2023", date(2023, 9, 4)),
        ("en-US", "Posted 24/09/2023", date(2023, 9, 24)),
        ("en", "June 2024", date(2024, 6, 1)),
    ],
)
def test_a_line_that_dates_the_article(language: str, line: str, expected: date) -> None:
    assert expected == dated(f"<p class=info>{line}</p>", language).published


@pytest.mark.parametrize(
    ("line", "expected"),
    [
        (
            "Published 2 May 2023 | Updated 3 June 2024 | Last reviewed: 1 July 2025 "
            "| Next review due: 1 July 2028",
            (date(2023, 5, 2), date(2024, 6, 3), date(2025, 7, 1), date(2028, 7, 1)),
        ),
        ("Reviewed and updated: 8 August 2025", (None, date(2025, 8, 8), date(2025, 8, 8), None)),
        ("Medically reviewed by Ada Ross, MD, on 2 May 2024", (None, None, date(2024, 5, 2), None)),
        (
            "<span>Written by Seth Mann</span><span>Updated</span><span>May 4, 2024</span>",
            (None, date(2024, 5, 4), None, None),
        ),
        (
            '<time class="updated" datetime="2024-03-04">4/3</time> '
            '<time class="entry-date published" datetime="2023-01-02">2/1</time>',
            (date(2023, 1, 2), date(2024, 3, 4), None, None),
        ),
    ],
)
def test_published_updated_and_reviewed_are_told_apart(line: str, expected: tuple[date | None, ...]) -> None:
    found = dated(f"<p class=meta>{line}</p>")

    assert expected == (found.published, found.modified, found.reviewed_on, found.review_due)


@pytest.mark.parametrize(
    ("language", "line", "expected"),
    [
        ("de", "Zuletzt geprüft am 4. März 2025", date(2025, 3, 4)),
        ("es", "Revisado el 2 de abril de 2025", date(2025, 4, 2)),
        ("pt", "Revisado em 2 de abril de 2025", date(2025, 4, 2)),
        ("fr", "Relu le 5 mai 2025", date(2025, 5, 5)),
        ("pl", "Zweryfikowano: 6 maja 2025", date(2025, 5, 6)),
        ("ru", "Проверено врачом 7 июня 2025", date(2025, 6, 7)),
        ("sv", "Granskad 8 maj 2025", date(2025, 5, 8)),
        ("zh", "审核日期：2025年3月9日", date(2025, 3, 9)),
    ],
)
def test_a_review_has_its_own_day(language: str, line: str, expected: date) -> None:
    found = dated(f"<p class=meta>{line}</p>", language)

    assert (expected, None) == (found.reviewed_on, found.published)


def test_structured_data_say_when_a_page_was_reviewed() -> None:
    data = '{"@type": "MedicalWebPage", "lastReviewed": "2025-02-03", "datePublished": "2023-01-05"}'
    found = dated("", head=f'<script type="application/ld+json">{data}</script>')

    assert (date(2025, 2, 3), date(2023, 1, 5)) == (found.reviewed_on, found.published)


@pytest.mark.parametrize(
    "end",
    [
        "<h2>Evenings at the practice</h2><ul><li>Rosa Diaz, 12 October 2024</li><li>Carl Ott, 2 November "
        "2024</li></ul>",
        "<h2>Sources</h2><ul><li>Society for Sleep, 12.3.2024</li><li>Heart Fund, 4 May 2023</li></ul>",
        "<h3>2 Comments</h3><ol class=comment-list><li>Joan says: 3 May 2024 thank you</li></ol>",
        "<div class=related-posts><h3>Better naps</h3><time datetime=2024-05-03>May 3, 2024</time></div>",
        "<p>Received 30 August 2022</p><p>Accepted 16 December 2022</p>",
    ],
)
def test_dates_of_events_sources_comments_and_teasers_are_not_the_articles(end: str) -> None:
    assert dated("", end=end).published is None


def test_a_day_in_the_url_counts_where_the_page_says_none() -> None:
    assert date(2021, 4, 25) == dated("", url="https://clinic.example/2021/04/25/a-post/").published
    assert dated("", url="https://clinic.example/2021/04/92713").published is None


def test_a_page_shows_its_day_before_any_other_days_of_its_text() -> None:
    line = "<p>This post was first published in April 2020 and has been rewritten since.</p>"

    assert date(2024, 4, 8) == dated(f"{line}<p class=date>April 8, 2024</p>").published


@pytest.mark.parametrize(
    ("line", "day"),
    [
        ("Материал подготовлен врачами клиники «Улыбка». Обновлено: 03.05.2025", date(2025, 5, 3)),
        ("Texte rédigé par l’équipe du cabinet. Mis à jour : 3 mars 2025", date(2025, 3, 3)),
        ("Checked by our team. Updated: May 2024", date(2024, 5, 1)),
    ],
)
def test_a_line_between_text_and_questions_says_when_it_was_updated(line: str, day: date) -> None:
    asked = "".join(f"<details><summary>Question {n}?</summary>{PARAGRAPHS}</details>" for n in range(4))
    body = f"<main><h1>Moving</h1>{PARAGRAPHS}{PARAGRAPHS}<div>{line}</div><h2>Questions</h2>{asked}</main>"

    found = outcome(page(body))

    assert isinstance(found, Article)
    assert day == found.modified
