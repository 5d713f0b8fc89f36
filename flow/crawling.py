"""The first step, which also runs the others: crawl a site to its end, extract and index pages meanwhile.

The crawler runs in its own process and writes pages to the catalogue; this process takes them from there.
"""

from __future__ import annotations

import logging
import time
from collections import Counter
from collections.abc import Callable, Mapping
from dataclasses import asdict, dataclass, field, replace

from ..catalogue.sites import Site
from ..crawler.spec import CrawlSpec, CrawlTally
from ..errors import CatalogueError, SiteError
from ..index.engine import WAIT
from ..records import OutcomeKind, VisitOutcome
from .advice import advice_for
from .crawl_options import CrawlOptions, bounds_of, plan_crawl, seconds_of
from .crawl_process import CrawlProcess, CrawlTask
from .deletions import drop_denied, is_large
from .extraction import extract_some, finish_extraction, settle
from .indexing import check_catalogue, index, index_if_free
from .lease import hold
from .site_profile import SiteProfile, profile_of
from .summary import CrawlOutcome, Progress, Summary
from .what_changed import changes_since
from .workspace import Workspace

__all__ = ["CrawlOutcome", "CrawlRun", "Progress", "Summary", "collect"]

_INDEX_EVERY = 3.0  # seconds between two commits of the index during a crawl (chosen by hand)
_POLL = 0.1  # seconds between two checks for new pages (chosen by hand)
_PROGRESS_EVERY = 0.5  # seconds between progress reports (chosen by hand)
_log = logging.getLogger(__name__)


def collect(
    workspace: Workspace,
    site: Site,
    options: CrawlOptions,
    tell: Callable[[Progress], None],
    stopping: Callable[[], bool],
) -> Summary:
    """Crawl a site to its end, extracting and indexing pages as they arrive.

    `tell` gets a progress report at most twice a second. When `stopping` returns true, open requests are
    completed, and the run can be continued later. SiteError if nothing of the site could be fetched,
    CatalogueError if another run holds the site.
    """
    with hold(workspace.catalogue.sites, site.name, workspace.owner) as still_ours:
        run = CrawlRun(
            workspace=workspace,
            site=site,
            options=options,
            tell=tell,
            stopping=stopping,
            still_ours=still_ours,
        )
        return run.to_its_end()


@dataclass(slots=True)
class _Reading:
    """What a run has read so far, and when it last told so."""

    extracted: int = 0  # pages
    reported: float = 0.0  # as time.monotonic()


@dataclass(frozen=True, slots=True, kw_only=True)
class CrawlRun:
    """One crawl of a site whose lease this process holds."""

    workspace: Workspace
    site: Site
    options: CrawlOptions
    tell: Callable[[Progress], None]
    stopping: Callable[[], bool]  # whether to complete open requests and end
    still_ours: Callable[[], bool]  # whether this process still holds the lease
    reading: _Reading = field(default_factory=_Reading)

    def to_its_end(self) -> Summary:
        """Run the crawl to its end, and record in the catalogue how it went.

        SiteError if nothing could be fetched, CatalogueError if another run took the site over.
        """
        sites = self.workspace.catalogue.sites
        if self.options.index:
            check_catalogue(self.workspace)
        spec = plan_crawl(self.workspace.config, self.workspace.catalogue, self.site, self.options)
        end = time.monotonic() + seconds_of("max_time", self.workspace.config.max_time)
        number = sites.start_run(self.site.name)
        outcome, summary = CrawlOutcome.FAILED, None
        try:
            summary = self._run(spec, end)
            stopped = summary.outcome is CrawlOutcome.STOPPED
            outcome = summary.outcome if summary.pages or stopped else CrawlOutcome.FAILED
        finally:
            sites.end_run(number, outcome, asdict(summary) if summary else {})
        if summary.pages == 0 and outcome is not CrawlOutcome.STOPPED:
            raise SiteError(_nothing_fetched(self.site.url, summary.failed))
        _log.info(
            "run site=%s outcome=%s pages=%d articles=%d seconds=%.1f",
            self.site.name, summary.outcome, summary.pages, summary.articles, summary.seconds,
        )  # fmt: skip
        return summary

    def _run(self, spec: CrawlSpec, end: float) -> Summary:
        started = time.monotonic()
        catalogue, name = self.workspace.catalogue, self.site.name
        denied = drop_denied(self.workspace, self.site)
        before, profile = catalogue.articles.snapshot(name), profile_of(self.workspace, name)
        tally = self._crawl(spec, profile, end)
        self._check_lease()
        profile, read_before = profile_of(self.workspace, name), profile.version  # with its opt-outs
        held = finish_extraction(
            self.workspace, profile, guarded=not self.options.force, force=self.options.force,
            report=self._report,
        )  # fmt: skip
        self._check_lease()
        if self.options.index and self.options.must_index:
            index(self.workspace)
        elif self.options.index:
            index_if_free(self.workspace, WAIT)
        stopped = self.stopping() or time.monotonic() > end
        read_now = profile_of(self.workspace, name).version
        changes = changes_since(catalogue, name, before, same_reading=read_before == read_now)
        summary = replace(
            self._summary(tally, held, stopped=stopped, seconds=time.monotonic() - started),
            denied=denied,
            changes=changes,
        )
        if not catalogue.frontier_state(name).unfinished():
            catalogue.frontier(name, self.workspace.owner).close_run()
        return summary

    def _check_lease(self) -> None:
        if not self.still_ours():
            raise CatalogueError(f"site {self.site.name}: another run has taken it over; this one stops")

    def _crawl(self, spec: CrawlSpec, profile: SiteProfile, end: float) -> CrawlTally:
        """Run the crawler in its own process; extract and index its pages until it ended and none is left."""
        indexed = time.monotonic()
        catalogue, name = self.workspace.catalogue, self.site.name
        with CrawlProcess(self._task(spec)) as crawler:
            while True:
                alive = crawler.is_alive()
                some = extract_some(self.workspace, profile)
                self._report(some, profile)
                now = time.monotonic()
                if self.options.index and some and now - indexed > _INDEX_EVERY:
                    settle(self.workspace, name, final=False)
                    index_if_free(self.workspace)
                    indexed = time.monotonic()
                if self.stopping() or now > end or not self.still_ours():
                    crawler.finish()
                if not some and not alive:
                    tally = crawler.tally()
                    catalogue.sites.put_robots(name, tally.robots)
                    catalogue.sites.put_opt_outs(name, tally.opt_outs)
                    return tally
                if not some:
                    time.sleep(_POLL)

    def _task(self, spec: CrawlSpec) -> CrawlTask:
        config, name = self.workspace.config, self.site.name
        return CrawlTask(
            catalogue_url=config.catalogue_url,
            site=name,
            owner=self.workspace.owner,
            spec=spec,
            asks=self.options.asks,
            bounds=bounds_of(config, name),
            log_file=config.folder.log(name),
        )

    def _report(self, extracted: int, profile: SiteProfile) -> None:
        """Pass on how far the crawl has come, at most every _PROGRESS_EVERY seconds."""
        self.reading.extracted += extracted
        if time.monotonic() - self.reading.reported < _PROGRESS_EVERY:
            return
        catalogue, name = self.workspace.catalogue, self.site.name
        frontier = catalogue.frontier_state(name)
        self.tell(
            Progress(
                site=name,
                visited=frontier.visited(),
                waiting=frontier.waiting(),
                extracted=self.reading.extracted,
                articles=catalogue.articles.count(name),
                unread=catalogue.pages.count_unread(name, profile.version),
            )
        )
        self.reading.reported = time.monotonic()

    def _summary(
        self, tally: CrawlTally, held: Mapping[str, int], *, stopped: bool, seconds: float
    ) -> Summary:
        catalogue, name = self.workspace.catalogue, self.site.name
        frontier = catalogue.frontier_state(name)
        outcomes = frontier.outcomes()
        failed = {str(outcome): count for outcome, count in outcomes.items() if outcome.is_failure}
        kept = catalogue.refused(name).articles()
        shown = [article for article in kept if article.is_shown]
        refused = dict(Counter(str(article.outcome) for article in shown))
        refusals = sum(article.outcome.is_refusal for article in shown)
        articles = catalogue.articles.count(name)
        return Summary(
            site=name,
            outcome=_outcome(
                stopped=stopped,
                held=bool(held) or is_large(refusals, articles),
                failed=bool(failed) or any(article.outcome.status for article in shown),
            ),
            pages=catalogue.pages.count(name),
            articles=articles,
            doubles=catalogue.articles.doubles(name),
            rejected=catalogue.pages.rejections(name),
            failed=failed,
            seconds=round(seconds, 2),
            asked=sum(outcomes.values()),
            unchanged=outcomes.get(VisitOutcome.answered(304), 0),
            requests=tally.requests,
            bytes=tally.bytes,
            cut=sum(count for outcome, count in outcomes.items() if outcome.is_success and outcome.detail),
            dropped=tally.dropped,
            held=held,
            refused=refused,
            away=len(kept) - len(shown),
            not_found=frontier.not_found_once(),
            advice=advice_for(self.workspace, self.site),
        )


def _outcome(*, stopped: bool, held: bool, failed: bool) -> CrawlOutcome:
    if stopped:
        return CrawlOutcome.STOPPED
    if held:
        return CrawlOutcome.HELD
    return CrawlOutcome.PARTIAL if failed else CrawlOutcome.DONE


def _nothing_fetched(url: str, failed: Mapping[str, int]) -> str:
    """Return what to tell about a site of which nothing could be fetched: the cause, and what to do."""
    why = ", ".join(sorted(failed)) or "robots.txt forbids it"
    if "public address" in why:
        return f"{url}: nothing could be fetched ({why}); allow it with --allow-host HOST:PORT"
    if not failed:
        return f"{url}: nothing could be fetched ({why}); ask the site's owner to let clinicdex in"
    if OutcomeKind.UNKNOWN_HOST in why:
        return f"{url}: nothing could be fetched ({why}); check the address"
    return (
        f"{url}: nothing could be fetched ({why}); check the address and that the site is up, then try again"
    )
