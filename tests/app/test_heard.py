"""What is heard now, told in one thread and asked in another."""

from __future__ import annotations

import numpy as np
import pytest

from app.devices.play_queue import Position
from app.heard import SILENCE, Heard
from engine.messages import Flush, Mark, ReplyMarks, ReplySegment, ReplyStart, SpeechAudio

RATE = 24000
TEXT = "Hello there"


def tone(seconds: float) -> bytes:
    wave = np.sin(2 * np.pi * 220 * np.arange(round(seconds * RATE)) / RATE)
    return (8000 * wave).astype("<i2").tobytes()


class Playing:
    """A reply of a second, whose play-out the test sets."""

    def __init__(self, block_s: float = 0.1) -> None:
        self.position = Position(0, 0, False)
        self.heard = Heard(RATE, lambda: self.position)
        self.heard.tell(ReplyStart(stream=3, turn=1))
        self.heard.tell(ReplySegment(stream=3, segment=0, text=TEXT, emotion="happy", offset=0))
        marks = (Mark(5, RATE // 2, "a"), Mark(len(TEXT), RATE, "i"))
        self.heard.tell(ReplyMarks(stream=3, segment=0, marks=marks))
        pcm, block = tone(1.0), 2 * round(block_s * RATE)
        for number, start in enumerate(range(0, len(pcm), block)):
            self.heard.tell(
                SpeechAudio(
                    stream=3,
                    sequence=number,
                    offset=start // 2,
                    pcm=pcm[start : start + block],
                    last=start + block >= len(pcm),
                )
            )

    def at(self, seconds: float, *, stream: int = 3, ended: bool = False):
        self.position = Position(stream, round(seconds * RATE), ended)
        return self.heard.now()


def test_before_any_reply_there_is_silence() -> None:
    assert Heard(RATE, lambda: Position(0, 0, False)).now() == SILENCE


def test_words_feeling_and_mouth_are_those_of_the_position() -> None:
    playing = Playing()
    begun, middle = playing.at(0.3), playing.at(0.7)
    assert (begun.subtitle.text, begun.subtitle.heard, begun.subtitle.emotion) == (TEXT, 0, "happy")
    assert middle.subtitle.heard == 5
    assert begun.mouth.open > 0.3
    assert begun.mouth.form < middle.mouth.form, "i is wider than a"
    assert middle.position.samples == round(0.7 * RATE)


def test_at_the_end_all_words_were_heard_and_nobody_speaks() -> None:
    end = Playing().at(1.0, ended=True)
    assert end.subtitle.heard == len(TEXT)
    assert end.mouth is None


@pytest.mark.parametrize("stream", [0, 2])
def test_what_is_not_being_played_is_not_heard(stream: int) -> None:
    assert Playing().at(0.3, stream=stream) == SILENCE


def test_a_flush_silences_its_stream_only() -> None:
    playing = Playing()
    playing.heard.tell(Flush(stream=2))
    assert playing.at(0.3).mouth is not None
    playing.heard.tell(Flush(stream=3))
    assert playing.at(0.3) == SILENCE


def test_another_reply_begins_afresh() -> None:
    playing = Playing()
    playing.heard.tell(ReplyStart(stream=4, turn=2))
    assert playing.at(0.3) == SILENCE
    assert playing.at(0.0, stream=4).subtitle is None


def test_an_engine_that_contradicts_itself_is_borne() -> None:
    playing = Playing()
    playing.heard.tell(ReplyMarks(stream=3, segment=7, marks=(Mark(1, 1),)))
    playing.heard.tell(SpeechAudio(stream=3, sequence=9, offset=RATE, pcm=tone(0.1)))
    playing.heard.tell(SpeechAudio(stream=8, sequence=0, offset=0, pcm=tone(0.1)))
    assert playing.at(0.7).subtitle.heard == 5


def test_long_blocks_give_the_mouth_of_short_ones() -> None:
    short, long = Playing(0.02), Playing(1.0)
    for seconds in np.arange(0.0, 1.0, 0.03):
        assert long.at(seconds).mouth == pytest.approx(short.at(seconds).mouth)


def test_it_may_be_asked_while_it_is_told(monkeypatch: pytest.MonkeyPatch) -> None:
    playing = Playing()
    guarded: list[bool] = []
    for part, names in (("_lips", ("feed", "at", "add_marks", "flush")), ("_ledger", ("subtitle_at",))):
        for name in names:
            call = getattr(getattr(playing.heard, part), name)

            def noting(*arguments: object, call=call) -> object:
                guarded.append(playing.heard._lock.locked())
                return call(*arguments)

            monkeypatch.setattr(getattr(playing.heard, part), name, noting, raising=False)
    playing.at(0.3)
    playing.heard.tell(ReplyStart(stream=4, turn=2))
    playing.heard.tell(ReplySegment(stream=4, segment=0, text=TEXT, emotion="sad", offset=0))
    playing.heard.tell(ReplyMarks(stream=4, segment=0, marks=(Mark(5, 100),)))
    playing.heard.tell(SpeechAudio(stream=4, sequence=0, offset=0, pcm=tone(0.1)))
    assert guarded == [True] * 6
