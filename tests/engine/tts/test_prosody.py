"""Each emotion is heard as its own, in both languages, and its words are still understood."""

from itertools import combinations
from typing import NamedTuple, get_args

import pytest
from pocketsphinx import Decoder

from engine.audio import Resampler, from_pcm, rms_dbfs
from engine.conversation.language import Language
from engine.messages import Emotion
from engine.tts import SpeechRequest
from engine.tts.espeak import EspeakSynthesizer
from engine.tts.prosody import FASTEST, SLOWEST, prosody
from tests.support.pitch import median_pitch
from tests.support.speech import word_errors

EMOTIONS = get_args(Emotion)
RATE = EspeakSynthesizer.traits.sample_rate

SENTENCES: dict[Language, tuple[str, ...]] = {
    "en": (
        "I think we should go to the park today.",
        "No, really?",
        "Please tell me what happened at school yesterday, my friend.",
    ),
    "zh": ("今天天气很好，我们一起去公园散步吧。", "真的吗，太好了！", "你昨天在学校里发生了什么事？"),
}


class Voice(NamedTuple):
    """What is measured of one sentence."""

    pitch: float
    seconds: float
    level: float


@pytest.fixture(scope="module")
def voice() -> EspeakSynthesizer:
    made = EspeakSynthesizer()
    made.load()
    return made


def say(voice: EspeakSynthesizer, text: str, emotion: Emotion) -> bytes:
    return b"".join(chunk.pcm for chunk in voice.run(SpeechRequest(text, emotion), iter(())))


def measured(voice: EspeakSynthesizer, text: str) -> dict[Emotion, Voice]:
    found: dict[Emotion, Voice] = {}
    for emotion in EMOTIONS:
        pcm = say(voice, text, emotion)
        samples = from_pcm(pcm)
        found[emotion] = Voice(median_pitch(samples, RATE), samples.size / RATE, rms_dbfs(pcm))
    return found


TEXTS = [text for texts in SENTENCES.values() for text in texts]


@pytest.mark.parametrize("text", TEXTS)
def test_every_two_emotions_differ_by_12_percent_in_pitch_or_rate_or_by_4_decibels(
    voice: EspeakSynthesizer, text: str
):
    heard = measured(voice, text)
    for one, other in combinations(EMOTIONS, 2):
        a, b = heard[one], heard[other]
        pitch = max(a.pitch, b.pitch) / min(a.pitch, b.pitch)
        pace = max(a.seconds, b.seconds) / min(a.seconds, b.seconds)
        assert pitch >= 1.12 or pace >= 1.12 or abs(a.level - b.level) >= 4, (one, other, a, b)


@pytest.mark.parametrize("text", TEXTS)
def test_sad_is_lower_and_slower_than_calm(voice: EspeakSynthesizer, text: str):
    heard = measured(voice, text)
    assert heard["sad"].pitch < 0.9 * heard["calm"].pitch
    assert heard["sad"].seconds > 1.1 * heard["calm"].seconds


def test_rate_stays_within_what_espeak_takes():
    assert prosody("calm", "en", 2.0).rate == 2 * prosody("calm", "en").rate
    assert prosody("calm", "en", 100.0).rate == FASTEST
    assert prosody("calm", "en", 0.001).rate == SLOWEST


SPOKEN = (
    "hello my friend how are you today",
    "I am very happy to see you",
    "what would you like to do this evening",
    "the weather is nice and the sun is shining",
    "please tell me more about your family",
    "do you want to listen to some music",
)


@pytest.mark.parametrize("emotion", EMOTIONS)
def test_the_words_stay_intelligible(voice: EspeakSynthesizer, ear: Decoder, emotion: Emotion):
    """A recogniser trained on people, without any adaptation to this voice, still follows it."""
    errors = 0
    for text in SPOKEN:
        resampler = Resampler(RATE, 16000)
        pcm = bytes(8000) + resampler.process(say(voice, text, emotion)) + resampler.flush() + bytes(8000)
        ear.start_utt()
        ear.process_raw(pcm, no_search=False, full_utt=True)
        ear.end_utt()
        hypothesis = ear.hyp()
        errors += word_errors(text, hypothesis.hypstr if hypothesis else "")
    accuracy = 1 - errors / sum(len(text.split()) for text in SPOKEN)
    print(f"{emotion}: {accuracy:.2f}")
    assert accuracy >= 0.6


@pytest.fixture(scope="module")
def ear() -> Decoder:
    return Decoder(samprate=16000, loglevel="FATAL")
