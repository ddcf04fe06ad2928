"""Lips against sound, on a virtual clock. `pytest -s` prints the figures of real speech."""

import pickle
from itertools import pairwise
from typing import NamedTuple

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from numpy.typing import NDArray

from app.avatar.lip_sync import LipSync
from app.avatar.mouth import CLOSED, MouthShape
from app.avatar.vowels import SHAPES
from engine.conversation.language import Language
from engine.messages import Mark
from engine.tts import SpeechRequest
from engine.tts.espeak import EspeakSynthesizer
from tests.support.acting import actor, still

RATE = EspeakSynthesizer.traits.sample_rate
BLOCK = RATE // 10
SHUT = 0.05
SENTENCES: dict[Language, tuple[str, ...]] = {
    "en": ("I think we should go to the park today.", "Hello there, my friend, how are you?"),
    "zh": ("今天天气很好，我们一起去公园散步吧。", "你吃饭了吗？我给你做一个菜吧。"),
}


class Speech(NamedTuple):
    pcm: bytes
    marks: tuple[Mark, ...]

    @property
    def seconds(self) -> float:
        return len(self.pcm) / 2 / RATE


@pytest.fixture(
    scope="module", params=[(language, it) for language in SENTENCES for it in SENTENCES[language]]
)
def speech(request: pytest.FixtureRequest) -> Speech:
    """Real speech."""
    language, text = request.param
    voice = EspeakSynthesizer({})
    voice.load()
    chunks = list(voice.run(SpeechRequest(text, "calm", language), iter(())))
    voice.close()
    return Speech(b"".join(chunk.pcm for chunk in chunks), tuple(mark for it in chunks for mark in it.marks))


def fed(lips: LipSync, pcm: bytes, start: int = 0, block: int = BLOCK) -> LipSync:
    for first in range(0, len(pcm), 2 * block):
        lips.feed(start + first // 2, pcm[first : first + 2 * block])
    return lips


def lips_of(speech: Speech, marked: bool) -> LipSync:
    lips = fed(LipSync(RATE), speech.pcm)
    if marked:
        lips.add_marks(0, speech.marks)
    return lips


def tone(seconds: float, level: float = 0.1, rate: int = RATE) -> bytes:
    """A loud vowel-like hum."""
    time = np.arange(round(seconds * rate)) / rate
    wave = sum(np.sin(2 * np.pi * 150 * k * time) / k for k in range(1, 12))
    return (32768 * level * wave).astype("<i2").tobytes()


def silence(seconds: float) -> bytes:
    return bytes(2 * round(seconds * RATE))


def times(seconds: float, fps: int) -> NDArray[np.float64]:
    return np.arange(round(seconds * fps)) / fps


def openings(lips: LipSync, seconds: float, fps: int = 200) -> NDArray[np.float64]:
    return np.array([lips.at(round(time * RATE)).open for time in times(seconds, fps)])


def envelope(pcm: bytes, seconds: float, fps: int = 200) -> NDArray[np.float64]:
    """RMS of 20 ms around each frame."""
    power = np.square(np.frombuffer(pcm + silence(1), "<i2") / 32768.0)
    sums = np.concatenate([[0.0], np.cumsum(power)])
    half = RATE // 100
    middle = np.round(times(seconds, fps) * RATE).astype(int)
    first, last = np.maximum(middle - half, 0), np.minimum(middle + half, power.size)
    return np.sqrt((sums[last] - sums[first]) / (last - first))


def delay_s(mouth: NDArray[np.float64], sound: NDArray[np.float64], fps: int) -> float:
    """By how much the mouth is behind the sound: where the two correlate best."""
    frames = range(-fps // 4, fps // 4 + 1)
    return max(frames, key=lambda late: np.corrcoef(np.roll(mouth, -late), sound)[0, 1]) / fps


# ---------------------------------------------------------------- real speech


@pytest.mark.parametrize("marked", [True, False], ids=["marks", "signal"])
def test_the_mouth_follows_the_sound(speech: Speech, marked: bool):
    seconds = speech.seconds + 0.3
    mouth = openings(lips_of(speech, marked), seconds)
    sound = envelope(speech.pcm, seconds)
    alike, delay = np.corrcoef(mouth, sound)[0, 1], delay_s(mouth, sound, 200)
    spoken = np.flatnonzero(sound > 0.02 * sound.max())[-1]
    closing = (np.flatnonzero(mouth > SHUT)[-1] - spoken) / 200
    print(
        f"\ncorrelation {alike:.2f}, {1000 * delay:+.0f} ms late, shut {1000 * closing:+.0f} ms after sound"
    )
    assert alike >= 0.75
    assert abs(delay) <= 0.040
    assert closing <= 0.080


@pytest.mark.parametrize("marked", [True, False], ids=["marks", "signal"])
@pytest.mark.parametrize("fps", [30, 60])
def test_so_does_the_mouth_that_is_seen(speech: Speech, marked: bool, fps: int):
    seconds = speech.seconds + 0.3
    lips, acting = lips_of(speech, marked), actor(still())
    acting.attend("speaking")
    mouth: list[float] = []
    for time in times(seconds, fps):
        acting.mouth(lips.at(round(time * RATE)))
        mouth.append(acting.step(1 / fps)["ParamMouthOpenY"])
    sound = envelope(speech.pcm, seconds, fps)
    alike, delay = np.corrcoef(mouth, sound)[0, 1], delay_s(np.array(mouth), sound, fps)
    print(f"\n{fps} fps: correlation {alike:.2f}, {1000 * delay:+.0f} ms late")
    assert alike >= 0.75
    assert abs(delay) <= 0.040


def test_the_sound_tells_much_of_what_the_marks_tell(speech: Speech):
    marked, heard = lips_of(speech, True), lips_of(speech, False)
    shapes = [(marked.at(p), heard.at(p)) for p in range(0, len(speech.pcm) // 2, RATE // 50)]
    forms = np.array([(told.form, guess.form) for told, guess in shapes if min(told.open, guess.open) > 0.2])
    alike = np.corrcoef(forms.T)[0, 1]
    print(f"\nform of the lips, marks against signal: correlation {alike:.2f}")
    assert alike > 0.4


# ---------------------------------------------------------------- silence and blocks


@pytest.mark.parametrize(
    "after", [b"", silence(0.5), tone(0.5, 0.004)], ids=["nothing", "silence", "noise floor"]
)
def test_it_closes_within_80_ms_even_of_a_vowel_cut_off(after: bytes):
    mouth = openings(fed(LipSync(RATE), tone(0.5) + after), 1.0)
    assert mouth[60:88].min() > 0.4
    assert mouth[116:].max() < SHUT


def test_it_opens_with_the_sound():
    mouth = openings(fed(LipSync(RATE), silence(0.5) + tone(0.5)), 0.9)
    assert mouth[:88].max() < SHUT
    assert mouth[112:].min() > 0.4


@given(blocks=st.lists(st.integers(0, 4000), min_size=1, max_size=30))
@settings(deadline=None, max_examples=20)
def test_how_the_sound_is_cut_does_not_matter(blocks: list[int]):
    pcm = tone(0.3) + silence(0.1) + tone(0.3, 0.05)
    lips, at = LipSync(RATE), 0
    for size in (*blocks, len(pcm)):
        lips.feed(at, pcm[2 * at : 2 * (at + size)])
        at = min(at + size, len(pcm) // 2)
    whole = fed(LipSync(RATE), pcm, block=len(pcm))
    assert openings(lips, 0.7) == pytest.approx(openings(whole, 0.7))


def test_quiet_speech_moves_the_lips_like_loud_speech():
    quiet = openings(fed(LipSync(RATE), tone(0.3, 0.01) + silence(0.2) + tone(10.0, 0.01)), 10.0)
    assert quiet[1900:].mean() > 0.5


def test_where_there_is_no_sound_it_is_closed():
    lips = LipSync(RATE)
    assert lips.at(0) == lips.at(10**9) == CLOSED
    fed(lips, tone(1.0))
    assert lips.at(RATE // 2).open > 0.4
    assert lips.at(9 * RATE) == CLOSED


def test_sound_that_does_not_go_on_where_it_was_begins_anew():
    lips = fed(LipSync(RATE), tone(1.0))
    fed(lips, tone(1.0), start=RATE * 5)
    assert lips.at(RATE // 2) == CLOSED
    assert lips.at(RATE * 11 // 2).open > 0.4


def test_a_flush_shuts_the_mouth_and_ends_the_marks():
    lips = fed(LipSync(RATE), tone(1.0))
    lips.add_marks(0, [Mark(0, RATE, "u")])
    lips.flush()
    assert lips.at(RATE // 2) == CLOSED
    assert fed(lips, tone(1.0)).at(RATE // 2).form > -0.9


def test_a_long_reply_takes_little_memory():
    lips, minute = LipSync(RATE), tone(60.0)
    for number in range(5):
        fed(lips, minute, start=number * 60 * RATE)
        lips.add_marks(number * 60 * RATE, [Mark(0, (600 * number + k) * BLOCK, "a") for k in range(600)])
        for position in range(number * 60 * RATE, (number + 1) * 60 * RATE, 10 * BLOCK):
            lips.at(position)
    assert len(pickle.dumps(lips)) < 20_000


def test_sound_that_nobody_asks_about_takes_little_memory():
    lips, minute = LipSync(RATE), tone(60.0)
    for number in range(3):
        fed(lips, minute, start=number * 60 * RATE)
    assert len(pickle.dumps(lips)) < 400_000


# ---------------------------------------------------------------- marks


def test_marks_choose_the_shape_and_loudness_how_far_it_is_open():
    lips = fed(LipSync(RATE), tone(1.5))
    lips.add_marks(0, [Mark(1, RATE // 2, "u"), Mark(2, RATE, "closed"), Mark(3, RATE * 3 // 2, "i")])
    u, closed, i = (lips.at(position) for position in (RATE // 4, RATE * 3 // 4, RATE * 5 // 4))
    assert u.form < -0.8 < 0.7 < i.form
    assert closed.open == 0.0
    assert 0.2 < u.open < SHAPES["u"].open + 0.01


def test_between_two_marked_segments_the_sound_decides():
    lips = fed(LipSync(RATE), tone(1.5))
    lips.add_marks(0, [Mark(1, RATE // 2, "u")])
    lips.add_marks(RATE, [Mark(1, RATE * 3 // 2, "u")])
    assert lips.at(RATE // 4).form < -0.8
    assert lips.at(RATE * 3 // 4).form > -0.8
    assert lips.at(RATE * 5 // 4).form < -0.8


def test_a_mark_without_a_shape_leaves_it_to_the_sound():
    told, heard = fed(LipSync(RATE), tone(1.0)), fed(LipSync(RATE), tone(1.0))
    told.add_marks(0, [Mark(1, RATE, None)])
    assert told.at(RATE // 2) == heard.at(RATE // 2)


def test_it_moves_smoothly_from_shape_to_shape():
    lips = fed(LipSync(RATE), tone(1.0))
    lips.add_marks(0, [Mark(1, RATE // 2, "a"), Mark(2, RATE, "closed")])
    mouth = openings(lips, 0.9)
    assert max(abs(b - a) for a, b in pairwise(mouth[20:])) < 0.13


@given(
    sound=st.binary(max_size=4000),
    offset=st.integers(0, 2**32 - 1),
    marks=st.lists(st.builds(Mark, st.just(0), st.integers(0, 2**32 - 1), st.sampled_from([*SHAPES, None]))),
    positions=st.lists(st.integers(0, 2**32 - 1), max_size=5),
)
@settings(deadline=None)
def test_no_input_breaks_it(sound: bytes, offset: int, marks: list[Mark], positions: list[int]):
    lips = LipSync(16000)
    lips.feed(offset, sound)
    lips.add_marks(offset, marks)
    for position in (*positions, offset, offset + 500):
        shape = lips.at(position)
        assert isinstance(shape, MouthShape)
        assert 0 <= shape.open <= 1
        assert -1 <= shape.form <= 1
