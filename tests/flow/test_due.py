from __future__ import annotations

from datetime import UTC, datetime, timedelta
from zoneinfo import ZoneInfo

import pytest
from clinicdex.flow import due

DENVER = ZoneInfo("America/Denver")
NOON = datetime(2026, 3, 1, 12, tzinfo=UTC)


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("30m", timedelta(minutes=30)),
        ("6h", timedelta(hours=6)),
        ("1d", timedelta(days=1)),
        ("2w", timedelta(weeks=2)),
        ("0d", None),
        ("often", None),
        ("1y", None),
    ],
)
def test_intervals(text: str, expected: timedelta | None) -> None:
    assert expected == due.interval(text)


def test_sites_that_are_added_together_are_spread_once() -> None:
    firsts = [due.anchor(f"s{n}", "1d", NOON) for n in range(20)]

    assert firsts == [due.anchor(f"s{n}", "1d", NOON) for n in range(20)]
    assert len(set(firsts)) == 20
    assert all(
        first and NOON + timedelta(days=1) <= first <= NOON + timedelta(days=1, minutes=30)
        for first in firsts
    )


@pytest.mark.parametrize(("every", "most"), [("1d", 60), ("6h", 60), ("30m", 18)])
def test_an_interval_stays_at_its_hour_however_late_its_runs_end(every: str, most: float) -> None:
    anchored, gap = due.anchor("s", every, NOON), due.interval(every)
    assert anchored
    assert gap
    moment = anchored
    for number in range(400):
        late = moment + gap * (0.4 * (number % 3) / 2)
        following = due.next_due("s", every, None, late, anchored=anchored)
        assert following
        nominal = anchored + (number + 1) * gap
        assert 0 <= (following - nominal).total_seconds() <= most
        moment = following


def test_what_was_missed_is_not_made_up_one_by_one() -> None:
    anchored = due.anchor("s", "1d", NOON)
    assert anchored

    following = due.next_due("s", "1d", None, anchored + timedelta(days=9, hours=5), anchored=anchored)

    assert following
    assert timedelta(days=10) <= following - anchored < timedelta(days=10, minutes=1)


def test_a_crawl_by_hand_sets_the_hour() -> None:
    assert NOON + timedelta(days=1) == due.anchor("s", "1d", NOON, by_hand=True)


def test_a_moment_that_only_a_wrong_clock_can_have_set_is_seen() -> None:
    assert due.is_lost("1d", NOON + timedelta(days=300), NOON)
    assert not due.is_lost("1d", NOON + timedelta(days=1, minutes=31), NOON)
    assert not due.is_lost(None, NOON + timedelta(days=300), NOON)


def test_a_site_without_schedule_is_never_due() -> None:
    assert due.next_due("s", None, None, NOON) is None


def test_the_hour_that_comes_twice_in_autumn_fires_once() -> None:
    first = due.next_due("s", None, "30 1 * * *", datetime(2026, 11, 1, 0, tzinfo=DENVER), DENVER)
    assert first
    second = due.next_due("s", None, "30 1 * * *", first, DENVER)

    assert (datetime(2026, 11, 1, 7, 30, tzinfo=UTC), datetime(2026, 11, 2, 8, 30, tzinfo=UTC)) == (
        first,
        second,
    )


def test_the_hour_that_spring_skips_still_fires_that_day() -> None:
    moment = due.next_due("s", None, "30 2 * * *", datetime(2026, 3, 8, 0, tzinfo=DENVER), DENVER)

    assert moment
    assert moment.astimezone(DENVER).date().isoformat() == "2026-03-08"


@pytest.mark.parametrize(
    ("every", "cron", "wrong"),
    [
        ("1d", None, False),
        (None, "0 3 * * *", False),
        ("soon", None, True),
        (None, "61 * * * *", True),
        (None, "0 0 3 * * *", True),
        (None, "@daily", True),
    ],
)
def test_what_is_wrong_with_a_schedule_is_said(every: str | None, cron: str | None, wrong: bool) -> None:
    assert wrong == bool(due.problem(every, cron))
