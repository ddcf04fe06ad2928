from itertools import pairwise

from hypothesis import given, settings
from hypothesis import strategies as st

from engine.tts.espeak_library import Event
from engine.tts.timing import marks, speech_end


def word(position: int, sample: int) -> Event:
    return Event("word", sample, position=position)


def phoneme(mnemonic: str, sample: int) -> Event:
    return Event("phoneme", sample, mnemonic=mnemonic)


def seen(events: list[Event], characters: int, samples: int) -> list[tuple[int, int, str | None]]:
    return [(mark.char_end, mark.sample_end, mark.viseme) for mark in marks(events, characters, samples)]


HI_MUM = [
    word(0, 0), phoneme("h", 0), phoneme("'aI", 100),
    word(4, 300), phoneme("m", 300), phoneme("'V", 400), phoneme("m", 600), phoneme("_:", 700),
]  # fmt: skip
"""`Hi, mum.`"""


def test_characters_are_spread_over_phonemes_and_diphthongs_move_the_mouth():
    assert seen(HI_MUM, 8, 800) == [
        (2, 100, "n"), (2, 200, "a"), (4, 300, "i"),
        (5, 400, "closed"), (6, 600, "a"), (8, 800, "closed"),
    ]  # fmt: skip


def test_speech_ends_where_the_final_pause_begins():
    assert speech_end(HI_MUM) == 700
    assert speech_end([*HI_MUM, phoneme("_", 900)]) == 700
    assert speech_end([word(0, 0), phoneme("_:", 0)]) == 0
    assert speech_end([]) == 0


def test_a_switch_of_language_has_no_mouth_of_its_own():
    events = [word(0, 0), phoneme("(en)", 0), phoneme("'u", 50), phoneme("(zh)", 90), phoneme("_", 95)]
    assert seen(events, 1, 100) == [(1, 90, "u"), (1, 100, "closed")]


def test_words_without_a_sound_are_heard_with_the_word_before():
    events = [word(0, 0), phoneme("a", 0), word(2, 50), word(4, 50), phoneme("o", 50)]
    assert seen(events, 5, 90) == [(4, 50, "a"), (5, 90, "o")]


def test_without_events_everything_is_heard_at_the_end():
    assert seen([], 3, 100) == [(3, 100, "closed")]


_EVENTS = st.lists(
    st.builds(word, st.integers(-5, 40), st.integers(0, 2000))
    | st.builds(phoneme, st.sampled_from(["a", "'aI", "p", "_:", "(en)", "t2", ""]), st.integers(0, 2000)),
    max_size=30,
)


@given(events=_EVENTS, characters=st.integers(1, 30), samples=st.integers(1, 1500))
@settings(deadline=None)
def test_whatever_espeak_says_marks_go_forward_and_end_at_the_end(
    events: list[Event], characters: int, samples: int
):
    found = marks(events, characters, samples)
    for before, after in pairwise(found):
        assert before.char_end <= after.char_end
        assert before.sample_end <= after.sample_end
    assert all(mark.char_end >= 0 and mark.sample_end >= 0 for mark in found)
    assert (found[-1].char_end, found[-1].sample_end) == (characters, samples)
