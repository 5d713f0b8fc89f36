"""What people see on a terminal: results, articles, previews, and a line that updates itself."""

from __future__ import annotations

import json
import sys
import time
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from typing import TYPE_CHECKING

import click

if TYPE_CHECKING:
    from ..errors import RecordDamaged
    from ..flow.explain import ArticleFacts
    from ..flow.preview import CrawlPreview, UrlPreview
    from ..index.engine import Hit, Results
    from ..records import Article, Rejection
    from ..searchbox.query_log import SearchReport

__all__ = [
    "article_text",
    "clean",
    "counted",
    "outcome_json",
    "preview_text",
    "renewed",
    "results_text",
    "searches_text",
    "tell_damaged",
    "url_text",
]

_STEERING = "\u202a\u202b\u202c\u202d\u202e\u2066\u2067\u2068\u2069"  # bidirectional overrides and isolates
_RENEW_LINE = "\r\x1b[2K"
_MOST_VALUES = 10  # shown of a facet (chosen by hand)
_SILENT = 1.0  # seconds before progress is shown (chosen by hand)


def clean(text: str) -> str:
    """Remove what could control a terminal: control characters and bidirectional overrides."""
    return "".join(c for c in text if (c.isprintable() and c not in _STEERING) or c == "\n")


def counted(count: int, noun: str, plural: str = "") -> str:
    """Return a number with its noun: "1 page", "2 pages", "1,200 pages".

    `plural` is the plural of the noun, needed if that is not the noun with an s.
    """
    return f"{count:,} {noun if count == 1 else plural or noun + 's'}"


def tell_damaged(damaged: Sequence[RecordDamaged]) -> int:
    """Name the records that were passed over because they are damaged; return the exit code."""
    for damage in damaged:
        click.echo(f"clinicdex: passed over: {damage}", err=True)
    return 3 if damaged else 0


@contextmanager
def renewed(*, quiet: bool) -> Iterator[Callable[[str], None]]:
    """Yield a function that shows a line in place of the one before.

    It shows nothing in the first second, or if stderr is not a terminal.
    """
    started = time.monotonic()
    shown = False

    def say(line: str) -> None:
        nonlocal shown
        if time.monotonic() - started < _SILENT or quiet or not sys.stderr.isatty():
            return
        shown = True
        click.echo(_RENEW_LINE + line, nl=False, err=True)

    try:
        yield say
    finally:
        if shown:
            click.echo(_RENEW_LINE, nl=False, err=True)


def preview_text(preview: CrawlPreview) -> str:
    """Return what a crawl would fetch, as text for people, without the URLs of the pages."""
    from .site_output import largest_first, listed

    pages = counted(len(preview.pages), "page")
    lines = [f"{preview.site}: {pages} would be fetched, {preview.new:,} of them new; nothing was kept"]
    lines += [f"  fetched just now: {clean(url)} ({outcome})" for url, outcome in preview.asked.items()]
    return "\n".join(lines + listed("links not followed", largest_first(preview.dropped)))


def url_text(preview: UrlPreview) -> str:
    """Return what would happen to a URL, as text for people."""
    rows = (
        (name.replace("_", " "), value) for name, value in preview.to_record().items() if value is not None
    )
    return "\n".join(f"{name}: {clean(str(value))}" for name, value in rows)


def outcome_json(outcome: Article | Rejection) -> str:
    """Return an extracted article, or why the page is not one, as JSON."""
    from ..records import Rejection, to_record

    if isinstance(outcome, Rejection):
        return json.dumps(
            {"url": outcome.url, "rejected": outcome.reason, "detail": outcome.detail}, ensure_ascii=False
        )
    return json.dumps(to_record(outcome), ensure_ascii=False, indent=2)


def article_text(facts: ArticleFacts) -> str:
    """Return an article as text for people, with the origin of each field."""
    article = facts.article
    fields: dict[str, str | None] = {
        "url": article.url,
        "also at": ", ".join(article.also_at),
        "near": ", ".join(article.near),
        "site": article.site,
        "kind": article.kind,
        "authors": ", ".join(person.as_written for person in article.authors),
        "reviewed by": ", ".join(person.as_written for person in article.reviewed_by),
        "source": article.source.name if article.source else None,
        "published": article.published.isoformat() if article.published else None,
        "modified": article.modified.isoformat() if article.modified else None,
        "reviewed on": article.reviewed_on.isoformat() if article.reviewed_on else None,
        "review due": article.review_due.isoformat() if article.review_due else None,
        "review": "overdue" if facts.overdue else None,
        "language": article.language,
        "topics": ", ".join(f"{topic.label} ({topic.origin})" for topic in article.topics),
        "reserved by the publisher": ", ".join(article.opt_outs),
    }
    lines = [click.style(clean(article.title), bold=True) + _from(facts.origins.get("title"))]
    lines += [
        f"  {name}: {clean(value)}{_from(facts.origins.get(name.replace(' ', '_')))}"
        for name, value in fields.items()
        if value
    ]
    return "\n".join([*lines, "", clean(article.text)])


def _from(origin: str | None) -> str:
    return click.style(f"  ← {origin}", dim=True) if origin else ""


def results_text(results: Results, first: int) -> tuple[str, str]:
    """Return the results as text for people, and a line that says how many there are.

    Results are numbered from `first`.
    """
    if not results.hits:
        none = (
            f"past the last of {results.total:,}"
            if results.total
            else "nothing found; try fewer or other words"
        )
        return _facets_text(results), none
    hits = "".join(f"{_hit_text(number, hit)}\n" for number, hit in enumerate(results.hits, first))
    last = first + sum(1 + len(hit.near_duplicates) for hit in results.hits) - 1
    return hits + _facets_text(results), f"{first}-{last} of {results.total:,}"


def _facets_text(results: Results) -> str:
    named = (
        (name, ", ".join(f"{clean(facet.value)} ({facet.count:,})" for facet in values[:_MOST_VALUES]))
        for name, values in results.facets.items()
    )
    return "".join(f"{click.style(name, bold=True)}  {values}\n" for name, values in named if values)


def _hit_text(number: int, hit: Hit) -> str:
    article = hit.article
    people = ", ".join(person.as_written for person in article.authors)
    details = " · ".join(
        filter(None, [article.site, people, article.published.isoformat() if article.published else ""])
    )
    lines = [
        f"{number:>2}. {click.style(clean(article.title or article.url), bold=True)}",
        f"    {clean(details)}",
    ]
    snippet = "".join(
        click.style(clean(text), fg="yellow", bold=True) if marked else clean(text)
        for text, marked in hit.snippet.parts()
    )
    lines += [f"    {snippet}"] if snippet else []
    lines += [
        f"    {click.style(clean(article.url), underline=True)}",
        *(f"    also on {clean(url)}" for url in hit.near_duplicates),
    ]
    return "\n".join([*lines, ""])


def searches_text(report: SearchReport) -> str:
    """Return the report on searches as text for people."""
    since = f" from {report.since} to {report.until}" if report.since else ""
    lines = [counted(report.searches, "search", "searches") + since]
    for title, entries in (
        ("most searched", report.popular),
        ("found nothing", report.without_result),
        ("most chosen", report.chosen),
    ):
        if entries:
            lines += ["", title, *(f"  {count:>6,}  {clean(text)}" for text, count in entries)]
    return "\n".join(lines) + "\n"
