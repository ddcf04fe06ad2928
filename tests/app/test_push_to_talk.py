"""The key to talk has more than one place."""

from __future__ import annotations

from hypothesis import given
from hypothesis import strategies as st

from app.push_to_talk import Holder, PushToTalk

HOLDERS: tuple[Holder, ...] = Holder.__args__  # type: ignore[attr-defined]  # of the Literal
moves = st.lists(st.tuples(st.sampled_from(HOLDERS), st.booleans()))


class Noted:
    def __init__(self) -> None:
        self.told: list[str] = []
        self.talk = PushToTalk(lambda: self.told.append("press"), lambda: self.told.append("release"))


@given(moves)
def test_presses_and_releases_alternate_and_end_with_a_release(moves: list[tuple[Holder, bool]]) -> None:
    noted = Noted()
    held: set[Holder] = set()
    for holder, on in moves:
        noted.talk.hold(holder, on)
        (held.add if on else held.discard)(holder)
        assert noted.talk.pressed == bool(held)
    noted.talk.let_go()
    assert noted.told == ["press", "release"] * (len(noted.told) // 2)


def test_it_stays_pressed_while_anything_holds_it() -> None:
    noted = Noted()
    noted.talk.hold("hotkey", True)
    noted.talk.hold("avatar", True)
    noted.talk.hold("hotkey", False)
    assert noted.told == ["press"]
    noted.talk.hold("avatar", False)
    assert noted.told == ["press", "release"]
