"""The corridor: the only place that knows the whole way of the data. Each leg has a module; the first, which runs all of them, is here.

    collect    a site:  crawler ──Page──▶ catalogue, while what came in is read and indexed
    read       catalogue ──Page──▶ pipeline ──Article──▶ catalogue     reading.py
    index      catalogue ──Article──▶ index                            indexing.py
    forget     take an address, a folder or a site out of everything   forgetting.py

Every leg can be run again alone, does nothing twice, and survives `kill -9`.
"""

from __future__ import annotations

import logging
import time
from collections.abc import Callable
from dataclasses import asdict, dataclass, field, replace
from typing import Any

from .catalogue.sites import Site
from .crawler.order import Order
from .crawling import Crawling, Task
from .errors import CatalogueError, SiteError
from .forgetting import forget
from .holding import hold
from .house import House
from .index.engine import WAIT
from .indexing import index, index_if_free, problems, rebuild
from .manner import manner_of
from .orders import Crawl, bounds_of, informed, order_for, seconds_of
from .reading import finish_reading, link_near, read, read_some, reread, settle

__all__ = [
    "Crawl",
    "House",
    "Progress",
    "Summary",
    "collect",
    "collect_held",
    "finish_reading",
    "forget",
    "index",
    "index_if_free",
    "link_near",
    "problems",
    "read",
    "rebuild",
    "reread",
]  # fmt: skip

_INDEX_EVERY = 3.0  # seconds between two commits of the index while a crawl runs
_POLL = 0.1  # seconds
_TELL = 0.5  # seconds between two words of progress
_log = logging.getLogger(__name__)


@dataclass(frozen=True, slots=True)
class Progress:
    """Where a crawl is."""

    site: str
    visited: int  # addresses finished in this run
    waiting: int  # addresses known and not yet fetched
    read: int  # pages read since it started
    articles: int  # visible by now


@dataclass(frozen=True, slots=True)
class Summary:
    """How a crawl ended."""

    site: str
    outcome: str  # done, partial (some pages failed), held (articles would have gone that are kept), stopped
    pages: int  # in the catalogue
    articles: int  # visible
    doubles: int  # pages that are another address of an article
    rejected: dict[str, int]  # pages that are no articles, by reason
    failed: dict[str, int]  # addresses that could not be fetched, by what happened
    seconds: float
    asked: int = 0  # addresses finished in this run
    unchanged: int = 0  # of them, those that had not changed
    requests: int = 0
    bytes: int = 0  # received
    dropped: dict[str, int] = field(default_factory=dict)  # links not followed, by reason
    held: dict[str, int] = field(default_factory=dict)  # articles that would have gone, by reason
    not_found: int = 0  # addresses that were not found, which is believed when it is so a day later


def collect(house: House, site: Site, crawl: Crawl, tell: Callable[[Progress], None], stopping: Callable[[], bool]) -> Summary:
    """Crawl a site to the end, reading and indexing beside it.

    `tell` hears of progress a few times a second; when `stopping` says so, what is open is finished and the run can
    be gone on with later. SiteError if nothing of the site could be fetched, CatalogueError if another run holds it.
    """
    with hold(house.catalogue.sites, site.name, house.owner) as still_ours:
        return collect_held(house, site, crawl, tell, stopping, still_ours)


def collect_held(
    house: House, site: Site, crawl: Crawl, tell: Callable[[Progress], None], stopping: Callable[[], bool], still_ours: Callable[[], bool]
) -> Summary:
    """Do what `collect` does for a site whose lease we hold, as long as `still_ours` says so."""
    order = informed(order_for(house.config, site, crawl), house.catalogue, site, crawl)
    end = time.monotonic() + seconds_of("max_time", house.config.max_time)
    run = house.catalogue.sites.start_run(site.name)
    summary = None
    try:
        summary = _collect(house, site, order, crawl, tell, lambda: stopping() or time.monotonic() > end, still_ours)
    finally:
        house.catalogue.sites.end_run(run, summary.outcome if summary else "failed", asdict(summary) if summary else {})
    _raise_if_unreachable(site, summary)
    _log.info(
        "run site=%s outcome=%s pages=%d articles=%d seconds=%.1f", site.name, summary.outcome, summary.pages, summary.articles, summary.seconds
    )
    return summary


def _collect(
    house: House,
    site: Site,
    order: Order,
    crawl: Crawl,
    tell: Callable[[Progress], None],
    stopping: Callable[[], bool],
    still_ours: Callable[[], bool],
) -> Summary:
    started = time.monotonic()
    tally = _crawl_and_read(house, site, order, crawl, tell, lambda: stopping() or not still_ours())
    _check(still_ours, site)
    held = finish_reading(house, site.name, guarded=not crawl.force)
    _check(still_ours, site)
    if crawl.index and crawl.must_index:
        index(house)
    elif crawl.index:
        index_if_free(house, WAIT)
    frontier = house.catalogue.frontier(site.name, house.owner)
    summary = replace(_summary(house, site, held, stopped=stopping()), seconds=round(time.monotonic() - started, 2), **tally)
    if not frontier.unfinished():
        frontier.close_run()
    return summary


def _check(still_ours: Callable[[], bool], site: Site) -> None:
    if not still_ours():
        raise CatalogueError(f"site {site.name}: another run has taken it over; this one stops")


def _crawl_and_read(
    house: House, site: Site, order: Order, crawl: Crawl, tell: Callable[[Progress], None], stopping: Callable[[], bool]
) -> dict[str, Any]:
    """Run the crawler in a process of its own; read and index what it brings until it has ended and nothing is left."""
    log_file = house.config.data_dir / "logs" / f"{site.name}.log"
    task = Task(house.config.catalogue_url, site.name, house.owner, order, crawl.asks, bounds_of(house.config, site.name), log_file)
    frontier = house.catalogue.frontier(site.name, house.owner)
    manner = manner_of(house.config, house.catalogue, site.name)
    count, indexed, told = 0, time.monotonic(), 0.0
    with Crawling(task) as crawling:
        while True:
            alive = crawling.is_alive()
            some = read_some(house, manner)
            count += some
            if crawl.index and some and time.monotonic() - indexed > _INDEX_EVERY:
                settle(house, site.name, final=False)
                index_if_free(house)
                indexed = time.monotonic()
            if time.monotonic() - told > _TELL:
                tell(Progress(site.name, frontier.visited(), frontier.waiting(), count, house.catalogue.articles.count(site.name)))
                told = time.monotonic()
            if stopping():
                crawling.finish()
            if not some and not alive:
                answer = crawling.answer()
                house.catalogue.sites.put_robots(site.name, answer.pop("robots"))
                return answer
            if not some:
                time.sleep(_POLL)


def _summary(house: House, site: Site, held: dict[str, int], *, stopped: bool) -> Summary:
    frontier = house.catalogue.frontier(site.name, house.owner)
    outcomes = frontier.outcomes()
    failed = {name: count for name, count in outcomes.items() if not name.isdigit() and name not in ("moved", "robots")}
    failed |= {name: count for name, count in outcomes.items() if name.isdigit() and int(name) >= 500}
    return Summary(
        site=site.name,
        outcome="stopped" if stopped else "held" if held else "partial" if failed else "done",
        pages=house.catalogue.pages.count(site.name),
        articles=house.catalogue.articles.count(site.name),
        doubles=house.catalogue.articles.doubles(site.name),
        rejected=house.catalogue.pages.rejections(site.name),
        failed=failed,
        seconds=0.0,
        asked=sum(outcomes.values()),
        unchanged=outcomes.get("304", 0),
        held=held,
        not_found=frontier.struck(),
    )


def _raise_if_unreachable(site: Site, summary: Summary) -> None:
    if summary.pages == 0:
        why = ", ".join(sorted(summary.failed)) or "robots.txt forbids it"
        raise SiteError(f"{site.url}: nothing could be fetched ({why}); check the address, or allow it with --allow-host HOST:PORT")
