import shutil
from pathlib import Path

import espeakng_loader
import pytest

import engine.tts
from engine.errors import EnvironmentFault, StageFault
from engine.tts.espeak_library import Espeak, Event

VOICE = Path(engine.tts.__file__).with_name("rio.en.voice")
CHINESE = VOICE.with_name("rio.zh.voice")


@pytest.fixture(scope="module")
def espeak() -> Espeak:
    return Espeak()


def events_of(espeak: Espeak, text: str, voice: Path = VOICE) -> list[Event]:
    return espeak.speak(text, voice, rate=160, pitch=50, pitch_range=50, end_pause=False)[1]


def word_starts(espeak: Espeak, text: str, voice: Path = VOICE) -> list[int]:
    return [event.position for event in events_of(espeak, text, voice) if event.kind == "word"]


def sounds(espeak: Espeak, text: str, voice: Path = VOICE) -> list[str]:
    return [event.mnemonic for event in events_of(espeak, text, voice) if event.sounds]


def test_words_begin_at_code_points_whatever_their_bytes(espeak: Espeak):
    assert word_starts(espeak, "one café, two") == [0, 4, 10]
    assert word_starts(espeak, "你好，我很好", CHINESE)[:2] == [0, 3]
    assert word_starts(espeak, "😀 one", VOICE)[-1] == 2


def test_events_are_in_order_and_inside_the_sound(espeak: Espeak):
    samples, events = espeak.speak(
        "Hello, my friend.", VOICE, rate=160, pitch=50, pitch_range=50, end_pause=True
    )
    at = [event.sample for event in events]
    assert at == sorted(at)
    assert at[0] >= 0
    assert at[-1] <= samples.size


def test_text_is_neither_markup_nor_phonemes(espeak: Espeak):
    assert sounds(espeak, "a <break time='9s'/> b") != sounds(espeak, "a b")
    assert len(sounds(espeak, "[[h@l'oU]]")) > len(sounds(espeak, "hello"))


def test_the_end_pause_is_there_when_wanted(espeak: Espeak):
    def length(pause: bool) -> int:
        return espeak.speak("Yes.", VOICE, rate=160, pitch=50, pitch_range=50, end_pause=pause)[0].size

    assert length(True) > length(False) + 2000


def test_a_voice_that_is_not_there_is_a_fault_and_the_next_call_works(espeak: Espeak, tmp_path: Path):
    with pytest.raises(StageFault, match=r"none\.voice"):
        events_of(espeak, "hello", tmp_path / "none.voice")
    assert sounds(espeak, "hello")


def test_a_missing_library_is_the_machines_fault(monkeypatch: pytest.MonkeyPatch, tmp_path: Path):
    monkeypatch.setattr(espeakng_loader, "get_library_path", lambda: str(tmp_path / "nothing.so"))
    with pytest.raises(EnvironmentFault, match="reinstall espeakng-loader") as caught:
        Espeak()
    assert caught.value.code == "voice-missing"


@pytest.mark.parametrize("folder", ["", "nowhere", "long" * 50])
def test_missing_data_is_the_machines_fault(monkeypatch: pytest.MonkeyPatch, tmp_path: Path, folder: str):
    monkeypatch.setattr(espeakng_loader, "get_data_path", lambda: str(tmp_path / folder))
    with pytest.raises(EnvironmentFault, match="data cannot be read"):
        Espeak()
    monkeypatch.undo()
    assert sounds(Espeak(), "hello")


def test_a_voice_may_lie_deep_in_folders_of_any_name(espeak: Espeak, tmp_path: Path):
    folder = tmp_path / ("deep" * 20) / "人 + ü"
    folder.mkdir(parents=True)
    copy = Path(shutil.copy(VOICE, folder))
    assert sounds(espeak, "hello", copy) == sounds(espeak, "hello")
