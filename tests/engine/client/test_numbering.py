from __future__ import annotations

from engine.client.numbering import Numbering
from engine.messages import InputText, Notice, Playback, ReplyStart, SpeechAudio, TurnEvent


def test_numbers_go_on_growing_in_a_new_session() -> None:
    numbering = Numbering()
    for message in (TurnEvent(turn=2, state="committed"), ReplyStart(stream=5, turn=2)):
        assert numbering.inward(message) is message
    numbering.begin_session()
    assert numbering.inward(TurnEvent(turn=1, state="committed")) == TurnEvent(turn=3, state="committed")
    assert numbering.inward(ReplyStart(stream=1, turn=1)) == ReplyStart(stream=6, turn=3)
    numbering.begin_session()
    speech = SpeechAudio(stream=1, sequence=0, offset=0, pcm=b"")
    assert numbering.inward(speech) == SpeechAudio(stream=7, sequence=0, offset=0, pcm=b"")
    assert numbering.outward(Playback(stream=7, played=3)) == Playback(stream=1, played=3)
    assert numbering.outward(Playback(stream=6, played=3)) is None


def test_what_has_no_number_stays_as_it_is() -> None:
    numbering = Numbering()
    numbering.begin_session()
    notice = Notice(code="c", message="m")
    assert numbering.inward(notice) is notice
    text = InputText(text="hi")
    assert numbering.outward(text) is text
