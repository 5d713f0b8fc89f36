"""Small pages written for tests."""

from __future__ import annotations

from datetime import UTC, datetime
from functools import cache

from clinicdex.flow.shipped import shipped_judges, shipped_persons
from clinicdex.pipeline.extract import Context, extract
from clinicdex.pipeline.person import PersonParser
from clinicdex.pipeline.rules import NO_RULES, SiteRules
from clinicdex.pipeline.site import SiteModel
from clinicdex.pipeline.trained import Trained
from clinicdex.records import Article, Page, Rejection
from clinicdex.vocabulary.concepts import Vocabulary
from clinicdex.vocabulary.shipped import load
from support.faux import article_text

__all__ = ["context", "judges", "outcome", "page", "persons", "post", "vocabulary"]

PROSE = article_text("post", 14)


@cache
def judges() -> Trained:
    return shipped_judges()


@cache
def persons() -> PersonParser:
    return shipped_persons()


# six paragraphs of an article
PARAGRAPHS = "".join(
    f"<p>Paragraph {n} tells how the shoulder is moved after an operation, how often in a day, and when to "
    "stop because it hurts more than on the day before.</p>"
    for n in range(6)
)


@cache
def vocabulary() -> Vocabulary:
    return load()


def page(
    body: str | bytes,
    url: str = "https://clinic.example/post/",
    *,
    head: str = "",
    charset: str | None = None,
    status: int = 200,
    **headers: str,
) -> Page:
    raw = (
        body
        if isinstance(body, bytes)
        else f"<!doctype html><html><head>{head}</head><body>{body}</body></html>".encode()
    )
    sent = {"content-type": "text/html"} | {name.replace("_", "-"): value for name, value in headers.items()}
    return Page(url, url, status, datetime(2026, 3, 1, tzinfo=UTC), tuple(sent.items()), raw, charset)


def post(inner: str = "", *, title: str = "A Post", around: str = "") -> str:
    """Return the HTML of an article element with enough text to be an article."""
    half = len(PROSE) // 2
    half = PROSE.find(". ", half) + 1
    return (
        f"<article><h1>{title}</h1>{inner}<p>{PROSE[:half]}</p><p>{PROSE[half:].strip()}</p></article>"
        f"{around}"
    )


def context(site: str, model: SiteModel | None = None, rules: SiteRules = NO_RULES) -> Context:
    return Context(site, vocabulary(), judges(), persons(), model or SiteModel(), rules)


def outcome(
    made: Page, *, model: SiteModel | None = None, rules: SiteRules = NO_RULES
) -> Article | Rejection:
    return extract(made, context("clinic", model or SiteModel(), rules)).outcome
