"""The owner's settings: clinicdex.toml, the environment and flags, frozen into one Config.

A flag beats the environment (CLINICDEX_*), which beats the file, which beats the default.
Every key is declared once, in the dataclasses below; an error names file, key and fix.
"""

from __future__ import annotations

import dataclasses
import ipaddress
import json
import re
import types
import typing
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from datetime import date
from pathlib import Path
from typing import Any

from .errors import ConfigError

__all__ = ["FILE_NAME", "SITE_NAME", "Config", "Override", "Pin", "SiteSettings", "find", "load", "template"]

FILE_NAME = "clinicdex.toml"
SITE_NAME = re.compile(r"[a-z0-9][a-z0-9._-]{0,63}")  # never a path: no slash, no leading dot or dash
_ENVIRONMENT = "CLINICDEX_"
_TABLES = {"site", "override", "pin"}


@dataclass(frozen=True, slots=True)
class SiteSettings:
    """Reading rules for one site: the `[site.NAME]` table. CSS selectors, first match wins unless said otherwise."""

    content: str | None = None  # the element that holds the article
    remove: tuple[str, ...] = ()  # every match is taken out before reading
    author: str | None = None
    date: str | None = None
    topics: str | None = None  # every match is one topic
    language: tuple[str, ...] = ()  # languages to keep (ISO 639-1); empty keeps all
    exclude: tuple[str, ...] = ()  # globs on path and query; a match is no article
    kinds: tuple[str, ...] = ("article",)  # kinds of pages to keep: article, service, contact, product, forum, listing, home
    # What clinicdex learned of the site, put right by hand; `clinicdex status SITE` shows it
    accounts: tuple[str, ...] = ()  # names that sign but are nobody: "webteam"
    not_accounts: tuple[str, ...] = ()  # people who were taken for accounts
    title_affixes: tuple[str, ...] = ()  # parts of page titles that name the site
    keep_repeated: tuple[str, ...] = ()  # sentences that stand on many pages and belong to each
    keywords: bool | None = None  # whether the pages' keywords are topics; None: as learned
    # How long a page waits for its next visit: between these two, by how often it changed; "6h", "2w"
    revisit_least: str | None = None
    revisit_most: str | None = None


@dataclass(frozen=True, slots=True)
class Override:
    """What the owner says of one article: an `[[override]]` table. It survives every reading."""

    url: str
    title: str | None = None
    author: str | None = None
    date: str | None = None  # YYYY-MM-DD
    topics: tuple[str, ...] | None = None  # instead of those found
    add_topics: tuple[str, ...] = ()
    drop_topics: tuple[str, ...] = ()
    exclude: bool = False  # no article


@dataclass(frozen=True, slots=True)
class Pin:
    """What comes first for a question: a `[[pin]]` table."""

    query: str  # compared word by word, blind to case
    url: str  # of an article or of any other page
    title: str | None = None  # None: the article's own


@dataclass(frozen=True, slots=True)
class Config:
    """All settings of one run."""

    data_dir: Path
    catalogue: str | None = None  # SQLAlchemy URL; None is a SQLite file in data_dir
    index: str | None = None  # "whoosh+file:///path"; None is a folder in data_dir
    contact: str | None = None  # mail or web address; part of the user agent
    delay: float = 1.0  # seconds between two requests to one host
    timeout: float = 30.0  # seconds for one page, first byte to last
    max_bytes: int = 10_000_000  # of one answer, after decompression
    max_pages: int = 5_000  # of one site in one run
    max_time: str = "12h"  # of one run of a site; the next one goes on from there
    allow_hosts: tuple[str, ...] = ()  # "host:port" that may be fetched although not public
    proxy: str | None = None  # "http://host:port"; never taken from the environment's http_proxy
    vocabulary: tuple[str, ...] = ()  # CSV or SKOS files with topics of one's own
    only_own_vocabulary: bool = False  # leave the shipped vocabulary out
    timezone: str | None = None  # in which cron expressions are read, "America/Denver"; None: this machine's
    feed_every: str = "5m"  # how often feeds are asked between two scheduled runs; "off": never
    keep_raw: bool = True  # keep the bytes of pages, so that they can be read again without being fetched again
    raw_max_age: str | None = None  # bytes older than this go: "90d"; None: they stay
    hosts: tuple[str, ...] = ()  # names that `serve` answers for beside this machine's own: "search.clinic.example"
    trusted_proxies: tuple[str, ...] = ()  # addresses and networks of proxies whose X-Forwarded-For is believed
    no_results_link: str | None = None  # where people go who find nothing
    notice: str | None = None  # under the results; None: "Not medical advice …", translated; "off": none
    log_searches: bool = True  # append what is searched for to searches.jsonl, without who and when exactly
    log_clicks: bool = False  # and which result is chosen
    site: Mapping[str, SiteSettings] = field(default_factory=dict)
    override: tuple[Override, ...] = ()
    pin: tuple[Pin, ...] = ()

    @property
    def catalogue_url(self) -> str:
        """The catalogue's SQLAlchemy URL."""
        return self.catalogue or f"sqlite:///{self.data_dir / 'catalogue.sqlite'}"

    @property
    def index_url(self) -> str:
        """The index's URL."""
        return self.index or f"whoosh+file://{self.data_dir / 'index'}"

    def for_site(self, name: str) -> SiteSettings:
        """Give the reading rules of a site, the defaults if it has none."""
        return self.site.get(name) or SiteSettings()


def find(start: Path) -> Path | None:
    """Look for clinicdex.toml in a folder and in those above it."""
    for folder in (start, *start.parents):
        if (folder / FILE_NAME).is_file():
            return folder / FILE_NAME
    return None


def load(file: Path | None, environment: Mapping[str, str], flags: Mapping[str, Any]) -> Config:
    """Read all settings. `flags` holds those given on the command line, by key; None means not given.

    ConfigError if there is neither a file nor a data directory, or if any value does not fit.
    """
    table = _read(file) if file else {}
    sites = {name: _site(f"{file}: [site.{name}]", name, entry) for name, entry in _sites(file, table)}
    overrides = tuple(_override(f"{file}: [[override]] {number}", entry) for number, entry in enumerate(_listed(file, table, "override"), 1))
    pins = tuple(_pin(f"{file}: [[pin]] {number}", entry) for number, entry in enumerate(_listed(file, table, "pin"), 1))
    values = _checked(str(file), table, Config)
    values |= _checked("environment", _from_environment(environment), Config, prefix=_ENVIRONMENT, parse=True)
    flags_given = {name: value for name, value in flags.items() if value is not None}
    values |= _checked("command line", flags_given, Config)
    if "data_dir" not in values:
        if not file:
            raise ConfigError(f"no {FILE_NAME} found from here upwards; run `clinicdex init`, or name a data folder with -d DIR")
        values["data_dir"] = file.parent / ".clinicdex"
    beside = (
        file.parent if file and "data_dir" in table and "data_dir" not in flags_given and _ENVIRONMENT + "DATA_DIR" not in environment else Path()
    )
    values["data_dir"] = (beside / values["data_dir"]).absolute()
    if "?" in str(values["data_dir"]):
        raise ConfigError(f"{values['data_dir']}: a data folder cannot have a question mark in its path; name another with -d DIR")
    if file and "vocabulary" in table:
        values["vocabulary"] = tuple(str(file.parent / name) for name in values["vocabulary"])
    _check_search_box(file, values)
    return Config(**values, site=sites, override=overrides, pin=pins)


def _read(file: Path) -> dict[str, Any]:
    import tomllib  # with a data folder alone there is nothing to read

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


def _listed(file: Path | None, table: dict[str, Any], name: str) -> list[Any]:
    tables = table.pop(name, [])
    if not isinstance(tables, list):
        raise ConfigError(f"{file}: {name} must be a list of tables; write [[{name}]] with two brackets")
    return tables


def _canonical(url: str) -> str | None:
    from . import urls  # most settings name no address, and who searches waits 4 ms for ada-url

    return urls.canonical(url)


def _pin(where: str, entry: Any) -> Pin:
    values = _checked(where, entry, Pin) if isinstance(entry, dict) else {}
    url = _canonical(values.get("url", ""))
    if not url or not str(values.get("query", "")).strip():
        raise ConfigError(f'{where} needs a question and an address; write query = "…" and url = "https://…"')
    return Pin(**values | {"url": url})


def _check_search_box(file: Path | None, values: Mapping[str, Any]) -> None:
    for one in values.get("trusted_proxies", ()):
        try:
            ipaddress.ip_network(one, strict=False)
        except ValueError:
            raise ConfigError(f'{file}: trusted_proxies: {one!r} is no address or network; write "10.0.0.1" or "10.0.0.0/8"') from None
    link = values.get("no_results_link")
    if link is not None and not _canonical(link):
        raise ConfigError(f'{file}: no_results_link must be a web address, not {link!r}; write "https://…"')


def _override(where: str, entry: Any) -> Override:
    values = _checked(where, entry, Override) if isinstance(entry, dict) else {}
    url = _canonical(values.get("url", ""))
    if not url:
        raise ConfigError(f'{where} needs the address it is about; write url = "https://…"')
    if "date" in values:
        try:
            date.fromisoformat(values["date"])
        except ValueError:
            raise ConfigError(f"{where}: date must be YYYY-MM-DD, not {values['date']!r}") from None
    return Override(**values | {"url": url})


def _site(where: str, name: str, entry: Any) -> SiteSettings:
    if not SITE_NAME.fullmatch(name):
        raise ConfigError(f"{where}: a site's name is 1 to 64 of a-z 0-9 . _ -; rename the table")
    if not isinstance(entry, dict):
        raise ConfigError(f"{where} must be a table; write [site.{name}] and its keys below")
    return SiteSettings(**_checked(where, entry, SiteSettings))


def _from_environment(environment: Mapping[str, str]) -> dict[str, str]:
    names = {f.name for f in dataclasses.fields(Config)} - _TABLES
    upper = {_ENVIRONMENT + name.upper(): name for name in names}
    return {upper[name]: value for name, value in environment.items() if name in upper}


def _checked(where: str, table: Mapping[str, Any], shape: type, *, prefix: str = "", parse: bool = False) -> dict[str, Any]:
    kinds = typing.get_type_hints(shape)
    for table_name in _TABLES if shape is Config else ():
        kinds.pop(table_name)
    values = {}
    for key, value in table.items():
        shown = f"{where}: {prefix}{key.upper() if prefix else key}"
        if key not in kinds:
            raise ConfigError(f"{shown} is not a setting; the settings are {', '.join(sorted(kinds))}")
        values[key] = _fit(shown, _parsed(shown, value, kinds[key]) if parse else value, kinds[key])
    return values


def _parsed(shown: str, text: str, kind: Any) -> Any:
    if typing.get_origin(kind) is tuple:
        return tuple(part.strip() for part in text.split(",") if part.strip())
    if kind is bool and text.lower() in ("true", "false", "1", "0"):
        return text.lower() in ("true", "1")
    if kind in (int, float):
        try:
            return kind(text)
        except ValueError:
            raise ConfigError(f"{shown} must be a number, not {text!r}") from None
    return text


def _fit(shown: str, value: Any, kind: Any) -> Any:
    if isinstance(kind, types.UnionType):
        kind = next(option for option in typing.get_args(kind) if option is not types.NoneType)
    if typing.get_origin(kind) is tuple:
        if not isinstance(value, list | tuple) or not all(isinstance(part, str) for part in value):
            raise ConfigError(f'{shown} must be a list of texts; write ["…", "…"]')
        return tuple(value)
    if kind is bool:
        if not isinstance(value, bool):
            raise ConfigError(f"{shown} must be true or false, not {value!r}")
        return value
    if isinstance(value, date) and shown.endswith("date"):
        return value.isoformat()
    if kind in (int, float):
        least = 0 if shown.lower().endswith("delay") else 1  # only a pause may be nothing
        if isinstance(value, bool) or not isinstance(value, int | float) or not least <= value < float("inf"):
            raise ConfigError(f"{shown} must be a number from {least} up, not {value!r}")
        return kind(value)
    if not isinstance(value, str | Path):
        raise ConfigError(f"{shown} must be a text, not {value!r}")
    return value


def template(contact: str | None) -> str:
    """Give the text of a new settings file, every setting commented with its default."""
    line = f"contact = {json.dumps(contact)}" if contact else '# contact = "you@clinic.example"'
    return f"""\
# clinicdex settings. Data lies in .clinicdex/ beside this file.
# A flag beats the environment (CLINICDEX_DELAY=2), which beats this file, which beats the default.

# Whom a site may write to about the crawl; a crawl of any host but this machine needs it.
{line}

# delay = 1.0            # seconds between two requests to one host
# timeout = 30.0         # seconds for one page
# max_bytes = 10_000_000 # of one answer, after decompression
# max_pages = 5_000      # of one site in one run
# max_time = "12h"       # of one run of a site; the next one goes on from there
# allow_hosts = []       # "host:port", or networks ("10.1.0.0/16"), that may be fetched although not public
# proxy = "http://host:port"  # every request goes through it; the address guard cannot see behind it
# catalogue = "sqlite:////path/catalogue.sqlite"
# index = "whoosh+file:///path/index"
# timezone = "America/Denver"  # in which cron expressions are read; without it, this machine's
# feed_every = "5m"      # how often feeds are asked between two scheduled runs; "off": never
# keep_raw = true        # keep the bytes of pages; without them, what is to be read again is fetched again
# raw_max_age = "90d"    # bytes older than this go
# vocabulary = ["topics.csv"]    # topics of your own, CSV or SKOS
# only_own_vocabulary = true     # and none of the shipped ones

# The search box (`clinicdex serve`)
# hosts = ["search.clinic.example"]  # names it answers for beside this machine's own
# trusted_proxies = ["127.0.0.1"]    # whose X-Forwarded-For is believed
# no_results_link = "https://clinic.example/contact/"  # where people go who find nothing
# notice = "off"                     # or a text of your own; without it: "Not medical advice …", in the visitor's language
# log_searches = true                # what is searched for goes to searches.jsonl, without who; see `clinicdex report --searches`
# log_clicks = false                 # and which result is chosen

# Reading rules for one site; add the site itself with `clinicdex site add URL --name my-clinic`.
# [site.my-clinic]
# content = "div.entry-content"   # the element that holds the article
# remove = [".promo", "#hours"]   # taken out before reading
# author = ".byline"
# date = "time.published"
# topics = "a[rel=tag]"
# language = ["en"]               # keep only these
# exclude = ["/shop/*"]           # no articles here
# kinds = ["article", "service"]  # pages of these kinds are kept; also contact, product, forum, listing, home
# accounts = ["webteam"]          # names that sign but are nobody
# not_accounts = ["Ann Roe"]      # people who were taken for accounts
# title_affixes = ["My Clinic"]   # parts of page titles that name the site
# keep_repeated = ["Rest well."]  # sentences that stand on many pages and belong to each
# keywords = true                 # the pages' keywords are topics; without it, as learned
# revisit_least = "1d"            # in scheduled runs a page is asked for no sooner than this after its last visit,
# revisit_most = "30d"            # and no later than this; between them, by how often it was found changed

# What comes first for a question.
# [[pin]]
# query = "opening hours"
# url = "https://clinic.example/contact/"
# title = "When we are open"

# What you know better about one article; it survives every reading.
# [[override]]
# url = "https://clinic.example/post/"
# author = "Dr. Ann Roe, DC"
# topics = ["Back Pain"]
"""
