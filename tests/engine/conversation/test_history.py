from hypothesis import given, settings
from hypothesis import strategies as st

from engine.conversation.history import History
from engine.conversation.prompt import Line
from engine.conversation.tokens import count_tokens


def test_lines_are_as_said_and_heard() -> None:
    history = History()
    history.user("hi")
    history.reply("Hello", "happy", True)
    assert history.last_interrupted
    history.user("go on")
    history.reply("there.", "calm")
    assert not history.last_interrupted
    assert history.lines() == (
        Line("user", "hi"),
        Line("companion", "Hello", "happy"),
        Line("user", "go on"),
        Line("companion", "there.", "calm"),
    )


def test_a_reply_that_was_not_heard_leaves_no_line() -> None:
    history = History()
    history.user("hi")
    history.reply("  ", "calm", True)
    assert history.lines() == (Line("user", "hi"),)
    assert history.last_interrupted


def test_trimming_takes_big_steps_between_turns() -> None:
    history = History(limit_tokens=100)
    changes = 0
    before: tuple[Line, ...] = ()
    for turn in range(50):
        history.user(f"你你你你 {turn}")
        history.reply(f"好好好好 {turn}", "calm")
        changes += history.lines()[: len(before)] != before
        before = history.lines()
    assert changes <= 10  # 600 tokens through a window of 100, half of it at a time


def test_the_last_turn_stays_while_it_fits() -> None:
    history = History(limit_tokens=10)
    history.user("一二三")
    history.reply("四五六", "calm")
    history.user("七八九十")
    history.reply("七八九", "calm")
    assert [line.text for line in history.lines()] == ["七八九十", "七八九"]


def test_a_turn_too_long_for_the_window_goes() -> None:
    history = History(limit_tokens=10)
    history.user("很" * 100)
    history.reply("好", "calm")
    assert history.lines() == ()


@settings(deadline=None)
@given(st.lists(st.tuples(st.text(max_size=40), st.text(max_size=40)), max_size=20))
def test_the_history_is_bounded_and_begins_with_the_user(turns: list[tuple[str, str]]) -> None:
    history = History(limit_tokens=30)
    for said, heard in turns:
        history.user(said)
        history.reply(heard, "calm")
        lines = history.lines()
        assert sum(count_tokens(line.text) for line in lines) <= 30
        assert not lines or lines[0].role == "user"
        assert all(line.text in (said, heard.strip()) for line in lines[-1:])
