"""Small pages written for tests."""

from __future__ import annotations

from datetime import UTC, datetime
from functools import cache

from clinicdex.article import Article, Page, Rejection
from clinicdex.pipeline.read import Context, read
from clinicdex.pipeline.rules import NO_RULES, SiteRules
from clinicdex.pipeline.site import SiteModel
from clinicdex.pipeline.trained import Trained
from clinicdex.pipeline.trained import load as load_judges
from clinicdex.vocabulary.concepts import Vocabulary, load
from faux import article_text

__all__ = ["judges", "outcome", "page", "post", "vocabulary"]

PROSE = article_text("post", 14)


@cache
def judges() -> Trained:
    return load_judges()


@cache
def vocabulary() -> Vocabulary:
    return load()


def page(
    body: str | bytes, url: str = "https://clinic.example/post/", *, head: str = "", charset: str | None = None, status: int = 200, **headers: str
) -> Page:
    raw = body if isinstance(body, bytes) else f"<!doctype html><html><head>{head}</head><body>{body}</body></html>".encode()
    sent = {"content-type": "text/html"} | {name.replace("_", "-"): value for name, value in headers.items()}
    return Page(url, url, status, datetime(2026, 3, 1, tzinfo=UTC), tuple(sent.items()), raw, charset)


def post(inner: str = "", *, title: str = "A Post", around: str = "") -> str:
    """An article element with enough prose to be one."""
    half = len(PROSE) // 2
    half = PROSE.find(". ", half) + 1
    return f"<article><h1>{title}</h1>{inner}<p>{PROSE[:half]}</p><p>{PROSE[half:].strip()}</p></article>{around}"


def outcome(made: Page, *, model: SiteModel | None = None, rules: SiteRules = NO_RULES) -> Article | Rejection:
    return read(made, Context("clinic", vocabulary(), judges(), model or SiteModel(), rules)).outcome
