"""Voice activity detection: is somebody speaking, 31 times a second."""

from __future__ import annotations

import msgspec

from engine.hosting.backend import Backend

SAMPLE_RATE = 16000
"""Hertz every detector is fed with."""


class VadRequest(msgspec.Struct, frozen=True):
    """Starts watching one microphone stream; the feed is PCM int16 mono 16 kHz in blocks of any size."""


class VadFrame(msgspec.Struct, frozen=True):
    """One decision."""

    offset: int
    """Samples of the stream before this frame."""
    samples: int
    """Length of the frame."""
    probability: float
    """0..1 that it holds speech."""


class VoiceDetector(Backend[VadRequest, VadFrame]):
    """Interface of the stage: `run` yields one VadFrame for each full frame of the feed, in order."""

    stage = "vad"
    request_type = VadRequest
    output_type = VadFrame
