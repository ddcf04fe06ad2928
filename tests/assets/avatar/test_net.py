"""Nets: they cover what is drawn, and follow the curve they are laid along."""

from __future__ import annotations

import numpy as np

from assets.avatar.net import Net, disc, grid, sheet, strip
from assets.avatar.piece import Picture


def area(net: Net) -> float:
    a, b, c = (net.points[net.triangles[:, corner]] for corner in range(3))
    cross = (b[:, 0] - a[:, 0]) * (c[:, 1] - a[:, 1]) - (b[:, 1] - a[:, 1]) * (c[:, 0] - a[:, 0])
    return float(np.abs(cross).sum() / 2)


def test_a_grid_leaves_out_cells_where_nothing_is_drawn() -> None:
    pixels = np.zeros((40, 40, 4), np.uint8)
    pixels[5, 5] = pixels[35, 35] = 255
    net = grid(Picture("Dots", 100, 200, 2.0, pixels), cell=5)
    assert area(net) == 2 * 25
    assert net.points.min(0).tolist() == [50, 100]
    assert net.points.max(0).tolist() == [70, 120]


def test_no_point_of_a_net_is_without_use() -> None:
    pixels = np.zeros((40, 40, 4), np.uint8)
    pixels[5, 5] = 255
    net = grid(Picture("Dot", 0, 0, 1.0, pixels), cell=10)
    assert set(net.triangles.ravel()) == set(range(len(net.points)))


def test_a_strip_runs_along_its_curve() -> None:
    net = strip(np.linspace(0, 10, 6), lambda x: x**2, (-1, 2))
    offsets = net.points[:, 1] - net.points[:, 0] ** 2
    assert sorted(set(offsets.round(9))) == [-1, 2]


def test_a_sheet_is_whole() -> None:
    assert area(sheet(np.array([0.0, 1, 4]), np.array([0.0, 2, 3]))) == 12


def test_a_disc_is_nearly_an_ellipse() -> None:
    assert 0.93 * np.pi * 6 < area(disc((5, 5), 2, 3)) < np.pi * 6
