"""Curves and inks: where they run, how thick they are, what a blur keeps."""

from __future__ import annotations

import sys

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from PySide6.QtGui import QImage, QPainter

from assets.avatar.drawing import (
    STEPS,
    colour,
    contour,
    curve,
    fill,
    image_of,
    ink,
    inside,
    pixels_of,
    progress,
    ribbon,
    soft,
)

SQUARE = np.array([(10.0, 10.0), (30.0, 10.0), (30.0, 30.0), (10.0, 30.0)])
places = st.lists(
    st.tuples(st.integers(0, 90), st.integers(0, 90)), min_size=3, max_size=8, unique=True
)  # fmt: skip


def canvas() -> tuple[QImage, QPainter]:
    image = QImage(64, 64, QImage.Format.Format_ARGB32_Premultiplied)
    image.fill(0)
    return image, QPainter(image)


def alpha_of(image: QImage, painter: QPainter) -> np.ndarray:
    painter.end()
    return pixels_of(image)[..., 3].astype(int)


@given(places, st.booleans())
def test_a_curve_runs_through_its_points(points: list[tuple[int, int]], closed: bool) -> None:
    line = curve(points, closed)
    assert np.allclose(line[::STEPS][: len(points)], points)
    assert len(line) == (len(points) * STEPS if closed else (len(points) - 1) * STEPS + 1)


def test_a_curve_through_a_circle_is_nearly_one() -> None:
    angles = np.linspace(0, 2 * np.pi, 8, endpoint=False)
    line = curve(np.stack([np.cos(angles), np.sin(angles)], 1), closed=True)
    assert np.hypot(*line.T) == pytest.approx(1, abs=0.02)


def test_a_corner_is_entered_and_left_straight() -> None:
    line = curve([(0, 0), (50, 0, 1), (50, 50)])
    assert np.allclose(line[STEPS // 2 : STEPS, 1], 0)
    assert np.allclose(line[STEPS + 1 :, 0], 50)


def test_progress_grows_from_0_to_1_with_the_length() -> None:
    assert np.allclose(progress(np.array([(0.0, 0.0), (3.0, 4.0), (3.0, 9.0)])), [0, 0.5, 1])


def test_a_ribbon_is_as_wide_as_it_is_told() -> None:
    line = np.stack([np.linspace(0, 10, 5), np.zeros(5)], 1)
    outline = ribbon(line, np.array([0, 2, 4, 2, 0.0]))
    assert np.allclose(outline[:5, 1], [0, 1, 2, 1, 0])
    assert np.allclose(outline[5:, 1], [0, -1, -2, -1, 0])


def test_ink_thins_out_at_its_ends() -> None:
    image, painter = canvas()
    ink(painter, np.stack([np.linspace(2, 62, 40), np.full(40, 32.0)], 1), 12, colour("#000000"))
    thick = (alpha_of(image, painter) > 127).sum(0)
    assert thick[32] == pytest.approx(12, abs=1)
    assert 0 < thick[5] < thick[12] < thick[32]


def test_a_contour_is_thinner_towards_the_light() -> None:
    image, painter = canvas()
    contour(painter, SQUARE, 6, colour("#000000"))
    column = alpha_of(image, painter)[:, 20]
    assert column[:20].sum() < 0.8 * column[20:].sum()


def test_inside_paints_nothing_outside() -> None:
    image, painter = canvas()
    with inside(painter, SQUARE):
        fill(painter, SQUARE * 2 - 30, colour("#ff0000"))
    fill(painter, np.array([(50.0, 50.0), (60.0, 50.0), (60.0, 60.0)]), colour("#00ff00"))
    alpha = alpha_of(image, painter)
    assert alpha[10:30, 10:30].min() == 255
    assert alpha[:10].max() == alpha[:, :10].max() == 0
    assert alpha[52, 57] == 255


def test_a_blur_spreads_but_keeps_the_amount() -> None:
    image, painter = canvas()
    soft(painter, 6, lambda brush: fill(brush, SQUARE, colour("#0000ff")))
    alpha = alpha_of(image, painter)
    assert alpha.sum() == pytest.approx(400 * 255, rel=0.02)
    assert 0 < alpha[7, 20] < 127 < alpha[13, 20] < 255


def test_pixels_make_the_round_trip() -> None:
    pixels = np.arange(5 * 3 * 4, dtype=np.uint8).reshape(5, 3, 4)
    assert (pixels_of(image_of(pixels)) == pixels).all()


def test_qt_gives_away_no_reference_to_none() -> None:
    """PySide6 6.12 does, with each call that returns nothing; Python 3.11 then dies after some thousand."""
    image = QImage(4, 4, QImage.Format.Format_ARGB32_Premultiplied)
    before = sys.getrefcount(None)
    for _ in range(500):
        image.fill(0)
    assert sys.getrefcount(None) > before - 100
