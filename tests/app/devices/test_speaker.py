"""The speaker on a real sound server, recorded."""

from __future__ import annotations

import asyncio
import time
from collections.abc import Awaitable, Callable

import numpy as np
import pytest

from app.devices.speaker import Speaker
from engine.errors import EnvironmentFault
from engine.messages import Playback, SpeechAudio
from tests.support.sound_server import RATE, SoundServer


def tone(seconds: float, hertz: float = 440.0) -> bytes:
    wave = np.sin(2 * np.pi * hertz * np.arange(round(seconds * RATE)) / RATE)
    return (8000 * wave).astype("<i2").tobytes()


class Heard:
    """Collects what a speaker reports and says of its device."""

    def __init__(self) -> None:
        self.reports: list[Playback] = []
        self.devices: list[str] = []

    async def report(self, playback: Playback) -> None:
        self.reports.append(playback)

    def on_device(self, device: str, error: EnvironmentFault | None) -> None:
        self.devices.append(error.code if error else device)

    async def until(self, wanted: Callable[[], bool]) -> None:
        async with asyncio.timeout(10):
            while not wanted():  # noqa: ASYNC110 - the sound card tells nobody
                await asyncio.sleep(0.01)


def play(main: Callable[[Speaker, Heard], Awaitable[None]]) -> None:
    async def body() -> None:
        heard = Heard()
        speaker = Speaker(RATE, heard.report, heard.on_device)
        running = asyncio.create_task(speaker.run())
        try:
            await main(speaker, heard)
        finally:
            running.cancel()
            await asyncio.gather(running, return_exceptions=True)

    asyncio.run(body())


def test_speech_is_played_whole_and_reported_as_it_is_heard(sound_server: SoundServer) -> None:
    async def main(speaker: Speaker, heard: Heard) -> None:
        speaker.play(SpeechAudio(stream=1, sequence=0, offset=0, pcm=tone(1.0), last=True))
        await heard.until(lambda: heard.reports[-1:] == [Playback(stream=1, played=RATE, state="done")])
        played = [report.played for report in heard.reports]
        assert played == sorted(played)
        assert len(played) > 10

    with sound_server.recorded() as recording:
        play(main)
    loud = np.flatnonzero(np.abs(recording.samples) > 500)
    assert (loud[-1] - loud[0]) / RATE == pytest.approx(1.0, abs=0.03)
    assert np.abs(recording.samples).max() == pytest.approx(8000, rel=0.05)


def test_a_flush_is_silent_at_once_and_says_what_was_heard(sound_server: SoundServer) -> None:
    async def main(speaker: Speaker, heard: Heard) -> None:
        speaker.play(SpeechAudio(stream=1, sequence=0, offset=0, pcm=tone(3.0), last=True))
        await heard.until(lambda: speaker.position().samples > RATE // 2)
        await speaker.flush(1)
        assert heard.reports[-1].state == "flushed"
        assert heard.reports[-1].played == pytest.approx(RATE / 2, abs=RATE / 5)

    with sound_server.recorded() as recording:
        play(main)
    loud = np.flatnonzero(np.abs(recording.samples) > 500)
    assert (loud[-1] - loud[0]) / RATE < 0.5 + 0.15


def test_without_a_device_the_words_pass_and_that_is_told_once(sound_server: SoundServer) -> None:
    async def main(speaker: Speaker, heard: Heard) -> None:
        begun = time.monotonic()
        speaker.play(SpeechAudio(stream=1, sequence=0, offset=0, pcm=tone(0.5), last=True))
        await heard.until(lambda: bool(heard.reports) and heard.reports[-1].state == "done")
        assert heard.reports[-1].played == RATE // 2
        assert time.monotonic() - begun > 0.4
        assert heard.devices == ["no-sound-device"]

    sound_server.stop()
    try:
        play(main)
    finally:
        sound_server.start()


def test_a_lost_device_costs_no_word_and_comes_back(
    sound_server: SoundServer, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("app.devices.speaker.RETRY_S", 0.3)

    async def main(speaker: Speaker, heard: Heard) -> None:
        speaker.play(SpeechAudio(stream=1, sequence=0, offset=0, pcm=tone(6.0), last=True))
        await heard.until(lambda: speaker.position().samples > RATE // 2)
        sound_server.stop()
        await heard.until(lambda: heard.devices[-1] == "no-sound-device")
        await asyncio.to_thread(sound_server.start)
        await heard.until(lambda: heard.devices[-1] != "no-sound-device")
        await heard.until(lambda: heard.reports[-1].state == "done")
        assert heard.reports[-1].played == 6 * RATE
        assert len(heard.devices) == 3

    play(main)
