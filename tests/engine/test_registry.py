from __future__ import annotations

import subprocess
import sys

import pytest

from engine.errors import ConfigFault, EnvironmentFault
from engine.registry import BackendSpec, backend_names, find_backend


def test_the_built_in_backends_are_registered() -> None:
    assert {"espeak", "scripted"} <= set(backend_names("tts"))
    assert list(backend_names("asr")) == sorted(backend_names("asr"))


def test_a_backend_is_found_by_name() -> None:
    spec = find_backend("tts", "espeak", {"voice": "zh"})
    assert spec == BackendSpec("tts", "espeak", "engine.tts.espeak:EspeakSynthesizer", {"voice": "zh"})


def test_an_unknown_name_is_refused_with_a_suggestion_and_the_list() -> None:
    with pytest.raises(ConfigFault, match=r"no tts backend 'espaek'\. Did you mean 'espeak'\?") as caught:
        find_backend("tts", "espaek")
    assert caught.value.code == "unknown-backend"
    assert "scripted" in caught.value.message


def test_nothing_near_means_no_suggestion() -> None:
    with pytest.raises(ConfigFault) as caught:
        find_backend("vad", "zzzzzz")
    assert "Did you mean" not in caught.value.message


def test_a_stage_without_backends_says_so() -> None:
    with pytest.raises(ConfigFault, match="Installed: none"):
        find_backend("memory", "any")


def test_finding_imports_no_backend() -> None:
    code = (
        "import sys\n"
        "from engine.registry import backend_names, find_backend\n"
        "find_backend('tts', 'espeak')\n"
        "assert not [name for name in sys.modules if name.startswith('engine.tts')]"
    )
    subprocess.run([sys.executable, "-c", code], check=True, timeout=30)


@pytest.mark.parametrize(
    "target",
    ["no_such_module:Thing", "engine.errors:NoSuchClass", "engine.errors:StageFault", "not a target"],
)
def test_a_broken_backend_is_the_environments_fault(target: str) -> None:
    with pytest.raises(EnvironmentFault) as caught:
        BackendSpec("tts", "odd", target).backend_class()
    assert caught.value.code == "broken-backend"


def test_a_backend_of_another_stage_is_refused() -> None:
    with pytest.raises(EnvironmentFault, match="is no tts backend"):
        BackendSpec("tts", "odd", "engine.asr:SpeechRecognizer").backend_class()


def test_traits_come_from_the_class() -> None:
    assert BackendSpec("tts", "any", "engine.tts:SpeechSynthesizer").traits().sample_rate == 16000
