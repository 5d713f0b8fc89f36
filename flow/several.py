"""Crawl several sites by hand, one after the other; one that keeps us waiting does not hold up the others."""

from __future__ import annotations

import time
from collections.abc import Callable, Iterator, Sequence
from concurrent.futures import FIRST_COMPLETED, Future, ThreadPoolExecutor, wait
from dataclasses import dataclass

from ..catalogue.sites import Site
from ..errors import Error
from .crawl_options import CrawlOptions
from .crawling import collect
from .pace import Pace
from .summary import CrawlOutcome, Progress, Summary
from .timetable import moved_by_hand, zone_of
from .workspace import Workspace

__all__ = ["SiteResult", "crawl_sites"]

_MOST_SLOW = 8  # sites that may be open in addition to one, because they keep us waiting (chosen by hand)
_PAUSE = 0.2  # seconds between two checks (chosen by hand)


@dataclass(frozen=True, slots=True)
class SiteResult:
    """How the run of one site ended."""

    site: str
    result: Summary | Exception


def crawl_sites(
    workspace: Workspace,
    sites: Sequence[Site],
    options: CrawlOptions,
    tell: Callable[[Progress], None],
    stopping: Callable[[], bool],
) -> Iterator[SiteResult]:
    """Crawl sites and yield how each run ended; their schedules are moved on, since they have had their turn.

    Once `stopping` returns true, no further site is begun.
    """
    if len(sites) == 1:
        yield _crawled(workspace, sites[0], options, tell, stopping)
        return
    waiting, open_ = list(sites), dict[Future[SiteResult], Pace]()
    with ThreadPoolExecutor(1 + _MOST_SLOW) as pool:
        while waiting or open_:
            is_free = all(pace.is_slow() for pace in open_.values()) and len(open_) <= _MOST_SLOW
            if waiting and is_free and not stopping():
                pace = Pace(tell)
                open_[pool.submit(_in_thread, workspace, waiting.pop(0), options, pace, stopping)] = pace
            done, _ = wait(open_, timeout=_PAUSE, return_when=FIRST_COMPLETED)
            for future in done:
                del open_[future]
                yield future.result()
            if stopping() and not open_:
                return
            if not open_ and not done:
                time.sleep(_PAUSE)


def _in_thread(
    workspace: Workspace,
    site: Site,
    options: CrawlOptions,
    tell: Callable[[Progress], None],
    stopping: Callable[[], bool],
) -> SiteResult:
    """Crawl a site with a catalogue, an index and an extraction process of its own."""
    with Workspace(workspace.config) as own:
        return _crawled(own, site, options, tell, stopping)


def _crawled(
    workspace: Workspace,
    site: Site,
    options: CrawlOptions,
    tell: Callable[[Progress], None],
    stopping: Callable[[], bool],
) -> SiteResult:
    try:
        summary = collect(workspace, site, options, tell, stopping)
    except Error as error:
        return SiteResult(site.name, error)
    if summary.outcome is not CrawlOutcome.STOPPED:
        moved_by_hand(workspace.catalogue.sites, site, zone_of(workspace.config))
    return SiteResult(site.name, summary)
