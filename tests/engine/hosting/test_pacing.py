import pytest

from engine.hosting import pacing
from engine.hosting.pacing import paced


@pytest.fixture
def slept(monkeypatch):
    slept = []
    monkeypatch.setattr(pacing.time, "sleep", slept.append)
    return slept


def test_the_first_output_and_the_gaps_take_what_the_options_say(slept):
    run = paced(iter("abc"), {"first_ms": 200, "gap_ms": 50.0})
    assert next(run) == "a"
    assert slept == [0.2]
    assert list(run) == ["b", "c"]
    assert slept == [0.2, 0.05, 0.05]


def test_nothing_is_waited_for_unless_asked(slept):
    assert list(paced(iter("ab"), {})) == ["a", "b"]
    assert not any(slept)
