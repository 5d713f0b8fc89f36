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


def test_an_interval_is_spread_by_a_jitter_that_stays() -> None:
    dues = [due.next_due(f"s{n}", "1d", None, NOON) for n in range(20)]

    assert dues == [due.next_due(f"s{n}", "1d", None, NOON) for n in range(20)]
    assert len(set(dues)) == 20
    assert all(
        moment and NOON + timedelta(days=1) <= moment <= NOON + timedelta(days=1, minutes=30)
        for moment in dues
    )


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
    [("1d", None, False), (None, "0 3 * * *", False), ("soon", None, True), (None, "61 * * * *", True)],
)
def test_what_is_wrong_with_a_schedule_is_said(every: str | None, cron: str | None, wrong: bool) -> None:
    assert wrong == bool(due.problem(every, cron))
