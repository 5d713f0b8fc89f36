"""The rounds of a schedule: every site when it is due, its feeds in between, several sites at once.

Any number of processes may go round over one catalogue: a site belongs to who holds its lease, and whether it is still due is
asked again under the lease. A process that dies loses its leases, and others finish its sites.
"""

from __future__ import annotations

import time
from collections.abc import Callable, Collection, Iterator
from concurrent.futures import FIRST_COMPLETED, Future, ThreadPoolExecutor, wait
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta, tzinfo

from ..catalogue import DUE, FEEDS
from ..catalogue.sites import Site
from ..config import Config
from ..errors import CatalogueError, Error
from .crawl_options import CrawlOptions
from .crawling import CrawlRun, Progress, Summary
from .due import after_failure, next_due
from .indexing import index, index_if_free
from .lease import LEASE, hold, own_name
from .timetable import feed_gap, zone_of
from .workspace import Workspace

__all__ = ["Ended", "go_round"]

_LOOK = 30.0  # seconds between two looks at whether the index is behind, when no site is due
_PAUSE = 1.0  # seconds between two looks at what is due
Tell = Callable[[Progress], None]


@dataclass(frozen=True, slots=True)
class Ended:
    """How the turn of one site ended."""

    site: str
    result: Summary | Exception


def go_round(
    config: Config, jobs: int, tell: Tell, stopping: Callable[[], bool], *, once: bool
) -> Iterator[Ended]:
    """Crawl sites as they fall due, `jobs` at a time, until `stopping`; with `once`, what is due now. A missed time is made up once."""
    zone, gap = zone_of(config), feed_gap(config)
    open_: dict[Future[Ended | None], str] = {}
    begun: set[str] = set()
    looked = time.monotonic()
    with Workspace(config) as workspace, ThreadPoolExecutor(jobs) as pool:
        while not stopping():
            passed = begun if once else set(open_.values())
            while len(open_) < jobs and (turn := _next_turn(workspace, None if once else gap, passed)):
                begun.add(turn.site.name)
                passed = passed | {turn.site.name}
                open_[pool.submit(_take_turn, config, turn, zone, gap, tell, stopping)] = turn.site.name
            if not open_ and (once or time.monotonic() - looked > _LOOK):
                index(workspace) if once else index_if_free(workspace)
                looked = time.monotonic()
            if once and not open_:
                return
            done, _ = wait(open_, timeout=_PAUSE, return_when=FIRST_COMPLETED)
            yield from _ended(open_, done)
            if not done:
                time.sleep(0 if open_ else _PAUSE)
        yield from _ended(open_, wait(open_).done)


def _ended(open_: dict[Future[Ended | None], str], done: set[Future[Ended | None]]) -> Iterator[Ended]:
    for future in done:
        del open_[future]
        result = future.result()
        if result is not None:
            yield result


@dataclass(frozen=True, slots=True)
class _Turn:
    """A site that is due for a run, or for a look at its feeds."""

    site: Site
    asks: str  # DUE or FEEDS
    owner: str  # who holds the site for it


def _next_turn(workspace: Workspace, gap: timedelta | None, passed: Collection[str]) -> _Turn | None:
    """Take the site that is longest due and that nobody else is working on; None if there is none."""
    owner = own_name()
    for asks in (DUE, FEEDS) if gap else (DUE,):
        site = workspace.catalogue.sites.claim(owner, LEASE, time.time(), feeds=asks == FEEDS, but=passed)
        if site is not None:
            return _Turn(site, asks, owner)
    return None


def _take_turn(
    config: Config, turn: _Turn, zone: tzinfo, gap: timedelta | None, tell: Tell, stopping: Callable[[], bool]
) -> Ended | None:
    """Crawl a site whose lease was taken for us; None if it was lost meanwhile, or if its feeds say nothing new."""
    name, feeds = turn.site.name, turn.asks == FEEDS
    with Workspace(config, turn.owner) as workspace:
        before = workspace.catalogue.articles.newest_change()
        try:
            with hold(workspace.catalogue.sites, name, workspace.owner) as still_ours:
                if not workspace.catalogue.sites.is_due(name, time.time(), feeds=feeds):
                    return None
                run = CrawlRun(
                    workspace=workspace,
                    site=turn.site,
                    options=CrawlOptions(asks=turn.asks, must_index=False),
                    tell=tell,
                    stopping=stopping,
                    still_ours=still_ours,
                )
                try:
                    result: Summary | Exception = run.to_its_end()
                except Error as error:
                    result = error
                if still_ours() and not (
                    stopping() and isinstance(result, Summary) and result.outcome == "stopped"
                ):
                    _put_off(workspace, turn, result, zone, gap)
        except CatalogueError:
            return None  # another process holds it, or the catalogue is busy; it stays due
        quiet = (
            feeds and isinstance(result, Summary) and before == workspace.catalogue.articles.newest_change()
        )
    return None if quiet else Ended(name, result)


def _put_off(
    workspace: Workspace, turn: _Turn, result: Summary | Exception, zone: tzinfo, gap: timedelta | None
) -> None:
    """Say when the site is due next."""
    now, site, sites = datetime.now(UTC), turn.site, workspace.catalogue.sites
    if turn.asks == DUE:
        usual = next_due(site.name, site.every, site.cron, now, zone)
        failures = sites.failures(site.name) + 1 if isinstance(result, Exception) else 0
        due = after_failure(failures, usual, now) if usual and failures else usual
        sites.set_next_due(site.name, due.timestamp() if due else None, failures)
    feeds = gap is not None and workspace.catalogue.frontier_state(site.name).has_feeds()
    sites.set_feeds_due(site.name, (now + gap).timestamp() if gap and feeds else None)
