"""Speech recognition: one utterance in, what was said out."""

from __future__ import annotations

import msgspec

from engine.hosting.backend import Backend

SAMPLE_RATE = 16000
"""Hertz every recogniser is fed with."""


class AsrRequest(msgspec.Struct, frozen=True):
    """Starts one utterance; the feed is PCM int16 mono 16 kHz, and its end is the utterance's end."""

    language: str = ""
    """Expected language, or empty for the recogniser to find out."""


class Transcript(msgspec.Struct, frozen=True, kw_only=True):
    """What was heard so far; the last one yielded has `final` set."""

    text: str
    final: bool
    confidence: float = 1.0
    """0..1; below the backend's own threshold `understood` is False."""
    understood: bool = True
    """False: words were guessed, and the guess must not reach the mind."""
    language: str = ""
    emotion: str = ""
    """Emotion in the voice (`happy`, `sad`, ...), where the backend tells."""
    events: tuple[str, ...] = ()
    """Laughter, crying, cough ..., where the backend tells."""


class SpeechRecognizer(Backend[AsrRequest, Transcript]):
    """Interface of the stage: works while the feed runs, yields partials if it can, ends with one final."""

    stage = "asr"
    request_type = AsrRequest
    output_type = Transcript
