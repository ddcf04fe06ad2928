from __future__ import annotations

import pytest

from engine.asr.sensevoice_tags import believed_emotion, events_in, language_of, tag_in


@pytest.mark.parametrize(
    ("piece", "tag"), [("<|HAPPY|>", "HAPPY"), ("▁<|zh|>", "zh"), ("▁good", ""), ("<|", ""), ("", "")]
)
def test_tags_are_told_from_words(piece: str, tag: str) -> None:
    assert tag_in(piece) == tag


@pytest.mark.parametrize(
    ("probabilities", "emotion"),
    [
        ({"HAPPY": 0.6, "SAD": 0.1, "EMO_UNKNOWN": 0.2}, "happy"),
        ({"HAPPY": 0.4, "SAD": 0.35, "ANGRY": 0.25}, ""),
        ({"EMO_UNKNOWN": 0.9, "HAPPY": 0.1}, ""),
        ({"NEUTRAL": 0.9, "SAD": 0.1}, ""),
        ({"SURPRISED": 2e-4, "SAD": 1e-4}, "surprised"),
        ({"SAD": 0.0}, ""),
        ({}, ""),
    ],
)
def test_only_a_clear_emotion_is_believed(probabilities: dict[str, float], emotion: str) -> None:
    assert believed_emotion(probabilities) == emotion


def test_sounds_beside_speech_are_named_once() -> None:
    assert events_in(["zh", "Laughter", "Speech", "Laughter", "Cry"]) == ("laughter", "crying")


def test_languages() -> None:
    assert [language_of(tag) for tag in ("zh", "yue", "nospeech", "")] == ["zh", "yue", "", ""]
