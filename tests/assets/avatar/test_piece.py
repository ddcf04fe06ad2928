"""Painting a piece: what is cropped, and what is refused."""

from __future__ import annotations

import numpy as np
import pytest
from PySide6.QtGui import QPainter

from assets.avatar.drawing import colour, fill
from assets.avatar.piece import Piece, paint

SQUARE = np.array([(10.0, 20.0), (30.0, 20.0), (30.0, 50.0), (10.0, 50.0)])


def square(painter: QPainter) -> None:
    fill(painter, SQUARE, colour("#ff0000"))


def test_a_picture_is_cropped_to_what_is_drawn_and_knows_where_it_lay() -> None:
    picture = paint(Piece("Square", (0, 0, 100, 100), square, scale=2, margin=3))
    height, width = picture.alpha.shape
    assert (width, height) == (40 + 10, 60 + 10)
    assert (picture.left + 5, picture.top + 5) == (20, 40)
    assert picture.alpha[5:-5, 5:-5].min() == 255


def test_a_drawing_that_its_box_cuts_is_refused() -> None:
    with pytest.raises(ValueError, match="Square is cut by its box"):
        paint(Piece("Square", (0, 0, 25, 100), square))


def test_a_drawing_outside_its_box_is_refused() -> None:
    with pytest.raises(ValueError, match="Square is empty"):
        paint(Piece("Square", (50, 50, 90, 90), square))
