"""Whatever is remembered and whatever is unplugged: she is on a screen, and where the user wants her."""

from __future__ import annotations

from hypothesis import given
from hypothesis import strategies as st

from app.avatar.placement import LOWEST, Memory, Place, Screen, home, moved, zoomed
from app.avatar.rect import Rect

LEFT = Screen("left", Rect(0, 0, 1920, 1050))
RIGHT = Screen("right", Rect(1920, 200, 1280, 1024))
NAMES = st.sampled_from(["left", "right", "beamer"])
ANYWHERE = st.integers(-5000, 5000)
SIZES = st.integers(200, 3000)

memories = st.builds(
    Memory,
    last=NAMES,
    places=st.dictionaries(NAMES, st.builds(Place, ANYWHERE, ANYWHERE, st.integers(-100, 5000))),
)
rectangles = st.builds(Rect, ANYWHERE, ANYWHERE, SIZES, SIZES)
screen_lists = st.lists(
    st.builds(Screen, NAMES, rectangles), min_size=1, max_size=3, unique_by=lambda s: s.name
)


def on(window: Rect, screen: Screen) -> bool:
    free = screen.free
    return (
        free.left <= window.left
        and free.top <= window.top
        and window.right <= free.right
        and window.bottom <= free.bottom
        and window.width > 0
        and window.height > 0
    )


@given(memories, screen_lists)
def test_always_wholly_on_a_screen(memory: Memory, screens: list[Screen]) -> None:
    assert any(on(home(memory, screens), screen) for screen in screens)


@given(memories, rectangles, screen_lists)
def test_put_anywhere_she_stays_where_she_then_is(memory: Memory, put: Rect, screens: list[Screen]) -> None:
    memory = moved(memory, put, screens)
    stands = home(memory, screens)
    assert on(stands, next(screen for screen in screens if screen.name == memory.last))
    assert home(moved(memory, stands, screens), screens) == stands


@given(st.integers(0, 1280 - 300), st.integers(200, 1224 - 390))
def test_put_on_a_screen_she_is_exactly_there(left: int, top: int) -> None:
    put = Rect(1920 + left, top, 300, 390)
    assert home(moved(Memory(), put, [LEFT, RIGHT]), [LEFT, RIGHT]) == put


def test_each_screen_keeps_its_place() -> None:
    memory = moved(Memory(), Rect(100, 100, 300, 390), [LEFT, RIGHT])
    memory = moved(memory, Rect(2000, 300, 200, 260), [LEFT, RIGHT])
    assert home(memory, [LEFT, RIGHT]) == (2000, 300, 200, 260)
    assert home(memory, [LEFT]) == (100, 100, 300, 390)  # unplugged
    assert home(memory, [LEFT, RIGHT]) == (2000, 300, 200, 260)  # and back


def test_screen_that_moves_takes_her_along() -> None:
    memory = moved(Memory(), Rect(2000, 300, 200, 260), [LEFT, RIGHT])
    above = Screen("right", Rect(0, -1024, 1280, 1024))
    assert home(memory, [LEFT, above]) == (80, -924, 200, 260)


def test_half_over_the_edge_she_goes_to_the_screen_that_has_more_of_her() -> None:
    assert moved(Memory(), Rect(1800, 400, 300, 390), [LEFT, RIGHT]).last == "right"
    assert moved(Memory(), Rect(1700, 400, 300, 390), [LEFT, RIGHT]).last == "left"


def test_put_off_all_screens_she_goes_to_the_nearest() -> None:
    assert moved(Memory(), Rect(3900, 400, 300, 390), [LEFT, RIGHT]).last == "right"


def test_first_time_at_the_bottom_right_of_the_main_screen() -> None:
    window = home(Memory(), [RIGHT, LEFT])
    assert (window.right, window.bottom) == (RIGHT.free.right, RIGHT.free.bottom)


@given(
    st.integers(LOWEST, 3000).flatmap(lambda height: st.just(Rect(500, 900, int(height / 1.3), height))),
    st.floats(allow_nan=False),
)
def test_zoom_keeps_the_feet(window: Rect, notches: float) -> None:
    larger = zoomed(window, notches)
    assert larger.bottom == window.bottom
    assert larger.left + larger.width // 2 == window.left + window.width // 2
    assert larger.height >= LOWEST


def test_zoom_goes_both_ways() -> None:
    window = Rect(500, 100, 300, 390)
    assert zoomed(window, 1).height == 429
    assert zoomed(window, -1).height == 355
    assert zoomed(window, 0) == window
