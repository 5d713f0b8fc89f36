"""The error classes, by who or what caused the error.

    Error                    base class: catching it catches every error of clinicdex
    ├── ConfigError          you: a setting, a file or an argument is wrong
    ├── SiteError            the remote site: unreachable, or refused by a guard
    ├── CatalogueError       the catalogue: cannot be opened, or another run holds a site
    │   └── RecordDamaged    one page or article in it cannot be read any more
    └── EngineError          the search engine
        ├── EngineAway       not reachable now; may recover
        ├── EngineBusy       another process writes to the index
        └── IndexUnreadable  the index cannot be opened; it can be rebuilt
            └── IndexMissing there is no index yet

Every message says what happened, where, and what to do next, in one line.
An expected result is not an error: a page that is not an article is a `Rejection` (see records/).
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
    "RecordDamaged",
    "SiteError",
]


class Error(Exception):
    """Base class of the errors that clinicdex can explain."""

    exit_code = 1


class ConfigError(Error):
    """A setting is wrong; correct it and run the command again."""

    exit_code = 4


class SiteError(Error):
    """The site cannot be reached, or a guard refuses it."""

    exit_code = 4


class CatalogueError(Error):
    """The catalogue cannot be used; `clinicdex verify` shows details."""


class RecordDamaged(CatalogueError):
    """A page or an article of the catalogue cannot be read any more; fetch or import it again."""

    def __init__(self, what: str, url: str, site: str, why: str) -> None:
        shown = url.encode("utf-8", "backslashreplace").decode("utf-8")
        super().__init__(
            f"the stored {what} of {shown} (site {site}) is damaged ({why}); `clinicdex crawl {site} --full` "
            f"fetches it again, or import it again"
        )
        self.url = url
        self.site = site


class EngineError(Error):
    """The search engine failed; `clinicdex verify` shows details."""


class EngineAway(EngineError):
    """The search engine does not answer; start it, or wait until it answers."""


class EngineBusy(EngineError):
    """Another process writes to the index; wait for it to end."""


class IndexUnreadable(EngineError):
    """The index cannot be read; run `clinicdex reindex`."""


class IndexMissing(IndexUnreadable):
    """There is no index yet; run `clinicdex crawl` or `clinicdex reindex`."""
