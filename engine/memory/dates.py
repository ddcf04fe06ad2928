"""Date words resolved to a day: "tomorrow", "next friday", "in three weeks"; 明天, 下周三, 五月三号.

A plan remembered as "tomorrow" is worthless a week later, so the day is worked out from the day it was told.
Words that name no single day ("next summer", 下个月) resolve to nothing.
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from datetime import date, timedelta

_WEEKDAYS = ("monday", "tuesday", "wednesday", "thursday", "friday", "saturday", "sunday")
_MONTHS = "january february march april may june july august september october november december".split()
_NUMBERS = "zero one two three four five six seven eight nine ten eleven twelve".split()
_ORDINALS: Sequence[str] = (
    "zeroth first second third fourth fifth sixth seventh eighth ninth tenth eleventh twelfth thirteenth "
    "fourteenth fifteenth sixteenth seventeenth eighteenth nineteenth twentieth"
).split()
_TENS = {"twenty": 20, "thirty": 30}
_COUNT = r"(\d{1,3}|an?|" + "|".join(_NUMBERS) + ")"
_MONTH = "(" + "|".join(f"{name[:3]}(?:{name[3:]})?" for name in _MONTHS) + r"|sept)\.?"
_DAY = (
    r"((?:twenty|thirty)[ -](?:"
    + "|".join(_ORDINALS[1:10])
    + ")|"
    + "|".join(_ORDINALS[1:])
    + (r"|thirtieth|\d{1,2}(?:st|nd|rd|th)?)")
)
_YEAR = r"(?:,?\s+(\d{4}))?"
_DIGITS = {char: n for n, char in enumerate("零一二三四五六七八九")} | {"〇": 0, "两": 2, "日": 7, "天": 7}
_HAN = r"(\d{1,2}|[一二三四五六七八九十两]{1,3})"


def resolve_day(text: str, language: str, told_on: str) -> str:
    """ISO day named in `text`, counted from `told_on` (ISO day); empty when it names no single day."""
    try:
        today = date.fromisoformat(told_on[:10])
    except ValueError:
        return ""
    finder = _chinese if language == "zh" else _english
    try:
        day = finder(text.lower(), today)
    except (ValueError, OverflowError):  # 31 february, the year 99999: no such day
        return ""
    return day.isoformat() if day else ""


def _english(text: str, today: date) -> date | None:
    iso = re.search(r"\b(\d{4})-(\d{2})-(\d{2})\b", text)
    if iso:
        return date(*map(int, iso.groups()))
    for words, days in (
        (r"the day after tomorrow", 2),
        (r"tomorrow", 1),
        (r"today|tonight|this (?:morning|afternoon|evening)", 0),
        (r"the day before yesterday", -2),
        (r"yesterday|last night", -1),
    ):
        if re.search(rf"\b(?:{words})\b", text):
            return today + timedelta(days=days)
    counted = re.search(rf"\bin {_COUNT} (day|week)s?\b", text)
    if counted:
        return today + timedelta(days=_english_number(counted[1]) * (7 if counted[2] == "week" else 1))
    named = re.search(rf"\b{_MONTH}\s+(?:the\s+)?{_DAY}\b{_YEAR}", text)
    if named:
        return _month_day(named[1], named[2], named[3], today)
    named = re.search(rf"\b{_DAY}\s+(?:day\s+)?(?:of\s+)?{_MONTH}(?!\w){_YEAR}", text)
    if named:
        return _month_day(named[2], named[1], named[3], today)
    weekday = re.search(rf"\b(next|last|this|on|coming)?\s*({'|'.join(_WEEKDAYS)})\b", text)
    if weekday:
        return _weekday(_WEEKDAYS.index(weekday[2]), weekday[1] or "", today)
    return None


def _english_number(word: str) -> int:
    if word.isdigit():
        return int(word)
    return next((n for n, name in enumerate(_NUMBERS) if name == word), 1)


def _month_day(month: str, day: str, year: str | None, today: date) -> date:
    number = next(n for n, name in enumerate(_MONTHS, 1) if name[:3] == month[:3])
    tens, _, units = day.replace("-", " ").rpartition(" ")
    if units[0].isdigit():
        in_month = int(re.sub(r"\D", "", units))
    elif units == "thirtieth":
        in_month = 30
    else:
        in_month = _TENS.get(tens, 0) + _ORDINALS.index(units)
    return _coming(number, in_month, year, today)


def _coming(month: int, day: int, year: str | None, today: date) -> date:
    """The day in `year`, or else the next time it comes."""
    if year:
        return date(int(year), month, day)
    this_year = date(today.year, month, day)
    return this_year if this_year >= today else date(today.year + 1, month, day)


def _weekday(index: int, which: str, today: date) -> date:
    """`next friday` said on a wednesday is the one of the week after; plain `friday` is the coming one."""
    monday = today - timedelta(days=today.weekday())
    if which == "next":
        return monday + timedelta(days=7 + index)
    if which == "last":
        return today - timedelta(days=(today.weekday() - index - 1) % 7 + 1)
    return today + timedelta(days=(index - today.weekday()) % 7 or 7)


def _chinese(text: str, today: date) -> date | None:
    iso = re.search(r"(\d{4})\s*[-年/.]\s*(\d{1,2})\s*[-月/.]\s*(\d{1,2})", text)
    if iso:
        return date(*map(int, iso.groups()))
    for words, days in (
        ("大后天", 3),
        ("后天", 2),
        ("明天|明早|明晚|明儿", 1),
        ("今天|今晚|今早|今儿", 0),
        ("前天", -2),
        ("昨天|昨晚", -1),
    ):
        if re.search(words, text):
            return today + timedelta(days=days)
    counted = re.search(rf"{_HAN}\s*(天|个?星期|周|个?礼拜)(?:之?后|以后)", text)
    if counted:
        return today + timedelta(days=_han_number(counted[1]) * (1 if counted[2] == "天" else 7))
    named = re.search(rf"(?:(\d{{4}})年)?{_HAN}\s*月\s*{_HAN}\s*[号日]?", text)
    if named:
        return _coming(_han_number(named[2]), _han_number(named[3]), named[1], today)
    weekday = re.search(r"(下下|下|上|这|本)?个?(?:周|星期|礼拜)([一二三四五六日天])", text)
    if weekday:
        monday = today - timedelta(days=today.weekday())
        weeks = {"下下": 14, "下": 7, "上": -7, "这": 0, "本": 0}
        index = _DIGITS[weekday[2]] - 1
        if weekday[1]:
            return monday + timedelta(days=weeks[weekday[1]] + index)
        return _weekday(index, "", today)
    return None


def _han_number(word: str) -> int:
    if word.isdigit():
        return int(word)
    tens, ten, units = word.rpartition("十")
    return (_DIGITS[tens] if tens else 1) * 10 * bool(ten) + (_DIGITS[units] if units else 0)
