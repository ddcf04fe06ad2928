"""The microphone on a real sound server, spoken into."""

from __future__ import annotations

import asyncio
import time

import numpy as np
import pytest

from app.devices.microphone import RATE, Microphone
from engine.errors import EnvironmentFault
from engine.messages import MicrophoneAudio
from tests.app.devices.test_speaker import tone
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


def test_an_unplugged_microphone_is_told(sound_server: SoundServer) -> None:
    async def main() -> None:
        async with Listening() as listening:
            await listening.microphone.open(1)
            sound_server.stop()
            async with asyncio.timeout(5):
                while "microphone-lost" not in listening.devices:  # noqa: ASYNC110 - nobody is told
                    await asyncio.sleep(0.05)

    try:
        asyncio.run(main())
    finally:
        sound_server.start()


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
