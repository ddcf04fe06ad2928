"""Whole conversations in virtual time: order of events, interruption, what is heard, what is recorded."""

from __future__ import annotations

import asyncio
import logging
import random
from typing import TYPE_CHECKING

import pytest

from engine.asr import Transcript
from engine.conversation.prompt import Line
from engine.errors import EnvironmentFault, StageFault, StageTimeout
from engine.messages import (
    MAX_TEXT,
    ErrorEvent,
    Flush,
    InputStart,
    InputStop,
    Interrupt,
    MicrophoneAudio,
    Notice,
    ReplyCancelled,
    ReplyDone,
    ReplySegment,
    ReplyStart,
    ReplyText,
    SessionUpdate,
    SpeechAudio,
    State,
    TranscriptEvent,
    TurnEvent,
)
from engine.session import clean
from engine.settings import Settings, TurnSettings
from tests.support.conversation import NotedRecord, Talk
from tests.support.timed_stages import TimedEar, TimedMind, TimedVoice
from tests.support.virtual_time import run_virtual

if TYPE_CHECKING:
    from tests.conftest import ExpectLog

LOUD = b"\x00\x40" * 1600
QUIET = bytes(3200)


async def hold_key(talk: Talk, blocks: int = 10) -> None:
    await talk.send(InputStart(stream=1))
    for _ in range(blocks):
        await talk.send(MicrophoneAudio(stream=1, pcm=LOUD))
        await asyncio.sleep(0.1)
    await talk.send(InputStop(stream=1))


def test_a_typed_turn_from_words_to_the_last_sample() -> None:
    async def main() -> None:
        async with Talk(mind=TimedMind("[happy] Hello there, my friend! [sad] Must you go?")) as talk:
            await talk.say("hi")
            done = await talk.until(ReplyDone)
        talk.check()
        assert [type(message).__name__ for _, message in talk.events if not isinstance(message, SpeechAudio)][
            :6
        ] == ["TranscriptEvent", "TurnEvent", "State", "ReplyStart", "ReplyText", "ReplyText"]
        assert "".join(text.delta for text in talk.all(ReplyText)) == "Hello there, my friend! Must you go?"
        assert [(s.text.strip(), s.emotion) for s in talk.all(ReplySegment)] == [
            ("Hello there,", "happy"),
            ("my friend!", "happy"),
            ("Must you go?", "calm"),  # a mood does not jump from laughter to tears
        ]
        assert [state.state for state in talk.all(State)] == ["thinking", "speaking", "idle"]
        assert list(done.trace) == [
            "speech_end",
            "committed",
            "recall_done",
            "llm_first_token",
            "first_clause",
            "tts_first_chunk",
            "first_sample_out",
            "done",
        ]
        assert done.trace["first_sample_out"] == pytest.approx(100 + 80 + 40, abs=25)
        assert talk.record.turns[0]["text"] == "hi"
        assert talk.record.turns[0]["heard"] == "Hello there, my friend! Must you go?"
        assert talk.record.turns[0]["outcome"] == "done"

    run_virtual(main())


def test_the_same_script_gives_the_same_events() -> None:
    async def main() -> list[object]:
        async with Talk(mind=TimedMind("[happy] One, two. [calm] Three.")) as talk:
            await talk.say("count")
            await talk.until(ReplyDone)
        return list(talk.events)

    assert run_virtual(main()) == run_virtual(main())


def test_push_to_talk_commits_on_release_and_feeds_every_sample() -> None:
    async def main() -> None:
        ear = TimedEar(Transcript(text="where do I live", final=True, language="en"))
        async with Talk(ear=ear) as talk:
            await hold_key(talk)
            done = await talk.until(ReplyDone)
        talk.check()
        assert ear.heard == [LOUD * 10]
        assert [state.state for state in talk.all(State)][:2] == ["listening", "thinking"]
        assert talk.all(TranscriptEvent)[0].text == "where do I live"
        assert done.trace["asr_done"] == pytest.approx(150, abs=1)
        assert talk.record.turns[0]["source"] == "voice"

    run_virtual(main())


@pytest.mark.parametrize(
    "transcript", [Transcript(text="", final=True), Transcript(text="x", final=True, understood=False)]
)
def test_what_was_not_understood_never_reaches_the_mind(transcript: Transcript) -> None:
    async def main() -> None:
        async with Talk(ear=TimedEar(transcript)) as talk:
            await hold_key(talk)
            await talk.until(TurnEvent, 2)
        talk.check()
        assert [turn.state for turn in talk.all(TurnEvent)] == ["committed", "dropped"]
        assert [note.code for note in talk.all(Notice)] == ["did-not-catch"]
        assert talk.prompts == []
        assert talk.record.turns == []

    run_virtual(main())


def test_hands_free_cuts_the_stream_into_turns() -> None:
    async def main() -> None:
        ear = TimedEar(Transcript(text="one", final=True), Transcript(text="two", final=True))
        async with Talk(ear=ear) as talk:
            await talk.send(SessionUpdate(hands_free=True))
            for turn in (1, 2):
                for block in [QUIET] * 10 + [LOUD] * 10 + [QUIET] * 12:
                    await talk.send(MicrophoneAudio(stream=1, pcm=block))
                    await asyncio.sleep(0.1)
                await talk.until(ReplyDone, turn)
        talk.check()
        assert [prompt.user_text for prompt in talk.prompts] == ["one", "two"]
        done = talk.all(ReplyDone)[0]
        assert done.trace["pause_detected"] == pytest.approx(96, abs=105)
        assert done.trace["committed"] == pytest.approx(700, abs=105)
        assert all(LOUD[:3200] in heard for heard in ear.heard)

    run_virtual(main())


def test_hands_free_does_not_hear_the_companion_herself() -> None:
    async def main() -> None:
        ear = TimedEar(Transcript(text="echo", final=True))
        async with Talk(
            ear=ear, mind=TimedMind("[calm] A long sentence to be heard by a microphone.")
        ) as talk:
            await talk.send(SessionUpdate(hands_free=True))
            await talk.say("speak")
            await talk.until(SpeechAudio)
            for _ in range(15):
                await talk.send(MicrophoneAudio(stream=1, pcm=LOUD))
                await asyncio.sleep(0.1)
            await talk.until(ReplyDone)
        talk.check()
        assert ear.requests == []

    run_virtual(main())


def test_odd_blocks_lose_nothing() -> None:
    async def main() -> None:
        ear = TimedEar(Transcript(text="fine", final=True))
        async with Talk(ear=ear) as talk:
            await talk.send(InputStart(stream=3))
            sound = bytes(range(256)) * 40
            for start in range(0, len(sound), 777):
                await talk.send(MicrophoneAudio(stream=3, pcm=sound[start : start + 777]))
            await talk.send(InputStop(stream=3))
            await talk.until(ReplyDone)
        assert ear.heard == [sound]

    run_virtual(main())


@pytest.mark.parametrize("how", ["typed", "key", "interrupt"])
def test_interrupting_stops_sound_and_work_and_keeps_what_was_heard(how: str) -> None:
    async def main() -> None:
        mind = TimedMind(
            "[happy] Abcdef ghijkl, and then a very long story follows that nobody hears.", "[calm] Yes?"
        )
        async with Talk(mind=mind) as talk:
            await talk.say("tell me a story")
            await talk.until(SpeechAudio)
            await asyncio.sleep(1.0)
            if how == "typed":
                await talk.say("stop")
            elif how == "key":
                await talk.send(InputStart(stream=1))
            else:
                await talk.send(Interrupt())
            asked_at = asyncio.get_running_loop().time()
            cancelled = await talk.until(ReplyCancelled)
            assert talk.at(Flush) == pytest.approx(asked_at, abs=0.001)
            assert talk.at(ReplyCancelled) - asked_at < 0.35
            if how == "typed":
                await talk.until(ReplyDone)
                assert talk.prompts[1].history == (
                    Line("user", "tell me a story"),
                    Line("companion", cancelled.heard_text.strip(), "happy"),
                )
                assert talk.prompts[1].interrupted
        talk.check()
        assert "Abcdef ghijkl, and then".startswith(cancelled.heard_text.strip())
        assert 0 < len(cancelled.heard_text) < 14
        assert talk.record.turns[0]["heard"] == cancelled.heard_text
        assert talk.record.turns[0]["outcome"] == "cancelled"
        assert talk.voice.running == talk.mind.running == 0

    run_virtual(main())


def test_a_client_that_does_not_confirm_a_flush_is_not_waited_for_long() -> None:
    async def main() -> None:
        async with Talk(mind=TimedMind("[happy] A story that goes on and on."), speaker_plays=False) as talk:
            await talk.say("go")
            await talk.until(SpeechAudio)
            talk.speaker_answers = False
            await talk.send(Interrupt())
            cancelled = await talk.until(ReplyCancelled)
        assert talk.at(ReplyCancelled) - talk.at(Flush) == pytest.approx(0.3, abs=0.02)
        assert cancelled.heard_text == ""
        talk.check()

    run_virtual(main())


def test_a_speaker_that_stops_reporting_ends_the_reply() -> None:
    async def main() -> None:
        async with Talk(mind=TimedMind("[happy] A story that goes on."), speaker_plays=False) as talk:
            await talk.say("go")
            cancelled = await talk.until(ReplyCancelled)
        assert cancelled.heard_text == ""
        assert [error.code for error in talk.all(ErrorEvent)] == ["playback-lost"]
        talk.check()

    run_virtual(main())


def test_never_more_than_a_second_and_a_half_ahead_of_the_ear() -> None:
    async def main() -> None:
        async with Talk(mind=TimedMind("[happy] " + "A sentence of a certain length here. " * 6)) as talk:
            await talk.say("go")
            await talk.until(ReplyDone)
        starts = talk.at(SpeechAudio)
        for at, message in talk.events:
            if isinstance(message, SpeechAudio):
                assert message.offset / 16000 - (at - starts) <= 1.5

    run_virtual(main())


def test_a_broken_voice_is_read_instead_and_tried_again() -> None:
    async def main() -> None:
        mind = TimedMind("[happy] Hello my friend, how are you?", "[calm] Good to hear.")
        async with Talk(mind=mind, voice=TimedVoice(faults=1)) as talk:
            await talk.say("hi")
            await talk.until(ReplyDone)
            assert talk.all(SpeechAudio) == []
            await talk.say("fine")
            await talk.until(ReplyDone, 2)
        talk.check()
        assert [note.code for note in talk.all(Notice)] == ["voice-failed"]
        assert talk.record.turns[0]["heard"] == "Hello my friend, how are you?"
        assert talk.all(SpeechAudio)

    run_virtual(main())


@pytest.mark.parametrize(
    ("fault", "code"),
    [
        (StageFault("llm", "it broke"), "llm-failed"),
        (StageTimeout("llm", "too slow"), "llm-timeout"),
        (ZeroDivisionError("bug"), "internal-error"),
    ],
)
def test_a_failing_mind_ends_the_turn_with_its_code_and_the_next_works(
    fault: Exception, code: str, expect_log: ExpectLog
) -> None:
    if code == "internal-error":
        expect_log("a reply failed", level=logging.ERROR)

    async def main() -> None:
        async with Talk(mind=TimedMind(fault, "[calm] Here I am.")) as talk:
            await talk.say("one")
            error = await talk.until(ErrorEvent)
            assert (error.code, error.turn) == (code, 1)
            await talk.say("two")
            await talk.until(ReplyDone)
        talk.check()
        assert talk.record.turns[0]["outcome"] == "error"

    run_virtual(main())


def test_a_mind_that_says_nothing_is_an_error_not_a_silence() -> None:
    async def main() -> None:
        async with Talk(mind=TimedMind("[happy]")) as talk:
            await talk.say("one")
            assert (await talk.until(ErrorEvent)).code == "llm-empty"
        talk.check()

    run_virtual(main())


def test_a_recogniser_that_fails_is_told_and_the_next_turn_works() -> None:
    async def main() -> None:
        ear = TimedEar(StageFault("asr", "it broke"), Transcript(text="again", final=True))
        async with Talk(ear=ear) as talk:
            await hold_key(talk)
            assert (await talk.until(ErrorEvent)).code == "asr-failed"
            await hold_key(talk)
            await talk.until(ReplyDone)
        talk.check()

    run_virtual(main())


def test_memory_that_hangs_costs_seconds_and_no_answer(expect_log: ExpectLog) -> None:
    expect_log("recall failed")

    async def main() -> None:
        record = NotedRecord()
        record.recall_s = 60
        async with Talk(record=record) as talk:
            await talk.say("one")
            await talk.until(ReplyDone)
            await talk.say("two")
            await talk.until(ReplyDone, 2)
        talk.check()
        assert [note.code for note in talk.all(Notice)] == ["memory-failed"]

    run_virtual(main())


def test_a_full_disk_loses_no_turn() -> None:
    async def main() -> None:
        record = NotedRecord()
        async with Talk(record=record) as talk:
            record.fault = EnvironmentFault("disk-full", "The disk is full; make room.")
            await talk.say("one")
            await talk.until(ReplyDone)
            await talk.say("two")
            await talk.until(ReplyDone, 2)
            assert record.turns == []
            record.fault = None
            await talk.say("three")
            await talk.until(ReplyDone, 3)
        assert [turn["text"] for turn in record.turns] == ["one", "two", "three"]
        assert all(turn["outcome"] == "done" for turn in record.turns)
        assert talk.troubles == ["disk-full", "fine"]

    run_virtual(main())


def test_words_of_a_dropped_turn_are_answered_with_the_next() -> None:
    async def main() -> None:
        ear = TimedEar(Transcript(text="first half", final=True), Transcript(text="second half", final=True))
        async with Talk(ear=ear) as talk:
            await hold_key(talk, 2)
            await hold_key(talk, 5)
            await talk.until(ReplyDone)
        talk.check()
        assert talk.prompts[0].user_text == "second half"
        assert talk.prompts[0].history == (Line("user", "first half"),)
        assert [turn["text"] for turn in talk.record.turns] == ["first half", "second half"]

    run_virtual(main())


def test_an_utterance_without_end_is_answered_as_it_is() -> None:
    async def main() -> None:
        settings = Settings(turn=TurnSettings(max_utterance_s=5))
        async with Talk(ear=TimedEar(Transcript(text="long", final=True)), settings=settings) as talk:
            await talk.send(InputStart(stream=1))
            for _ in range(80):
                await talk.send(MicrophoneAudio(stream=1, pcm=LOUD))
                await asyncio.sleep(0.1)
            await talk.send(InputStop(stream=1))
            await talk.until(ReplyDone)
        talk.check()
        assert len(talk.ear.heard[0]) == 5 * 32000
        assert [note.code for note in talk.all(Notice)] == ["utterance-too-long"]

    run_virtual(main())


def test_texts_nobody_can_read_are_refused_with_a_sentence() -> None:
    async def main() -> None:
        async with Talk() as talk:
            await talk.say("x" * (MAX_TEXT + 1))
            await talk.say(" \x00\u202e\x1b ")
            await asyncio.sleep(1)
        assert [error.code for error in talk.all(ErrorEvent)] == ["text-too-long", "text-empty"]
        assert talk.prompts == []

    run_virtual(main())


def test_cleaning_keeps_words_emoji_and_joiners() -> None:
    family = "👨\u200d👩\u200d👧"
    assert clean(f" \x07héllo\u202e {family}\n你好\ud800 ") == f"héllo {family}\n你好"


def test_memory_switched_off_records_nothing() -> None:
    async def main() -> None:
        async with Talk() as talk:
            await talk.send(SessionUpdate(memory=False))
            await talk.say("off the record")
            await talk.until(ReplyDone)
        assert talk.record.turns == []

    run_virtual(main())


def test_closing_in_the_middle_records_what_was_heard() -> None:
    async def main() -> None:
        async with Talk(mind=TimedMind("[happy] A story that goes on and on.")) as talk:
            await talk.say("go")
            await talk.until(SpeechAudio)
            await asyncio.sleep(0.55)
        talk.check()
        assert talk.record.turns[0]["outcome"] == "cancelled"
        assert 0 < len(talk.record.turns[0]["heard"]) <= 6

    run_virtual(main())


@pytest.mark.parametrize("seed", range(60))
def test_random_conversations_hold_every_invariant(seed: int) -> None:
    chance = random.Random(seed)

    async def main() -> None:
        mind = TimedMind(
            *("[happy] Something to say, and more of it. [sad] The end." for _ in range(20)),
            first_s=chance.choice([0.0, 0.1, 0.6]),
        )
        ear = TimedEar(*(Transcript(text=chance.choice(["", "words"]), final=True) for _ in range(20)))
        async with Talk(mind=mind, ear=ear, voice=TimedVoice(first_s=chance.choice([0.0, 0.3]))) as talk:
            for _ in range(12):
                match chance.randrange(5):
                    case 0:
                        await talk.say("typed")
                    case 1:
                        await hold_key(talk, chance.randrange(1, 6))
                    case 2:
                        await talk.send(Interrupt())
                    case 3:
                        await talk.send(SessionUpdate(hands_free=chance.random() < 0.5))
                    case 4:
                        for block in [LOUD] * chance.randrange(8) + [QUIET] * chance.randrange(12):
                            await talk.send(MicrophoneAudio(stream=9, pcm=block))
                            await asyncio.sleep(0.1)
                await asyncio.sleep(chance.choice([0.0, 0.05, 0.4, 2.0]))
        talk.check()
        replies = len(talk.all(ReplyStart))
        assert replies == len(talk.all(ReplyDone)) + len(talk.all(ReplyCancelled))
        for turn in talk.record.turns:
            heard = turn["heard"].strip()
            assert "Something to say, and more of it. The end.".startswith(heard)

    run_virtual(main())
