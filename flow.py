"""The corridor: the only module that knows the whole way of the data.

    collect    a site:  crawler ──Page──▶ catalogue, while what came in is read and indexed
    read       catalogue ──Page──▶ pipeline ──Article──▶ catalogue
    index      catalogue ──Article──▶ index
    run_due    collect every site whose time has come
    forget     take an address, a prefix or a site out of everything

Every leg can be run again alone, does nothing twice, and survives `kill -9`.
"""

from __future__ import annotations

import logging
import math
import multiprocessing
import time
from collections.abc import Callable, Iterator, Sequence
from contextlib import suppress
from dataclasses import dataclass, field, replace
from datetime import UTC, datetime
from functools import partial
from multiprocessing.connection import Connection
from pathlib import Path
from types import TracebackType
from typing import Any, Self

from . import schedule, urls
from .article import Article, Page
from .catalogue import Catalogue
from .catalogue.articles import Outcome
from .catalogue.sites import Site
from .config import Config
from .errors import CatalogueError, ConfigError, EngineError, IndexMissing, IndexUnreadable, SiteError
from .holding import hold, own_name
from .index.engine import Engine
from .index.open import engine_at
from .manner import Manner, manner_of
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
    "fetch",
    "finish_reading",
    "forget",
    "index",
    "link_near",
    "log_to",
    "order_for",
    "problems",
    "read",
    "rebuild",
    "run_due",
]  # fmt: skip

_BATCH = 32  # pages read between two writes
_INDEX_EVERY = 3.0  # seconds between two commits of the index while a crawl runs
_CHANGES = 500  # articles in one commit of the index
_POLL = 0.1  # seconds
_FINISHING = 40.0  # seconds a crawl that is asked to stop has for the answers still open
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
class Crawl:
    """How to crawl this time; None means as the site's settings and the configuration say."""

    max_pages: int | None = None
    delay: float | None = None
    allow_hosts: tuple[str, ...] = ()
    full: bool = False  # ask for every page anew, whatever is known of it
    index: bool = True


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
    outcome: str  # done, partial (some pages failed), stopped
    pages: int  # in the catalogue
    articles: int  # visible
    doubles: int  # pages that are another address of an article
    rejected: dict[str, int]  # pages that are no articles, by reason
    failed: dict[str, int]  # addresses that could not be fetched, by what happened
    seconds: float
    dropped: dict[str, int] = field(default_factory=dict)  # links not followed, by reason


# --- collect -----------------------------------------------------------------------------------------------------


def collect(house: House, site: Site, crawl: Crawl, tell: Callable[[Progress], None], stopping: Callable[[], bool]) -> Summary:
    """Crawl a site to the end, reading and indexing beside it.

    `tell` hears of progress a few times a second; when `stopping` says so, what is open is finished and the run can
    be gone on with later. SiteError if nothing of the site could be fetched, CatalogueError if another run holds it.
    """
    started = time.monotonic()
    order = order_for(house.config, site, crawl)
    with hold(house.catalogue.sites, site.name, house.owner) as still_ours:
        run = house.catalogue.sites.start_run(site.name)
        outcome = "failed"
        try:
            dropped = _crawl_and_read(house, site, order, crawl, tell, lambda: stopping() or not still_ours())
            _check(still_ours, site)
            finish_reading(house, site.name)
            _check(still_ours, site)
            if crawl.index:
                index(house)
            summary = replace(_summary(house, site, stopping()), seconds=time.monotonic() - started, dropped=dropped)
            outcome = summary.outcome
            frontier = house.catalogue.frontier(site.name, house.owner)
            if not frontier.unfinished():
                frontier.close_run()
        finally:
            counts = {"pages": house.catalogue.pages.count(site.name), "articles": house.catalogue.articles.count(site.name)}
            house.catalogue.sites.end_run(run, outcome, counts)
    _raise_if_unreachable(site, summary)
    _log.info("run site=%s outcome=%s pages=%d articles=%d seconds=%.1f", site.name, outcome, summary.pages, summary.articles, summary.seconds)
    return summary


def order_for(config: Config, site: Site, crawl: Crawl) -> dict[str, Any]:
    """Put together what the crawler needs to know; ConfigError if it may not crawl like this."""
    delay = next(value for value in (crawl.delay, site.delay, config.delay) if value is not None)
    host, _ = urls.host_port(site.url)
    if not math.isfinite(delay):
        raise ConfigError(f"{site.url}: a delay of {delay} seconds means nothing; give --delay a number")
    if not urls.is_loopback(host):
        if not config.contact:
            raise ConfigError(f'{site.url}: a crawl needs a contact; set contact = "you@example.org" in clinicdex.toml')
        if not delay > 0:
            raise ConfigError(f"{site.url}: a delay of 0 is for one's own machine only; leave --delay out")
    return {
        "start": site.url,
        "user_agent": user_agent(config.contact),
        "delay": delay,
        "timeout": config.timeout,
        "max_bytes": config.max_bytes,
        "max_pages": crawl.max_pages or config.max_pages,
        "allow": site.allow,
        "deny": site.deny,
        "allow_hosts": (*config.allow_hosts, *site.allow_hosts, *crawl.allow_hosts),
        "proxy": config.proxy,
    }


def user_agent(contact: str | None) -> str:
    """Name ourselves and whom to write to."""
    from . import __version__

    return f"clinicdex/{__version__} (+{contact})" if contact else f"clinicdex/{__version__}"


def _check(still_ours: Callable[[], bool], site: Site) -> None:
    if not still_ours():
        raise CatalogueError(f"site {site.name}: another run has taken it over; this one stops")


def _crawl_and_read(
    house: House, site: Site, order: dict[str, Any], crawl: Crawl, tell: Callable[[Progress], None], stopping: Callable[[], bool]
) -> dict[str, int]:
    """Run the crawler in a child process; read and index what it brings until it has ended and nothing is left."""
    context = multiprocessing.get_context("spawn")
    control, theirs = context.Pipe()
    log_file = house.config.data_dir / "logs" / f"{site.name}.log"
    arguments = (house.config.catalogue_url, site.name, house.owner, order, crawl.full, theirs, log_file)
    child = context.Process(target=fetch, args=arguments, daemon=True)
    child.start()
    theirs.close()
    frontier = house.catalogue.frontier(site.name, house.owner)
    manner = manner_of(house.config, house.catalogue, site.name)
    count, indexed, asked = 0, time.monotonic(), False
    try:
        while True:
            alive = child.is_alive()
            some = _read_some(house, manner)
            count += some
            if crawl.index and some and time.monotonic() - indexed > _INDEX_EVERY:
                _settle(house, site.name, final=False)
                _index_if_free(house)
                indexed = time.monotonic()
            tell(Progress(site.name, frontier.visited(), frontier.waiting(), count, house.catalogue.articles.count(site.name)))
            if stopping() and not asked:
                asked = _ask_to_finish(control)
            if not some and not alive:
                break
            if not some:
                time.sleep(_POLL)
        return _answer(control, child.exitcode, site)
    finally:
        control.close()
        child.join(_FINISHING)
        if child.is_alive():
            child.kill()
            child.join()


def _ask_to_finish(control: Connection) -> bool:
    with suppress(OSError):  # it has ended already
        control.send("finish")
    return True


def _answer(control: Connection, exit_code: int | None, site: Site) -> dict[str, int]:
    """Give what the child said last; SiteError if it said nothing or that it failed."""
    answer: tuple[str, Any] = ("error", f"the crawler ended early (status {exit_code}); run the same command again to go on")
    with suppress(EOFError, OSError):
        answer = control.recv() if control.poll() else answer
    if answer[0] == "error":
        raise SiteError(f"{site.url}: {answer[1]}")
    return dict(answer[1])


def fetch(catalogue_url: str, site: str, owner: str, order: dict[str, Any], full: bool, control: Connection, log_file: Path) -> None:
    """Be the child process that crawls one site."""
    import signal

    from .crawler.discovery import seeds
    from .crawler.run import Order, crawl

    signal.signal(signal.SIGINT, signal.SIG_IGN)  # the parent asks us to finish; a terminal's Ctrl-C goes to it
    log_to(log_file)
    try:
        with Catalogue(catalogue_url) as catalogue:
            frontier = catalogue.frontier(site, owner, conditional=not full)
            frontier.open_run(seeds(order["start"]))
            control.send(("done", crawl(Order(**order), frontier, control)))
    except (CatalogueError, SiteError) as error:
        control.send(("error", str(error)))


def log_to(file: Path) -> None:
    """Send this process's log to a file that is renewed at 5 MB."""
    from logging.handlers import RotatingFileHandler

    file.parent.mkdir(parents=True, exist_ok=True, mode=0o700)
    handler = RotatingFileHandler(file, maxBytes=5_000_000, backupCount=1, encoding="utf-8")
    handler.setFormatter(logging.Formatter("%(asctime)s %(levelname)s %(name)s %(message)s"))
    logging.basicConfig(level=logging.INFO, handlers=[handler], force=True)


def _summary(house: House, site: Site, stopped: bool) -> Summary:
    outcomes = house.catalogue.frontier(site.name, house.owner).outcomes()
    failed = {name: count for name, count in outcomes.items() if not name.isdigit() and name not in ("moved", "robots")}
    failed |= {name: count for name, count in outcomes.items() if name.isdigit() and int(name) >= 500}
    return Summary(
        site=site.name,
        outcome="stopped" if stopped else "partial" if failed else "done",
        pages=house.catalogue.pages.count(site.name),
        articles=house.catalogue.articles.count(site.name),
        doubles=house.catalogue.articles.doubles(site.name),
        rejected=house.catalogue.pages.rejections(site.name),
        failed=failed,
        seconds=0.0,
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
    return Outcome(page.url, reading.outcome, reading.canonical, reading.digest, notes, reading.origins)


def finish_reading(house: House, site: str) -> None:
    """Read what is left, learn the site, read every page again if that taught anything new, and settle for good."""
    read(house, site)
    model = learn(Notes.from_record(record) for record in house.catalogue.pages.notes(site))
    if model != manner_of(house.config, house.catalogue, site).model:
        house.catalogue.models.put(site, model.version, model.to_record())
        read(house, site)
    _settle(house, site, final=True)
    link_near(house)


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
    while changes := house.catalogue.articles.changes(stamp, _CHANGES):
        with house.engine.writer() as writer:
            writer.remove(change.id for change in changes if change.article is None)
            writer.replace(change.article for change in changes if change.article is not None)
            stamp = changes[-1].number
            writer.commit(stamp)
        count += len(changes)
    return count


def _index_if_free(house: House) -> None:
    """Index beside the crawl; if another run holds the index, the end of this run will do."""
    try:
        index(house)
    except EngineError as error:
        _log.info("index postponed: %s", error)


def rebuild(house: House) -> int:
    """Build the index anew beside the old one from the catalogue alone, and swap; count the articles."""
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
        writer.swap()
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


# --- on a schedule, and away --------------------------------------------------------------------------------------


def run_due(
    house: House, when: datetime, tell: Callable[[Progress], None], stopping: Callable[[], bool]
) -> Iterator[tuple[Site, Summary | Exception]]:
    """Collect every site that is due, longest overdue first; say how each went. A missed time is made up once."""
    for site in house.catalogue.sites.due(when.timestamp()):
        if stopping():
            return
        try:
            result: Summary | Exception = collect(house, site, Crawl(), tell, stopping)
        except (SiteError, CatalogueError, ConfigError, EngineError) as error:
            result = error
        due = schedule.next_due(site.name, site.every, site.cron, datetime.now(UTC))
        house.catalogue.sites.set_next_due(site.name, due.timestamp() if due else None)
        yield site, result


def forget(house: House, target: str) -> int:
    """Take a site (by name), an address or a prefix out of catalogue and index; count the pages and articles.

    The index is built anew, because deleted text stays in its files otherwise.
    """
    known = {site.name for site in house.catalogue.sites.all()} | house.catalogue.articles.sites()
    if target not in known and not target.startswith(("http://", "https://")):
        raise ConfigError(f"{target!r} is neither a site nor the beginning of a web address; `clinicdex site list` shows the sites")
    names = [target] if target in known else sorted(known)
    prefix = "" if target in known else target
    count = 0
    for name in names:
        count += house.catalogue.articles.forget(name, prefix) + house.catalogue.pages.forget(name, prefix)
        _settle(house, name, final=True)
    if target in known:
        house.catalogue.sites.remove(target)
    if count:
        rebuild(house)
    return count
