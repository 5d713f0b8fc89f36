"""The rounds of a schedule: every site when it is due, its feeds in between, several sites at once.

Any number of processes may go round over one catalogue: a site belongs to who holds its lease, and whether it is still due is
asked again under the lease. A process that dies loses its leases, and others finish its sites.
"""

from __future__ import annotations

import time
from collections.abc import Callable, Collection, Iterable, Iterator
from concurrent.futures import FIRST_COMPLETED, Future, ThreadPoolExecutor, wait
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta, tzinfo
from zoneinfo import ZoneInfo, ZoneInfoNotFoundError

from . import schedule
from .catalogue import DUE, FEEDS
from .catalogue.sites import Site
from .config import Config
from .errors import CatalogueError, ConfigError, Error
from .flow import House, Progress, Summary, collect_held, index, index_if_free
from .holding import LEASE, hold, own_name
from .orders import Crawl, seconds_of

__all__ = ["Ended", "feed_gap", "foreseen", "go_round", "zone_of"]

_LOOK = 30.0  # seconds between two looks at whether the index is behind, when no site is due
_PAUSE = 1.0  # seconds between two looks at what is due
Tell = Callable[[Progress], None]


@dataclass(frozen=True, slots=True)
class Ended:
    """How the turn of one site ended."""

    site: str
    result: Summary | Exception


def go_round(config: Config, jobs: int, tell: Tell, stopping: Callable[[], bool], *, once: bool) -> Iterator[Ended]:
    """Crawl sites as they fall due, `jobs` at a time, until `stopping`; with `once`, what is due now. A missed time is made up once."""
    zone, gap = zone_of(config), feed_gap(config)
    open_: dict[Future[Ended | None], str] = {}
    begun: set[str] = set()
    looked = time.monotonic()
    with House(config) as house, ThreadPoolExecutor(jobs) as pool:
        while not stopping():
            passed = begun if once else set(open_.values())
            while len(open_) < jobs and (turn := _next_turn(house, None if once else gap, passed)):
                begun.add(turn.site.name)
                passed = passed | {turn.site.name}
                open_[pool.submit(_take_turn, config, turn, zone, gap, tell, stopping)] = turn.site.name
            if not open_ and (once or time.monotonic() - looked > _LOOK):
                index(house) if once else index_if_free(house)
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


def _next_turn(house: House, gap: timedelta | None, passed: Collection[str]) -> _Turn | None:
    """Take the site that is longest due and that nobody else is working on; None if there is none."""
    owner = own_name()
    for asks in (DUE, FEEDS) if gap else (DUE,):
        site = house.catalogue.sites.claim(owner, LEASE, time.time(), feeds=asks == FEEDS, but=passed)
        if site is not None:
            return _Turn(site, asks, owner)
    return None


def _take_turn(config: Config, turn: _Turn, zone: tzinfo, gap: timedelta | None, tell: Tell, stopping: Callable[[], bool]) -> Ended | None:
    """Crawl a site whose lease was taken for us; None if it was lost meanwhile, or if its feeds say nothing new."""
    name, feeds = turn.site.name, turn.asks == FEEDS
    with House(config, turn.owner) as house:
        before = house.catalogue.articles.newest_change()
        try:
            with hold(house.catalogue.sites, name, house.owner) as still_ours:
                if not house.catalogue.sites.is_due(name, time.time(), feeds=feeds):
                    return None
                try:
                    result: Summary | Exception = collect_held(house, turn.site, Crawl(asks=turn.asks, must_index=False), tell, stopping, still_ours)
                except Error as error:
                    result = error
                if still_ours() and not (stopping() and isinstance(result, Summary) and result.outcome == "stopped"):
                    _put_off(house, turn, result, zone, gap)
        except CatalogueError:
            return None  # another process holds it, or the catalogue is busy; it stays due
        quiet = feeds and isinstance(result, Summary) and before == house.catalogue.articles.newest_change()
    return None if quiet else Ended(name, result)


def _put_off(house: House, turn: _Turn, result: Summary | Exception, zone: tzinfo, gap: timedelta | None) -> None:
    """Say when the site is due next."""
    now, site, sites = datetime.now(UTC), turn.site, house.catalogue.sites
    if turn.asks == DUE:
        usual = schedule.next_due(site.name, site.every, site.cron, now, zone)
        failures = sites.failures(site.name) + 1 if isinstance(result, Exception) else 0
        due = schedule.after_failure(failures, usual, now) if usual and failures else usual
        sites.set_next_due(site.name, due.timestamp() if due else None, failures)
    feeds = gap is not None and house.catalogue.frontier(site.name, house.owner).has_feeds()
    sites.set_feeds_due(site.name, (now + gap).timestamp() if gap and feeds else None)


def foreseen(sites: Iterable[Site], zone: tzinfo, most: int) -> list[tuple[datetime, str]]:
    """Give the next runs (when, site), soonest first, as they will be if each begins on time."""
    coming: list[tuple[datetime, str]] = []
    for site in sites:
        due = datetime.fromtimestamp(site.next_due, UTC) if site.next_due is not None else None
        while due is not None and len([name for _, name in coming if name == site.name]) < most:
            coming.append((due.astimezone(zone), site.name))
            due = schedule.next_due(site.name, site.every, site.cron, max(due, datetime.now(UTC)), zone)
    return sorted(coming)[:most]


def zone_of(config: Config) -> tzinfo:
    """Give the time zone in which cron expressions are read; ConfigError if there is none of that name."""
    if not config.timezone:
        from tzlocal import get_localzone

        return get_localzone()
    try:
        return ZoneInfo(config.timezone)
    except (ZoneInfoNotFoundError, ValueError, OSError) as error:
        raise ConfigError(f"timezone = {config.timezone!r} is no time zone; write one such as America/Denver") from error


def feed_gap(config: Config) -> timedelta | None:
    """Give the time between two looks at a site's feeds; None if they are not looked at. ConfigError if that is no interval."""
    return None if config.feed_every == "off" else timedelta(seconds=seconds_of("feed_every", config.feed_every))
