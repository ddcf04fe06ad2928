"""The speaker on a real sound server, recorded."""

from __future__ import annotations

import asyncio
import os
import signal
import sys
import time
from collections.abc import Awaitable, Callable

import numpy as np
import pytest

from app.devices.speaker import Speaker
from engine.errors import EnvironmentFault
from engine.messages import Playback, SpeechAudio
from tests.support.sound_server import RATE, SoundServer
from tests.support.sound_workers import sound_workers

KILLS = 3
"""Of the sound server. Twenty were tried as well."""


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
    loud = recording.loud
    assert (loud[-1] - loud[0]) / RATE == pytest.approx(1.0, abs=0.03)
    assert np.abs(recording.samples).max() == pytest.approx(8000, rel=0.05)


def test_the_clock_is_that_of_the_sound(sound_server: SoundServer) -> None:
    seen: list[tuple[float, int]] = []

    async def main(speaker: Speaker, heard: Heard) -> None:
        speaker.play(SpeechAudio(stream=1, sequence=0, offset=0, pcm=tone(1.5), last=True))
        while not (position := speaker.position()).ended:
            seen.append((time.monotonic(), position.samples))
            await asyncio.sleep(0.01)

    with sound_server.recorded() as recording:
        play(main)
    first_at = recording.begun_at + recording.loud[0] / RATE
    ahead_s = [samples / RATE - (now - first_at) for now, samples in seen if 0.1 < samples / RATE < 1.4]
    print(f"clock ahead of the recording: {1000 * min(ahead_s):.1f} to {1000 * max(ahead_s):.1f} ms")
    assert len(ahead_s) > 50
    assert np.abs(ahead_s).max() < 0.03


def test_a_flush_is_silent_at_once_and_says_what_was_heard(sound_server: SoundServer) -> None:
    async def main(speaker: Speaker, heard: Heard) -> None:
        speaker.play(SpeechAudio(stream=1, sequence=0, offset=0, pcm=tone(3.0), last=True))
        await heard.until(lambda: speaker.position().samples > RATE // 2)
        await speaker.flush(1)
        assert heard.reports[-1].state == "flushed"
        assert heard.reports[-1].played == pytest.approx(RATE / 2, abs=RATE / 5)
        await asyncio.sleep(0.5)  # it stays silent

    with sound_server.recorded() as recording:
        play(main)
    loud = recording.loud
    assert (loud[-1] - loud[0]) / RATE < 0.5 + 0.15


def test_muted_it_plays_on_without_a_sound(sound_server: SoundServer) -> None:
    async def main(speaker: Speaker, heard: Heard) -> None:
        speaker.mute(True)
        speaker.play(SpeechAudio(stream=1, sequence=0, offset=0, pcm=tone(2.0), last=True))
        await heard.until(lambda: speaker.position().samples > RATE)
        speaker.mute(False)
        await heard.until(lambda: speaker.position().ended)

    with sound_server.recorded() as recording:
        play(main)
    loud = recording.loud
    assert (loud[-1] - loud[0]) / RATE == pytest.approx(1.0, abs=0.25)


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


def test_the_words_pass_while_a_device_hangs_in_opening(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("app.devices.process.command", lambda: [sys.executable, "-c", "input()"])
    monkeypatch.setattr("app.devices.speaker.PATIENCE_S", 0.2)

    async def main(speaker: Speaker, heard: Heard) -> None:
        speaker.play(SpeechAudio(stream=1, sequence=0, offset=0, pcm=tone(0.5), last=True))
        await heard.until(lambda: bool(heard.reports) and heard.reports[-1].state == "done")
        assert heard.devices == []

    play(main)


def test_a_killed_sound_server_costs_no_word_and_comes_back(
    sound_server: SoundServer, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("app.devices.speaker.RETRY_S", 0.2)

    async def main(speaker: Speaker, heard: Heard) -> None:
        for stream in range(1, 1 + KILLS):
            speaker.play(SpeechAudio(stream=stream, sequence=0, offset=0, pcm=tone(2.0), last=True))
            await heard.until(lambda stream=stream: speaker.position()[:2] > (stream, RATE // 5))
            sound_server.stop()
            await heard.until(lambda: heard.devices[-1] == "no-sound-device")
            await asyncio.to_thread(sound_server.start)
            await heard.until(lambda: heard.devices[-1] != "no-sound-device")
            await heard.until(lambda: heard.reports[-1].state == "done")
            assert heard.reports[-1] == Playback(stream=stream, played=2 * RATE, state="done")
        assert len(heard.devices) == 1 + 2 * KILLS

    play(main)


@pytest.mark.parametrize("blow", [signal.SIGKILL, signal.SIGSEGV, signal.SIGSTOP])
def test_a_native_library_that_dies_or_hangs_costs_a_moment(
    sound_server: SoundServer, blow: signal.Signals
) -> None:
    async def main(speaker: Speaker, heard: Heard) -> None:
        speaker.play(SpeechAudio(stream=1, sequence=0, offset=0, pcm=tone(1.5), last=True))
        await heard.until(lambda: speaker.position().samples > RATE // 2)
        os.kill(sound_workers()[0], blow)
        await heard.until(lambda: heard.reports[-1].state == "done")
        assert heard.reports[-1].played == 1.5 * RATE

    with sound_server.recorded() as recording:
        play(main)
    assert len(recording.loud) / len(tone(1.5)) * 2 > 0.85


def test_a_device_that_vanishes_while_its_server_lives_is_lost_too(
    sound_server: SoundServer, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("app.devices.speaker.RETRY_S", 0.2)

    async def main(speaker: Speaker, heard: Heard) -> None:
        speaker.play(SpeechAudio(stream=1, sequence=0, offset=0, pcm=tone(1.5), last=True))
        await heard.until(lambda: speaker.position().samples > RATE // 5)
        sound_server.unplug("voice")
        sound_server.unplug("speaker")
        await heard.until(lambda: heard.devices[-1] == "no-sound-device")
        await heard.until(lambda: heard.reports[-1].state == "done")

    try:
        play(main)
    finally:
        sound_server.stop()
        sound_server.start()


def test_the_chosen_device_plays_until_it_is_lost_and_again_when_it_is_back(
    sound_server: SoundServer, headset: SoundServer, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("app.devices.speaker.KEPT_OPEN_S", 0.3)

    async def main(speaker: Speaker, heard: Heard) -> None:
        await speaker.use("headset")
        speaker.play(SpeechAudio(stream=1, sequence=0, offset=0, pcm=tone(3.0), last=True))
        await heard.until(lambda: speaker.position().samples > RATE)
        headset.stop()
        await heard.until(lambda: heard.reports[-1].state == "done")
        assert heard.devices == ["headset", "default"]
        await asyncio.to_thread(headset.start)
        await asyncio.sleep(0.5)
        speaker.play(SpeechAudio(stream=2, sequence=0, offset=0, pcm=tone(0.3), last=True))
        await heard.until(lambda: heard.devices[-1] == "headset")

    with sound_server.recorded() as there, headset.recorded() as here:
        play(main)
    assert len(here.loud) / len(tone(1.0)) * 2 > 0.9
    total_s = (np.ptp(here.loud) + np.ptp(there.loud)) / RATE
    print(f"{1000 * (3 - total_s):.0f} ms of 3 s were lost with the device")
    assert total_s > 2.7


def test_another_choice_is_played_on_at_once(sound_server: SoundServer, headset: SoundServer) -> None:
    async def main(speaker: Speaker, heard: Heard) -> None:
        speaker.play(SpeechAudio(stream=1, sequence=0, offset=0, pcm=tone(1.5), last=True))
        await heard.until(lambda: speaker.position().samples > RATE // 2)
        await speaker.use("headset")
        await heard.until(lambda: heard.reports[-1].state == "done")
        assert heard.devices == ["default", "headset"]

    with headset.recorded() as recording:
        play(main)
    assert np.ptp(recording.loud) / RATE > 0.5
