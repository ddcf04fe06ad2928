import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from engine.conversation.speakable import HOLE, spoken_form


@pytest.mark.parametrize(
    ("sound", "spoken"),
    [
        ("你好。", "你好。"),
        (" Hello  there ", "Hello there"),
        ("你好😊。再见👨‍👩‍👧", "你好。再见"),
        ("Hi 😊 there", "Hi there"),
        (f"use {HOLE * 5} now", "use now"),
        ("snake_case", "snake case"),
        ("！！走吧", "走吧"),
        ("好的呀～走吧", "好的呀，走吧"),
        ("about ~5 km", "about 5 km"),
        ("1️⃣ first", "1 first"),
        ("😊", ""),
        ("……", ""),
        (HOLE * 3, ""),
        ("", ""),
    ],
)
def test_spoken(sound: str, spoken: str) -> None:
    assert spoken_form(sound)[0] == spoken


def test_each_spoken_character_knows_its_place() -> None:
    assert spoken_form(" Hi 😊 you! 👋") == ("Hi you!", (2, 3, 4, 7, 8, 9, 12))


@settings(deadline=None)
@given(st.text(alphabet=st.one_of(st.characters(), st.sampled_from("a1 ~_*你。，😊\u200d\0\n"))))
def test_alignment(sound: str) -> None:
    spoken, ends = spoken_form(sound)
    assert len(spoken) == len(ends)
    assert list(ends) == sorted(set(ends))
    assert not ends or (ends[0] > 0 and ends[-1] == len(sound))
    assert HOLE not in spoken
    for character, end in zip(spoken[:-1], ends[:-1], strict=True):
        assert character in (sound[end - 1], " ", "，", ",")
