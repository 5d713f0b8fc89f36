"""Fetch without a catalogue, in a child process, through the same crawler as everything else: one page, or a look ahead at a site."""

from __future__ import annotations

import multiprocessing
from collections.abc import Sequence
from dataclasses import dataclass, field
from multiprocessing.connection import Connection
from pathlib import Path
from typing import Any, TypeVar

from .article import Page
from .catalogue.sites import Site
from .config import Config
from .crawler.discovery import seeds
from .crawler.frontier import PAGE, Entry, Frontier, Link, Visit
from .crawler.order import Order
from .crawling import log_to
from .orders import Crawl, order_for

__all__ = ["Fetched", "Preview", "fetch_one", "look_ahead"]

_MOST_MOVES = 5
_MANY_TRIES = 9  # as if it had been tried often: what fails is not tried again
F = TypeVar("F", bound=Frontier)


@dataclass
class Fetched:
    """A frontier that holds one address and where it moves to; afterwards, what became of it."""

    url: str
    page: Page | None = None  # the last answer
    outcome: str = "unreachable"  # of the last request
    moves: int = 0
    _waiting: bool = True

    def take(self, most: int) -> Sequence[Entry]:
        """Take the address, once."""
        taken = [Entry(self.moves, self.url, PAGE, 1, _MANY_TRIES, "", "")] if self._waiting else []
        self._waiting = False
        return taken

    def commit(self, visits: Sequence[Visit]) -> int:
        """Keep the page, or follow where it moved."""
        for visit in visits:
            self.page, self.outcome = visit.page or self.page, visit.outcome
            if visit.outcome == "moved" and visit.links and self.moves < _MOST_MOVES:
                self.moves, self.url, self._waiting = self.moves + 1, visit.links[0].url, True
        return 0

    def has_waiting(self) -> bool:
        """Tell whether something is left."""
        return self._waiting


@dataclass
class Preview:
    """A frontier that lets discovery run, but no page beside the first; afterwards, what would be asked for."""

    pages: dict[str, Link] = field(default_factory=dict)  # address -> how it was found
    outcomes: dict[str, str] = field(default_factory=dict)  # what was asked for -> what became of it
    dropped: dict[str, int] = field(default_factory=dict)  # links not followed, by reason
    _waiting: list[Link] = field(default_factory=list)
    _taken: list[Link] = field(default_factory=list)

    def add(self, links: Sequence[Link], *, first: bool = False) -> None:
        """Note pages, queue the rest; the `first` links are queued whatever they are."""
        for link in links:
            if link.kind == PAGE and self.pages.setdefault(link.url, link) is link and not first:
                continue
            if first or (link.kind != PAGE and link not in self._taken):
                self._waiting.append(link)

    def take(self, most: int) -> Sequence[Entry]:
        """Take what discovery asks for."""
        taken, self._waiting = self._waiting[:most], self._waiting[most:]
        start = len(self._taken)
        self._taken += taken
        return [Entry(start + number, link.url, link.kind, link.depth, _MANY_TRIES, "", "") for number, link in enumerate(taken)]

    def commit(self, visits: Sequence[Visit]) -> int:
        """Note what was found."""
        for visit in visits:
            self.outcomes[self._taken[visit.id].url] = visit.outcome
            self.add(visit.links)
        return 0

    def has_waiting(self) -> bool:
        """Tell whether discovery has something left."""
        return bool(self._waiting)


def fetch_one(url: str, config: Config, site: Site | None = None) -> Fetched:
    """Fetch a page. Robots, guard and limits as in a crawl of its site."""
    fetched, _ = _in_child(order_for(config, site or Site("extract", url), Crawl()), Fetched(url), config)
    return fetched


def look_ahead(site: Site, config: Config, crawl: Crawl) -> Preview:
    """Ask a site for what it says of itself (robots.txt, sitemaps, feeds, the first page) and for nothing else."""
    preview = Preview()
    preview.add(seeds(site.url), first=True)
    preview, dropped = _in_child(order_for(config, site, crawl), preview, config)
    preview.dropped = dropped
    return preview


def _in_child(order: Order, frontier: F, config: Config) -> tuple[F, dict[str, int]]:
    context = multiprocessing.get_context("spawn")
    control, theirs = context.Pipe()
    child = context.Process(target=_child, args=(order, frontier, theirs, config.data_dir / "logs" / "fetch.log"), daemon=True)
    child.start()
    theirs.close()
    try:
        answer: Any = control.recv()
        return answer[0], answer[1]
    except EOFError:
        return frontier, {}
    finally:
        control.close()
        child.join()


def _child(order: Order, frontier: Frontier, control: Connection, log_file: Path) -> None:
    from .crawler.run import crawl

    log_to(log_file)
    tally = crawl(order, frontier, control)
    control.send((frontier, tally.dropped))
