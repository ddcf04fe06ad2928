"""The microphone on a real sound server, spoken into."""

from __future__ import annotations

import asyncio
import time
from collections.abc import Callable

import numpy as np
import pytest

from app.devices.microphone import RATE, Microphone
from engine.audio import SILENT_DBFS
from engine.errors import EnvironmentFault
from engine.messages import MicrophoneAudio
from tests.app.devices.test_speaker import KILLS, tone
from tests.support.sound_server import SoundServer


class Listening:
    def __init__(self) -> None:
        self.sent: list[MicrophoneAudio] = []
        self.devices: list[str] = []
        self.microphone = Microphone(self.send, self.on_device)

    async def send(self, block: MicrophoneAudio) -> None:
        self.sent.append(block)

    def on_device(self, device: str, error: EnvironmentFault | None) -> None:
        self.devices.append(error.code if error else device)

    async def until(self, wanted: Callable[[], bool]) -> None:
        async with asyncio.timeout(10):
            while not wanted():  # noqa: ASYNC110 - the sound card tells nobody
                await asyncio.sleep(0.01)

    async def __aenter__(self) -> Listening:
        return self

    async def __aexit__(self, *error: object) -> None:
        await self.microphone.close()


def test_what_is_said_is_sent_at_16_khz_until_the_key_is_released(sound_server: SoundServer) -> None:
    async def main() -> None:
        async with Listening() as listening:
            await listening.microphone.open(5)
            await asyncio.to_thread(sound_server.say, tone(1.0))
            assert listening.microphone.is_open
            await listening.microphone.close()
            sent = np.frombuffer(b"".join(block.pcm for block in listening.sent), "<i2")
        assert {block.stream for block in listening.sent} == {5}
        loud = np.abs(sent) > 500
        assert loud.sum() / RATE == pytest.approx(0.96, abs=0.06)
        spectrum = np.abs(np.fft.rfft(sent * np.hanning(len(sent))))
        assert np.argmax(spectrum) * RATE / len(sent) == pytest.approx(440, abs=2)
        assert not any(block.discontinuity for block in listening.sent)

    asyncio.run(main())


def test_the_device_is_in_use_only_while_it_is_open(sound_server: SoundServer) -> None:
    async def main() -> None:
        async with Listening() as listening:
            assert sound_server.listeners() == 0
            await listening.microphone.open(1)
            assert sound_server.listeners() == 1
            begun = time.monotonic()
            await listening.microphone.close()
            closed_s = time.monotonic() - begun
            assert sound_server.listeners() == 0
            print(f"microphone given back after {1000 * closed_s:.0f} ms")
            assert closed_s <= 0.2

    asyncio.run(main())


def test_a_key_released_while_the_device_opens_leaves_it_closed(sound_server: SoundServer) -> None:
    async def main() -> None:
        async with Listening() as listening:
            opening = asyncio.create_task(listening.microphone.open(1))
            await asyncio.sleep(0.01)
            assert not listening.microphone.is_open
            await listening.microphone.close()
            assert opening.done()
            assert not listening.microphone.is_open
            assert sound_server.listeners() == 0

    asyncio.run(main())


def test_when_nobody_takes_the_audio_the_device_is_given_back(sound_server: SoundServer) -> None:
    async def refuse(_block: MicrophoneAudio) -> None:
        raise ConnectionError("the engine has gone")

    async def main() -> None:
        microphone = Microphone(refuse, lambda device, error: None)
        await microphone.open(1)
        async with asyncio.timeout(10):
            while sound_server.listeners():  # noqa: ASYNC110 - nobody tells
                await asyncio.sleep(0.01)
        with pytest.raises(ConnectionError):
            await microphone.close()
        assert not microphone.is_open

    asyncio.run(main())


def test_the_level_follows_the_voice(sound_server: SoundServer) -> None:
    async def main() -> None:
        async with Listening() as listening:
            await listening.microphone.open(1)
            speaking = asyncio.create_task(asyncio.to_thread(sound_server.say, tone(1.0)))
            await asyncio.sleep(0.6)
            assert listening.microphone.level_dbfs == pytest.approx(-15.3, abs=2)
            await speaking
            await listening.microphone.close()
            assert listening.microphone.level_dbfs < -100

    asyncio.run(main())


def test_a_lost_microphone_is_told_and_comes_back(
    sound_server: SoundServer, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("app.devices.microphone.RETRY_S", 0.2)

    async def main() -> None:
        async with Listening() as listening:
            await listening.microphone.open(1)
            for times in range(1, 1 + KILLS):
                await listening.until(lambda: bool(listening.sent))
                sound_server.stop()
                await listening.until(lambda times=times: listening.devices.count("microphone-lost") == times)
                assert listening.microphone.level_dbfs == SILENT_DBFS
                listening.sent.clear()
                await asyncio.to_thread(sound_server.start)
                await listening.until(lambda: listening.devices[-1] == "default")
                await listening.until(lambda: len(listening.sent) > 2)
                assert [block.discontinuity for block in listening.sent[:3]] == [True, False, False]

    asyncio.run(main())


def test_a_microphone_that_vanishes_while_its_server_lives_is_lost_too(sound_server: SoundServer) -> None:
    async def main() -> None:
        async with Listening() as listening:
            await listening.microphone.open(1)
            sound_server.unplug("speaker")
            sound_server.unplug("voice")
            await listening.until(lambda: "microphone-lost" in listening.devices)

    try:
        asyncio.run(main())
    finally:
        sound_server.stop()
        sound_server.start()


def test_the_key_may_be_released_while_there_is_no_microphone(sound_server: SoundServer) -> None:
    async def main() -> None:
        async with Listening() as listening:
            await listening.microphone.open(1)
            sound_server.stop()
            await listening.until(lambda: "microphone-lost" in listening.devices)
            await listening.microphone.close()
            assert not listening.microphone.is_open

    try:
        asyncio.run(main())
    finally:
        sound_server.start()


def test_when_the_chosen_microphone_is_lost_the_default_one_listens(
    sound_server: SoundServer, headset: SoundServer
) -> None:
    async def main() -> None:
        async with Listening() as listening:
            listening.microphone.use("headset")
            await listening.microphone.open(1)
            assert headset.listeners() == 1
            headset.stop()
            await listening.until(lambda: listening.devices[-1] == "default")
            assert listening.devices == ["headset", "microphone-lost", "default"]
            assert sound_server.listeners() == 1

    asyncio.run(main())


def test_without_a_microphone_talking_is_refused(sound_server: SoundServer) -> None:
    async def main() -> None:
        async with Listening() as listening:
            with pytest.raises(EnvironmentFault) as caught:
                await listening.microphone.open(1)
            assert caught.value.code == "no-microphone"

    sound_server.stop()
    try:
        asyncio.run(main())
    finally:
        sound_server.start()
