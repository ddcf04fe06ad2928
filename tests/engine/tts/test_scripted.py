from itertools import islice
from typing import get_args

import numpy as np
import pytest

from engine.audio import from_pcm, rms_dbfs
from engine.messages import Emotion
from engine.tts import SpeechRequest
from engine.tts.scripted import RATE, TONES, ScriptedSynthesizer


def voice(**options):
    made = ScriptedSynthesizer(options)
    made.load()
    return made


def chunks(text: str, emotion: Emotion = "calm", **options):
    return list(voice(**options).run(SpeechRequest(text, emotion), iter(())))


@pytest.mark.parametrize("emotion", get_args(Emotion))
def test_the_pitch_tells_the_emotion(emotion):
    sound = from_pcm(b"".join(chunk.pcm for chunk in chunks("ten letters here", emotion)))
    loudest = np.argmax(np.abs(np.fft.rfft(sound))) * RATE / sound.size
    assert loudest == pytest.approx(TONES[emotion], abs=1.5)


def test_every_character_has_a_mark_at_its_end():
    made = chunks("好, 😀", ms_per_char=10)
    assert [(mark.char_end, mark.sample_end) for chunk in made for mark in chunk.marks] == [
        (1, 240), (2, 480), (3, 720), (4, 960)
    ]  # fmt: skip
    assert sum(len(chunk.pcm) for chunk in made) == 2 * 960


def test_the_level_is_that_of_speech():
    assert rms_dbfs(b"".join(chunk.pcm for chunk in chunks("level"))) == pytest.approx(-20, abs=0.5)


@pytest.mark.parametrize("text", ["", " ", "...!", "😀"])
def test_a_text_of_no_sound_yields_nothing(text):
    assert chunks(text) == []


def test_closing_a_call_leaves_the_voice_usable():
    made = voice()
    run = made.run(SpeechRequest("hello"), iter(()))
    assert len(list(islice(run, 2))) == 2
    run.close()
    assert len(list(made.run(SpeechRequest("hello"), iter(())))) == 5


def test_misbehaves_as_told():
    with pytest.raises(RuntimeError, match="on purpose"):
        chunks("hello", misbehave="throw")
