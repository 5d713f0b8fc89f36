"""The child process that crawls one site: start it, ask it to finish, read its tally.

It ends when this process does. Scrapy's reactor cannot be started twice in a process, so every crawl gets its
own process, whose main function is `fetch`.
"""

from __future__ import annotations

import logging
import multiprocessing
from contextlib import suppress
from dataclasses import dataclass
from multiprocessing.connection import Connection
from pathlib import Path
from types import TracebackType
from typing import Self

from ..catalogue import Bounds, Catalogue
from ..crawler.spec import CrawlSpec, CrawlTally
from ..errors import CatalogueError, SiteError
from ..urls import is_under

__all__ = ["CrawlProcess", "CrawlTask", "fetch", "log_to"]

# seconds that a crawl has for its open requests once it is asked to finish
# (chosen by hand: more than the timeout of a page)
_FINISHING = 40.0


@dataclass(frozen=True, slots=True, kw_only=True)
class CrawlTask:
    """What the crawl process needs to crawl one site."""

    catalogue_url: str
    site: str
    owner: str  # holder of the site's lease
    spec: CrawlSpec
    asks: str  # which known URLs to request; see catalogue.Frontier
    bounds: Bounds  # on the time between two visits to a page
    log_file: Path


class CrawlProcess:
    """A crawl that runs in its own process. Use it in a `with` statement."""

    def __init__(self, task: CrawlTask) -> None:
        context = multiprocessing.get_context("spawn")
        self._control, theirs = context.Pipe()
        self._process = context.Process(target=fetch, args=(task, theirs), daemon=True)
        self._process.start()
        theirs.close()
        self._start = task.spec.start
        self._asked_to_finish = False

    def is_alive(self) -> bool:
        """Whether the crawl is still running."""
        return self._process.is_alive()

    def finish(self) -> None:
        """Ask the process to complete its open requests and end; further calls do nothing."""
        if not self._asked_to_finish:
            self._asked_to_finish = True
            with suppress(OSError):  # the process has ended already
                self._control.send("finish")

    def tally(self) -> CrawlTally:
        """Return what the process counted.

        SiteError if it ended without an answer, or answered with the reason why it could not crawl.
        """
        answer: object = None
        with suppress(EOFError, OSError):
            answer = self._control.recv() if self._control.poll() else None
        if isinstance(answer, CrawlTally):
            return answer
        why = (
            answer
            or f"the crawler ended early (status {self._process.exitcode}); run the same "
            f"command again to go on"
        )
        raise SiteError(f"{self._start}: {why}")

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self._control.close()
        self._process.join(_FINISHING)
        if self._process.is_alive():
            self._process.kill()
            self._process.join()


def fetch(task: CrawlTask, control: Connection) -> None:
    """Crawl one site: the main function of the child process.

    Sends a CrawlTally through `control` at the end, or a text that says what went wrong.
    """
    import signal

    from ..crawler.discovery import seeds
    from ..crawler.run import crawl

    # The parent asks this process to finish; a terminal's Ctrl-C is for the parent.
    signal.signal(signal.SIGINT, signal.SIG_IGN)
    log_to(task.log_file)
    try:
        with Catalogue(task.catalogue_url) as catalogue:
            frontier = catalogue.frontier(task.site, task.owner, asks=task.asks, bounds=task.bounds)
            frontier.open_run(
                [
                    seed
                    for seed in seeds(task.spec.start, task.spec.starts)
                    if not is_under(seed.url, task.spec.forgotten)
                ]
            )
            control.send(crawl(task.spec, frontier, control))
    except (CatalogueError, SiteError) as error:
        control.send(str(error))


def log_to(file: Path) -> None:
    """Send this process's log to a file that is rotated at 5 MB; one old file is kept."""
    from logging.handlers import RotatingFileHandler

    file.parent.mkdir(parents=True, exist_ok=True, mode=0o700)
    handler = RotatingFileHandler(file, maxBytes=5_000_000, backupCount=1, encoding="utf-8")
    handler.setFormatter(logging.Formatter("%(asctime)s %(levelname)s %(name)s %(message)s"))
    logging.basicConfig(level=logging.INFO, handlers=[handler], force=True)
