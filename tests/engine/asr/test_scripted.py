import pytest

from engine.asr import AsrRequest
from engine.asr.scripted import ScriptedRecognizer
from engine.hosting.backend import Cancelled


def recogniser(**options):
    made = ScriptedRecognizer(options)
    made.load()
    return made


def heard(ear, *blocks, language=""):
    return list(ear.run(AsrRequest(language), iter(blocks)))


def final(ear, *blocks):
    return heard(ear, *blocks)[-1].text


def test_transcripts_come_in_order_and_again():
    ear = recogniser(transcripts="good morning||你好")
    assert [final(ear, b"\1\0") for _ in range(3)] == ["good morning", "你好", "good morning"]


def test_partials_grow_to_the_one_final():
    outputs = heard(recogniser(transcripts="one two three"), b"\1\0")
    assert [(output.text, output.final) for output in outputs] == [
        ("one", False), ("one two", False), ("one two three", True)
    ]  # fmt: skip


def test_an_empty_feed_has_no_text_and_takes_no_transcript():
    ear = recogniser(transcripts="a||b")
    assert final(ear) == final(ear, b"") == ""
    assert final(ear, b"\1\0") == "a"


def test_a_cancelled_utterance_takes_no_transcript():
    def feed():
        yield b"\1\0"
        raise Cancelled

    ear = recogniser(transcripts="a||b")
    with pytest.raises(Cancelled):
        list(ear.run(AsrRequest(), feed()))
    assert final(ear, b"\1\0") == "a"


def test_the_language_is_the_one_asked_for_or_that_of_the_text():
    ear = recogniser(transcripts="hello||你好")
    assert [heard(ear, b"\1\0")[-1].language for _ in range(2)] == ["en", "zh"]
    assert heard(ear, b"\1\0", language="zh")[-1].language == "zh"


def test_misbehaves_as_told():
    assert heard(recogniser(misbehave="nothing"), b"\1\0") == []
