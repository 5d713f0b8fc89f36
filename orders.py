"""What is asked of one crawl, and the order that the crawler gets: settings, the site and today's wishes put together."""

from __future__ import annotations

import ipaddress
import math
from dataclasses import dataclass, replace

from . import schedule, urls
from .catalogue import ALL, FEEDS, Bounds, Catalogue
from .catalogue.sites import Site
from .config import Config
from .crawler.order import ROBOTS_FRESH, Order, Remembered
from .errors import ConfigError

__all__ = ["Crawl", "bounds_of", "informed", "order_for", "seconds_of", "user_agent"]


@dataclass(frozen=True, slots=True)
class Crawl:
    """How to crawl this time; None means as the site's settings and the configuration say."""

    asks: str = ALL  # of what is known: ALL, DUE, FEEDS, or ANEW whatever is known of it
    max_pages: int | None = None
    delay: float | None = None
    allow_hosts: tuple[str, ...] = ()
    force: bool = False  # let articles go however many they are
    index: bool = True
    must_index: bool = True  # else the index may be brought up later, if it is away or busy when the run ends


def order_for(config: Config, site: Site, crawl: Crawl) -> Order:
    """Put together what the crawler needs to know beside the catalogue; ConfigError if it may not crawl like this."""
    delay = next(value for value in (crawl.delay, site.delay, config.delay) if value is not None)
    host, _ = urls.host_port(site.url)
    if not math.isfinite(delay):
        raise ConfigError(f"{site.url}: a delay of {delay} seconds means nothing; give --delay a number")
    if not urls.is_loopback(host):
        if not config.contact:
            raise ConfigError(f'{site.url}: a crawl needs a contact; set contact = "you@example.org" in clinicdex.toml')
        if not delay > 0:
            raise ConfigError(f"{site.url}: a delay of 0 is for one's own machine only; leave --delay out")
    allowed = (*config.allow_hosts, *site.allow_hosts, *crawl.allow_hosts)
    for entry in allowed:
        _check_allowed(entry)
    return Order(
        start=site.url,
        user_agent=user_agent(config.contact),
        delay=delay,
        timeout=config.timeout,
        max_bytes=config.max_bytes,
        max_pages=crawl.max_pages or config.max_pages,
        allow=site.allow,
        deny=site.deny,
        allow_hosts=allowed,
        proxy=config.proxy,
    )


def informed(order: Order, catalogue: Catalogue, site: Site, crawl: Crawl) -> Order:
    """Add what the catalogue knows of the site."""
    return replace(
        order,
        likely=catalogue.pages.likely_folders(site.name),
        forgotten=tuple(catalogue.tombstones.all()),
        since=catalogue.sites.last_complete(site.name),
        robots={origin: Remembered(*answer) for origin, answer in catalogue.sites.robots(site.name).items()},
        robots_age=ROBOTS_FRESH if crawl.asks == FEEDS else 0.0,
    )


def bounds_of(config: Config, site: str) -> Bounds:
    """Give how long a page may wait for its next visit, as the owner says; ConfigError if that is no interval."""
    settings, usual = config.for_site(site), Bounds()
    given = []
    for name, text, default in (("revisit_least", settings.revisit_least, usual.least), ("revisit_most", settings.revisit_most, usual.most)):
        given.append(seconds_of(f"[site.{site}]: {name}", text) if text else default)
    return Bounds(*given)


def seconds_of(setting: str, text: str) -> float:
    """Read an interval of the settings, in seconds; ConfigError names the setting."""
    gap = schedule.interval(text)
    if gap is None:
        raise ConfigError(f"clinicdex.toml: {setting} = {text!r} is no interval; write 30m, 6h, 1d or 2w")
    return gap.total_seconds()


def _check_allowed(entry: str) -> None:
    """ConfigError for what neither names a host with its port nor a network."""
    try:
        if "/" in entry:
            ipaddress.ip_network(entry, strict=False)
        elif not entry.rpartition(":")[2].isdigit():
            raise ValueError
    except ValueError:
        raise ConfigError(f"{entry!r} cannot be allowed; write HOST:PORT, or a network such as 10.1.0.0/16") from None


def user_agent(contact: str | None) -> str:
    """Name ourselves and whom to write to."""
    from . import __version__

    return f"clinicdex/{__version__} (+{contact})" if contact else f"clinicdex/{__version__}"
