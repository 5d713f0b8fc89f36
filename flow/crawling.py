"""The first step, which also runs the others: crawl a site to its end, extract and index pages meanwhile.

The crawler runs in its own process and writes pages to the catalogue; this process takes them from there.
"""

from __future__ import annotations

import logging
import time
from collections.abc import Callable, Mapping
from dataclasses import asdict, dataclass, field
from enum import StrEnum

from ..catalogue.sites import Site
from ..crawler.spec import CrawlSpec, CrawlTally
from ..errors import CatalogueError, SiteError
from ..index.engine import WAIT
from ..records import VisitOutcome
from .crawl_options import CrawlOptions, bounds_of, plan_crawl, seconds_of
from .crawl_process import CrawlProcess, CrawlTask
from .extraction import extract_some, finish_extraction, settle
from .indexing import index, index_if_free
from .lease import hold
from .site_profile import SiteProfile, profile_of
from .workspace import Workspace

__all__ = ["CrawlOutcome", "CrawlRun", "Progress", "Summary", "collect"]

_INDEX_EVERY = 3.0  # seconds between two commits of the index during a crawl (chosen by hand)
_POLL = 0.1  # seconds between two checks for new pages (chosen by hand)
_PROGRESS_EVERY = 0.5  # seconds between progress reports (chosen by hand)
_log = logging.getLogger(__name__)


@dataclass(frozen=True, slots=True, kw_only=True)
class Progress:
    """How far a crawl has come."""

    site: str
    visited: int  # URLs finished in this run
    waiting: int  # URLs known and not yet fetched
    extracted: int  # pages extracted since this process started
    articles: int  # visible now


class CrawlOutcome(StrEnum):
    """How a crawl ended."""

    DONE = "done"
    PARTIAL = "partial"  # some URLs failed
    HELD = "held"  # the deletion guard kept articles
    STOPPED = "stopped"
    FAILED = "failed"  # nothing could be fetched, or an error ended it


@dataclass(frozen=True, slots=True, kw_only=True)
class Summary:
    """How a crawl ended."""

    site: str
    outcome: CrawlOutcome
    pages: int  # in the catalogue
    articles: int  # visible
    doubles: int  # pages that are another URL of an article
    rejected: Mapping[str, int]  # pages that are not articles, by reason
    failed: Mapping[str, int]  # URLs that could not be fetched, by outcome
    seconds: float
    asked: int = 0  # URLs finished in this run
    unchanged: int = 0  # of those, the ones that had not changed
    requests: int = 0
    bytes: int = 0  # received
    dropped: Mapping[str, int] = field(default_factory=dict)  # links not followed, by reason
    held: Mapping[str, int] = field(default_factory=dict)  # articles kept by the deletion guard, by reason
    not_found: int = 0  # URLs that answered 404 once; removed if they still do so a day later


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


@dataclass(frozen=True, slots=True, kw_only=True)
class CrawlRun:
    """One crawl of a site whose lease this process holds."""

    workspace: Workspace
    site: Site
    options: CrawlOptions
    tell: Callable[[Progress], None]
    stopping: Callable[[], bool]  # whether to complete open requests and end
    still_ours: Callable[[], bool]  # whether this process still holds the lease

    def to_its_end(self) -> Summary:
        """Run the crawl to its end, and record in the catalogue how it went.

        SiteError if nothing could be fetched, CatalogueError if another run took the site over.
        """
        sites = self.workspace.catalogue.sites
        spec = plan_crawl(self.workspace.config, self.workspace.catalogue, self.site, self.options)
        end = time.monotonic() + seconds_of("max_time", self.workspace.config.max_time)
        number = sites.start_run(self.site.name)
        outcome, summary = CrawlOutcome.FAILED, None
        try:
            summary = self._run(spec, end)
            outcome = summary.outcome if summary.pages else CrawlOutcome.FAILED
        finally:
            sites.end_run(number, outcome, asdict(summary) if summary else {})
        if summary.pages == 0:
            why = ", ".join(sorted(summary.failed)) or "robots.txt forbids it"
            raise SiteError(
                f"{self.site.url}: nothing could be fetched ({why}); check the URL, or allow it with "
                "--allow-host HOST:PORT"
            )
        _log.info(
            "run site=%s outcome=%s pages=%d articles=%d seconds=%.1f",
            self.site.name, summary.outcome, summary.pages, summary.articles, summary.seconds,
        )  # fmt: skip
        return summary

    def _run(self, spec: CrawlSpec, end: float) -> Summary:
        started = time.monotonic()
        profile = profile_of(self.workspace, self.site.name)
        tally = self._crawl(spec, profile, end)
        self._check_lease()
        held = finish_extraction(self.workspace, profile, guarded=not self.options.force)
        self._check_lease()
        if self.options.index and self.options.must_index:
            index(self.workspace)
        elif self.options.index:
            index_if_free(self.workspace, WAIT)
        stopped = self.stopping() or time.monotonic() > end
        summary = self._summary(tally, held, stopped=stopped, seconds=time.monotonic() - started)
        catalogue, name = self.workspace.catalogue, self.site.name
        if not catalogue.frontier_state(name).unfinished():
            catalogue.frontier(name, self.workspace.owner).close_run()
        return summary

    def _check_lease(self) -> None:
        if not self.still_ours():
            raise CatalogueError(f"site {self.site.name}: another run has taken it over; this one stops")

    def _crawl(self, spec: CrawlSpec, profile: SiteProfile, end: float) -> CrawlTally:
        """Run the crawler in its own process; extract and index its pages until it ended and none is left."""
        extracted, indexed, reported = 0, time.monotonic(), 0.0
        with CrawlProcess(self._task(spec)) as crawler:
            while True:
                alive = crawler.is_alive()
                some = extract_some(self.workspace, profile)
                extracted += some
                now = time.monotonic()
                if self.options.index and some and now - indexed > _INDEX_EVERY:
                    settle(self.workspace, self.site.name, final=False)
                    index_if_free(self.workspace)
                    indexed = time.monotonic()
                if now - reported > _PROGRESS_EVERY:
                    self.tell(self._progress(extracted))
                    reported = time.monotonic()
                if self.stopping() or now > end or not self.still_ours():
                    crawler.finish()
                if not some and not alive:
                    tally = crawler.tally()
                    self.workspace.catalogue.sites.put_robots(self.site.name, tally.robots)
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

    def _progress(self, extracted: int) -> Progress:
        catalogue, name = self.workspace.catalogue, self.site.name
        frontier = catalogue.frontier_state(name)
        articles = catalogue.articles.count(name)
        return Progress(
            site=name,
            visited=frontier.visited(),
            waiting=frontier.waiting(),
            extracted=extracted,
            articles=articles,
        )

    def _summary(
        self, tally: CrawlTally, held: Mapping[str, int], *, stopped: bool, seconds: float
    ) -> Summary:
        catalogue, name = self.workspace.catalogue, self.site.name
        frontier = catalogue.frontier_state(name)
        outcomes = frontier.outcomes()
        failed = {str(outcome): count for outcome, count in outcomes.items() if outcome.is_failure}
        return Summary(
            site=name,
            outcome=_outcome(stopped=stopped, held=bool(held), failed=bool(failed)),
            pages=catalogue.pages.count(name),
            articles=catalogue.articles.count(name),
            doubles=catalogue.articles.doubles(name),
            rejected=catalogue.pages.rejections(name),
            failed=failed,
            seconds=round(seconds, 2),
            asked=sum(outcomes.values()),
            unchanged=outcomes.get(VisitOutcome.answered(304), 0),
            requests=tally.requests,
            bytes=tally.bytes,
            dropped=tally.dropped,
            held=held,
            not_found=frontier.not_found_once(),
        )


def _outcome(*, stopped: bool, held: bool, failed: bool) -> CrawlOutcome:
    if stopped:
        return CrawlOutcome.STOPPED
    if held:
        return CrawlOutcome.HELD
    return CrawlOutcome.PARTIAL if failed else CrawlOutcome.DONE
