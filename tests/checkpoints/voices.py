"""Who says the dialogues: flite in English, eSpeak NG in Chinese."""

from __future__ import annotations

from functools import cache

import numpy as np
import soxr

from engine.audio import to_pcm
from engine.tts import SpeechRequest
from engine.tts.espeak import EspeakSynthesizer
from tests.checkpoints.dialogues import Dialogue
from tests.support.speech import RATE, quiet, spoken


def voiced(dialogue: Dialogue) -> bytes:
    """What is said, as PCM of 16 kHz, in a quiet room. For a process of its own: eSpeak NG is GPL."""
    if dialogue.language == "en":
        return spoken(dialogue.said)
    voice = _espeak()
    pcm = b"".join(chunk.pcm for chunk in voice.run(SpeechRequest(dialogue.said, language="zh"), iter(())))
    samples = np.frombuffer(pcm, "<i2") / 32768.0
    return quiet(300) + to_pcm(soxr.resample(samples, voice.traits.sample_rate, RATE)) + quiet(300)


@cache
def _espeak() -> EspeakSynthesizer:
    """Loaded once: eSpeak NG that is loaded a second time crashes."""
    voice = EspeakSynthesizer()
    voice.load()
    return voice
