"""What commands have in common: the settings, the house, the index, a site by its name, and records on stdout."""

from __future__ import annotations

import atexit
import contextlib
import gc
import json
import os
from collections.abc import Iterator
from datetime import UTC, datetime
from typing import TYPE_CHECKING, Any

import click

if TYPE_CHECKING:
    from pathlib import Path

    from ..catalogue.sites import Site
    from ..config import Config
    from ..flow import House
    from ..index.engine import Reader

__all__ = ["config_of", "file_of", "house_of", "json_line", "known_site", "moment", "new_site", "reader_of", "target_site"]


def config_of(ctx: click.Context) -> Config:
    """Read all settings."""
    from .. import config

    return config.load(file_of(ctx), os.environ, {"data_dir": ctx.obj["data_dir"]})


def file_of(ctx: click.Context) -> Path | None:
    """Give the settings file: the one named, else the one found from here upwards; None if there is none."""
    from pathlib import Path

    from .. import config

    given = ctx.obj["file"]
    return Path(given) if given else config.find(Path.cwd())


@contextlib.contextmanager
def house_of(ctx: click.Context) -> Iterator[House]:
    """Open the house with them."""
    from ..flow import House

    with House(config_of(ctx)) as house:
        yield house


@contextlib.contextmanager
def reader_of(ctx: click.Context) -> Iterator[Reader]:
    """Open the index, and nothing else."""
    from ..index.open import reader_at

    atexit.register(gc.freeze)  # what was loaded goes with the process; looking through it for cycles before that takes 20 ms
    with reader_at(config_of(ctx).index_url) as reader:
        yield reader


def json_line(value: Any) -> None:
    """Print a record."""
    click.echo(json.dumps(value, ensure_ascii=False))


def known_site(house: House, name: str) -> Site:
    """Give the site of a name; ConfigError names those there are."""
    from ..errors import ConfigError

    found = house.catalogue.sites.get(name)
    if found is None:
        names = ", ".join(one.name for one in house.catalogue.sites.all()) or "none yet; clinicdex site add URL"
        raise ConfigError(f"there is no site {name!r}; there are: {names}")
    return found


def new_site(house: House, url: str, name: str | None, *, replacing: bool = True, **settings: Any) -> Site:
    """Add a site, or change one of that name; ConfigError if it cannot be. `settings`: every, cron, delay, allow, deny, allow_hosts."""
    from .. import schedule
    from ..catalogue.sites import Site
    from ..errors import ConfigError

    address, name = _address_and_name(url, name)
    before = house.catalogue.sites.get(name)
    if before and not replacing:
        raise ConfigError(f"{address} belongs to the site {name} ({before.url}); crawl that, or add this address under another --name")
    every, cron = settings.get("every"), settings.get("cron")
    wrong = schedule.problem(every, cron)
    if wrong or (every and cron):
        raise ConfigError(wrong or "give either --every or --cron, not both")
    due = datetime.now(UTC).timestamp() if every or cron else None
    added = Site(name, address, **settings, next_due=due)
    house.catalogue.sites.add(added)
    return added


def _address_and_name(url: str, name: str | None) -> tuple[str, str]:
    """Give a site's canonical URL, and its name: the one given, else one made from its host."""
    from .. import urls
    from ..config import SITE_NAME
    from ..errors import ConfigError

    address = urls.canonical(url if "://" in url else f"https://{url}")
    if not address:
        raise ConfigError(f"{url!r} is no web address; write https://…")
    host, port = urls.host_port(address)
    name = name or (host.removeprefix("www.").replace(":", "-") + (f"-{port}" if port not in (80, 443) else ""))
    if not SITE_NAME.fullmatch(name):
        raise ConfigError(f"{name!r} cannot name a site; use 1 to 64 of a-z 0-9 . _ - with --name")
    return address, name


def target_site(house: House, target: str, allow_hosts: tuple[str, ...]) -> Site:
    """Find a site by name or address; an address that is new is added."""
    from .. import urls

    if "://" not in target:
        return known_site(house, target)
    address = urls.canonical(target)
    found = next((one for one in house.catalogue.sites.all() if one.url == address), None)
    return found or new_site(house, target, None, allow_hosts=allow_hosts, replacing=False)


def moment(seconds: float | None) -> str | None:
    """Give Unix seconds as people and programs read them; None for None."""
    return datetime.fromtimestamp(seconds, UTC).isoformat(timespec="seconds") if seconds else None
