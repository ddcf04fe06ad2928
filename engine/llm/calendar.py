"""The day as it is said aloud, from the prompt's `today` alone: there is no clock here."""

from __future__ import annotations

from datetime import date, timedelta

_WEEKDAYS = "一二三四五六日"


def day_words(today: str, language: str) -> dict[str, str]:
    """Words for replies: `day`, `tomorrow`, `yesterday`; none where `today` starts with no ISO day."""
    try:
        day = date.fromisoformat(today[:10])
        around = {"day": day, "tomorrow": day + timedelta(days=1), "yesterday": day - timedelta(days=1)}
    except (ValueError, OverflowError):
        return {}
    return {name: _said(when, language) for name, when in around.items()}


def _said(day: date, language: str) -> str:
    if language == "zh":
        return f"{day.year}年{day.month}月{day.day}日，星期{_WEEKDAYS[day.weekday()]}"
    return f"{day:%A}, {day:%B} {day.day}, {day.year}"
