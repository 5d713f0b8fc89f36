"""The catalogue: sites, frontier, pages, articles and site models.

It is the source of truth, and the only package that contains SQL. `Catalogue` opens it; each noun has a
module of its own. Every write is one short transaction.
"""

from __future__ import annotations

from types import TracebackType

from . import schema
from .articles import Articles, Change
from .damage import damaged_records
from .database import Database, distinct, under
from .earlier import Earlier
from .frontier import ALL, DUE, FEEDS, FULL, Frontier
from .frontier_state import FrontierState
from .lost import Lost
from .pages import Pages
from .refused import Refused
from .revisit import Bounds
from .site_models import SiteModels
from .sites import Lease, Sites
from .tombstones import Tombstones

__all__ = ["ALL", "DUE", "FEEDS", "FULL", "Bounds", "Catalogue", "Change", "Lease"]

_STORED = (schema.pages, schema.articles)


class Catalogue:
    """An open catalogue. Close it, or use it in a `with` statement."""

    def __init__(self, url: str) -> None:
        """Open or create the catalogue at a SQLAlchemy URL and upgrade it to the newest schema.

        CatalogueError if it cannot be opened or is newer than this program.
        """
        self._database = Database(url)
        self.sites = Sites(self._database)
        self.pages = Pages(self._database)
        self.articles = Articles(self._database)
        self.models = SiteModels(self._database)
        self.tombstones = Tombstones(self._database)

    def frontier(self, site: str, owner: str, *, asks: str = ALL, bounds: Bounds | None = None) -> Frontier:
        """Return the frontier of a site for the holder of its lease; Frontier explains the options."""
        return Frontier(self._database, site, owner, asks=asks, bounds=bounds)

    def frontier_state(self, site: str) -> FrontierState:
        """Return what is known about the URLs of a site."""
        return FrontierState(self._database, site)

    def lost(self, site: str) -> Lost:
        """Return the articles of a site whose page is gone, or is not an article any more."""
        return Lost(self._database, site)

    def refused(self, site: str) -> Refused:
        """Return the articles of a site whose pages do not answer at present."""
        return Refused(self._database, site)

    def earlier(self, site: str) -> Earlier:
        """Return what was stored of a site's pages before this run fetched something else."""
        return Earlier(self._database, site)

    def urls(self) -> set[str]:
        """Return every URL of a page or an article, also those that are kept at another URL."""
        return {url for table in _STORED for url in distinct(self._database, table.c.url)}

    def sites_of(self, target: str) -> set[str]:
        """Return the sites with pages or articles at a URL, or below one that ends with "/" or "*"."""
        below = (distinct(self._database, table.c.site, under(table.c.url, target)) for table in _STORED)
        return {site for names in below for site in names}

    def problems(self) -> list[str]:
        """Return what is wrong with the store or among its parts; an empty list if nothing is."""
        problems = self._database.problems()
        problems += [str(damage) for damage in damaged_records(self._database)]
        return problems or self.articles.problems()

    def compact(self) -> bool:
        """Free the disk space of what was deleted; return whether no file holds it any more."""
        return self._database.compact()

    def close(self, *, sealing: bool = True) -> None:
        """Close every connection; with `sealing`, seal the file first if this process wrote to it."""
        self._database.close(sealing=sealing)

    def __enter__(self) -> Catalogue:
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self.close()
