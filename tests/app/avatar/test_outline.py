"""The outline covers what is drawn, with a margin, and leaves the rest."""

from __future__ import annotations

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from numpy.typing import NDArray

from app.avatar.outline import inside, outline
from app.avatar.rect import Rect

CELL = 4


@st.composite
def pictures(draw: st.DrawFn) -> NDArray[np.uint8]:
    """A few spots on nothing."""
    height, width = draw(st.integers(1, 30)), draw(st.integers(1, 30))
    alpha = np.zeros((height, width), np.uint8)
    for _ in range(draw(st.integers(0, 6))):
        alpha[draw(st.integers(0, height - 1)), draw(st.integers(0, width - 1))] = 255
    return alpha


def covered(alpha: NDArray[np.uint8]) -> NDArray[np.int_]:
    """How many rectangles of its outline cover each pixel."""
    count = np.zeros(alpha.shape, int)
    for left, top, width, height in outline(alpha, CELL):
        assert width > 0
        assert height > 0
        part = count[top : top + height, left : left + width]
        assert part.shape == (height, width)  # none goes over the edge
        part += 1
    return count


@given(pictures())
def test_covers_what_is_drawn_and_a_margin_and_no_more(alpha: NDArray[np.uint8]) -> None:
    count = covered(alpha)
    assert count.max() <= 1
    for y, x in np.ndindex(alpha.shape):
        near = alpha[max(0, y - CELL) : y + CELL + 1, max(0, x - CELL) : x + CELL + 1].any()
        far = alpha[max(0, y - 2 * CELL) : y + 2 * CELL + 1, max(0, x - 2 * CELL) : x + 2 * CELL + 1].any()
        assert near <= count[y, x] <= far


def test_nothing_drawn_has_no_outline() -> None:
    assert outline(np.zeros((50, 40), np.uint8), CELL) == ()
    assert outline(np.full((50, 40), 10, np.uint8), CELL) == ()  # nobody sees that


def test_a_full_picture_is_one_rectangle() -> None:
    assert outline(np.full((50, 41), 255, np.uint8), CELL) == (Rect(0, 0, 41, 50),)


@pytest.mark.parametrize(
    ("x", "y", "expected"),
    [(10, 20, True), (14.9, 26, True), (15, 20, False), (10, 27, False), (9, 20, False)],
)
def test_inside(x: float, y: float, expected: bool) -> None:
    assert inside((Rect(100, 100, 1, 1), Rect(10, 20, 5, 7)), x, y) is expected
