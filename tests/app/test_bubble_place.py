"""Where the speech bubble stands."""

from __future__ import annotations

from hypothesis import given
from hypothesis import strategies as st

from app.avatar.rect import Rect
from app.bubble_place import place

SCREEN = Rect(0, 0, 1920, 1080)


def test_it_stands_beside_her_head_where_there_is_room() -> None:
    in_the_corner = Rect(1500, 534, 420, 546)
    rect, side = place((320, 120), in_the_corner, SCREEN)
    assert side == "left"
    assert in_the_corner.left < rect.right < in_the_corner.left + 0.25 * in_the_corner.width
    assert in_the_corner.top < rect.bottom < in_the_corner.top + 0.5 * in_the_corner.height
    rect, side = place((320, 120), Rect(100, 534, 420, 546), SCREEN)
    assert side == "right"
    assert rect.left > 400


def test_at_the_top_of_the_screen_it_is_pushed_down() -> None:
    rect, _ = place((320, 300), Rect(600, 0, 420, 546), SCREEN)
    assert rect.top == 8


def test_on_a_screen_left_of_the_first_one() -> None:
    screen = Rect(-1280, 100, 1280, 1024)
    rect, side = place((320, 120), Rect(-420, 578, 420, 546), screen)
    assert side == "left"
    assert screen.left <= rect.left
    assert rect.right <= 0


@given(
    size=st.tuples(st.integers(1, 900), st.integers(1, 900)),
    avatar=st.tuples(
        st.integers(-4000, 4000), st.integers(-4000, 4000), st.integers(100, 2000), st.integers(130, 2600)
    ),
    screen=st.tuples(
        st.integers(-3000, 3000), st.integers(-3000, 3000), st.integers(400, 4000), st.integers(300, 2000)
    ),
)
def test_it_is_always_on_the_screen(
    size: tuple[int, int], avatar: tuple[int, int, int, int], screen: tuple[int, int, int, int]
) -> None:
    free = Rect(*screen)
    rect, side = place(size, Rect(*avatar), free)
    assert (rect.width, rect.height) == size
    assert side in ("left", "right")
    assert rect.left >= free.left
    assert rect.top >= free.top
    if rect.width <= free.width - 16:
        assert rect.right <= free.right
    if rect.height <= free.height - 16:
        assert rect.bottom <= free.bottom


@given(left=st.integers(0, 1500), top=st.integers(0, 534), width=st.integers(100, 400))
def test_it_does_not_cover_her_when_one_side_has_room(left: int, top: int, width: int) -> None:
    avatar = Rect(left, top, 420, 546)
    rect, side = place((width, 120), avatar, SCREEN)
    middle = avatar.left + avatar.width // 2
    assert rect.left > middle if side == "right" else rect.right < middle
