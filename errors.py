"""The error tree, drawn by whose move it is.

    Error                    catch this one to catch all of ours
    ├── ConfigError          yours: a setting, a file or an argument is wrong
    ├── SiteError            the remote site's: unreachable, or refused by a guard
    ├── CatalogueError       the catalogue's: it does not open, or another run holds a site
    └── EngineError          the search engine's
        ├── EngineAway       it does not answer, and may by and by
        ├── EngineBusy       another process writes to the index
        └── IndexUnreadable  the index does not open; it can be rebuilt
            └── IndexMissing there is none yet

Every message says what happened, where, and what to do next, in one line.
What is expected is not an error: a page that is no article is a `Rejection` (see article.py).
"""

__all__ = [
    "CatalogueError",
    "ConfigError",
    "EngineAway",
    "EngineBusy",
    "EngineError",
    "Error",
    "IndexMissing",
    "IndexUnreadable",
    "SiteError",
]


class Error(Exception):
    """Something clinicdex knows how to explain went wrong."""

    exit_code = 1


class ConfigError(Error):
    """A setting is wrong; correct it and run the command again."""

    exit_code = 4


class SiteError(Error):
    """The site cannot be reached, or a guard refuses it."""

    exit_code = 4


class CatalogueError(Error):
    """The catalogue cannot be used; `clinicdex verify` says more."""


class EngineError(Error):
    """The search engine failed; `clinicdex verify` says more."""


class EngineAway(EngineError):
    """The search engine does not answer; start it, or wait until it does."""


class EngineBusy(EngineError):
    """Another process writes to the index; wait for it to end."""


class IndexUnreadable(EngineError):
    """The index cannot be read; run `clinicdex reindex`."""


class IndexMissing(IndexUnreadable):
    """There is no index yet; run `clinicdex crawl` or `clinicdex reindex`."""
