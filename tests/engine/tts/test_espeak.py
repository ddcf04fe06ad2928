import subprocess
import sys
from itertools import pairwise
from typing import get_args

import numpy as np
import pytest
from hypothesis import example, given, settings
from hypothesis import strategies as st

from engine.audio import from_pcm, peak_dbfs, rms_dbfs
from engine.conversation.language import Language
from engine.errors import StageUnavailable
from engine.messages import Emotion
from engine.tts import SpeechChunk, SpeechRequest
from engine.tts.espeak import CHUNK, TAIL, EspeakSynthesizer

RATE = EspeakSynthesizer.traits.sample_rate
EMOTIONS = get_args(Emotion)
HELLO = "Hello there, my friend."
SENTENCES: dict[Language, str] = {
    "en": "I think we should go to the park today.",
    "zh": "今天天气很好，我们一起去公园散步吧。",
}


def made(**options: float) -> EspeakSynthesizer:
    voice = EspeakSynthesizer({**options})
    voice.load()
    return voice


@pytest.fixture(scope="module")
def voice() -> EspeakSynthesizer:
    return made()


def chunks(
    voice: EspeakSynthesizer, text: str, emotion: Emotion = "calm", language: str = ""
) -> list[SpeechChunk]:
    return list(voice.run(SpeechRequest(text, emotion, language), iter(())))


def sound(voice: EspeakSynthesizer, text: str, emotion: Emotion = "calm", language: str = "") -> bytes:
    return b"".join(chunk.pcm for chunk in chunks(voice, text, emotion, language))


def loud_part(pcm: bytes) -> tuple[int, int]:
    """First and last sample above -46 dBFS."""
    loud = np.flatnonzero(np.abs(from_pcm(pcm)) > 0.005)
    return int(loud[0]), int(loud[-1])


@pytest.mark.parametrize("language", SENTENCES)
def test_calm_has_the_level_of_speech(voice: EspeakSynthesizer, language: Language):
    assert rms_dbfs(sound(voice, SENTENCES[language])) == pytest.approx(-20, abs=1.0)


@pytest.mark.parametrize("language", SENTENCES)
@pytest.mark.parametrize("emotion", EMOTIONS)
def test_it_starts_at_once_ends_in_silence_and_never_clips(
    voice: EspeakSynthesizer, emotion: Emotion, language: Language
):
    pcm = sound(voice, SENTENCES[language], emotion)
    first, last = loud_part(pcm)
    assert first <= 0.060 * RATE
    assert 0.140 * RATE <= len(pcm) // 2 - last <= 0.220 * RATE
    assert peak_dbfs(pcm) < -1.0
    samples = from_pcm(pcm)
    assert samples[0] == samples[-1] == 0.0
    millisecond = RATE // 1000
    assert np.max(np.abs(samples[:millisecond])) < 0.02


def test_both_parts_of_a_mixed_text_are_spoken_without_a_gap(voice: EspeakSynthesizer):
    pcm = sound(voice, "我喜欢 Python 和 jazz。")
    whole = (len(pcm) // 2 - TAIL) / RATE
    parts = sum((len(sound(voice, text)) // 2 - TAIL) / RATE for text in ("我喜欢", "Python", "和", "jazz。"))
    assert whole == pytest.approx(parts, rel=0.15)
    samples = np.abs(from_pcm(pcm[: -2 * TAIL]))
    quiet = np.convolve(samples > 0.005, np.ones(RATE // 8), "valid")
    assert quiet.min() > 0, "125 ms of silence between two scripts"


def test_the_language_asked_for_reads_the_digits(voice: EspeakSynthesizer):
    assert sound(voice, "25") == sound(voice, "25", language="en")
    assert sound(voice, "25", language="zh") != sound(voice, "25", language="en")


def test_punctuation_between_two_scripts_is_a_pause(voice: EspeakSynthesizer):
    assert len(sound(voice, "好，Python")) > len(sound(voice, "好 Python")) + 0.1 * RATE


@pytest.mark.parametrize(
    "text", ["", "   ", "...?!", "，。", "😀🎉", "\x00\x01\x1b", "\ud800", "%", "مرحبا بالعالم"]
)
def test_a_text_of_no_sound_yields_nothing(voice: EspeakSynthesizer, text: str):
    assert chunks(voice, text) == []


def test_markup_and_phonemes_are_spoken_as_words(voice: EspeakSynthesizer):
    assert len(sound(voice, "<break time='9s'/>")) < 4 * 2 * RATE
    assert sound(voice, "a <b> c") == sound(voice, "a  b  c")
    assert len(sound(voice, "[[h@l'oU]]")) > 1.5 * len(sound(voice, "hello"))


def test_marks_follow_the_words(voice: EspeakSynthesizer):
    text = "Yes 😀, 我很好。"
    marks = [mark for chunk in chunks(voice, text) for mark in chunk.marks]
    ends = [mark.char_end for mark in marks]
    assert {3, 7, 8, 9} - set(ends) <= {3}  # the comma and the spaces are heard with the word before them
    assert ends == sorted(ends)
    assert ends[-1] == len(text)
    assert {"e", "closed", "u", "o"} <= {mark.viseme for mark in marks}


@pytest.mark.parametrize("language", SENTENCES)
def test_half_the_marks_lie_about_half_way(voice: EspeakSynthesizer, language: Language):
    text = SENTENCES[language]
    made = chunks(voice, text)
    marks = [mark for chunk in made for mark in chunk.marks]
    total = marks[-1].sample_end
    half = next(mark.sample_end for mark in marks if mark.char_end >= len(text) / 2)
    assert 0.35 < half / total < 0.65


_NASTY = st.text(
    alphabet=st.sampled_from(
        list("ab é'’-.,!?;:&<>[]/\\%$0123我好吧，。！？…😀\u200d\u202e\u0301\x00\x07\n\u05d0\ud800")
    ),
    max_size=60,
)


@given(text=_NASTY | st.text(max_size=30), emotion=st.sampled_from(EMOTIONS))
@example(text="<break/> &amp; [[h@l'oU]]", emotion="angry")
@example(text="x" * 170, emotion="sad")
@settings(deadline=None, max_examples=60)
def test_no_text_breaks_it(voice: EspeakSynthesizer, text: str, emotion: Emotion):
    made = chunks(voice, text, emotion)
    if not made:
        assert not any(character.isascii() and character.isalnum() for character in text)
        return
    marks = [mark for chunk in made for mark in chunk.marks]
    total = sum(len(chunk.pcm) for chunk in made) // 2
    assert (marks[-1].char_end, marks[-1].sample_end) == (len(text), total)
    for before, after in pairwise(marks):
        assert before.char_end <= after.char_end
        assert before.sample_end <= after.sample_end
    position = 0
    for chunk in made:
        assert 0 < len(chunk.pcm) <= 2 * CHUNK
        assert all(position < mark.sample_end <= position + len(chunk.pcm) // 2 for mark in chunk.marks)
        position += len(chunk.pcm) // 2
    assert peak_dbfs(b"".join(chunk.pcm for chunk in made)) < -1.0


def test_five_thousand_characters_come_in_pieces(voice: EspeakSynthesizer):
    run = voice.run(SpeechRequest("好的。" * 1667), iter(()))
    assert [len(next(run).pcm) for _ in range(20)]
    run.close()
    assert (
        sum(len(chunk.pcm) for chunk in voice.run(SpeechRequest("word " * 1000), iter(()))) > 200 * 2 * RATE
    )


def test_the_same_request_sounds_the_same_whatever_came_before(voice: EspeakSynthesizer):
    first = chunks(voice, HELLO)
    chunks(voice, "Shh! What a terrible noise, 真的。", "angry")
    assert chunks(voice, HELLO) == first
    assert chunks(made(), HELLO) == first


def test_closing_a_call_leaves_the_voice_usable(voice: EspeakSynthesizer):
    first = sound(voice, HELLO)
    run = voice.run(SpeechRequest(HELLO), iter(()))
    next(run)
    run.close()
    assert sound(voice, HELLO) == first


def test_rate_and_volume_are_multipliers(voice: EspeakSynthesizer):
    normal = sound(voice, HELLO)
    assert len(sound(made(rate=1.5), HELLO)) < 0.8 * len(normal)
    assert len(sound(made(rate=0.7), HELLO)) > 1.2 * len(normal)
    assert rms_dbfs(sound(made(volume=0.5), HELLO)) == pytest.approx(rms_dbfs(normal) - 6, abs=0.5)
    assert peak_dbfs(sound(made(volume=2.0), HELLO)) < -1.0
    assert not any(sound(made(volume=0.0), HELLO))


def test_extreme_rates_still_speak():
    for rate in (0.01, 100.0):
        assert sound(made(rate=rate), "hello")


def test_before_loading_and_after_closing_it_is_unavailable():
    voice = EspeakSynthesizer()
    with pytest.raises(StageUnavailable):
        chunks(voice, HELLO)
    voice.load()
    voice.close()
    with pytest.raises(StageUnavailable):
        chunks(voice, HELLO)


def test_importing_it_loads_nothing_native():
    script = "import sys, engine.tts.espeak; print('espeakng_loader' in sys.modules)"
    result = subprocess.run(
        [sys.executable, "-c", script], check=True, capture_output=True, text=True, timeout=60
    )
    assert result.stdout.strip() == "False"
