"""PocketSphinx with its stock model, spoken to by flite."""

from __future__ import annotations

from collections.abc import Iterator

import pytest

from engine.asr import SAMPLE_RATE, AsrRequest, Transcript
from engine.asr.pocketsphinx import PocketSphinxRecognizer
from engine.audio import Resampler, from_pcm, to_pcm
from engine.hosting.backend import Cancelled
from engine.tts import SpeechRequest
from engine.tts.espeak import EspeakSynthesizer
from tests.support.speech import noise, quiet, spoken, word_errors

SENTENCES = (
    "where do I live",
    "what is my name",
    "I had a really long day at work",
    "can you tell me a joke",
    "I think I will go for a walk",
    "my name is Alice and I live in Paris",
)


@pytest.fixture(scope="module")
def ear() -> PocketSphinxRecognizer:
    made = PocketSphinxRecognizer()
    made.load()
    return made


def blocks(pcm: bytes, size: int = 3200) -> list[bytes]:
    return [pcm[start : start + size] for start in range(0, len(pcm), size)]


def hear(ear: PocketSphinxRecognizer, pcm: bytes) -> list[Transcript]:
    return list(ear.run(AsrRequest(), iter(blocks(pcm))))


@pytest.mark.parametrize("voice", ["slt", "kal16"])
def test_ordinary_sentences_are_understood(ear: PocketSphinxRecognizer, voice: str) -> None:
    finals = [(text, hear(ear, spoken(text, voice))[-1]) for text in SENTENCES]
    errors = sum(word_errors(text, final.text) for text, final in finals)
    words = sum(len(text.split()) for text in SENTENCES)
    assert errors / words <= 0.1
    assert all(final.final and final.language == "en" for _, final in finals)
    assert sum(final.understood for _, final in finals) >= len(SENTENCES) - 1


@pytest.mark.parametrize("level_db", [-30, -40])
def test_a_quiet_microphone_is_heard_as_well(ear: PocketSphinxRecognizer, level_db: int) -> None:
    sentences = ("I have an exam next week", "I play football every Sunday", "that was really funny")
    quietly = [to_pcm(from_pcm(spoken(text, "rms")) * 10 ** (level_db / 20)) for text in sentences]
    finals = [(text, hear(ear, pcm)[-1]) for text, pcm in zip(sentences, quietly, strict=True)]
    errors = sum(word_errors(text, final.text) for text, final in finals)
    assert not errors
    assert all(final.understood for _, final in finals)


def test_speech_that_begins_at_once_is_heard_whole(ear: PocketSphinxRecognizer) -> None:
    final = hear(ear, spoken("hello, where do I live", margin_ms=0))[-1]
    assert final.text == "hello where do I live"
    assert final.understood


def test_a_microphone_that_opens_with_digital_silence_is_heard(ear: PocketSphinxRecognizer) -> None:
    opening = bytes(2 * SAMPLE_RATE * 7 // 10)
    pcm = opening + spoken("my name is Alice and I live in Paris")
    final = list(ear.run(AsrRequest(), iter(blocks(pcm, 640))))[-1]
    assert final.text == "my name is alice and I live in paris"
    assert final.understood


def test_partials_come_while_the_user_speaks_and_i_is_written_large(ear: PocketSphinxRecognizer) -> None:
    *partials, final = hear(ear, spoken("my name is Alice and I live in Paris"))
    assert partials
    assert not any(partial.final for partial in partials)
    assert final.text == "my name is alice and I live in paris"


@pytest.mark.parametrize(
    "pcm",
    [
        b"",
        quiet(50),
        quiet(2000),
        noise("clicks", 1500, -30),
        noise("clicks", 400, -25, seed=7),
        noise("pink", 1000, -30),
        noise("white", 1000, -25, seed=7),
        noise("hum", 1000, -25, seed=7),
        noise("music", 400, -25, seed=7),
    ],
)
def test_silence_and_noise_are_not_believed(ear: PocketSphinxRecognizer, pcm: bytes) -> None:
    final = hear(ear, pcm)[-1]
    assert final.final
    assert not (final.text and final.understood)


@pytest.mark.parametrize("text", ["谢谢你", "我今天很累，工作太多了", "你能给我讲个笑话吗"])
@pytest.mark.parametrize("level_db", [0, -30])
def test_chinese_is_not_believed(ear: PocketSphinxRecognizer, text: str, level_db: int) -> None:
    voice = EspeakSynthesizer()
    voice.load()
    resampler = Resampler(voice.traits.sample_rate, SAMPLE_RATE)
    spoken_pcm = b"".join(chunk.pcm for chunk in voice.run(SpeechRequest(text, "calm"), iter(())))
    samples = from_pcm(resampler.process(spoken_pcm) + resampler.flush()) * 10 ** (level_db / 20)
    assert not hear(ear, to_pcm(samples))[-1].understood


def test_a_higher_threshold_believes_less() -> None:
    strict = PocketSphinxRecognizer({"min_confidence": 0.999})
    strict.load()
    assert not hear(strict, spoken("my name is Alice and I live in Paris"))[-1].understood


def test_what_was_heard_before_changes_nothing(ear: PocketSphinxRecognizer) -> None:
    pcm = spoken("where do I live")
    first = hear(ear, pcm)
    hear(ear, noise("white", 1000, -25))
    assert hear(ear, pcm) == first


def test_a_cancelled_utterance_leaves_the_next_unharmed(ear: PocketSphinxRecognizer) -> None:
    def cancelled_feed() -> Iterator[bytes]:
        yield from blocks(spoken("where do I live"))[:12]
        raise Cancelled

    with pytest.raises(Cancelled):
        list(ear.run(AsrRequest(), cancelled_feed()))
    running = ear.run(AsrRequest(), iter(blocks(spoken("my name is Alice and I live in Paris"))))
    next(running)
    running.close()
    assert hear(ear, spoken("what is my name"))[-1].text == "what is my name"
