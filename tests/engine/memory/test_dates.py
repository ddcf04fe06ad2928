import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from engine.memory.dates import resolve_day

WEDNESDAY = "2026-03-04"


@pytest.mark.parametrize(
    ("text", "day"),
    [
        ("tomorrow", "2026-03-05"),
        ("the day after tomorrow", "2026-03-06"),
        ("tonight at eight", "2026-03-04"),
        ("last night", "2026-03-03"),
        ("in two weeks", "2026-03-18"),
        ("in a day", "2026-03-05"),
        ("on friday", "2026-03-06"),
        ("wednesday", "2026-03-11"),
        ("next friday", "2026-03-13"),
        ("last wednesday", "2026-02-25"),
        ("this saturday", "2026-03-07"),
        ("may 3rd", "2026-05-03"),
        ("the third of may", "2026-05-03"),
        ("the twenty first of June, 2027", "2027-06-21"),
        ("the thirtieth of april", "2026-04-30"),
        ("Sept. 5", "2026-09-05"),
        ("january 2", "2027-01-02"),
        ("2026-12-24", "2026-12-24"),
        ("next summer", ""),
        ("i may go in march", ""),
        ("31 february", ""),
        ("in 999 weeks", "2045-04-26"),
    ],
)
def test_english_days(text, day):
    assert resolve_day(text, "en", WEDNESDAY) == day


@pytest.mark.parametrize(
    ("text", "day"),
    [
        ("明天下午", "2026-03-05"),
        ("大后天", "2026-03-07"),
        ("昨晚", "2026-03-03"),
        ("下周三", "2026-03-11"),
        ("这个周五", "2026-03-06"),
        ("上星期天", "2026-03-01"),
        ("下下周一", "2026-03-16"),
        ("周三", "2026-03-11"),
        ("三天后", "2026-03-07"),
        ("两个星期以后", "2026-03-18"),
        ("五月三号", "2026-05-03"),
        ("十二月二十五日", "2026-12-25"),
        ("2027年1月2日", "2027-01-02"),
        ("一月一号", "2027-01-01"),
        ("下个月", ""),
        ("我有两个月没去了", ""),
        ("二月三十号", ""),
    ],
)
def test_chinese_days(text, day):
    assert resolve_day(text, "zh", WEDNESDAY) == day


def test_without_a_day_to_count_from_there_is_none():
    assert resolve_day("tomorrow", "en", "") == ""
    assert resolve_day("tomorrow", "en", "9999-12-31") == ""


@given(st.text(), st.sampled_from(["en", "zh"]))
@settings(deadline=None)
def test_no_text_breaks_it(text, language):
    assert len(resolve_day(text, language, WEDNESDAY)) in (0, 10)
