"""When a site is due next: by a cron expression, or by an interval that is counted from an anchor. Pure.

The anchor is the first regular moment of a site. Moments are whole intervals away from it, so that a site
stays at its hour however late its runs begin or end. Sites that are added together are spread by an offset,
once; each moment also has a small jitter, which does not add up.
"""

from __future__ import annotations

import hashlib
import re
from collections.abc import Iterator
from datetime import UTC, datetime, timedelta, tzinfo

from cronsim import CronSim, CronSimError

__all__ = ["after_failure", "anchor", "interval", "is_lost", "next_due", "problem", "upcoming"]

_UNITS = {"m": 60, "h": 3600, "d": 86400, "w": 604800}
_OFFSET = 0.1  # share of the interval over which sites are spread (chosen by hand)
_MOST_OFFSET = 1800.0  # seconds (chosen by hand)
_JITTER = 0.01  # share of the interval by which a moment is moved at most (chosen by hand)
_MOST_JITTER = 60.0  # seconds (chosen by hand)
_CRON_FIELDS = 5  # a sixth would be seconds, which no crawl needs
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
        if len(cron.split()) != _CRON_FIELDS:
            return f"{cron!r} is not a cron expression of five fields; write one such as '0 3 * * *'"
        try:
            CronSim(cron, datetime(2000, 1, 1, tzinfo=zone))
        except CronSimError as error:
            return f"{cron!r} is not a cron expression ({error}); write five fields, such as '0 3 * * *'"
    return None


def anchor(site: str, every: str | None, now: datetime, *, by_hand: bool = False) -> datetime | None:
    """Return the first regular moment of a site that is crawled at once now; None without an interval.

    It is one interval away, and later by the site's offset unless it was crawled `by_hand` at this moment.
    """
    gap = interval(every) if every else None
    if gap is None:
        return None
    return now.astimezone(UTC) + gap + (timedelta() if by_hand else _offset(site, gap))


def next_due(
    site: str,
    every: str | None,
    cron: str | None,
    after: datetime,
    zone: tzinfo = UTC,
    anchored: datetime | None = None,
) -> datetime | None:
    """Return the first moment after `after` when a site is due, in UTC; None if it is not scheduled.

    A cron expression is interpreted in `zone`; a time in an hour that the clock skips or repeats fires once.
    An interval is counted from `anchored`, or from `anchor` if the site has none yet.
    """
    if cron is not None:
        return next(CronSim(cron, after.astimezone(zone))).astimezone(UTC)
    gap = interval(every) if every else None
    if gap is None:
        return None
    first = anchored or anchor(site, every, after)
    assert first is not None
    count = max(0, (after - first) // gap + 1)  # whole intervals
    moment = first.astimezone(UTC) + count * gap
    return moment + _jitter(site, moment, gap)


def upcoming(
    site: str,
    every: str | None,
    cron: str | None,
    first: datetime,
    now: datetime,
    zone: tzinfo = UTC,
    anchored: datetime | None = None,
) -> Iterator[datetime]:
    """Yield the moments, in UTC, at which a site is due: `first`, then those after `now`, without end.

    Ends after `first` if the site is not scheduled.
    """
    moment: datetime | None = first
    anchored = anchored or (first if first > now else None)
    while moment is not None:
        yield moment
        anchored = anchored or anchor(site, every, max(moment, now))
        moment = next_due(site, every, cron, max(moment, now), zone, anchored)


def is_lost(every: str | None, due: datetime, now: datetime) -> bool:
    """Whether a moment is so far away that only a clock that was ahead can have set it."""
    gap = interval(every) if every else None
    return gap is not None and due > now + 2 * gap


def after_failure(failures: int, usual: datetime, now: datetime) -> datetime:
    """Return when to try a site again after failures in a row.

    In 5, 10, 20 … minutes after the first, second, third … failure, but not later than `usual`.
    """
    wait = timedelta(minutes=_FIRST_WAIT * 2 ** min(failures - 1, _MOST_DOUBLINGS))
    return min(usual, now + wait)


def _offset(site: str, gap: timedelta) -> timedelta:
    """Return up to a tenth of the interval, at most 30 minutes; always the same for the same site."""
    return timedelta(seconds=_share(site) * min(_MOST_OFFSET, gap.total_seconds() * _OFFSET))


def _jitter(site: str, moment: datetime, gap: timedelta) -> timedelta:
    """Return up to a hundredth of the interval, at most a minute; always the same for a site and moment."""
    share = _share(f"{site} {moment:%Y-%m-%dT%H:%M:%S}")
    return timedelta(seconds=share * min(_MOST_JITTER, gap.total_seconds() * _JITTER))


def _share(text: str) -> float:
    """Return a number from 0 to 1 that depends on the text alone."""
    return int.from_bytes(hashlib.sha256(text.encode()).digest()[:4], "big") / 2**32
