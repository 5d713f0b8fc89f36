"""When the sites of a catalogue are due, by the owner's settings."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import UTC, datetime, timedelta, tzinfo
from itertools import islice
from zoneinfo import ZoneInfo, ZoneInfoNotFoundError

from ..catalogue.sites import Site, Sites
from ..config import Config
from ..errors import ConfigError
from .crawl_options import seconds_of
from .due import anchor, is_lost, next_due, upcoming

__all__ = ["anchor_of", "feed_gap", "foreseen", "moved_by_hand", "reset_lost", "zone_of"]


def foreseen(sites: Iterable[Site], zone: tzinfo, most: int) -> list[tuple[datetime, str]]:
    """Return the next `most` runs as (when, name of the site), soonest first, if each begins on time."""
    now = datetime.now(UTC)
    coming: list[tuple[datetime, str]] = []
    for site in sites:
        if site.next_due is not None:
            first = datetime.fromtimestamp(site.next_due, UTC)
            moments = upcoming(site.name, site.every, site.cron, first, now, zone, anchor_of(site))
            coming += [(moment.astimezone(zone), site.name) for moment in islice(moments, most)]
    return sorted(coming)[:most]


def anchor_of(site: Site) -> datetime | None:
    """Return the moment from which a site's interval is counted; None if it is not fixed yet."""
    return datetime.fromtimestamp(site.anchor, UTC) if site.anchor else None


def moved_by_hand(sites: Sites, site: Site, zone: tzinfo) -> None:
    """Move a site's schedule after a crawl by hand: it has just had what it was due for.

    An interval is counted from now on; a cron expression stays as it is.
    """
    now = datetime.now(UTC)
    anchored = anchor(site.name, site.every, now, by_hand=True)
    due = next_due(site.name, site.every, site.cron, now, zone, anchored)
    if due is not None:
        sites.set_next_due(site.name, due.timestamp(), 0, anchored.timestamp() if anchored else None)


def reset_lost(sites: Sites) -> None:
    """Make sites due now whose moment only a clock that was ahead can have set."""
    now = datetime.now(UTC)
    for site in sites.all():
        if site.next_due and is_lost(site.every, datetime.fromtimestamp(site.next_due, UTC), now):
            sites.set_next_due(site.name, now.timestamp(), 0, now.timestamp())


def zone_of(config: Config) -> tzinfo:
    """Return the time zone of cron expressions: as configured, else this machine's.

    ConfigError if the configured one does not exist.
    """
    if not config.timezone:
        from tzlocal import get_localzone

        return get_localzone()
    try:
        return ZoneInfo(config.timezone)
    except (ZoneInfoNotFoundError, ValueError, OSError) as error:
        raise ConfigError(
            f"timezone = {config.timezone!r} is not a time zone; write one such as America/Denver"
        ) from error


def feed_gap(config: Config) -> timedelta | None:
    """Return the time between two fetches of a site's feeds; None if feeds are not fetched between runs.

    ConfigError if the setting is not an interval.
    """
    return (
        None if config.feed_every == "off" else timedelta(seconds=seconds_of("feed_every", config.feed_every))
    )
