from __future__ import annotations

from app.avatar.click_through.following import Following
from app.avatar.rect import Rect


def test_clicks_pass_until_the_pointer_is_on_the_avatar_and_the_system_is_asked_only_then() -> None:
    asked: list[tuple[int, bool]] = []
    following = Following(lambda window, passes: asked.append((window, passes)))
    following.set_outline(7, (Rect(10, 10, 20, 20),))
    for x in (0, 5, 15, 25, 40):
        following.set_pointer(x, 15)
    assert asked == [(7, True), (7, False), (7, True)]


def test_a_window_made_anew_is_told_again() -> None:
    asked: list[tuple[int, bool]] = []
    following = Following(lambda window, passes: asked.append((window, passes)))
    following.set_pointer(0, 0)
    following.set_outline(8, ())
    following.set_pointer(0, 0)
    assert asked == [(0, True), (8, True)]
