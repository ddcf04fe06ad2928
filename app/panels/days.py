"""Days and times of day as people say them. Pure: time zone and today come in as arguments."""

from __future__ import annotations

from datetime import date, datetime, timedelta, tzinfo

from app.i18n import Words


def day_of(at: datetime, zone: tzinfo | None) -> date:
    """The day at that place; `zone` None: of this computer."""
    return at.astimezone(zone).date()


def day_name(day: date, today: date, words: Words) -> str:
    """ "Today", "Yesterday", or the date; with the year where it is another one."""
    if day == today:
        return words("chat.today")
    if day == today - timedelta(days=1):
        return words("chat.yesterday")
    weekday = words("chat.weekdays").split()[day.weekday()]
    month = words("chat.months").split()[day.month - 1]
    code = "chat.day" if day.year == today.year else "chat.day-of-year"
    return words(code, weekday=weekday, month=month, day=day.day, year=day.year)


def time_of_day(at: datetime, zone: tzinfo | None) -> str:
    """As 09:05."""
    return at.astimezone(zone).strftime("%H:%M")
