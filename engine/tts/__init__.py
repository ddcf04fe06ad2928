"""Speech synthesis: one clause with a feeling in, audio with timing out."""

from __future__ import annotations

import msgspec

from engine.hosting.backend import Backend
from engine.messages import Emotion, Mark


class SpeechRequest(msgspec.Struct, frozen=True):
    """One clause to speak."""

    text: str
    """What is spoken: no tags, no markup."""
    emotion: Emotion = "calm"
    language: str = ""
    """`zh`, `en`, or empty: told from the text."""


class SpeechChunk(msgspec.Struct, frozen=True):
    """A piece of the clause's audio, in order, at the backend's `traits.sample_rate`."""

    pcm: bytes
    """Mono int16."""
    marks: tuple[Mark, ...] = ()
    """Timing known so far: `char_end` counts code points of the request's text, `sample_end` samples from
    the start of the *clause*; non-decreasing over the chunks. May be empty."""


class SpeechSynthesizer(Backend[SpeechRequest, SpeechChunk]):
    """Interface of the stage: yields chunks as they are made; a text of no sound yields nothing."""

    stage = "tts"
    request_type = SpeechRequest
    output_type = SpeechChunk
