"""Names of keys, as settings keep them and as people read them."""

from __future__ import annotations

import contextlib

import pytest
from hypothesis import given
from hypothesis import strategies as st

from app.hotkey.keys import MODIFIERS, NAMED, TYPED, Key, display, parse, shown
from engine.errors import ConfigFault

KEYS = st.builds(
    Key,
    st.frozensets(st.sampled_from(MODIFIERS), min_size=1).filter(lambda held: held != {"shift"}),
    st.sampled_from([*NAMED, *"abcxyz0189"]),
)


@given(KEYS)
def test_what_is_written_is_read_again(key: Key) -> None:
    assert parse(str(key)) == key


@pytest.mark.parametrize(
    ("text", "key"),
    [
        ("f8", Key(frozenset(), "f8")),
        ("Pause", Key(frozenset(), "pause")),
        ("Alt + Ctrl + Space", Key(frozenset(("ctrl", "alt")), "space")),
        ("cmd+k", Key(frozenset(("cmd",)), "k")),
    ],
)
def test_people_may_write_it_their_way(text: str, key: Key) -> None:
    assert parse(text) == key


@pytest.mark.parametrize(
    "text", ["", "+", "f99", "ctrl+", "ctrl", "hyper+a", "ctrl+ctrl+a", "ctrl+ab", "ö+", "+a"]
)
def test_what_is_no_key_is_refused(text: str) -> None:
    with pytest.raises(ConfigFault, match="is no key") as refused:
        parse(text)
    assert refused.value.code == "bad-hotkey"


@pytest.mark.parametrize("text", ["a", "7", "shift+a", *sorted(TYPED), "shift+space"])
def test_a_key_that_people_write_with_needs_another_one_held(text: str) -> None:
    with pytest.raises(ConfigFault, match="while you write"):
        parse(text)
    assert parse(f"ctrl+{text}")


@given(st.text(max_size=20))
def test_no_text_breaks_it(text: str) -> None:
    with contextlib.suppress(ConfigFault):
        assert parse(text).name


def test_shown_as_on_each_system() -> None:
    key = parse("cmd+shift+page_up")
    assert display(key, "linux") == "Shift+Super+Page Up"
    assert display(key, "win32") == "Shift+Win+Page Up"
    assert display(key, "darwin") == "⇧⌘Page Up"
    assert display(parse("f8"), "linux") == "F8"


def test_what_is_shown_of_a_setting() -> None:
    assert shown("f8") == "F8"
    assert shown("nonsense") == "nonsense"
