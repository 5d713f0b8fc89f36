"""Fetch one page, in a child process, through the same crawler as everything else."""

from __future__ import annotations

import multiprocessing
from collections.abc import Sequence
from multiprocessing.connection import Connection
from pathlib import Path
from typing import Any

from .article import Page
from .catalogue.sites import Site
from .config import Config
from .crawler.frontier import PAGE, Entry, Visit
from .flow import Crawl, log_to, order_for

__all__ = ["fetch_one"]

_MOST_MOVES = 5


class _OnePage:
    """A frontier that holds one address and where it moves to."""

    def __init__(self, url: str) -> None:
        self._waiting = [Entry(0, url, PAGE, 0, 9, "", "")]
        self.page: Page | None = None
        self.moves = 0

    def take(self, most: int) -> Sequence[Entry]:
        """Take the address, once."""
        taken, self._waiting = self._waiting, []
        return taken

    def commit(self, visits: Sequence[Visit]) -> None:
        """Keep the page, or follow where it moved."""
        for visit in visits:
            self.page = visit.page or self.page
            if visit.outcome == "moved" and visit.links and self.moves < _MOST_MOVES:
                self.moves += 1
                self._waiting = [Entry(self.moves, visit.links[0].url, PAGE, 0, 9, "", "")]

    def waiting(self) -> int:
        """Count what is left."""
        return len(self._waiting)


def fetch_one(url: str, config: Config) -> Page | None:
    """Fetch a page; None if it could not be had. Robots, guard and limits as in a crawl."""
    order = order_for(config, Site("extract", url), Crawl(delay=None))
    context = multiprocessing.get_context("spawn")
    control, theirs = context.Pipe()
    child = context.Process(target=_child, args=(url, order, theirs, config.data_dir / "logs" / "extract.log"), daemon=True)
    child.start()
    theirs.close()
    try:
        return control.recv()  # type: ignore[no-any-return]
    except EOFError:
        return None
    finally:
        control.close()
        child.join()


def _child(url: str, order: dict[str, Any], control: Connection, log_file: Path) -> None:
    from .crawler.run import Order, crawl

    log_to(log_file)
    frontier = _OnePage(url)
    crawl(Order(**order), frontier, control)
    control.send(frontier.page)
