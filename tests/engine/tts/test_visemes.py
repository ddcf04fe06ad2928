import pytest

from engine.tts.visemes import visemes


@pytest.mark.parametrize(
    ("mnemonic", "shapes"),
    [
        ("a", "a"), ("'A:", "a"), ("V", "a"), ("i:", "i"), ("i2", "i"), ("'u:", "u"), ("y", "u"),
        ("E", "e"), ("@", "e"), ("3:", "e"), ("'o-", "e"), ("O:", "o"), ("0", "o"),
        ("aI", "ai"), ("'oU", "ou"), ("iou", "iou"), ("ua", "ua"), ("j", "i"), ("w", "u"),
        ("t2", "n"), ("s.", "n"), ("N", "n"), ("r", "n"),
    ],
)  # fmt: skip
def test_vowels_move_through_their_shapes_and_consonants_have_one(mnemonic: str, shapes: str):
    assert visemes(mnemonic) == tuple(shapes)


@pytest.mark.parametrize("mnemonic", ["p", "b", "m", "f", "v", "ph", "_", "_:", "_|", "", "'"])
def test_lips_close_for_labials_and_pauses(mnemonic: str):
    assert visemes(mnemonic) == ("closed",)


def test_a_switch_of_language_has_no_shape():
    assert visemes("(en)") == visemes("(cmn)") == ()
