"""The house: all rooms opened with one configuration, and the process that reads."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from functools import partial
from pathlib import Path
from types import TracebackType
from typing import Self

from .article import Page
from .catalogue import Catalogue
from .config import Config
from .holding import own_name
from .index.engine import Engine
from .index.open import engine_at
from .pipeline.read import Context, Reading
from .pipeline.read import read as read_page
from .pipeline.rules import SiteRules
from .pipeline.site import SiteModel, corrected
from .worker import Worker

__all__ = ["House", "ReadingJob"]


class House:
    """All rooms opened with one configuration. Close it, or use it in a `with` statement."""

    def __init__(self, config: Config, owner: str | None = None) -> None:
        """Open them, as the holder of leases that were taken under a name, or as one of its own."""
        self.config = config
        self.catalogue = Catalogue(config.catalogue_url)
        self.engine: Engine = engine_at(config.index_url)
        self.reader: Worker[Page, Reading] = Worker(partial(ReadingJob, config.vocabulary, config.only_own_vocabulary))
        self.owner = owner or own_name()

    def close(self) -> None:
        """Close every room."""
        self.reader.close()
        self.engine.close()
        self.catalogue.close()

    def __enter__(self) -> Self:
        return self

    def __exit__(self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None) -> None:
        self.close()


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
