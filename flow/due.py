"""When a site is due next: by a cron expression, or by an interval plus a constant jitter per site. Pure."""

from __future__ import annotations

import hashlib
import re
from collections.abc import Iterator
from datetime import UTC, datetime, timedelta, tzinfo

from cronsim import CronSim, CronSimError

__all__ = ["after_failure", "interval", "next_due", "problem", "upcoming"]

_UNITS = {"m": 60, "h": 3600, "d": 86400, "w": 604800}
_JITTER = 0.1  # share of the interval over which sites are spread (chosen by hand)
_MOST_JITTER = 1800.0  # seconds (chosen by hand)
_FIRST_WAIT = 5  # minutes from the first failure to the next try (chosen by hand)
_MOST_DOUBLINGS = 10  # of the first wait: 3.6 days at most (chosen by hand)


def interval(text: str) -> timedelta | None:
    """Parse an interval such as "30m", "6h", "1d" or "2w"; None if the text is not an interval above 0."""
    match = re.fullmatch(r"(\d{1,4})([mhdw])", text.strip().lower())
    return timedelta(seconds=int(match[1]) * _UNITS[match[2]]) if match and int(match[1]) else None


def problem(every: str | None, cron: str | None, zone: tzinfo = UTC) -> str | None:
    """Return what is wrong with a schedule; None if nothing is."""
    if every is not None and interval(every) is None:
        return f"{every!r} is not an interval; write 30m, 6h, 1d or 2w"
    if cron is not None:
        try:
            CronSim(cron, datetime(2000, 1, 1, tzinfo=zone))
        except CronSimError as error:
            return f"{cron!r} is not a cron expression ({error}); write five fields, such as '0 3 * * *'"
    return None


def next_due(
    site: str, every: str | None, cron: str | None, after: datetime, zone: tzinfo = UTC
) -> datetime | None:
    """Return the first moment after `after` when a site is due, in UTC; None if it is not scheduled.

    A cron expression is interpreted in `zone`; a time in an hour that the clock skips or repeats fires once.
    """
    if cron is not None:
        return next(CronSim(cron, after.astimezone(zone))).astimezone(UTC)
    gap = interval(every) if every else None
    return after.astimezone(UTC) + gap + _jitter(site, gap) if gap else None


def upcoming(
    site: str, every: str | None, cron: str | None, first: datetime, now: datetime, zone: tzinfo = UTC
) -> Iterator[datetime]:
    """Yield the moments, in UTC, at which a site is due: `first`, then those after `now`, without end.

    Ends after `first` if the site is not scheduled.
    """
    moment: datetime | None = first
    while moment is not None:
        yield moment
        moment = next_due(site, every, cron, max(moment, now), zone)


def after_failure(failures: int, usual: datetime, now: datetime) -> datetime:
    """Return when to try a site again after failures in a row.

    In 5, 10, 20 … minutes after the first, second, third … failure, but not later than `usual`.
    """
    wait = timedelta(minutes=_FIRST_WAIT * 2 ** min(failures - 1, _MOST_DOUBLINGS))
    return min(usual, now + wait)


def _jitter(site: str, gap: timedelta) -> timedelta:
    """Return up to a tenth of the interval, at most 30 minutes; always the same for the same site."""
    share = int.from_bytes(hashlib.sha256(site.encode()).digest()[:4], "big") / 2**32
    return timedelta(seconds=share * min(_MOST_JITTER, gap.total_seconds() * _JITTER))
