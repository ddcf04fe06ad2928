"""Speech in, feeling speech out, remembered: the real starter stages, spoken to by flite."""

from __future__ import annotations

import asyncio
import subprocess
import sys
from pathlib import Path

import numpy as np
import pytest

from engine.cli.conversation import RATE
from engine.messages import (
    ErrorEvent,
    InputStart,
    InputStop,
    MicrophoneAudio,
    Notice,
    ReplyDone,
    ReplyMarks,
    ReplySegment,
    TranscriptEvent,
)
from engine.recordings import Recording, RecordingWriter
from engine.settings import General, Settings
from tests.support.speech import noise, spoken
from tests.support.terminal import Companion


async def say(companion: Companion, pcm: bytes) -> None:
    """Holds the key, speaks, lets go, and waits for the end of what follows."""
    client = companion.talk.client
    await client.send(InputStart(stream=1))
    for start in range(0, len(pcm), 3200):
        await client.send(MicrophoneAudio(stream=1, pcm=pcm[start : start + 3200]))
    await client.send(InputStop(stream=1))
    await asyncio.sleep(0.05)
    await companion.talk.rest()


@pytest.mark.parametrize("voice", ["slt", "kal16"])
def test_where_she_was_told_i_live_is_remembered_and_spoken(tmp_path: Path, voice: str) -> None:
    async def main() -> None:
        async with Companion(tmp_path, Settings()) as companion:
            await say(companion, spoken("my name is Alice and I live in Paris", voice))
            assert companion.notebook.all(TranscriptEvent)[-1].text.lower().endswith("live in paris")
        async with Companion(tmp_path, Settings()) as companion:
            await say(companion, spoken("where do I live", voice))
            segments = companion.notebook.all(ReplySegment)
            segment = next(segment for segment in segments if "Paris" in segment.text)
            assert companion.notebook.all(ReplyDone)
            assert _loudness_of(companion, segment, "Paris") > -40

    asyncio.run(main())


def _loudness_of(companion: Companion, segment: ReplySegment, word: str) -> float:
    """dBFS of the played audio in which `word` was spoken, found by its marks."""
    marks = [
        mark
        for message in companion.notebook.all(ReplyMarks)
        if message.segment == segment.segment
        for mark in message.marks
    ]
    begin = segment.text.index(word)
    start = max((m.sample_end for m in marks if m.char_end <= begin), default=segment.offset)
    end = min(m.sample_end for m in marks if m.char_end >= begin + len(word))
    played = np.frombuffer(bytes(companion.played), "<i2")[start:end] / 32768
    assert len(played) > RATE // 10
    return 10 * np.log10(np.mean(played**2) + 1e-12)


@pytest.mark.parametrize("kind", ["white", "hum", "clicks"])
def test_noise_is_not_answered(tmp_path: Path, kind: str) -> None:
    async def main() -> None:
        async with Companion(tmp_path, Settings()) as companion:
            await say(companion, noise(kind, 1500, -30))
            assert companion.notebook.all(ReplySegment) == []
            assert [note.code for note in companion.notebook.all(Notice)] == ["did-not-catch"]
            assert companion.notebook.all(ErrorEvent) == []

    asyncio.run(main())


def test_chinese_is_typed_answered_in_chinese_and_spoken(tmp_path: Path) -> None:
    async def main() -> None:
        async with Companion(tmp_path, Settings()) as companion:
            await companion.ask("我叫小明，我住在北京。")
        async with Companion(tmp_path, Settings()) as companion:
            reply = await companion.ask("我住在哪里？")
            assert "北京" in reply
            assert len(companion.played) > RATE

    asyncio.run(main())


def command(folder: Path, *arguments: str) -> subprocess.CompletedProcess[str]:
    return subprocess.run(
        [sys.executable, "-m", "engine.cli", *arguments],
        env={"COMPANION_DATA_DIR": str(folder), "COMPANION_CONFIG": str(folder / "none.toml"), "PATH": ""},
        capture_output=True,
        text=True,
        encoding="utf-8",
        timeout=120,
        check=False,
    )


def test_a_recording_is_answered_and_the_answer_recorded(tmp_path: Path) -> None:
    question, answer = tmp_path / "question.wav", tmp_path / "answer.wav"
    with RecordingWriter(question, 16000) as writer:
        writer.write(spoken("what can you do"))
    result = command(tmp_path / "data", "talk", str(question), "--out", str(answer), "--fast")
    assert result.returncode == 0, result.stderr
    assert "You: what can you do" in result.stdout
    assert "Rio [" in result.stdout
    assert Recording(answer, RATE).seconds > 1


def test_a_recording_without_speech_says_so(tmp_path: Path) -> None:
    silent = tmp_path / "silent.wav"
    with RecordingWriter(silent, 16000) as writer:
        writer.write(bytes(2 * 16000))
    result = command(tmp_path / "data", "talk", str(silent), "--fast")
    assert result.returncode == 0
    assert "Nobody spoke" in result.stdout


def test_what_cannot_be_used_is_refused_with_a_sentence(tmp_path: Path) -> None:
    (tmp_path / "no.wav").write_text("this is text")
    result = command(tmp_path / "data", "talk", str(tmp_path / "no.wav"))
    assert result.returncode == 2
    assert "It must be a WAV file" in result.stderr
    assert "(bad-recording)" in result.stderr


def test_a_chinese_user_is_told_before_the_first_talk(tmp_path: Path) -> None:
    async def main() -> None:
        async with Companion(tmp_path, Settings(general=General(language="zh"))) as companion:
            await companion.ask("你好")
            notes = companion.notebook.all(Notice)
            assert [note.code for note in notes] == ["hears-english-only"]
            assert "打字" in notes[0].message
            assert companion.notebook.messages.index(notes[0]) < companion.notebook.messages.index(
                companion.notebook.all(TranscriptEvent)[0]
            )

    asyncio.run(main())
