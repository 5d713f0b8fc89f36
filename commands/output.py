"""What people see on a terminal: results, summaries, status, and a progress line that updates itself."""

from __future__ import annotations

import json
import sys
import time
from collections.abc import Callable, Iterable, Iterator, Mapping
from contextlib import contextmanager
from datetime import datetime
from typing import TYPE_CHECKING

import click

if TYPE_CHECKING:
    from ..flow.crawling import Progress, Summary
    from ..flow.explain import ArticleFacts, SiteFacts, SiteStatus
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
    "progress",
    "renewed",
    "results_text",
    "searches_text",
    "status_text",
    "summary_text",
    "url_text",
]

_STEERING = "\u202a\u202b\u202c\u202d\u202e\u2066\u2067\u2068\u2069"  # bidirectional overrides and isolates
_RENEW_LINE = "\r\x1b[2K"
_MOST_VALUES = 10  # shown of a facet (chosen by hand)
_SILENT = 1.0  # seconds before progress is shown (chosen by hand)
_LONGEST_BLOCK = 90  # characters shown of a repeated block (chosen by hand)
_NOT_FOUND = "not found once (removed if still not found a day later)"


def clean(text: str) -> str:
    """Remove what could control a terminal: control characters and bidirectional overrides."""
    return "".join(c for c in text if (c.isprintable() and c not in _STEERING) or c == "\n")


def counted(count: int, noun: str, plural: str = "") -> str:
    """Return a number with its noun: "1 page", "2 pages", "1,200 pages".

    `plural` is the plural of the noun, needed if that is not the noun with an s.
    """
    return f"{count:,} {noun if count == 1 else plural or noun + 's'}"


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


@contextmanager
def progress(*, quiet: bool) -> Iterator[Callable[[Progress], None]]:
    """Yield a function that shows the progress of a crawl."""
    started = time.monotonic()
    with renewed(quiet=quiet) as say:

        def tell(now: Progress) -> None:
            rate = now.visited / max(0.001, time.monotonic() - started)
            left = f", about {now.waiting / rate:.0f} s left" if rate and now.waiting else ""
            articles = counted(now.articles, "article")
            say(
                f"{now.site}: {now.visited:,} fetched, {articles}, {now.waiting:,} waiting, "
                f"{rate:.1f}/s{left}"
            )

        yield tell


def summary_text(summary: Summary) -> str:
    """Return how a crawl ended, as text for people."""
    from ..flow.crawling import CrawlOutcome

    what = f"{counted(summary.articles, 'article')} from {counted(summary.pages, 'page')}"
    lines = [f"{summary.site}: {what} in {summary.seconds:.1f} s"]
    lines += [f"  other URLs of the same article: {summary.doubles:,}"] if summary.doubles else []
    lines += _listed("not articles", _largest_first(summary.rejected)) + _listed(
        "could not be fetched", sorted(summary.failed.items())
    )
    lines += _listed("links not followed", _largest_first(summary.dropped))
    lines += [f"  {_NOT_FOUND}: {summary.not_found:,}"] if summary.not_found else []
    if summary.held:
        lines += _listed("held back: articles that would have gone", sorted(summary.held.items()))
        lines += [f"  look at the site; `clinicdex crawl {summary.site} --force` lets them go"]
    if summary.outcome is CrawlOutcome.STOPPED:
        lines += ["  stopped; run the same command again to go on"]
    return "\n".join(lines)


def preview_text(preview: CrawlPreview) -> str:
    """Return what a crawl would fetch, as text for people, without the URLs of the pages."""
    pages = counted(len(preview.pages), "page")
    lines = [f"{preview.site}: {pages} would be fetched, {preview.new:,} of them new; nothing was kept"]
    lines += [f"  fetched just now: {clean(url)} ({outcome})" for url, outcome in preview.asked.items()]
    return "\n".join(lines + _listed("links not followed", _largest_first(preview.dropped)))


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


def status_text(state: SiteStatus, learned: SiteFacts | None) -> str:
    """Return what the catalogue holds of one site, and what was learned about it unless `learned` is None."""
    lines = [f"{state.site}  {state.url}  last run: {_last_run(state)}"]
    doubles = counted(state.doubles, "other URL")
    lines.append(
        f"  {counted(state.articles, 'article')} from {counted(state.pages, 'page')}, "
        f"{doubles} of the same articles"
    )
    lines += _listed("not articles", sorted(state.rejected.items()))
    lines += [f"  {_NOT_FOUND}: {state.not_found_once:,}"] if state.not_found_once else []
    if state.rejected.get("needs_javascript"):
        lines.append(
            "  pages that need JavaScript: look for the site's feed or sitemap (`site add` "
            "its URL), or `clinicdex import` its articles"
        )
    return "\n".join(lines + (_learned(learned) if learned else []))


def _last_run(state: SiteStatus) -> str:
    if not state.last_run:
        return "never"
    began = datetime.fromtimestamp(state.last_run_started or 0).astimezone()
    counts = state.last_run_counts
    failed = sum(counts.get("failed", {}).values())
    details = (
        f", {counts.get('asked', 0):,} fetched, {counts.get('unchanged', 0):,} unchanged, {failed:,} failed"
        if counts
        else ""
    )
    return f"{state.last_run} ({began:%Y-%m-%d %H:%M}{details})"


def _learned(facts: SiteFacts) -> list[str]:
    if not facts.pages_learned_from:
        return ["  nothing learned: too few pages"]
    lines = [f"  learned from {counted(facts.pages_learned_from, 'page')}:"]
    for name, value in facts.to_record().items():
        if name in ("pages_learned_from", "repeated") or value in ((), {}):
            continue
        entry = (
            ", ".join(f"{key} {count}" for key, count in value.items()) if isinstance(value, dict) else value
        )
        lines.append(
            f"    {name.replace('_', ' ')}: "
            f"{clean(', '.join(entry) if isinstance(entry, tuple) else str(entry))}"
        )
    return lines + [
        f"      {block.share:.0%}  {clean(block.text)[:_LONGEST_BLOCK]}" for block in facts.repeated
    ]


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
        "language": article.language,
        "topics": ", ".join(f"{topic.label} ({topic.origin})" for topic in article.topics),
    }
    lines = [click.style(clean(article.title), bold=True) + _from(facts.origins.get("title"))]
    lines += [
        f"  {name}: {clean(value)}{_from(facts.origins.get(name))}" for name, value in fields.items() if value
    ]
    return "\n".join([*lines, "", clean(article.text)])


def _from(origin: str | None) -> str:
    return click.style(f"  ← {origin}", dim=True) if origin else ""


def _largest_first(counts: Mapping[str, int]) -> list[tuple[str, int]]:
    return sorted(counts.items(), key=lambda entry: -entry[1])


def _listed(what: str, counts: Iterable[tuple[str, int]]) -> list[str]:
    listed = ", ".join(f"{count:,} {name}" for name, count in counts)
    return [f"  {what}: {listed}"] if listed else []


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
