from __future__ import annotations

import inspect

import pytest

from engine import errors
from engine.errors import CompanionError, EnvironmentFault, PeerFault, StageFault, StageUnavailable
from engine.hosting import faults
from engine.hosting.frames import encode

KINDS = [kind for _, kind in inspect.getmembers(errors, inspect.isclass) if issubclass(kind, CompanionError)]


@pytest.mark.parametrize("kind", KINDS)
def test_every_deliberate_error_keeps_class_code_and_message(kind: type[CompanionError]) -> None:
    if issubclass(kind, StageFault):
        error: CompanionError = kind("tts", "Say it again.", code="tts-hoarse")
    else:
        error = kind("disk-full", "Free some space.")
    crossed = faults.to_error(faults.to_frame(1, "tts", error), "tts")
    assert type(crossed) is kind
    assert (crossed.code, crossed.message, str(crossed)) == (error.code, error.message, str(error))


def test_a_subclass_of_somebody_else_becomes_the_nearest_known_class() -> None:
    class ModelMissing(EnvironmentFault):
        pass

    crossed = faults.to_error(faults.to_frame(0, "llm", ModelMissing("model-missing", "Get it.")), "llm")
    assert type(crossed) is EnvironmentFault
    assert crossed.code == "model-missing"


def test_any_other_exception_is_a_stage_fault_with_the_traceback_as_cause() -> None:
    try:
        int("four")
    except ValueError as error:
        frame = faults.to_frame(3, "asr", error)
    crossed = faults.to_error(frame, "asr")
    assert type(crossed) is StageFault
    assert crossed.code == "asr-failed"
    assert "ValueError: invalid literal" in crossed.message
    assert 'int("four")' in str(crossed.__cause__)


def test_an_exception_without_text_is_named_by_its_class() -> None:
    assert faults.to_frame(1, "tts", MemoryError()).message == "The tts stage failed: MemoryError"


def test_an_exception_whose_text_fails_is_described_all_the_same() -> None:
    class Broken(Exception):
        def __str__(self) -> str:
            raise RuntimeError

    assert "Broken" in faults.to_frame(1, "tts", Broken()).message


def test_half_characters_of_a_file_name_do_not_stop_the_frame() -> None:
    frame = faults.to_frame(1, "tts", OSError("no file \udc80.wav"))
    assert "no file \\udc80.wav" in frame.message
    encode(frame)
    encode(faults.to_frame(1, "tts", EnvironmentFault("no-file", "no file \udc80.wav")))


def test_long_texts_are_cut() -> None:
    frame = faults.to_frame(1, "tts", ValueError("x" * 100_000))
    assert len(frame.message) < 3_000
    assert len(frame.traceback) <= 20_000


def test_an_unknown_kind_is_still_an_error() -> None:
    error = faults.to_error(faults.to_frame(1, "tts", PeerFault("bad-audio", "No.")), "tts")
    assert isinstance(error, PeerFault)
    assert isinstance(
        faults.to_error(faults.to_frame(1, "tts", StageUnavailable("tts", "No.")), "tts"), StageFault
    )
