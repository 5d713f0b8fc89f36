"""The corridor: the only module that knows the whole way of the data.

    collect    a site:  crawler ──Page──▶ catalogue, while what came in is read and indexed
    read       catalogue ──Page──▶ pipeline ──Article──▶ catalogue
    index      catalogue ──Article──▶ index
    forget     take an address, a prefix or a site out of everything

Every leg can be run again alone, does nothing twice, and survives `kill -9`.
"""

from __future__ import annotations

import logging
import time
from collections.abc import Callable, Sequence
from contextlib import ExitStack
from dataclasses import asdict, dataclass, field, replace
from functools import partial
from pathlib import Path
from types import TracebackType
from typing import Any, Self

from . import urls
from .article import Article, Page
from .catalogue import FEEDS, Bounds, Catalogue
from .catalogue.articles import Outcome
from .catalogue.sites import Site
from .config import Config
from .crawler.order import Order, Remembered
from .crawling import Crawling, Task
from .errors import CatalogueError, ConfigError, EngineError, IndexMissing, IndexUnreadable, SiteError
from .holding import hold, own_name
from .index.engine import Engine
from .index.open import engine_at
from .manner import Manner, manner_of
from .orders import Crawl, order_for, seconds_of
from .pipeline import duplicates, near
from .pipeline.read import Context, Reading, unreadable
from .pipeline.read import read as read_page
from .pipeline.rules import SiteRules
from .pipeline.site import Notes, SiteModel, corrected, learn
from .worker import Failure, Worker

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
    "link_near",
    "problems",
    "read",
    "rebuild",
]  # fmt: skip

_BATCH = 32  # pages read between two writes
_INDEX_EVERY = 3.0  # seconds between two commits of the index while a crawl runs
_CHANGES = 500  # articles in one commit of the index
_POLL = 0.1  # seconds
_TELL = 0.5  # seconds between two words of progress
_A_DAY = 86400.0  # seconds a robots.txt may be used before it is asked for again (RFC 9309 §2.4)
_LARGEST_LOSS = 0.3  # share of a site's articles that one run may let go
_log = logging.getLogger(__name__)


class House:
    """All rooms opened with one configuration. Close it, or use it in a `with` statement."""

    def __init__(self, config: Config) -> None:
        self.config = config
        self.catalogue = Catalogue(config.catalogue_url)
        self.engine: Engine = engine_at(config.index_url)
        self.reader: Worker[Page, Reading] = Worker(partial(ReadingJob, config.vocabulary, config.only_own_vocabulary))
        self.owner = own_name()

    def close(self) -> None:
        """Close every room."""
        self.reader.close()
        self.catalogue.close()

    def __enter__(self) -> Self:
        return self

    def __exit__(self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None) -> None:
        self.close()


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


# --- collect -----------------------------------------------------------------------------------------------------


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
    order = _order(house, site, crawl)
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


def _order(house: House, site: Site, crawl: Crawl) -> Order:
    """Put together what the crawler needs to know, from the settings and from what the catalogue knows of the site."""
    catalogue = house.catalogue
    return replace(
        order_for(house.config, site, crawl),
        likely=catalogue.pages.likely_folders(site.name),
        forgotten=tuple(catalogue.tombstones.all()),
        since=catalogue.sites.last_complete(site.name),
        robots={origin: Remembered(*answer) for origin, answer in catalogue.sites.robots(site.name).items()},
        robots_age=_A_DAY if crawl.asks == FEEDS else 0.0,
    )


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
    if crawl.index:
        index(house)
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
    task = Task(house.config.catalogue_url, site.name, house.owner, order, crawl.asks, _bounds(house.config, site.name), log_file)
    frontier = house.catalogue.frontier(site.name, house.owner)
    manner = manner_of(house.config, house.catalogue, site.name)
    count, indexed, told = 0, time.monotonic(), 0.0
    with Crawling(task) as crawling:
        while True:
            alive = crawling.is_alive()
            some = _read_some(house, manner)
            count += some
            if crawl.index and some and time.monotonic() - indexed > _INDEX_EVERY:
                _settle(house, site.name, final=False)
                _index_if_free(house)
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


def _bounds(config: Config, site: str) -> Bounds:
    """Give how long a page may wait for its next visit, as the owner says; ConfigError if that is no interval."""
    settings, usual = config.for_site(site), Bounds()
    given = []
    for name, text, default in (("revisit_least", settings.revisit_least, usual.least), ("revisit_most", settings.revisit_most, usual.most)):
        given.append(seconds_of(f"[site.{site}]: {name}", text) if text else default)
    return Bounds(*given)


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


# --- read --------------------------------------------------------------------------------------------------------


class ReadingJob:
    """What the reader process does: pages to readings."""

    def __init__(self, own: Sequence[str] = (), only_own: bool = False) -> None:
        from .pipeline import trained
        from .vocabulary import concepts, owner

        shipped = None if only_own else concepts.load()
        mine = [concept for name in own for concept in owner.parse(name, Path(name).read_bytes())]
        self._context = Context("", owner.extended(shipped, mine) if own or not shipped else shipped, trained.load())

    def prepare(self, setup: tuple[str, SiteModel, SiteRules] | None) -> None:
        """Take the site whose pages come next."""
        if setup:
            site, model, rules = setup
            self._context = replace(self._context, site=site, model=corrected(model, rules), rules=rules)

    def do(self, item: Page) -> Reading:
        """Read one page."""
        return read_page(item, self._context)


def read(house: House, site: str) -> int:
    """Read every page of a site that was not read with what is known by now; count them."""
    manner = manner_of(house.config, house.catalogue, site)
    count = 0
    while some := _read_some(house, manner):
        count += some
    return count


def _read_some(house: House, manner: Manner) -> int:
    pages = house.catalogue.pages.unread(manner.site, manner.version, _BATCH)
    if not pages:
        return 0
    house.reader.prepare((manner.site, manner.model, manner.rules))
    outcomes = [_outcome(page, result) for page, result in zip(pages, house.reader.work(pages), strict=True)]
    house.catalogue.articles.save(manner.site, outcomes, manner.version)
    return len(pages)


def _outcome(page: Page, reading: Reading | Failure) -> Outcome:
    if isinstance(reading, Failure):
        _log.info("page url=%s fate=unreadable detail=%s %s", page.url, reading.detail, reading.trace)
        reading = unreadable(page, reading.detail)
    notes = reading.notes.to_record() if reading.notes else None
    return Outcome(page.url, reading.outcome, reading.canonical, reading.digest, notes, reading.origins, reading.noarchive)


def finish_reading(house: House, site: str, *, guarded: bool = False) -> dict[str, int]:
    """Read what is left, learn the site, read every page again if that taught anything new, and settle for good.

    What is no article any more goes; with `guarded`, not if that is more than _LARGEST_LOSS of the site, and more than one
    article. Gives the articles that are held back, by reason; empty if none is.
    """
    read(house, site)
    if house.catalogue.sites.is_settled(site):
        _drop_bytes(house, site)
        return {}
    model = learn(Notes.from_record(record) for record in house.catalogue.pages.notes(site))
    if model != manner_of(house.config, house.catalogue, site).model:
        house.catalogue.models.put(site, model.version, model.to_record())
        read(house, site)
    _settle(house, site, final=False)
    lost, count = house.catalogue.articles.losses(site)
    held = lost if guarded and sum(lost.values()) > max(1, _LARGEST_LOSS * count) else {}
    if not held:
        house.catalogue.articles.let_go(site)
    _settle(house, site, final=True)
    link_near(house)
    if not held:
        house.catalogue.sites.note_settled(site)
    _drop_bytes(house, site)
    return held


def _drop_bytes(house: House, site: str) -> None:
    """Drop the bytes that the pages or the owner do not want kept; what is now to be read otherwise is fetched again by the next run."""
    age = house.config.raw_max_age
    before = time.time() - seconds_of("raw_max_age", age) if age else 0.0
    version = manner_of(house.config, house.catalogue, site).version
    house.catalogue.pages.drop_bytes(site, version, before if house.config.keep_raw else time.time())
    house.catalogue.pages.want_again(site, version)


def link_near(house: House) -> int:
    """Link the articles of all sites that say nearly the same; count those whose links changed."""
    return house.catalogue.articles.link(near.link(near.Text(*row) for row in house.catalogue.articles.fingerprints()))


def _settle(house: House, site: str, *, final: bool) -> None:
    kept = duplicates.choose(duplicates.Candidate(*row) for row in house.catalogue.articles.candidates(site))
    house.catalogue.articles.settle(site, kept, final=final)


# --- index -------------------------------------------------------------------------------------------------------


def index(house: House) -> int:
    """Bring the index up to the catalogue; count the changes. An index that does not open is built anew."""
    try:
        with house.engine.reader() as reader:
            stamp = reader.stamp()
    except IndexMissing:
        return rebuild(house)
    except IndexUnreadable as error:
        _log.warning("%s; it is built anew from the catalogue", str(error).partition(";")[0])
        return rebuild(house)
    if stamp > house.catalogue.articles.newest_change():
        return rebuild(house)  # the index follows another catalogue
    count = 0
    try:
        while house.catalogue.articles.changes(stamp, 1):
            stamp, some = _index_some(house)
            count += some
    except IndexUnreadable as error:
        _log.warning("%s; it is built anew from the catalogue", str(error).partition(";")[0])
        return rebuild(house)
    return count


def _index_some(house: House) -> tuple[int, int]:
    """Bring the next changes into the index: the stamp afterwards, and how many. What is next is asked when the index is ours."""
    with house.engine.writer() as writer:
        with house.engine.reader() as reader:
            stamp = reader.stamp()
        changes = house.catalogue.articles.changes(stamp, _CHANGES)
        if changes:
            writer.remove(change.id for change in changes if change.article is None)
            writer.replace(change.article for change in changes if change.article is not None)
            stamp = changes[-1].number
            writer.commit(stamp)
    return stamp, len(changes)


def _index_if_free(house: House) -> None:
    """Index beside the crawl; if another run holds the index, the end of this run will do."""
    try:
        index(house)
    except EngineError as error:
        _log.info("index postponed: %s", error)


def rebuild(house: House, *, keep: bool = True) -> int:
    """Build the index anew beside the old one from the catalogue alone, and swap; count the articles. `keep` the old one to roll back to."""
    count = 0
    with house.engine.writer(fresh=True) as writer:
        stamp = house.catalogue.articles.newest_change()
        batch: list[Article] = []
        for article in house.catalogue.articles.all():
            batch.append(article)
            count += 1
            if len(batch) == _CHANGES:
                writer.replace(batch)
                writer.commit(0)
                batch = []
        writer.replace(batch)
        writer.commit(stamp)
        writer.swap(keep=keep)
    return count


def problems(house: House) -> list[str]:
    """Check catalogue and index and that they hold the same articles; an empty list if all is well."""
    found = [*house.catalogue.problems(), *house.engine.problems()]
    if found:
        return found
    with house.engine.reader() as reader:
        stamp, held = reader.stamp(), set(reader.ids())
    wanted = {article.id for article in house.catalogue.articles.all()}
    if stamp == house.catalogue.articles.newest_change() and held != wanted:
        found.append(f"the index lacks {len(wanted - held)} articles and has {len(held - wanted)} too many; run `clinicdex reindex`")
    return found


# --- away ----------------------------------------------------------------------------------------------------------


def forget(house: House, target: str) -> int:
    """Take a site (by name), an address, or all below one that ends with "/" or "*" out of catalogue and index; count the pages and articles.

    An address gets a tombstone: no crawl and no import brings it back until `Tombstones.lift`. The index is built anew, because
    deleted text stays in its files otherwise. CatalogueError if a crawl holds a site that is touched.
    """
    known = {site.name: site for site in house.catalogue.sites.all()}
    names = known.keys() | house.catalogue.articles.sites()
    if target not in names and not target.startswith(("http://", "https://")):
        raise ConfigError(f"{target!r} is neither a site nor a web address; `clinicdex site list` shows the sites")
    address = "" if target in names else target
    touched = [target] if target in names else sorted(name for name in names if name not in known or urls.Scope(known[name].url).holds(target))
    with ExitStack() as held:
        for name in touched:
            if name in known:
                held.enter_context(hold(house.catalogue.sites, name, house.owner))
        count = _forget(house, touched, address)
    if target in known:
        house.catalogue.sites.remove(target)
    house.catalogue.compact()
    link_near(house)
    rebuild(house, keep=False)  # also when nothing is left to forget: an earlier try may have ended here
    return count


def _forget(house: House, names: Sequence[str], address: str) -> int:
    if address:
        house.catalogue.tombstones.put(address)
    count = 0
    for name in names:
        some = house.catalogue.articles.forget(name, address) + house.catalogue.pages.forget(name, address)
        count += some
        if some:
            _settle(house, name, final=True)
    return count
