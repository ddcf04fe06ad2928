"""Devices of a real sound server, as PortAudio tells them."""

from __future__ import annotations

import asyncio

import pytest

from app.devices.portaudio import devices, open_input, open_output
from engine.errors import EnvironmentFault
from tests.support.sound_server import SoundServer


def test_devices_are_listed_anew_each_time_even_while_one_is_open(
    sound_server: SoundServer, headset: SoundServer
) -> None:
    async def main() -> None:
        output = await open_output(24000)
        assert output.device == "default"
        found = {device.name: device for device in await devices()}
        assert found["headset"].inputs > 0
        assert found["headset"].outputs > 0
        headset.stop()
        assert "headset" not in {device.name for device in await devices()}
        await output.close()

    asyncio.run(main())


def test_a_device_is_opened_by_its_name(sound_server: SoundServer, headset: SoundServer) -> None:
    async def main() -> None:
        microphone = await open_input(16000, "headset")
        assert (microphone.device, microphone.rate) == ("headset", 16000)
        assert (headset.listeners(), sound_server.listeners()) == (1, 0)
        block = await microphone.read()
        assert block
        assert len(block.pcm) == 2 * 320
        await microphone.close()
        assert headset.listeners() == 0

    asyncio.run(main())


def test_a_name_that_is_not_there_is_the_default_device(sound_server: SoundServer) -> None:
    async def main() -> None:
        output = await open_output(24000, "耳机, unplugged")
        assert output.device == "default"
        await output.close()

    asyncio.run(main())


def test_without_portaudio_there_is_no_device(
    sound_server: SoundServer, tmp_path_factory: pytest.TempPathFactory, monkeypatch: pytest.MonkeyPatch
) -> None:
    folder = tmp_path_factory.mktemp("broken")
    (folder / "pyaudio.py").write_text(
        "raise ImportError('libportaudio.so.2: cannot open shared object file')"
    )
    monkeypatch.setenv("PYTHONPATH", str(folder))
    with pytest.raises(EnvironmentFault, match=r"libportaudio.so.2.*\[no-sound-device\]"):
        asyncio.run(open_output(24000))
    with pytest.raises(EnvironmentFault, match=r"libportaudio.so.2.*\[no-microphone\]"):
        asyncio.run(open_input(16000))
