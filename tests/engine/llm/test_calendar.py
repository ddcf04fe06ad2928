from engine.llm.calendar import day_words


def test_the_days_around_today_are_said_in_both_languages():
    assert day_words("2026-02-28 Saturday", "en") == {
        "day": "Saturday, February 28, 2026",
        "tomorrow": "Sunday, March 1, 2026",
        "yesterday": "Friday, February 27, 2026",
    }
    assert day_words("2026-02-28", "zh")["tomorrow"] == "2026年3月1日，星期日"


def test_without_a_day_there_are_no_words():
    assert day_words("", "en") == day_words("soon", "zh") == day_words("9999-12-31", "en") == {}
