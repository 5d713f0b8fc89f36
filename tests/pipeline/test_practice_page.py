"""Pages about the practice that an owner keeps: contact, service and questions, with hours and prices."""

from __future__ import annotations

import pytest
from clinicdex.pipeline.extract import Context, extract, observe
from clinicdex.pipeline.rules import SiteRules
from clinicdex.pipeline.site import learn
from clinicdex.records import Article, Page, Reason, Rejection
from support.pages import PARAGRAPHS, context, outcome, page

ALL = SiteRules(kinds=("article", "contact", "service", "faq"))

HOURS = """<table><tr><th>Day</th><th>Open</th></tr><tr><td>Monday</td><td>8:00 am – 5:30 pm</td></tr>
<tr><td>Friday</td><td>8:00 am – 1:00 pm</td></tr></table>"""
FOOTER = """<footer><p>12 Mill Lane, Oldtown</p><p>Call 555 0142</p><p>© 2026 Oldtown Physio</p></footer>"""
MENU = """<nav><a href="/">Home</a> <a href="/prices">Prices</a> <a href="/contact">Contact</a></nav>"""
CONTACT = f"""{MENU}<main><h1>Contact</h1><p>12 Mill Lane, Oldtown</p><p>Call 555 0142</p>
<p>desk@oldtown.example</p><h2>Office hours</h2>{HOURS}
<form><label>Your name</label><input><button>Send message</button></form></main>{FOOTER}"""


def test_a_contact_page_keeps_hours_address_and_telephone_and_no_frame() -> None:
    result = outcome(page(CONTACT, "https://clinic.example/contact/"), rules=ALL)

    assert isinstance(result, Article)
    assert "contact" == result.kind
    for fact in ("12 Mill Lane, Oldtown", "Call 555 0142", "desk@oldtown.example", "Office hours", "5:30 pm"):
        assert 1 == result.text.count(fact), fact
    for frame in ("©", "Your name", "Send message", "Prices"):
        assert frame not in result.text


def test_facts_stay_though_every_page_of_the_site_repeats_them() -> None:
    others = [
        page(f"{MENU}<main><h1>Knees {n}</h1>{PARAGRAPHS}<p>Book now</p></main>{FOOTER}", f"https://c.e/{n}/")
        for n in range(12)
    ]
    contact = page(CONTACT, "https://c.e/contact/")
    known = _learned([*others, contact])

    result = extract(contact, known).outcome

    assert isinstance(result, Article)
    assert 1 == result.text.count("12 Mill Lane, Oldtown")
    assert 1 == result.text.count("Call 555 0142")
    assert "©" not in result.text


def _learned(pages: list[Page]) -> Context:
    known = context("clinic", rules=ALL)
    return context("clinic", rules=ALL, model=learn(notes for p in pages if (notes := observe(p, known))))


def test_a_page_of_divisions_without_names_keeps_all_columns() -> None:
    body = f"""<div class="menubar"><a href="/a">Über uns</a> <a href="/b">Leistungen</a></div>
    <div class="r"><h1>Kontakt</h1><div class="c1"><p>Praxis Dr. Anna Weber, Ringstraße 4, 50667 Köln</p>
    <p>Telefon 0221 555 01 42</p></div><div class="c2"><h3>Sprechzeiten</h3>{HOURS}</div></div>
    <div id="footer"><p>© 2026 Praxis Weber</p></div>"""

    result = outcome(page(body, "https://praxis.example/kontakt.html"), rules=ALL)

    assert isinstance(result, Article)
    for fact in ("Ringstraße 4", "0221 555 01 42", "Sprechzeiten", "Friday | 8:00 am – 1:00 pm"):
        assert fact in result.text
    assert "©" not in result.text
    assert "Leistungen" not in result.text


@pytest.mark.parametrize(
    ("url", "head", "title"),
    [
        ("https://c.e/faq/", "", "What people ask us"),
        ("https://c.e/questions/", "", "Preguntas frecuentes"),
        ("https://c.e/haeufige-fragen.html", "", "Gut zu wissen"),
        ("https://c.e/p7/", "declared", "Before you come"),
    ],
)
def test_a_list_of_questions_is_a_faq_by_address_title_or_declaration(
    url: str, head: str, title: str
) -> None:
    pairs = [
        ("Do you accept insurance?", "Yes: Bluefield Health and Orchard Mutual pay us directly."),
        ("What does a visit cost?", "A first visit costs $120, each further visit $85."),
        ("Where can I park?", "Behind the house, two hours without charge."),
    ]
    if head:
        entries = ",".join(
            f'{{"@type":"Question","name":"{q}","acceptedAnswer":{{"@type":"Answer","text":"{a}"}}}}'
            for q, a in pairs
        )
        head = f'<script type="application/ld+json">{{"@type":"FAQPage","mainEntity":[{entries}]}}</script>'
    body = "".join(f"<h3>{q}</h3><p>{a}</p>" for q, a in pairs)

    result = outcome(page(f"{MENU}<main><h1>{title}</h1>{body}</main>{FOOTER}", url, head=head), rules=ALL)

    assert isinstance(result, Article)
    assert "faq" == result.kind
    for question, answer in pairs:
        assert question in result.headings
        assert answer in result.text


def test_an_article_with_some_questions_at_its_end_stays_an_article() -> None:
    result = outcome(
        page(f"<h1>A frozen shoulder</h1>{PARAGRAPHS}<h2>FAQ</h2><p>How long? Two years.</p>"), rules=ALL
    )

    assert isinstance(result, Article)
    assert "article" == result.kind


def test_a_short_contact_page_is_no_article_where_the_owner_asks_for_articles() -> None:
    result = outcome(page(CONTACT, "https://clinic.example/contact/"))

    assert isinstance(result, Rejection)
    assert Reason.CONTACT is result.reason


@pytest.mark.parametrize("path", ["oatmeal-cookies", "cookies-with-raisins", "privacy-of-teens"])
def test_an_address_with_a_word_of_a_legal_page_is_a_hint_and_no_verdict(path: str) -> None:
    assert isinstance(outcome(page(f"<h1>For you</h1>{PARAGRAPHS}", f"https://c.e/{path}/")), Article)


@pytest.mark.parametrize("path", ["privacy-policy", "cookies", "terms-of-service", "accessibility-statement"])
def test_a_legal_page_is_no_article(path: str) -> None:
    assert isinstance(outcome(page(f"<h1>For you</h1>{PARAGRAPHS}", f"https://c.e/{path}/")), Rejection)
