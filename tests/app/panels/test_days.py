"""Days and times as people say them."""

from __future__ import annotations

from datetime import UTC, date, datetime, timedelta, timezone
from zoneinfo import ZoneInfo

import pytest
from hypothesis import given
from hypothesis import strategies as st

from app.i18n import Words
from app.panels.days import day_name, day_of, time_of_day

TODAY = date(2026, 11, 26)


@pytest.mark.parametrize(
    ("day", "en", "zh"),
    [
        (TODAY, "Today", "今天"),
        (TODAY - timedelta(days=1), "Yesterday", "昨天"),
        (TODAY - timedelta(days=2), "Tuesday, 24 November", "11月24日 星期二"),
        (date(2026, 1, 1), "Thursday, 1 January", "1月1日 星期四"),
        (date(2025, 12, 31), "Wednesday, 31 December 2025", "2025年12月31日 星期三"),
        (TODAY + timedelta(days=1), "Friday, 27 November", "11月27日 星期五"),
    ],
)
def test_names_of_days(day: date, en: str, zh: str) -> None:
    assert day_name(day, TODAY, Words("en")) == en
    assert day_name(day, TODAY, Words("zh")) == zh


def test_yesterday_in_another_year() -> None:
    assert day_name(date(2025, 12, 31), date(2026, 1, 1), Words("en")) == "Yesterday"


def test_a_moment_is_another_day_elsewhere() -> None:
    at = datetime(2026, 11, 25, 17, 30, tzinfo=UTC)
    assert day_of(at, UTC) == date(2026, 11, 25)
    assert day_of(at, timezone(timedelta(hours=8))) == date(2026, 11, 26)
    assert time_of_day(at, timezone(timedelta(hours=8))) == "01:30"
    assert time_of_day(at, timezone(timedelta(hours=-11))) == "06:30"


def test_the_hour_that_summer_time_repeats() -> None:
    berlin = ZoneInfo("Europe/Berlin")
    before = datetime(2026, 10, 25, 0, 30, tzinfo=UTC)
    after = before + timedelta(hours=1)
    assert time_of_day(before, berlin) == time_of_day(after, berlin) == "02:30"
    assert day_of(before, berlin) == day_of(after, berlin)


@given(st.dates(min_value=date(2020, 1, 1), max_value=date(2040, 1, 1)), st.integers(-12, 14))
def test_midnight_of_the_place_divides_days(day: date, hours: int) -> None:
    zone = timezone(timedelta(hours=hours))
    midnight = datetime(day.year, day.month, day.day, tzinfo=zone)
    before = day_of((midnight - timedelta(seconds=1)).astimezone(UTC), zone)
    assert day_of(midnight.astimezone(UTC), zone) - before == timedelta(days=1)
    assert day_name(before, day_of(midnight, zone), Words("en")) == "Yesterday"
