"""Layers that ask for consent, whatever they are called, are not the article; a text about such things is."""

from __future__ import annotations

import pytest
from clinicdex.records import Article
from support.pages import PARAGRAPHS, outcome, page

WORDS = {
    "en": ("We value your privacy", "Files that count visits help us.", "Accept all", "Only what is needed"),
    "de": ("Ihre Privatsphäre", "Dateien zum Zählen der Besuche helfen uns.", "Alle akzeptieren", "Ablehnen"),
    "fr": ("Votre vie privée", "Des fichiers comptent les visites.", "Tout accepter", "Continuer sans"),
    "ru": ("Файлы куки", "Файлы считают посещения сайта.", "Принять все", "Отклонить"),
    "ja": ("クッキーについて", "訪問の数を数えるファイルを使います。", "すべて許可", "拒否する"),
}


@pytest.mark.parametrize("language", WORDS)
def test_a_layer_without_a_telling_name_is_left_out(language: str) -> None:
    heading, text, accept, refuse = WORDS[language]
    layer = (
        f'<div class="x7"><h2>{heading}</h2>'
        + f"<p>{text} {text} {text} {text}</p>" * 4
        + f"<div><button>{accept}</button>"
        f"<button>{refuse}</button></div></div>"
    )
    for body in (
        f"{layer}<main><h1>Moving the shoulder</h1>{PARAGRAPHS}</main>",
        f"<main>{PARAGRAPHS}</main>{layer}",
    ):
        found = outcome(
            page(f"<html><head><title>Moving the shoulder</title></head><body>{body}</body></html>")
        )

        assert isinstance(found, Article)
        assert text not in found.text
        assert "Paragraph 5" in found.text


def test_an_exercise_with_two_buttons_stays() -> None:
    asked = "<div><p>Was this easy for you?</p><button>OK</button><button>No</button></div>"
    body = f"<main><h1>Moving the shoulder</h1>{PARAGRAPHS}{asked}</main>"

    found = outcome(page(f"<html><head><title>Moving the shoulder</title></head><body>{body}</body></html>"))

    assert isinstance(found, Article)
    assert "Paragraph 0" in found.text
