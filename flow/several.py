"""Crawl several sites by hand, one after the other; one that keeps us waiting does not hold up the others."""

from __future__ import annotations

import threading
import time
from collections.abc import Callable, Iterator, Sequence
from concurrent.futures import FIRST_COMPLETED, Future, ThreadPoolExecutor, wait
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import UTC

from ..catalogue.sites import Site
from ..errors import Error
from .crawl_options import CrawlOptions
from .crawling import collect
from .pace import Pace
from .summary import CrawlOutcome, Progress, Summary
from .timetable import moved_by_hand, zone_of
from .workspace import Workspace

__all__ = ["SiteResult", "closing_by", "crawl_sites"]

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
    abandoned = threading.Event()  # the caller takes no further results

    def ending() -> bool:
        return abandoned.is_set() or stopping()

    with ThreadPoolExecutor(1 + _MOST_SLOW) as pool, closing_by(abandoned):
        while waiting or open_:
            is_free = all(pace.is_slow() for pace in open_.values()) and len(open_) <= _MOST_SLOW
            if waiting and is_free and not ending():
                pace = Pace(tell)
                open_[pool.submit(_in_thread, workspace, waiting.pop(0), options, pace, ending)] = pace
            done, _ = wait(open_, timeout=_PAUSE, return_when=FIRST_COMPLETED)
            for future in done:
                del open_[future]
                yield future.result()
            if ending() and not open_:
                return
            if not open_ and not done:
                time.sleep(_PAUSE)


@contextmanager
def closing_by(abandoned: threading.Event) -> Iterator[None]:
    """Set an event when the block is left, so that what runs in threads can end."""
    try:
        yield
    finally:
        abandoned.set()


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
        zone = zone_of(workspace.config) if site.cron else UTC
        summary = collect(workspace, site, options, tell, stopping)
    except Error as error:
        return SiteResult(site.name, error)
    if summary.outcome is not CrawlOutcome.STOPPED:
        sites = workspace.catalogue.sites
        moved_by_hand(sites, sites.get(site.name) or site, zone)  # its settings may have changed meanwhile
    return SiteResult(site.name, summary)
