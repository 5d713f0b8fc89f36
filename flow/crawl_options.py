"""The options of one crawl, and the CrawlSpec that is made from settings, site and options."""

from __future__ import annotations

import ipaddress
import math
import os
from dataclasses import dataclass

from .. import __version__, urls
from ..catalogue import ALL, FEEDS, FULL, Bounds, Catalogue
from ..catalogue.sites import Site
from ..config import Config
from ..crawler.spec import ROBOTS_FRESH, CrawlSpec
from ..errors import ConfigError
from . import due
from .credentials import credentials

__all__ = ["ALL", "FULL", "CrawlOptions", "bounds_of", "page_spec", "plan_crawl", "seconds_of", "user_agent"]


@dataclass(frozen=True, slots=True, kw_only=True)
class CrawlOptions:
    """How to crawl this time; None means: as the site's settings and the configuration say."""

    asks: str = ALL  # which known URLs to request: ALL, DUE, FEEDS, or FULL (all, without validators)
    max_pages: int | None = None
    delay: float | None = None  # seconds
    allow_hosts: tuple[str, ...] = ()
    force: bool = False  # drop lost articles however many they are: no deletion guard
    index: bool = True
    must_index: bool = True  # False: if the index is unreachable or busy at the end, update it later


def plan_crawl(config: Config, catalogue: Catalogue, site: Site, options: CrawlOptions) -> CrawlSpec:
    """Return the CrawlSpec of a site, with what the catalogue knows of it.

    ConfigError if the site may not be crawled with these settings.
    """
    delay = _delay(config, site, options)
    return CrawlSpec(
        start=site.url,
        starts=site.starts,
        headers=credentials(config.for_site(site.name), os.environ),
        user_agent=user_agent(config.contact),
        delay=delay,
        timeout=config.timeout,
        max_bytes=config.max_bytes,
        max_pages=options.max_pages or config.max_pages,
        allow=site.allow,
        deny=site.deny,
        allow_hosts=_allowed(config, site, options),
        proxy=config.proxy,
        likely=catalogue.pages.likely_folders(site.name),
        forgotten=tuple(catalogue.tombstones.all()),
        since=catalogue.sites.last_complete(site.name),
        robots=catalogue.sites.robots(site.name),
        robots_age=ROBOTS_FRESH if options.asks == FEEDS else 0.0,
    )


def page_spec(config: Config, url: str) -> CrawlSpec:
    """Return the CrawlSpec of one page outside all sites; ConfigError if it may not be fetched."""
    page, options = Site("extract", url), CrawlOptions()
    return CrawlSpec(
        start=url,
        user_agent=user_agent(config.contact),
        delay=_delay(config, page, options),
        timeout=config.timeout,
        max_bytes=config.max_bytes,
        max_pages=config.max_pages,
        allow_hosts=_allowed(config, page, options),
        proxy=config.proxy,
    )


def _delay(config: Config, site: Site, options: CrawlOptions) -> float:
    """Return the seconds between two requests to a site.

    ConfigError if the delay is not finite, or if the site is not on this machine and the delay is not above 0
    or no contact is set.
    """
    delay = next(value for value in (options.delay, site.delay, config.delay) if value is not None)
    host, _ = urls.host_port(site.url)
    if not math.isfinite(delay):
        raise ConfigError(f"{site.url}: a delay of {delay} seconds is not a delay; give --delay a number")
    if not urls.is_loopback(host):
        if not config.contact:
            raise ConfigError(
                f'{site.url}: a crawl needs a contact; set contact = "you@example.org" in clinicdex.toml'
            )
        if not delay > 0:
            raise ConfigError(f"{site.url}: a delay of 0 is for your own machine only; leave --delay out")
    return delay


def _allowed(config: Config, site: Site, options: CrawlOptions) -> tuple[str, ...]:
    """Return the hosts and networks that may be fetched from although they are not public.

    ConfigError for an entry that is neither HOST:PORT nor a network.
    """
    allowed = (*config.allow_hosts, *site.allow_hosts, *options.allow_hosts)
    for entry in allowed:
        try:
            if "/" in entry:
                ipaddress.ip_network(entry, strict=False)
            elif not entry.rpartition(":")[2].isdigit():
                raise ValueError
        except ValueError:
            raise ConfigError(
                f"{entry!r} cannot be allowed; write HOST:PORT, or a network such as 10.1.0.0/16"
            ) from None
    return allowed


def bounds_of(config: Config, site: str) -> Bounds:
    """Return the bounds of the time between two visits to a page of a site: the owner's, else the defaults.

    ConfigError if a setting is not an interval.
    """
    settings, usual = config.for_site(site), Bounds()
    least = (
        seconds_of(f"[site.{site}]: revisit_least", settings.revisit_least)
        if settings.revisit_least
        else usual.least
    )
    most = (
        seconds_of(f"[site.{site}]: revisit_most", settings.revisit_most)
        if settings.revisit_most
        else usual.most
    )
    return Bounds(least=least, most=most)


def seconds_of(setting: str, text: str) -> float:
    """Return an interval setting in seconds; ConfigError, naming `setting`, if it is not an interval."""
    gap = due.interval(text)
    if gap is None:
        raise ConfigError(f"clinicdex.toml: {setting} = {text!r} is not an interval; write 30m, 6h, 1d or 2w")
    return gap.total_seconds()


def user_agent(contact: str | None) -> str:
    """Return the user agent: name, version and, if there is one, the contact."""
    return f"clinicdex/{__version__} (+{contact})" if contact else f"clinicdex/{__version__}"
