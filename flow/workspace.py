"""What the steps work on, opened with one configuration: catalogue, index and extraction process.

The engine and the process are loaded on first use, so that a command that only reads the catalogue starts
without them.
"""

from __future__ import annotations

from functools import cached_property, partial
from types import TracebackType
from typing import TYPE_CHECKING, Self

from ..catalogue import Catalogue
from ..catalogue.copy import copy as copy_catalogue
from ..config import Config
from ..index.open import check
from .lease import own_name

if TYPE_CHECKING:
    from ..index.engine import Engine
    from ..pipeline.extract import Extraction
    from ..records import Page
    from .worker import Worker

__all__ = ["Workspace", "copy_catalogue"]


class Workspace:
    """Catalogue, index and extraction process. Close it, or use it in a `with` statement."""

    def __init__(self, config: Config, owner: str | None = None) -> None:
        """Open the catalogue. Leases are taken under the name `owner`; if it is None, under a new name.

        ConfigError if catalogue or index cannot be at their addresses: it is seen before anything is changed.
        """
        check(config.index_url)
        self.config = config
        self.catalogue = Catalogue(config.catalogue_url)
        self.owner = owner or own_name()

    @cached_property
    def engine(self) -> Engine:
        """The search engine that holds the index."""
        from ..index.open import engine_at

        return engine_at(self.config.index_url)

    @cached_property
    def extractor(self) -> Worker[Page, Extraction]:
        """The supervised process that extracts pages."""
        from .extraction_job import ExtractionJob
        from .worker import Worker

        return Worker(
            partial(ExtractionJob, self.config.vocabulary, only_own=self.config.only_own_vocabulary)
        )

    @cached_property
    def own_vocabulary(self) -> str:
        """A digest of the owner's vocabulary files, checked on first use.

        ConfigError for a file that cannot be read or parsed.
        """
        from .shipped import checked_vocabulary

        return checked_vocabulary(self.config.vocabulary)

    def close(self) -> None:
        """Close what was opened."""
        opened = self.__dict__  # a cached property that was never used is not in it
        if "extractor" in opened:
            self.extractor.close()
        if "engine" in opened:
            self.engine.close()
        self.catalogue.close()

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self.close()
