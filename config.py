"""The owner's settings: clinicdex.toml, the environment and flags, frozen into one Config.

A flag overrides the environment (CLINICDEX_*), which overrides the file, which overrides the default. Every
key is declared once, in the dataclasses below; an error names the file, the key and the fix.
`docs/reference.py` copies the comment at the end of a field's line into docs/settings.md.
"""

from __future__ import annotations

import dataclasses
import ipaddress
import json
import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from datetime import date
from importlib import resources
from pathlib import Path
from typing import Any

from .config_values import checked
from .errors import ConfigError

__all__ = [
    "FILE_NAME",
    "SITE_NAME",
    "Config",
    "DataFolder",
    "OverrideSettings",
    "Pin",
    "SiteSettings",
    "find",
    "load",
    "template",
    "url_of",
]

FILE_NAME = "clinicdex.toml"
SITE_NAME = re.compile(r"[a-z0-9][a-z0-9._-]{0,63}")  # never a path: no slash, no leading dot or dash
_ENVIRONMENT = "CLINICDEX_"
_WITHOUT_FILE = "run `clinicdex init`, or name a data folder with -d DIR"
_TABLES = {"site", "override", "pin"}
_NO_CONTACT = '# contact = "you@clinic.example"'  # the line of the template without a contact


@dataclass(frozen=True, slots=True)
class SiteSettings:
    """Extraction rules for one site: the `[site.NAME]` table.

    Where nothing else is said, a value is a CSS selector, and its first match wins.
    """

    content: str | None = None  # the element that holds the article
    remove: tuple[str, ...] = ()  # every match is removed before extraction
    author: str | None = None  # the author's name
    date: str | None = None  # the day of publication
    topics: str | None = None  # every match is one topic
    language: tuple[str, ...] = ()  # languages to keep (ISO 639-1); empty keeps all
    exclude: tuple[str, ...] = ()  # globs on path and query; a match is not an article
    kinds: tuple[str, ...] = ("article",)  # kept pages; also service contact faq product forum listing home
    # Overrides of what clinicdex learned about the site; `clinicdex status SITE` shows it.
    accounts: tuple[str, ...] = ()  # names that sign articles but are not people: "webteam"
    not_accounts: tuple[str, ...] = ()  # people who were mistaken for accounts
    title_affixes: tuple[str, ...] = ()  # parts of page titles that name the site
    keep_repeated: tuple[str, ...] = ()  # sentences repeated on many pages that belong to each of them
    keywords: bool | None = None  # whether the pages' keywords are topics; None: as learned
    # The wait of a page for its next visit, within these bounds, depends on how often it changed.
    revisit_least: str | None = None  # shortest wait of a page for its next visit: "6h"
    revisit_most: str | None = None  # longest wait of a page for its next visit: "2w"
    # For your own staging site or members' area; sent to the site's own origin only.
    headers: tuple[str, ...] = ()  # "Name: VARIABLE"; the environment variable holds the header's value
    basic_auth: str | None = None  # environment variable that holds user:password


@dataclass(frozen=True, slots=True)
class OverrideSettings:
    """The owner's values for one article: an `[[override]]` table. They apply after every extraction."""

    url: str  # of the article
    title: str | None = None  # instead of the extracted one, as are the next two
    author: str | None = None  # one or several people, as a byline writes them; "" is nobody
    date: str | None = None  # YYYY-MM-DD, of publication
    topics: tuple[str, ...] | None = None  # instead of the extracted ones
    add_topics: tuple[str, ...] = ()  # in addition to them
    drop_topics: tuple[str, ...] = ()  # not these
    exclude: bool = False  # the page is not an article


@dataclass(frozen=True, slots=True)
class Pin:
    """The first result for a query: a `[[pin]]` table."""

    query: str  # compared word by word, ignoring case
    url: str  # of an article or of any other page
    title: str | None = None  # None: the article's own


@dataclass(frozen=True, slots=True)
class DataFolder:
    """The data folder, and the paths in it."""

    path: Path

    @property
    def catalogue(self) -> Path:
        """The SQLite file of the catalogue."""
        return self.path / "catalogue.sqlite"

    @property
    def index(self) -> Path:
        """The folder of the Whoosh index."""
        return self.path / "index"

    @property
    def searches(self) -> Path:
        """The log of the search box's queries, as JSON lines."""
        return self.path / "searches.jsonl"

    @property
    def logs(self) -> Path:
        """The folder of the crawlers' logs."""
        return self.path / "logs"

    def log(self, name: str) -> Path:
        """Return the log of a site's crawls, or of single pages ("fetch")."""
        return self.logs / f"{name}.log"


@dataclass(frozen=True, slots=True)
class Config:
    """All settings of one run of the program."""

    data_dir: Path  # where catalogue, index and logs lie
    catalogue: str | None = None  # SQLAlchemy URL; None is a SQLite file in data_dir
    index: str | None = None  # "whoosh+file:///path"; None is a folder in data_dir
    contact: str | None = None  # e-mail address or URL; part of the user agent
    delay: float = 1.0  # seconds between two requests to one host
    timeout: float = 30.0  # seconds for one page, from first byte to last
    max_bytes: int = 10_000_000  # bytes of one answer, after decompression
    max_pages: int = 5_000  # pages of one site in one run
    max_time: str = "12h"  # of one run of a site; the next run continues from there
    allow_hosts: tuple[str, ...] = ()  # "host:port" that may be fetched although not public
    proxy: str | None = None  # "http://host:port"; never taken from the environment's http_proxy
    vocabulary: tuple[str, ...] = ()  # CSV or SKOS files with your own topics
    only_own_vocabulary: bool = False  # do not use the shipped vocabulary
    timezone: str | None = None  # time zone of cron expressions, "America/Denver"; None: this machine's
    feed_every: str = "5m"  # how often feeds are fetched between two scheduled runs; "off": never
    keep_raw: bool = True  # keep the bytes of pages, to extract them again without fetching
    raw_max_age: str | None = None  # drop bytes older than this: "90d"; None: keep them
    review_every: str = "1095d"  # a medical review older than this is overdue, unless its page says when
    hosts: tuple[str, ...] = ()  # names that `serve` answers for, in addition to this machine's own
    trusted_proxies: tuple[str, ...] = ()  # addresses or networks whose X-Forwarded-For is believed
    no_results_link: str | None = None  # URL offered to people who find nothing
    notice: str | None = None  # below the results; None: "Not medical advice …", translated; "off": none
    log_searches: bool = True  # append queries to searches.jsonl, without user and exact time
    log_clicks: bool = False  # also log which result is chosen
    site: Mapping[str, SiteSettings] = field(default_factory=dict)
    override: tuple[OverrideSettings, ...] = ()
    pin: tuple[Pin, ...] = ()

    @property
    def folder(self) -> DataFolder:
        """The data folder."""
        return DataFolder(self.data_dir)

    @property
    def catalogue_url(self) -> str:
        """The SQLAlchemy URL of the catalogue."""
        return self.catalogue or f"sqlite:///{self.folder.catalogue}"

    @property
    def index_url(self) -> str:
        """The URL of the index."""
        return self.index or f"whoosh+file://{self.folder.index}"

    def for_site(self, name: str) -> SiteSettings:
        """Return the extraction rules of a site; the defaults if it has none."""
        return self.site.get(name) or SiteSettings()


def find(start: Path) -> Path | None:
    """Return the nearest clinicdex.toml in a folder or those above it; None if there is none."""
    for folder in (start, *start.parents):
        if (folder / FILE_NAME).is_file():
            return folder / FILE_NAME
    return None


def load(file: Path | None, environment: Mapping[str, str], flags: Mapping[str, Any]) -> Config:
    """Read all settings. `flags` holds those of the command line, by key; None means not given.

    ConfigError if there is neither a file nor a data folder, or if any value is not valid.
    """
    table = _read(file) if file else {}
    sites = {name: _site(f"{file}: [site.{name}]", name, entry) for name, entry in _sites(file, table)}
    overrides = tuple(_override(where, entry) for where, entry in _numbered(file, table, "override"))
    pins = tuple(_pin(where, entry) for where, entry in _numbered(file, table, "pin"))
    values = checked(str(file), table, Config, leaving_out=_TABLES)
    on_command_line = {name: value for name, value in flags.items() if value is not None}
    variables = _from_environment(environment)
    values |= checked("environment", variables, Config, leaving_out=_TABLES, prefix=_ENVIRONMENT, parse=True)
    values |= checked("command line", on_command_line, Config, leaving_out=_TABLES)
    from_file = "data_dir" not in on_command_line and "data_dir" not in variables
    values["data_dir"] = _data_dir(file, values.get("data_dir"), from_file=from_file)
    if file and "vocabulary" in table:
        values["vocabulary"] = tuple(str(file.parent / name) for name in values["vocabulary"])
    _check_search_box(file, values)
    return Config(**values, site=sites, override=overrides, pin=pins)


def _data_dir(file: Path | None, given: str | Path | None, *, from_file: bool) -> Path:
    """Return the data folder: as given, relative to the file if that names it; else .clinicdex next to it."""
    if given is None:
        if not file:
            raise ConfigError(f"no {FILE_NAME} found from here upwards; {_WITHOUT_FILE}")
        given, from_file = ".clinicdex", True
    folder = ((file.parent if file and from_file else Path()) / given).absolute()
    if "?" in str(folder):
        raise ConfigError(f"{folder}: a question mark cannot be in the path of a data folder; name another")
    return folder


def _read(file: Path) -> dict[str, Any]:
    import tomllib  # imported late: with a data folder alone there is no file to read

    try:
        return tomllib.loads(file.read_text(encoding="utf-8"))
    except OSError as error:
        raise ConfigError(f"cannot read {file}: {error.strerror}; check the path given with -c") from error
    except (tomllib.TOMLDecodeError, UnicodeDecodeError) as error:
        raise ConfigError(f"{file} is not valid TOML: {error}; correct that line") from error


def _sites(file: Path | None, table: dict[str, Any]) -> Iterator[tuple[str, Any]]:
    sites = table.pop("site", {})
    if not isinstance(sites, dict):
        raise ConfigError(f"{file}: site must be tables, one a site; write [site.NAME]")
    yield from sites.items()


def _numbered(file: Path | None, table: dict[str, Any], name: str) -> Iterator[tuple[str, Any]]:
    """Yield (position for messages, entry) for each table of a list of tables."""
    tables = table.pop(name, [])
    if not isinstance(tables, list):
        raise ConfigError(f"{file}: {name} must be a list of tables; write [[{name}]] with two brackets")
    yield from ((f"{file}: [[{name}]] {number}", entry) for number, entry in enumerate(tables, 1))


def url_of(text: str) -> str:
    """Return the canonical URL of what a person typed, with https:// if no scheme was typed.

    ConfigError if it is not a URL.
    """
    url = _canonical(text if "://" in text else f"https://{text}")
    if not url:
        raise ConfigError(f"{text!r} is not a URL; write https://…")
    return url


def _canonical(url: str) -> str | None:
    from . import urls  # imported late: few settings hold a URL, and ada-url would add 4 ms to every search

    return urls.canonical(url)


def _pin(where: str, entry: Any) -> Pin:
    values = checked(where, entry, Pin) if isinstance(entry, dict) else {}
    url = _canonical(values.get("url", ""))
    if not url or not str(values.get("query", "")).strip():
        raise ConfigError(f'{where} needs a query and a URL; write query = "…" and url = "https://…"')
    return Pin(**values | {"url": url})


def _check_search_box(file: Path | None, values: Mapping[str, Any]) -> None:
    for net in values.get("trusted_proxies", ()):
        try:
            ipaddress.ip_network(net, strict=False)
        except ValueError:
            raise ConfigError(
                f"{file}: trusted_proxies: {net!r} is not an address or a network; "
                'write "10.0.0.1" or "10.0.0.0/8"'
            ) from None
    link = values.get("no_results_link")
    if link is not None and not _canonical(link):
        raise ConfigError(f'{file}: no_results_link must be a URL, not {link!r}; write "https://…"')


def _override(where: str, entry: Any) -> OverrideSettings:
    values = checked(where, entry, OverrideSettings) if isinstance(entry, dict) else {}
    url = _canonical(values.get("url", ""))
    if not url:
        raise ConfigError(f'{where} needs the URL it is about; write url = "https://…"')
    if "date" in values:
        try:
            date.fromisoformat(values["date"])
        except ValueError:
            raise ConfigError(f"{where}: date must be YYYY-MM-DD, not {values['date']!r}") from None
    return OverrideSettings(**values | {"url": url})


def _site(where: str, name: str, entry: Any) -> SiteSettings:
    if not SITE_NAME.fullmatch(name):
        raise ConfigError(f"{where}: a site's name is 1 to 64 of a-z 0-9 . _ -; rename the table")
    if not isinstance(entry, dict):
        raise ConfigError(f"{where} must be a table; write [site.{name}] and its keys below")
    return SiteSettings(**checked(where, entry, SiteSettings))


def _from_environment(environment: Mapping[str, str]) -> dict[str, str]:
    names = {f.name for f in dataclasses.fields(Config)} - _TABLES
    upper = {_ENVIRONMENT + name.upper(): name for name in names}
    return {upper[name]: value for name, value in environment.items() if name in upper}


def template(contact: str | None) -> str:
    """Return the text of a new settings file: every setting with its default, as a comment."""
    text = resources.files(__package__).joinpath("config_template.toml").read_text(encoding="utf-8")
    return text.replace(_NO_CONTACT, f"contact = {json.dumps(contact)}") if contact else text
