import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from hypothesis.stateful import RuleBasedStateMachine, initialize, invariant, precondition, rule

from engine.conversation.emotion import EMOTIONS
from engine.conversation.playout import LEAD_MS, PlayoutLedger, Subtitle
from engine.errors import PeerFault
from engine.messages import Mark

RATE = 1000


def two_segments(*, marks: bool) -> PlayoutLedger:
    """Segment 0 over samples 0..1000, segment 1 over 1000..2000, ended."""
    ledger = PlayoutLedger(RATE)
    ledger.add_segment(0, "hello world", "happy", 0)
    if marks:
        ledger.add_marks(0, [Mark(3, 200, "e"), Mark(5, 400, "o"), Mark(11, 900, "u")])
    ledger.add_audio(1000)
    ledger.add_segment(1, "你好", "sad", 1000)
    ledger.add_audio(1000)
    ledger.end()
    return ledger


@pytest.mark.parametrize(
    ("played", "heard"),
    [
        (0, ""),
        (199, ""),
        (200, "hel"),
        (450, "hello"),
        (899, "hello"),
        (900, "hello world"),
        (1000, "hello world"),
    ],
)
def test_a_mark_is_exact(played: int, heard: str) -> None:
    ledger = two_segments(marks=True)
    ledger.played(played)
    assert ledger.heard_text() == heard


@pytest.mark.parametrize(
    ("played", "heard"),
    [(0, ""), (300, ""), (600, "hello "), (999, "hello "), (1000, "hello world"), (1500, "hello world你")],
)
def test_without_marks_speech_is_even_and_words_are_whole(played: int, heard: str) -> None:
    ledger = two_segments(marks=False)
    ledger.played(played)
    assert ledger.heard_text() == heard


def test_all_is_heard_at_the_end_even_without_a_last_mark() -> None:
    ledger = PlayoutLedger(RATE)
    ledger.add_segment(0, "hello 😊", "happy", 0)
    ledger.add_marks(0, [Mark(5, 100)])
    ledger.add_audio(500)
    ledger.played(500)
    assert ledger.heard_text() == "hello"
    assert not ledger.finished
    ledger.end()
    assert ledger.heard_text() == "hello 😊"
    assert ledger.finished


def test_a_segment_that_still_arrives_is_not_overrated() -> None:
    ledger = PlayoutLedger(RATE)
    ledger.add_segment(0, "很" * 40, "calm", 0)  # takes about ten seconds
    ledger.add_audio(1000)
    ledger.played(1000)
    assert ledger.heard_text() == "很" * 4


def test_a_reply_without_voice_is_heard_at_once() -> None:
    ledger = PlayoutLedger(RATE)
    ledger.add_segment(0, "one. ", "calm", 0)
    ledger.add_segment(1, "two.", "calm", 0)
    assert ledger.heard_text() == "one. "
    ledger.end()
    assert ledger.heard_text() == "one. two."
    assert ledger.finished


def test_a_segment_without_sound_is_heard_when_it_is_reached() -> None:
    ledger = PlayoutLedger(RATE)
    ledger.add_segment(0, "Hi. ", "calm", 0)
    ledger.add_audio(500)
    ledger.add_segment(1, "😊", "calm", 500)
    ledger.end()
    ledger.played(499)
    assert "😊" not in ledger.heard_text()
    ledger.played(500)
    assert ledger.heard_text() == "Hi. 😊"


def test_what_was_heard_never_shrinks() -> None:
    ledger = PlayoutLedger(RATE)
    ledger.add_segment(0, "你好", "calm", 0)
    ledger.add_audio(600)
    ledger.played(300)
    assert ledger.heard_text() == "你"
    ledger.add_marks(0, [Mark(0, 400), Mark(2, 600)])
    assert ledger.heard_text() == "你"
    ledger.played(100)
    assert (ledger.heard_text(), ledger.heard_ms) == ("你", 300)


def test_played_is_at_most_what_there_is() -> None:
    ledger = two_segments(marks=True)
    ledger.played(10**9)
    assert (ledger.heard_ms, ledger.ahead_ms, ledger.finished) == (2000, 0, True)


def test_credit_is_one_and_a_half_seconds_ahead_of_the_ear() -> None:
    ledger = PlayoutLedger(RATE)
    assert ledger.credit == LEAD_MS
    ledger.add_segment(0, "你好", "calm", 0)
    ledger.add_audio(1400)
    assert (ledger.credit, ledger.ahead_ms) == (100, 1400)
    ledger.add_audio(400)
    assert ledger.credit == 0
    ledger.played(800)
    assert ledger.credit == 500


def test_face_and_subtitle_follow_the_sample() -> None:
    ledger = two_segments(marks=True)
    assert [ledger.emotion_at(sample) for sample in (0, 999, 1000, 5000)] == ["happy", "happy", "sad", "sad"]
    assert [ledger.viseme_at(sample) for sample in (0, 199, 200, 500, 950, 1500)] == [
        "e",
        "e",
        "o",
        "u",
        "closed",
        None,
    ]
    assert ledger.subtitle_at(450) == Subtitle(0, "hello world", 5, "happy")
    assert ledger.subtitle_at(1000) == Subtitle(1, "你好", 0, "sad")
    assert PlayoutLedger(RATE).subtitle_at(0) is PlayoutLedger(RATE).emotion_at(0) is None


@pytest.mark.parametrize(
    "marks",
    [
        [Mark(2, 100), Mark(1, 200)],
        [Mark(1, 200), Mark(2, 100)],
        [Mark(3, 100)],
        [Mark(-1, 100)],
        [Mark(1, 99)],
    ],
)
def test_marks_that_go_back_are_refused_whole(marks: list[Mark]) -> None:
    ledger = PlayoutLedger(RATE)
    ledger.add_audio(100)
    ledger.add_segment(0, "你好", "calm", 100)
    with pytest.raises(PeerFault) as fault:
        ledger.add_marks(0, marks)
    assert fault.value.code == "bad-marks"
    ledger.add_marks(0, [Mark(1, 150)])
    with pytest.raises(PeerFault):
        ledger.add_marks(0, [Mark(0, 160)])


def test_what_does_not_belong_to_the_stream_is_refused() -> None:
    ledger = PlayoutLedger(RATE)
    ledger.add_audio(100)
    ledger.add_segment(0, "你好", "calm", 100)
    for number, offset in ((0, 100), (1, 99), (1, 101)):
        with pytest.raises(PeerFault, match="bad-segment"):
            ledger.add_segment(number, "x", "calm", offset)
    with pytest.raises(PeerFault, match="bad-marks"):
        ledger.add_marks(7, [Mark(0, 100)])
    with pytest.raises(PeerFault, match="bad-audio"):
        ledger.add_audio(-1)
    ledger.end()
    with pytest.raises(PeerFault, match="bad-audio"):
        ledger.add_audio(1)
    with pytest.raises(PeerFault, match="bad-segment"):
        ledger.add_segment(1, "x", "calm", 100)


class Playing(RuleBasedStateMachine):
    """Any order of sending, marking and playing."""

    @initialize(voiced=st.booleans())
    def start(self, voiced: bool) -> None:
        self.ledger = PlayoutLedger(RATE)
        self.voiced = voiced
        self.written = ""
        self.last = ""
        self.text = ""
        self.segments = 0
        self.char_end = 0
        self.sample_end = 0
        self.ended = False

    @precondition(lambda self: not self.ended)
    @rule(text=st.text(alphabet="ab 你好😊\u200d'", max_size=12), emotion=st.sampled_from(EMOTIONS))
    def segment(self, text: str, emotion) -> None:
        self.ledger.add_segment(self.segments, text, emotion, self.ledger.total)
        self.segments += 1
        self.written += text
        self.text, self.char_end, self.sample_end = text, 0, self.ledger.total

    @precondition(lambda self: not self.ended and self.voiced and self.segments)
    @rule(samples=st.integers(0, 3000))
    def audio(self, samples: int) -> None:
        self.ledger.add_audio(samples)

    @precondition(lambda self: self.segments)
    @rule(characters=st.integers(0, 5), samples=st.integers(0, 900))
    def mark(self, characters: int, samples: int) -> None:
        self.char_end = min(len(self.text), self.char_end + characters)
        self.sample_end += samples
        self.ledger.add_marks(self.segments - 1, [Mark(self.char_end, self.sample_end)])

    @rule(samples=st.integers(-5, 9000))
    def play(self, samples: int) -> None:
        self.ledger.played(samples)

    @rule()
    def end(self) -> None:
        self.ledger.end()
        self.ended = True

    @invariant()
    def heard_is_a_growing_beginning_of_what_was_written(self) -> None:
        heard = self.ledger.heard_text()
        assert self.written.startswith(heard)
        assert heard.startswith(self.last)
        self.last = heard

    @invariant()
    def all_is_heard_in_the_end(self) -> None:
        if self.ledger.finished:
            assert self.ledger.heard_text() == self.written

    @invariant()
    def any_sample_can_be_asked_for(self) -> None:
        for sample in (-1, 0, self.ledger.total // 2, self.ledger.total, 10**6):
            subtitle = self.ledger.subtitle_at(sample)
            assert subtitle is None or 0 <= subtitle.heard <= len(subtitle.text)
            self.ledger.viseme_at(sample)
            self.ledger.emotion_at(sample)


TestPlaying = Playing.TestCase
TestPlaying.settings = settings(deadline=None, max_examples=60, stateful_step_count=30)


@settings(deadline=None)
@given(st.text(max_size=30), st.integers(1, 2000))
def test_even_speech_reaches_every_character_in_turn(text: str, samples: int) -> None:
    ledger = PlayoutLedger(RATE)
    ledger.add_segment(0, text, "calm", 0)
    ledger.add_audio(samples)
    ledger.end()
    lengths = [ledger.subtitle_at(sample).heard for sample in range(0, samples + 1, 7)]  # type: ignore[union-attr]
    assert lengths == sorted(lengths)
