"""What people see on a terminal: results, summaries, status, and a line of progress that renews itself."""

from __future__ import annotations

import sys
import time
from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager
from datetime import datetime
from typing import TYPE_CHECKING, Any

import click

if TYPE_CHECKING:
    from .flow import Progress, Summary
    from .index.engine import Hit, Results

__all__ = [
    "address_text",
    "article_text",
    "clean",
    "preview_text",
    "progress",
    "renewed",
    "results_text",
    "searches_text",
    "status_text",
    "summary_text",
]

_STEERING = "\u202a\u202b\u202c\u202d\u202e\u2066\u2067\u2068\u2069"  # bidirectional overrides and isolates
_RENEW_LINE = "\r\x1b[2K"
_MOST_VALUES = 10  # of a facet


def clean(text: str) -> str:
    """Take out what could steer a terminal: control characters and bidirectional overrides."""
    return "".join(c for c in text if (c.isprintable() and c not in _STEERING) or c == "\n")


@contextmanager
def renewed(*, quiet: bool) -> Iterator[Callable[[str], None]]:
    """Show one line that renews itself, on a terminal only and after the first second."""
    started = time.monotonic()
    shown = False

    def say(line: str) -> None:
        nonlocal shown
        if time.monotonic() - started < 1 or quiet or not sys.stderr.isatty():
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
    """Show where a crawl is."""
    started = time.monotonic()
    with renewed(quiet=quiet) as say:

        def tell(now: Progress) -> None:
            rate = now.visited / max(0.001, time.monotonic() - started)
            left = f", about {now.waiting / rate:.0f} s left" if rate and now.waiting else ""
            say(f"{now.site}: {now.visited} fetched, {now.articles} articles, {now.waiting} waiting, {rate:.1f}/s{left}")

        yield tell


def summary_text(summary: Summary) -> str:
    """Say how a crawl ended."""
    lines = [f"{summary.site}: {summary.articles} articles of {summary.pages} pages in {summary.seconds:.1f} s"]
    lines += [f"  other addresses of the same article: {summary.doubles}"] if summary.doubles else []
    rejected = sorted(summary.rejected.items(), key=lambda entry: -entry[1])
    lines += _counted("no articles", rejected) + _counted("could not be fetched", sorted(summary.failed.items()))
    lines += _counted("links not followed", sorted(summary.dropped.items(), key=lambda entry: -entry[1]))
    lines += [f"  not found, which is believed if it is so a day later: {summary.not_found}"] if summary.not_found else []
    if summary.held:
        lines += _counted("held back: articles that would have gone", sorted(summary.held.items()))
        lines += [f"  look at the site; `clinicdex crawl {summary.site} --force` lets them go"]
    lines += ["  stopped; run the same command again to go on"] if summary.outcome == "stopped" else []
    return "\n".join(lines)


def preview_text(found: dict[str, Any]) -> str:
    """Say what a crawl would ask for, beside the addresses themselves."""
    lines = [f"{found['site']}: {len(found['pages'])} pages would be asked for, {found['new']} of them new; nothing was kept"]
    lines += [f"  asked now: {clean(url)} ({outcome})" for url, outcome in found["asked"].items()]
    return "\n".join(lines + _counted("links not followed", sorted(found["dropped"].items(), key=lambda entry: -entry[1])))


def address_text(found: dict[str, Any]) -> str:
    """Say what would happen to an address."""
    return "\n".join(f"{name.replace('_', ' ')}: {clean(str(value))}" for name, value in found.items() if value is not None)


def status_text(record: dict[str, Any]) -> str:
    """Say what the catalogue holds of one site."""
    lines = [f"{record['site']}  {record['url']}  last run: {_last_run(record)}"]
    lines.append(f"  {record['articles']} articles of {record['pages']} pages, {record['doubles']} other addresses")
    lines += _counted("no articles", sorted(record["rejected"].items()))
    lines += [f"  not found, which is believed if it is so a day later: {record['not_found_once']}"] if record["not_found_once"] else []
    if record["rejected"].get("needs_javascript"):
        lines.append("  pages that need JavaScript: look for the site's feed or sitemap (`site add` its address), or `clinicdex import` its articles")
    return "\n".join(lines + _learned(record.get("learned", {})))


def _last_run(record: dict[str, Any]) -> str:
    if not record["last_run"]:
        return "never"
    began = datetime.fromtimestamp(record["last_run_started"]).astimezone()
    counts = record["last_run_counts"]
    said = (
        f", {counts.get('asked', 0)} asked, {counts.get('unchanged', 0)} unchanged, {sum(counts.get('failed', {}).values())} failed" if counts else ""
    )
    return f"{record['last_run']} ({began:%Y-%m-%d %H:%M}{said})"


def _learned(learned: dict[str, Any]) -> list[str]:
    if not learned:
        return []
    if not learned["pages_learned_from"]:
        return ["  nothing learned: too few pages"]
    lines = [f"  learned from {learned['pages_learned_from']} pages:"]
    for name, value in learned.items():
        if name in ("pages_learned_from", "repeated") or value in ([], {}):
            continue
        shown = ", ".join(f"{key} {count}" for key, count in value.items()) if isinstance(value, dict) else value
        lines.append(f"    {name.replace('_', ' ')}: {clean(', '.join(shown) if isinstance(shown, list) else str(shown))}")
    return lines + [f"      {entry['share']:.0%}  {clean(entry['text'])[:90]}" for entry in learned["repeated"]]


def article_text(record: dict[str, Any]) -> str:
    """Show an article as people read it, and where each of its fields comes from."""
    origins = record["origins"]
    fields: dict[str, Any] = {
        "url": record["url"], "also at": record["also_at"], "near": record["near"], "site": record["site"], "kind": record["kind"],
        "authors": [person["as_written"] for person in record["authors"]], "reviewed by": [person["as_written"] for person in record["reviewed_by"]],
        "source": (record["source"] or {}).get("name"), "published": record["published"], "modified": record["modified"],
        "language": record["language"], "topics": [f"{topic['label']} ({topic['origin']})" for topic in record["topics"]],
    }  # fmt: skip
    lines = [click.style(clean(record["title"]), bold=True) + _from(origins.get("title"))]
    for name, value in fields.items():
        shown = ", ".join(value) if isinstance(value, list) else value
        origin = origins.get(name) if name not in ("topics", "reviewed by") else None
        lines += [f"  {name}: {clean(shown)}{_from(origin)}"] if shown else []
    return "\n".join([*lines, "", clean(record["text"])])


def _from(origin: str | None) -> str:
    return click.style(f"  ← {origin}", dim=True) if origin else ""


def _counted(what: str, counts: list[tuple[str, int]]) -> list[str]:
    return [f"  {what}: " + ", ".join(f"{count} {name}" for name, count in counts)] if counts else []


def results_text(results: Results, first: int) -> tuple[str, str]:
    """Give the results as people read them, numbered from `first`, and beside them how many there are."""
    if not results.hits:
        return _facets_text(results), f"past the last of {results.total}" if results.total else "nothing found; try fewer or other words"
    hits = "".join(f"{_hit_text(number, hit)}\n" for number, hit in enumerate(results.hits, first))
    return hits + _facets_text(results), f"{first}-{first + sum(1 + len(hit.folded) for hit in results.hits) - 1} of {results.total}"


def _facets_text(results: Results) -> str:
    named = ((name, ", ".join(f"{clean(v.value)} ({v.count})" for v in values[:_MOST_VALUES])) for name, values in results.facets.items())
    return "".join(f"{click.style(name, bold=True)}  {values}\n" for name, values in named if values)


def _hit_text(number: int, hit: Hit) -> str:
    article = hit.article
    people = ", ".join(person.as_written for person in article.authors)
    details = " · ".join(filter(None, [article.site, people, article.published.isoformat() if article.published else ""]))
    lines = [f"{number:>2}. {click.style(clean(article.title or article.url), bold=True)}", f"    {clean(details)}"]
    snippet = "".join(click.style(clean(text), fg="yellow", bold=True) if marked else clean(text) for text, marked in hit.snippet.parts())
    lines += [f"    {snippet}"] if snippet else []
    lines += [f"    {click.style(clean(article.url), underline=True)}", *(f"    also on {clean(url)}" for url in hit.folded)]
    return "\n".join([*lines, ""])


def searches_text(found: Mapping[str, Any]) -> str:
    """Give what was searched for, as people like to read it."""
    lines = [f"{found['searches']} searches" + (f" from {found['since']} to {found['until']}" if found["since"] else "")]
    for title, name, key in (("most asked", "popular", "q"), ("found nothing", "without_result", "q"), ("most chosen", "chosen", "url")):
        if found[name]:
            lines += ["", title, *(f"  {entry['count']:>6}  {clean(entry[key])}" for entry in found[name])]
    return "\n".join(lines) + "\n"
