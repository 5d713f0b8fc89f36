"""What people see of crawls and sites: progress, how a crawl ended, what a site holds, its settings."""

from __future__ import annotations

import sys
import time
from collections.abc import Callable, Iterable, Iterator, Mapping
from contextlib import contextmanager
from datetime import datetime, tzinfo
from typing import TYPE_CHECKING

import click

from .output import clean, counted, renewed

if TYPE_CHECKING:
    from ..flow.explain import SiteFacts, SiteStatus
    from ..flow.forgetting import Forgotten
    from ..flow.sites import Run, Site
    from ..flow.summary import Progress, Summary
    from ..flow.what_changed import Changes, Some

__all__ = [
    "forgotten_text",
    "largest_first",
    "listed",
    "progress",
    "run_line",
    "schedule_line",
    "site_text",
    "status_text",
    "summary_text",
    "when_text",
]

_LONGEST_BLOCK = 90  # characters shown of a repeated block (chosen by hand)
_MOST_TITLES = 3  # shown of what is new, changed or gone (chosen by hand)
_MOST_REFUSED = 20  # URLs of refused articles that are shown of one site (chosen by hand)
_PLAIN_EVERY = 30.0  # seconds between two lines of progress where no line can be renewed (chosen by hand)
_UNITS = ((2 * 86400, 86400, "days"), (3600, 3600, "h"), (60, 60, "min"))  # from, seconds of one, its name
_NOT_FOUND = "not found once (removed if still not found a day later)"


@contextmanager
def progress(*, quiet: bool) -> Iterator[Callable[[Progress], None]]:
    """Yield a function that shows the progress of a crawl in one line, or off a terminal now and then."""
    started = said = time.monotonic()
    with renewed(quiet=quiet) as say:

        def tell(now: Progress) -> None:
            nonlocal said
            line = _progress_text(now, time.monotonic() - started)
            say(line)
            if not quiet and not sys.stderr.isatty() and time.monotonic() - said >= _PLAIN_EVERY:
                said = time.monotonic()
                click.echo(line, err=True)

        yield tell


def _progress_text(now: Progress, seconds: float) -> str:
    if not now.waiting and now.unread:
        return f"{now.site}: reading {now.extracted:,} of {now.extracted + now.unread:,}"
    rate = now.visited / max(0.001, seconds)
    left = f", about {now.waiting / rate:.0f} s left" if rate and now.waiting else ""
    articles = counted(now.articles, "article")
    return f"{now.site}: {now.visited:,} fetched, {articles}, {now.waiting:,} waiting, {rate:.1f}/s{left}"


def summary_text(summary: Summary) -> str:
    """Return how a crawl ended, as text for people: first what changed, then what was not to be had."""
    from ..flow.summary import CrawlOutcome

    what = f"{counted(summary.articles, 'article')} from {counted(summary.pages, 'page')}"
    lines = [f"{summary.site}: {what} in {summary.seconds:.1f} s", f"  {_changes_text(summary.changes)}"]
    lines += [f"  other URLs of the same article: {summary.doubles:,}"] if summary.doubles else []
    lines += listed("not articles", largest_first(summary.rejected))
    lines += listed("could not be fetched", sorted(summary.failed.items()))
    lines += _refused(summary.refused, summary.away)
    lines += [f"  answers that ended early, used as far as they go: {summary.cut:,}"] if summary.cut else []
    lines += listed("links not followed", largest_first(summary.dropped))
    lines += listed("articles deleted by your rules", sorted(summary.denied.items()))
    if summary.held:
        lines += listed("held back: articles that would have gone", sorted(summary.held.items()))
    if summary.outcome is CrawlOutcome.HELD:
        lines += [f"  look at the site; `clinicdex crawl {summary.site} --force` lets them go"]
    lines += [f"  {clean(sentence)}" for sentence in summary.advice]
    if summary.outcome is CrawlOutcome.STOPPED:
        lines += ["  stopped; run the same command again to go on"]
    return "\n".join(lines)


def _changes_text(changes: Changes) -> str:
    """Return what a run changed: "1 new: Frozen Shoulder; 2 changed: …"."""
    parts = [
        _some("new", changes.new),
        _some("changed", changes.changed),
        _some("gone", changes.gone),
        _some("missing (goes if still missing tomorrow)", changes.missing),
    ]
    return "; ".join(filter(None, parts)) or "nothing changed"


def _some(what: str, some: Some) -> str:
    if not some.count:
        return ""
    shown = ", ".join(clean(name) for name in some.first[:_MOST_TITLES])
    more = some.count - min(_MOST_TITLES, len(some.first))
    return f"{some.count:,} {what}: {shown}" + (f" and {more:,} more" if more > 0 else "")


def _refused(refused: Mapping[str, int], away: int) -> list[str]:
    lines = []
    if refused:
        why = ", ".join(f"{count:,} {clean(outcome)}" for outcome, count in sorted(refused.items()))
        lines.append(f"  refused {sum(refused.values()):,}, kept ({why}); asked for again later")
    if away:
        lines.append(f"  not shown, as they have not answered for 30 days: {counted(away, 'article')}")
    return lines


def status_text(state: SiteStatus, learned: SiteFacts | None) -> str:
    """Return what the catalogue holds of one site, and what was learned about it unless `learned` is None."""
    lines = [f"{state.site}  {state.url}  last run: {_last_run(state)}"]
    doubles = counted(state.doubles, "other URL")
    lines.append(
        f"  {counted(state.articles, 'article')} from {counted(state.pages, 'page')}, "
        f"{doubles} of the same articles"
    )
    lines += listed("not articles", sorted(state.rejected.items()))
    lines += [f"  {_NOT_FOUND}: {state.not_found_once:,}"] if state.not_found_once else []
    lines += _refused(state.refused, state.away)
    lines += listed("reserved by the publisher", sorted(state.opt_outs.items()))
    lines += [f"  {clean(sentence)}" for sentence in state.advice]
    if learned:
        for article in state.refused_articles[:_MOST_REFUSED]:
            lines.append(
                f"    {clean(article['url'])}  {clean(article['outcome'])}, "
                f"since {when_text(article['since'])}"
            )
    return "\n".join(lines + (_learned(learned) if learned else []))


def site_text(site: Site) -> str:
    """Return the settings of a site, as text for people."""
    rows = {
        "url": site.url,
        "begins also at": ", ".join(site.starts),
        "crawled": f"every {site.every}" if site.every else f"cron {site.cron}" if site.cron else "by hand",
        "next": when_text(site.next_due) if site.next_due else "",
        "delay": f"{site.delay:g} s" if site.delay is not None else "",
        "allow": ", ".join(site.allow),
        "deny": ", ".join(site.deny),
        "allow host": ", ".join(site.allow_hosts),
    }
    return "\n".join([site.name, *(f"  {name}: {clean(value)}" for name, value in rows.items() if value)])


def schedule_line(site: Site, run: Run | None, failures: int) -> str:
    """Return when a site is due and how its last run ended, tab-separated, in local time."""
    last = (
        f"{run.outcome}, {when_text(run.ended)}" if run and run.ended else run.outcome if run else "never run"
    )
    due = when_text(site.next_due) if site.next_due else "not scheduled"
    failed = f"failed {failures} times in a row" if failures > 1 else "failed once" if failures else ""
    return "\t".join(filter(None, [site.name, site.every or site.cron or "by hand", due, last, failed]))


def run_line(run: Run) -> str:
    """Return how a run ended and what it changed, tab-separated, in local time."""
    from ..flow.what_changed import Changes

    if run.outcome == "removed":
        pages = counted(run.counts.get("pages", 0), "page")
        what = f"the site was removed, with {pages}; it began at {run.counts.get('url')}"
    elif not run.counts:
        what = "-"
    else:
        shown = {"asked": "fetched", "unchanged": "unchanged", "articles": "articles", "seconds": "seconds"}
        known = ", ".join(
            f"{run.counts[name]} {label}" for name, label in shown.items() if name in run.counts
        )
        changes = run.counts.get("changes")
        what = known + (f"; {_changes_text(Changes.from_record(changes))}" if changes else "")
    return "\t".join([when_text(run.started), run.site, run.outcome, clean(what)])


def when_text(seconds: float | None, zone: tzinfo | None = None) -> str:
    """Return a time in Unix seconds as local time, and how far away it is: "2026-11-28 17:28 (in 23 h)"."""
    if seconds is None:
        return "never"
    moment = datetime.fromtimestamp(seconds, zone) if zone else datetime.fromtimestamp(seconds).astimezone()
    away = seconds - time.time()
    size = next((f"{abs(away) / one:.0f} {name}" for least, one, name in _UNITS if abs(away) >= least), "")
    near = "now" if not size else f"in {size}" if away > 0 else f"{size} ago"
    return f"{moment:%Y-%m-%d %H:%M} ({near})"


def forgotten_text(forgotten: Forgotten) -> str:
    """Return what was forgotten and what is left of it, as text for people."""
    if not forgotten.found:
        nearest = ", ".join(clean(url) for url in forgotten.nearest)
        hint = f"; the nearest stored: {nearest}" if nearest else ""
        return (
            f"nothing found, nothing forgotten{hint}. To keep a URL out that was never fetched: "
            "clinicdex site set NAME --deny"
        )
    pages = counted(forgotten.count, "page and article", "pages and articles")
    lines = [f"forgot {pages}: {', '.join(clean(url) for url in forgotten.found)}"]
    if forgotten.same_text:
        lines.append(
            "the same text is also at, and stays there: " + ", ".join(map(clean, forgotten.same_text))
        )
    if not forgotten.bytes_are_gone:
        lines.append(
            "another process reads the catalogue: its file holds the deleted bytes until that process has "
            "ended; then run the same command again"
        )
    return "\n".join(lines)


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


def largest_first(counts: Mapping[str, int]) -> list[tuple[str, int]]:
    """Return the entries of a table of counts, the largest count first."""
    return sorted(counts.items(), key=lambda entry: -entry[1])


def listed(what: str, counts: Iterable[tuple[str, int]]) -> list[str]:
    """Return one line that lists counts behind what they are of; no line if there are none."""
    listed = ", ".join(f"{count:,} {name}" for name, count in counts)
    return [f"  {what}: {listed}"] if listed else []
