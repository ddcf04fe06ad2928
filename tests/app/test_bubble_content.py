"""What the speech bubble shows at a moment."""

from __future__ import annotations

from hypothesis import given
from hypothesis import strategies as st

from app.bubble_content import FADE_S, LINGER_S, MOST_NOTES, MOST_SEGMENTS, NOTICE_S, Block, Content
from app.devices.play_queue import Position
from app.heard import SILENCE, Moment
from engine.conversation.playout import Subtitle
from engine.messages import Emotion


def moment(
    stream: int,
    segment: int,
    text: str,
    heard: int | None = None,
    *,
    emotion: Emotion = "happy",
    ended: bool = False,
) -> Moment:
    subtitle = Subtitle(segment, text, len(text) if heard is None else heard, emotion)
    return Moment(Position(stream, 1, ended), subtitle, None)


def shown(content: Content, now: float) -> list[str]:
    return [block.text[: block.heard] for block in content.at(now)]


def test_words_appear_as_they_are_heard_and_lines_keep_their_place() -> None:
    content = Content()
    content.hear(moment(1, 0, "Hello there.", 5), 0.0)
    assert content.at(0.0) == (Block("speech", "Hello there.", 5, "happy"),)
    content.hear(moment(1, 0, "Hello there.", 12), 0.5)
    assert content.at(0.5) == (Block("speech", "Hello there.", 12, "happy"),)


def test_earlier_segments_of_the_reply_stay_above() -> None:
    content = Content()
    for number, text in enumerate(["One.", "Two.", "Three.", "Four."]):
        content.hear(moment(1, number, text, 1), float(number))
    assert shown(content, 4.0) == ["Two.", "Three.", "F"]


def test_a_new_reply_wipes_the_old_one() -> None:
    content = Content()
    content.hear(moment(1, 0, "Old."), 0.0)
    content.hear(moment(2, 0, "New.", 1), 1.0)
    assert shown(content, 1.0) == ["N"]


def test_words_linger_and_then_fade() -> None:
    content = Content()
    content.hear(moment(1, 0, "Bye."), 0.0)
    content.hear(moment(1, 0, "Bye.", ended=True), 1.0)
    assert content.at(1.0 + LINGER_S)[0].opacity == 1.0
    assert 0 < content.at(1.0 + LINGER_S + FADE_S / 2)[0].opacity < 1.0
    content.hear(moment(1, 0, "Bye.", ended=True), 6.0)
    assert content.at(6.0) == ()
    content.hear(moment(1, 0, "Bye.", ended=True), 6.1)
    assert content.at(6.1) == (), "what has faded does not come again"


def test_an_interrupted_reply_shows_what_was_heard_only() -> None:
    content = Content()
    content.hear(moment(1, 0, "I wanted to say", 8), 0.0)
    content.hear(SILENCE, 0.5)
    assert shown(content, 3.0) == ["I wanted"]
    assert shown(content, 0.5 + LINGER_S + FADE_S) == []


def test_silence_between_two_segments_does_not_end_a_reply() -> None:
    content = Content()
    content.hear(moment(1, 0, "One."), 0.0)
    content.hear(SILENCE, 1.0)
    content.hear(moment(1, 1, "Two.", 0), 4.0)
    assert content.at(10.0)[0].opacity == 1.0


def test_space_around_a_segment_is_not_shown() -> None:
    content = Content()
    content.hear(moment(1, 0, "  Hello. ", 4), 0.0)
    content.hear(moment(1, 1, "  ", 2), 0.1)
    assert content.at(0.1) == (Block("speech", "Hello.", 6, "happy"),)
    content.hear(moment(2, 0, "  Hello. ", 4), 0.2)
    assert content.at(0.2) == (Block("speech", "Hello.", 2, "happy"),)


def test_notices_come_below_her_words_and_what_the_user_said_above() -> None:
    content = Content()
    content.add("notice", "Paused.", 0.0)
    content.add("said", "You: hi", 0.0)
    content.hear(moment(1, 0, "Hello."), 0.0)
    content.progress("Waking up", 0.5)
    assert shown(content, 0.0) == ["You: hi", "Hello.", "Paused.", "Waking up"]
    content.progress("", None)
    content.forget_speech()
    assert shown(content, 0.0) == ["You: hi", "Paused."]
    assert shown(content, NOTICE_S) == []


def test_the_same_notice_is_shown_once_and_for_longer() -> None:
    content = Content()
    content.add("error", "No microphone.", 0.0)
    content.add("error", "No microphone.", 4.0)
    assert shown(content, 9.0) == ["No microphone."]


def test_only_the_last_thing_the_user_said_is_shown() -> None:
    content = Content()
    content.add("said", "one", 0.0)
    content.add("said", "two", 1.0)
    assert shown(content, 1.0) == ["two"]


def test_a_long_notice_stays_for_longer() -> None:
    content = Content()
    content.add("notice", "word " * 30, 0.0)
    assert shown(content, NOTICE_S + 2) != []
    assert shown(content, 16.0) == []


@given(
    st.lists(
        st.one_of(
            st.tuples(st.just("hear"), st.integers(1, 3), st.integers(0, 6), st.integers(0, 8)),
            st.tuples(st.just("silence"), st.just(0), st.just(0), st.just(0)),
            st.tuples(st.just("note"), st.integers(0, 5), st.just(0), st.just(0)),
            st.tuples(st.just("wait"), st.integers(0, 5), st.just(0), st.just(0)),
        ),
        max_size=60,
    )
)
def test_what_is_shown_is_bounded_and_always_ends(steps: list[tuple[str, int, int, int]]) -> None:
    content, now = Content(), 0.0
    for kind, one, two, three in steps:
        now += 0.03
        match kind:
            case "hear":
                content.hear(moment(one, two, f"{one}-{two} word", three), now)
            case "silence":
                content.hear(SILENCE, now)
            case "note":
                content.add("notice", str(one), now)
            case _:
                now += one
        blocks = content.at(now)
        assert sum(block.kind == "speech" for block in blocks) <= MOST_SEGMENTS
        assert sum(block.kind == "notice" for block in blocks) <= MOST_NOTES
        assert all(0 <= block.heard <= len(block.text) and 0 <= block.opacity <= 1 for block in blocks)
    content.hear(SILENCE, now)
    assert content.at(now + 60) == ()
