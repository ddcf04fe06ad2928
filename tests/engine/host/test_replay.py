from __future__ import annotations

from engine.host.replay import KEPT_MESSAGES, Replay
from engine.messages import Flush, ReplyDone, ReplyText, SpeechAudio, State


def speech(stream: int, offset: int, samples: int = 100) -> SpeechAudio:
    return SpeechAudio(stream=stream, sequence=offset // 100, offset=offset, pcm=bytes(2 * samples))


def test_a_client_gets_what_it_missed_in_order() -> None:
    replay = Replay()
    replay.sent(State(state="thinking"), "1", 1)
    replay.sent(ReplyText(stream=1, delta="Hi"), "2", 2)
    replay.sent(speech(1, 0), b"a", 0)
    replay.sent(State(state="speaking"), "3", 3)
    replay.sent(speech(1, 100), b"b", 0)
    assert replay.since(0) == ["1", "2", b"a", "3", b"b"]
    assert replay.since(2) == [b"a", "3", b"b"]
    assert replay.since(3) == [b"a", b"b"]


def test_speech_that_was_played_is_not_sent_again() -> None:
    replay = Replay()
    for offset in (0, 100, 200):
        replay.sent(speech(2, offset), str(offset).encode(), 0)
    replay.played(2, 150)
    assert replay.since(0) == [b"100", b"200"]
    replay.played(1, 5000)
    assert replay.since(0) == [b"100", b"200"]
    replay.played(3, 0)
    assert replay.since(0) == []


def test_speech_of_a_reply_that_is_over_is_not_sent_again() -> None:
    for end in (
        Flush(stream=1),
        ReplyDone(stream=1, turn=1),
    ):
        replay = Replay()
        replay.sent(speech(1, 0), b"old", 0)
        replay.sent(end, "end", 1)
        replay.sent(speech(2, 0), b"new", 0)
        assert replay.since(0) == ["end", b"new"]


def test_a_client_that_missed_too_much_or_claims_too_much_begins_anew() -> None:
    replay = Replay()
    for seq in range(1, KEPT_MESSAGES + 11):
        replay.sent(State(state="idle"), str(seq), seq)
    assert replay.since(9) is None
    missed = replay.since(10)
    assert missed is not None
    assert len(missed) == KEPT_MESSAGES
    assert replay.since(KEPT_MESSAGES + 11) is None
