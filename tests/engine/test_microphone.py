"""Microphone blocks of any length and rate."""

from __future__ import annotations

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from engine.microphone import MicrophoneInput


@given(st.binary(max_size=400), st.lists(st.integers(1, 50), min_size=1, max_size=20))
def test_whatever_the_blocks_whole_samples_come_out_in_order(sound: bytes, sizes: list[int]) -> None:
    microphone = MicrophoneInput(16000)
    out = b""
    position = 0
    while position < len(sound):
        size = sizes[position % len(sizes)]
        piece = microphone.take(1, sound[position : position + size])
        assert len(piece) % 2 == 0
        out += piece
        position += size
    assert out == sound[: len(sound) // 2 * 2]


def test_an_odd_byte_of_an_old_stream_does_not_shift_the_new_one() -> None:
    microphone = MicrophoneInput(16000)
    microphone.take(1, b"abc")
    assert microphone.take(2, b"defg") == b"defg"


def test_other_rates_become_16_khz() -> None:
    microphone = MicrophoneInput(48000)
    tone = (np.sin(np.arange(48000) * 2 * np.pi * 300 / 48000) * 8000).astype("<i2").tobytes()
    out = b"".join(microphone.take(1, tone[start : start + 9600]) for start in range(0, len(tone), 9600))
    assert len(out) / 2 == pytest.approx(16000, abs=400)
