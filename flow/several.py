"""Crawl several sites by hand, one after the other; one that keeps us waiting does not hold up the others."""

from __future__ import annotations

import threading
import time
from collections.abc import Callable, Iterator, Sequence
from concurrent.futures import FIRST_COMPLETED, Future, ThreadPoolExecutor, wait
from contextlib import AbstractContextManager, contextmanager, nullcontext
from dataclasses import dataclass
from datetime import UTC
from functools import partial

from ..catalogue.sites import Site
from ..errors import Error
from .crawl_options import CrawlOptions
from .crawling import collect
from .pace import MOST_SLOW, Pace
from .summary import CrawlOutcome, Progress, Summary
from .timetable import moved_by_hand, zone_of
from .workspace import Workspace

__all__ = ["SiteResult", "crawl_sites", "until_left"]

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
        yield _crawled(lambda: nullcontext(workspace), sites[0], options, tell, stopping)
        return
    waiting, open_ = list(sites), dict[Future[SiteResult], Pace]()
    own = partial(
        Workspace, workspace.config
    )  # each thread has a catalogue, an index and a process of its own
    with ThreadPoolExecutor(1 + MOST_SLOW) as pool, until_left(stopping) as ending:
        while waiting or open_:
            is_free = all(pace.is_slow() for pace in open_.values()) and len(open_) <= MOST_SLOW
            if waiting and is_free and not ending():
                pace = Pace(tell)
                open_[pool.submit(_crawled, own, waiting.pop(0), options, pace, ending)] = pace
            done, _ = wait(open_, timeout=_PAUSE, return_when=FIRST_COMPLETED)
            for future in done:
                del open_[future]
                yield future.result()
            if ending() and not open_:
                return
            if not open_ and not done:
                time.sleep(_PAUSE)


@contextmanager
def until_left(stopping: Callable[[], bool]) -> Iterator[Callable[[], bool]]:
    """Yield what tells the threads of a block to end: `stopping`, or that the block is being left."""
    left = threading.Event()
    try:
        yield lambda: left.is_set() or stopping()
    finally:
        left.set()


def _crawled(
    opening: Callable[[], AbstractContextManager[Workspace]],
    site: Site,
    options: CrawlOptions,
    tell: Callable[[Progress], None],
    stopping: Callable[[], bool],
) -> SiteResult:
    """Crawl a site in the workspace that `opening` opens, and move its schedule on."""
    try:
        with opening() as workspace:
            zone = zone_of(workspace.config) if site.cron else UTC
            summary = collect(workspace, site, options, tell, stopping)
            if summary.outcome is not CrawlOutcome.STOPPED:
                sites = workspace.catalogue.sites
                moved_by_hand(sites, sites.get(site.name) or site, zone)  # its settings may have changed
    except Error as error:
        return SiteResult(site.name, error)
    return SiteResult(site.name, summary)
