"""The process that crawls one site: started, asked to finish, asked what it did; it ends when this process does.

Scrapy's reactor cannot be started twice in a process, so every crawl gets one of its own, whose main is `fetch`.
"""

from __future__ import annotations

import logging
import multiprocessing
from contextlib import suppress
from multiprocessing.connection import Connection
from pathlib import Path
from types import TracebackType
from typing import Any, NamedTuple, Self

from .catalogue import Bounds, Catalogue
from .crawler.order import Order
from .errors import CatalogueError, SiteError
from .urls import is_under

__all__ = ["Crawling", "Task", "fetch", "log_to"]

_FINISHING = 40.0  # seconds a crawl that is asked to stop has for the answers still open


class Task(NamedTuple):
    """What the process is told."""

    catalogue_url: str
    site: str
    owner: str  # of the site's lease
    order: Order
    asks: str  # for which of the known addresses; see catalogue.Frontier
    bounds: Bounds  # of the time between two visits to a page
    log_file: Path


class Crawling:
    """A crawl that goes on in its own process. Use it in a `with` statement."""

    def __init__(self, task: Task) -> None:
        context = multiprocessing.get_context("spawn")
        self._control, theirs = context.Pipe()
        self._process = context.Process(target=fetch, args=(task, theirs), daemon=True)
        self._process.start()
        theirs.close()
        self._start = task.order.start
        self._asked = False

    def is_alive(self) -> bool:
        """Tell whether it still goes on."""
        return self._process.is_alive()

    def finish(self) -> None:
        """Ask it to finish what is open, once."""
        if not self._asked:
            self._asked = True
            with suppress(OSError):  # it has ended already
                self._control.send("finish")

    def answer(self) -> dict[str, Any]:
        """Give what it said last (`crawler.run.Tally` as a dict); SiteError if it said nothing or that it failed."""
        answer: tuple[str, Any] = ("error", f"the crawler ended early (status {self._process.exitcode}); run the same command again to go on")
        with suppress(EOFError, OSError):
            answer = self._control.recv() if self._control.poll() else answer
        if answer[0] == "error":
            raise SiteError(f"{self._start}: {answer[1]}")
        return dict(answer[1])

    def __enter__(self) -> Self:
        return self

    def __exit__(self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None) -> None:
        self._control.close()
        self._process.join(_FINISHING)
        if self._process.is_alive():
            self._process.kill()
            self._process.join()


def fetch(task: Task, control: Connection) -> None:
    """Be the process that crawls one site."""
    import signal

    from .crawler.discovery import seeds
    from .crawler.run import crawl

    signal.signal(signal.SIGINT, signal.SIG_IGN)  # the parent asks us to finish; a terminal's Ctrl-C goes to it
    log_to(task.log_file)
    try:
        with Catalogue(task.catalogue_url) as catalogue:
            frontier = catalogue.frontier(task.site, task.owner, asks=task.asks, bounds=task.bounds)
            frontier.open_run([seed for seed in seeds(task.order.start) if not is_under(seed.url, task.order.forgotten)])
            control.send(("done", crawl(task.order, frontier, control)._asdict()))
    except (CatalogueError, SiteError) as error:
        control.send(("error", str(error)))


def log_to(file: Path) -> None:
    """Send this process's log to a file that is renewed at 5 MB."""
    from logging.handlers import RotatingFileHandler

    file.parent.mkdir(parents=True, exist_ok=True, mode=0o700)
    handler = RotatingFileHandler(file, maxBytes=5_000_000, backupCount=1, encoding="utf-8")
    handler.setFormatter(logging.Formatter("%(asctime)s %(levelname)s %(name)s %(message)s"))
    logging.basicConfig(level=logging.INFO, handlers=[handler], force=True)
