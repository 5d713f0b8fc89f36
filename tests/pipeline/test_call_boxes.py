"""Boxes that call to book, sign up or log in are not the article; advice to call a doctor is."""

from __future__ import annotations

import re

import pytest
from clinicdex.records import Article
from support.pages import PARAGRAPHS, outcome, page

CALLS = {
    "de": '<div class="k7"><h3>Haben Sie Schulterschmerzen?</h3><p>Unser Team nimmt sich Zeit für '
    'Sie.</p><a href="/termin" class="b1">Jetzt Termin vereinbaren</a></div>',
    "en": '<div class="x"><p>Shoulder still sore after a month?</p><p>We see new patients within '
    'the week.</p><p><a href="/book">Book your first visit</a></p></div>',
    "en2": "<section><h2>Ready to move without pain?</h2><p>Our physiotherapists in Oldtown can "
    'help you.</p><a href="/contact">Get in touch</a></section>',
    "fr": "<div><p><strong>Besoin d’un avis ?</strong> Nos praticiens vous reçoivent du lundi au "
    'samedi.</p><a href="https://doctolib.example">Prendre rendez-vous</a></div>',
    "es": '<div><p>¿Le duele el hombro?</p><a href="/citas">Pida su cita</a></div>',
    "pt": "<div><h4>Agende sua avaliação</h4><p>Atendemos em Lisboa e no Porto.</p><a "
    'href="https://wa.example">Fale connosco pelo WhatsApp</a></div>',
    "call": '<p><a href="tel:+15550142">Call 555 0142 to schedule</a></p>',
    "nl": "<div><p>Last van uw schouder?</p><button>Maak een afspraak</button></div>",
}
SIGN_UPS = {
    "en": '<div class="q"><h3>Keep reading with a free account</h3><p>Create one in a minute and '
    'read three articles a month.</p><input type="email" placeholder="Your email"><button>Create '
    'account</button><p>Already a member? <a href="/login">Log in</a></p></div>',
    "en2": "<div><h3>Never miss a tip</h3><p>One mail a month with exercises from our team.</p>"
    '<input type="email"><button>Sign me up</button></div>',
    "de": "<div><p>Dieser Artikel ist nur für Abonnenten.</p><p>Lesen Sie weiter mit einem "
    'Probeabo.</p><a href="/abo">Jetzt abonnieren</a><a href="/login">Anmelden</a></div>',
    "fr": "<div><h3>Recevez nos conseils</h3><p>Un courriel par mois, sans publicité.</p><label>"
    'Votre adresse</label><input type="email"><button>Je m’abonne</button></div>',
    "es": '<div><p>Regístrese gratis para seguir leyendo.</p><a href="/registro">Crear cuenta</a> '
    '<a href="/entrar">Ya tengo cuenta</a></div>',
    "pl": "<div><h3>Zapisz się na newsletter</h3><p>Raz w miesiącu nowe ćwiczenia.</p><input "
    'type="email"><button>Zapisz się</button></div>',
}
# what an author says, though it looks alike
ADVICE = {
    "steps": "<ul><li>Call your doctor</li><li>Book an appointment with a physiotherapist</li></ul>",
    "emergency": '<div class="box"><p>Call an ambulance now if your chest hurts.</p></div>',
    "number": '<p>In an emergency, call <a href="tel:112">112</a>.</p>',
    "when": "<section><h2>When to see a doctor</h2><p>Make an appointment if the pain lasts longer "
    "than six weeks."
    "</p></section>",
    "linked": '<section><h2>When to call</h2><p>If the arm is numb, <a href="/contact">call your '
    "doctor</a>.</p>"
    "</section>",
}


def article(middle: str = "", end: str = "") -> str:
    parts = [f"{part}</p>" for part in PARAGRAPHS.split("</p>") if part]
    return (
        f"<nav><a href='/'>Home</a></nav><main><article><h1>Frozen shoulder</h1>{''.join(parts[:3])}{middle}"
        f"<h2>What helps</h2>{''.join(parts[3:])}{end}</article></main><footer>© 2026</footer>"
    )


def texts(markup: str) -> list[str]:
    return [text for text in re.split(r"<[^>]*>", markup) if text.strip()]


@pytest.mark.parametrize("box", [*CALLS.values(), *SIGN_UPS.values()])
def test_a_box_that_calls_is_left_out_wherever_it_stands(box: str) -> None:
    for markup in (article(box), article(end=box)):
        found = outcome(page(markup))

        assert isinstance(found, Article)
        assert [] == [text for text in texts(box) if text in found.text]
        assert "What helps" in found.text
        assert all(f"Paragraph {n}" in found.text for n in range(6))


@pytest.mark.parametrize("name", ADVICE)
def test_advice_to_call_stays(name: str) -> None:
    found = outcome(page(article(ADVICE[name])))

    assert isinstance(found, Article)
    assert [] == [text for text in texts(ADVICE[name]) if text.strip() not in found.text]


def test_sections_of_an_article_stay_though_each_ends_in_a_link_to_book() -> None:
    sections = "".join(
        f"<section><h2>Step {n}</h2><p>Move the shoulder {n} times, then rest it for a minute, and "
        f"begin again."
        "</p><a href='/book'>Book an appointment</a></section>"
        for n in range(1, 6)
    )

    found = outcome(page(article(sections)))

    assert isinstance(found, Article)
    assert all(f"Move the shoulder {n} times" in found.text for n in range(1, 6))
    assert "Book an appointment" not in found.text
