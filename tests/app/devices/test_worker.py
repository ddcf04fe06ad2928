"""The worker's own logic, on a PortAudio that does as it is told; test_portaudio.py runs the real one."""

from __future__ import annotations

import json
from typing import Any

import pytest

from app.devices.wire import TOOK, Cutter, Kind
from app.devices.worker import Speech, open_stream, play


class Stream:
    def get_output_latency(self) -> float:
        return 0.05


class Library:
    """Two speakers and a microphone. `refused`: what cannot be opened, as (index, rate)."""

    def __init__(self, *refused: tuple[int, int]) -> None:
        self.refused = refused
        self.opened: dict[str, Any] = {}

    def get_device_count(self) -> int:
        return 3

    def get_device_info_by_index(self, index: int) -> dict[str, Any]:
        name, inputs, outputs, rate = [
            ("Boxes", 0, 2, 44100),
            ("Headset", 0, 1, 8000),
            ("Headset", 1, 0, 8000),
        ][index]
        return {
            "index": index,
            "name": name,
            "maxInputChannels": inputs,
            "maxOutputChannels": outputs,
            "defaultSampleRate": float(rate),
        }

    def get_default_output_device_info(self) -> dict[str, Any]:
        return self.get_device_info_by_index(0)

    def get_default_input_device_info(self) -> dict[str, Any]:
        raise OSError("No Default Input Device Available")

    def open(self, **arguments: Any) -> Stream:
        index = arguments.get("output_device_index", arguments.get("input_device_index"))
        if (index, arguments["rate"]) in self.refused:
            raise OSError("Invalid sample rate")
        self.opened = arguments
        return Stream()


def opened(library: Library, direction: str, name: str) -> tuple[str, int]:
    _, info, rate = open_stream(library, direction, name, 24000)
    return info["name"], rate


def test_a_device_is_found_by_its_name_and_direction() -> None:
    library = Library()
    assert opened(library, "output", "Headset") == ("Headset", 24000)
    assert opened(library, "input", "Headset") == ("Headset", 24000)
    assert library.opened["input_device_index"] == 2


def test_without_a_name_or_without_that_device_it_is_the_default_one() -> None:
    assert opened(Library(), "output", "") == ("Boxes", 24000)
    assert opened(Library(), "output", "Gone") == ("Boxes", 24000)


def test_a_device_that_refuses_the_rate_runs_at_its_own() -> None:
    library = Library((0, 24000))
    assert opened(library, "output", "") == ("Boxes", 44100)
    assert library.opened["frames_per_buffer"] == 882


def test_a_device_that_cannot_be_opened_is_as_good_as_gone() -> None:
    assert opened(Library((1, 24000), (1, 8000)), "output", "Headset") == ("Boxes", 24000)


def test_where_nothing_can_be_opened_the_reason_is_told() -> None:
    with pytest.raises(OSError, match="Invalid sample rate"):
        opened(Library((0, 24000), (0, 44100)), "output", "")
    with pytest.raises(OSError, match="No Default Input"):
        opened(Library(), "input", "")


def test_each_block_says_what_was_taken_and_when_it_is_heard(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("app.devices.worker.time.monotonic", lambda: 100.0)
    monkeypatch.setattr("app.devices.worker.threading.Event.wait", lambda self: None)
    library, told, speech = Library(), bytearray(), Speech()
    play(library, told.extend, speech, 24000, "")
    fill = library.opened["stream_callback"]
    speech.put(1, b"aabb")
    speech.put(2, b"ccddee")
    times = {"current_time": 7.0, "output_buffer_dac_time": 7.25}
    assert fill(None, 2, times, 0) == (b"ccdd", 0)
    assert fill(None, 2, {**times, "output_buffer_dac_time": 0.0}, 0) == (b"ee\0\0", 0)
    (kind, body), *took = Cutter().feed(bytes(told))
    assert (kind, json.loads(body)) == (Kind.OPENED, ["Boxes", 24000])
    assert [TOOK.unpack(body) for _, body in took] == [(2, 2, 100.25), (2, 1, 100.05)]
