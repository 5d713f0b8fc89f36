"""Runs the schedule: every site when it is due, its feeds in between, several sites at once.

Any number of processes may run the schedule of one catalogue: a site belongs to the process that holds its
lease, and whether the site is still due is checked again under the lease. A process that dies loses its
leases, and other processes finish its sites.
"""

from __future__ import annotations

import logging
import time
from collections.abc import Callable, Collection, Iterator, Mapping
from concurrent.futures import FIRST_COMPLETED, Future, ThreadPoolExecutor, wait
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta, tzinfo

from ..catalogue import DUE, FEEDS
from ..catalogue.sites import Site, Sites
from ..config import Config
from ..errors import CatalogueError, Error
from .crawl_options import CrawlOptions
from .crawling import CrawlRun
from .due import after_failure, next_due
from .extraction import out_of_date, refresh
from .indexing import index, index_if_free
from .lease import LEASE, hold, own_name, release_dead
from .pace import MOST_SLOW, Pace
from .several import SiteResult, until_left
from .summary import CrawlOutcome, Progress, Summary
from .timetable import anchor_of, feed_gap, reset_lost, zone_of
from .workspace import Workspace

__all__ = ["SiteResult", "run_schedule"]

_LOOK = 30.0  # seconds between two checks of the index while no site is due (chosen by hand)
_PAUSE = 1.0  # seconds between two checks of what is due (chosen by hand)
_log = logging.getLogger(__name__)
Tell = Callable[[Progress], None]


def run_schedule(
    config: Config, jobs: int, tell: Tell, stopping: Callable[[], bool], *, once: bool
) -> Iterator[SiteResult]:
    """Crawl sites as they become due, `jobs` at a time; yield how each run ended.

    Goes on until `stopping` returns true; with `once`, until every site that is due now was crawled. If
    several runs were missed, the site is crawled once.
    """
    zone, gap = zone_of(config), feed_gap(config)
    open_: dict[Future[SiteResult | None], _Open] = {}
    begun: set[str] = set()
    index_checked, looked = time.monotonic(), float("-inf")
    with (
        Workspace(config) as workspace,
        ThreadPoolExecutor(jobs + MOST_SLOW) as pool,
        until_left(stopping) as ending,
    ):
        sites = workspace.catalogue.sites
        outdated = [] if once else out_of_date(workspace)
        while not stopping():
            looked = _put_right(sites, looked)
            between, passed = (None, set(begun)) if once else (gap, {run.site for run in open_.values()})
            while _has_room(open_, jobs) and (turn := _next_turn(workspace, between, passed)):
                begun.add(turn.site.name)
                passed.add(turn.site.name)
                pace = Pace(tell)
                future = pool.submit(_take_turn, config, turn, zone, gap, pace, ending)
                open_[future] = _Open(turn.site.name, pace)
            if not open_ and (once or time.monotonic() - index_checked > _LOOK):
                (index if once else index_if_free)(workspace)
                index_checked = time.monotonic()
                if outdated:
                    site = outdated.pop()
                    open_[pool.submit(_refresh, config, site, outdated, ending)] = _Open(site, Pace(tell))
            if once and not open_:
                return
            if not open_:
                time.sleep(_PAUSE)
            yield from _finished(open_, wait(open_, timeout=_PAUSE, return_when=FIRST_COMPLETED).done)
        yield from _finished(open_, wait(open_).done)


def _put_right(sites: Sites, looked: float) -> float:
    """Release what dead processes hold, and now and then make due what a wrong clock put off.

    `looked` is when that was last done, as time.monotonic(); return the new one.
    """
    release_dead(sites)
    if time.monotonic() - looked <= _LOOK:
        return looked
    reset_lost(sites)
    return time.monotonic()


@dataclass(frozen=True, slots=True)
class _Open:
    """A run that has not ended."""

    site: str
    pace: Pace


def _has_room(open_: Mapping[Future[SiteResult | None], _Open], jobs: int) -> bool:
    """Whether another site may begin: sites that keep us waiting do not count, up to MOST_SLOW of them."""
    brisk = sum(not run.pace.is_slow() for run in open_.values())
    return brisk < jobs and len(open_) < jobs + MOST_SLOW


def _refresh(config: Config, site: str, outdated: list[str], stopping: Callable[[], bool]) -> None:
    """Extract what an upgrade left out of date of one site; the site comes again if another run holds it."""
    try:
        with Workspace(config) as workspace:
            refresh(workspace, site, stopping)
    except CatalogueError:
        outdated.insert(0, site)
    except Error as error:
        _log.warning("%s: %s", site, error)


def _finished(
    open_: dict[Future[SiteResult | None], _Open], done: set[Future[SiteResult | None]]
) -> Iterator[SiteResult]:
    for future in done:
        del open_[future]
        result = future.result()
        if result is not None:
            yield result


@dataclass(frozen=True, slots=True)
class _Turn:
    """A site that is due for a run, or for a fetch of its feeds."""

    site: Site
    asks: str  # DUE or FEEDS
    owner: str  # holder of the site's lease


def _next_turn(workspace: Workspace, gap: timedelta | None, passed: Collection[str]) -> _Turn | None:
    """Take the lease of the site that has been due longest and that nobody holds; None if none is due."""
    owner = own_name()
    for asks in (DUE, FEEDS) if gap else (DUE,):
        site = workspace.catalogue.sites.claim(owner, LEASE, time.time(), feeds=asks == FEEDS, but=passed)
        if site is not None:
            return _Turn(site, asks, owner)
    return None


def _take_turn(
    config: Config, turn: _Turn, zone: tzinfo, gap: timedelta | None, tell: Tell, stopping: Callable[[], bool]
) -> SiteResult | None:
    """Crawl a site whose lease was taken; None if it was lost meanwhile, or if the feeds changed nothing."""
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
                except Exception as error:  # noqa: BLE001  one site must not end the schedule
                    if not isinstance(error, Error):
                        _log.exception("%s: unexpected", name)
                    result = error
                if still_ours() and not (
                    stopping() and isinstance(result, Summary) and result.outcome is CrawlOutcome.STOPPED
                ):
                    _put_off(workspace, turn, result, zone, gap)
        except CatalogueError:
            return None  # another process holds the site, or the catalogue is busy; the site stays due
        quiet = (
            feeds and isinstance(result, Summary) and before == workspace.catalogue.articles.newest_change()
        )
    return None if quiet else SiteResult(name, result)


def _put_off(
    workspace: Workspace, turn: _Turn, result: Summary | Exception, zone: tzinfo, gap: timedelta | None
) -> None:
    """Set when the site and its feeds are due next."""
    now, site, sites = datetime.now(UTC), turn.site, workspace.catalogue.sites
    is_as_taken = sites.get(site.name) == site  # else its owner has set another schedule meanwhile
    if turn.asks == DUE and is_as_taken:
        anchored = anchor_of(site) or datetime.fromtimestamp(site.next_due or now.timestamp(), UTC)
        usual = next_due(site.name, site.every, site.cron, now, zone, anchored)
        failures = sites.failures(site.name) + 1 if isinstance(result, Exception) else 0
        due = after_failure(failures, usual, now) if usual and failures else usual
        sites.set_next_due(site.name, due.timestamp() if due else None, failures, anchored.timestamp())
    feeds = gap is not None and workspace.catalogue.frontier_state(site.name).has_feeds()
    sites.set_feeds_due(site.name, (now + gap).timestamp() if gap and feeds else None)
