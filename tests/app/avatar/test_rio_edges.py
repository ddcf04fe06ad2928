"""Her outline: clean edges over anything behind her, nothing cut off however far she bends."""

from __future__ import annotations

from collections.abc import Iterator
from itertools import product
from pathlib import Path

import numpy as np
import pytest
from numpy.typing import NDArray
from PySide6.QtWidgets import QApplication

from tests.support.stage import HEIGHT, SOLID, Picture, Stage, foreign, strays

TURNS = ("ParamAngleX", "ParamAngleY", "ParamAngleZ", "ParamBodyAngleX", "ParamBodyAngleY", "ParamBodyAngleZ")
ARMS = ("ParamArmLA", "ParamArmLB", "ParamHandL", "ParamArmRA", "ParamArmRB", "ParamHandR")
HAIR = ("ParamHairFront", "ParamHairSide", "ParamHairBack")


def poses(stage: Stage) -> Iterator[dict[str, float]]:
    """Head and body turned to every corner of their ranges at once, with the hair flying to either side; and
    both arms bent every way there is, on a body that sways or not."""
    ends = [(stage.ranges[name].minimum, stage.ranges[name].maximum) for name in TURNS]
    for corner in product(*ends, (-1.0, 1.0)):
        yield {**dict(zip(TURNS, corner, strict=False)), **dict.fromkeys(HAIR, corner[-1])}
    for upper, fore, hand, sway in product((-10.0, 0.0, 10.0), repeat=4):
        bent = zip(ARMS, (upper, fore, hand) * 2, strict=True)
        yield {**dict(bent), "ParamBodyAngleZ": sway}


@pytest.fixture(scope="module")
def extremes(stage: Stage) -> list[tuple[dict[str, float], Picture]]:
    return [(pose, stage.picture(**pose)[..., 3]) for pose in poses(stage)]


def test_nothing_is_cut_off_at_the_sides_and_the_top(
    extremes: list[tuple[dict[str, float], Picture]],
) -> None:
    cut = [pose for pose, alpha in extremes if alpha[:, 0].any() or alpha[:, -1].any() or alpha[0].any()]
    assert cut == []


def test_the_body_goes_on_below_the_picture(extremes: list[tuple[dict[str, float], Picture]]) -> None:
    """Lifted or swayed, its lower end must not come into view: the last row is as full as one above."""
    ends = [
        pose
        for pose, alpha in extremes
        if (alpha[-1] == 255).sum() < 0.97 * (alpha[HEIGHT - 25] == 255).sum()
    ]
    assert ends == []


@pytest.fixture(scope="module")
def large(rio: Path, qapp: QApplication) -> Iterator[Stage]:
    """At twice the size, where an outline is thicker than the edge of a pixel."""
    large = Stage(rio, scale=2)
    yield large
    large.close()


@pytest.mark.parametrize("turn", [-30.0, 0.0, 30.0])
def test_nothing_floats_beside_her(stage: Stage, turn: float) -> None:
    assert not strays(stage.picture(ParamAngleX=turn, ParamAngleZ=turn)).any()


def edge(picture: Picture) -> NDArray[np.bool_]:
    return (picture[..., 3] >= 5) & (picture[..., 3] < SOLID)


@pytest.mark.parametrize("pose", [{}, {"ParamAngleX": 30.0, "ParamBodyAngleZ": -10.0}])
def test_edges_have_no_fringe(large: Stage, pose: dict[str, float]) -> None:
    picture = large.picture(**pose)
    assert edge(picture).sum() > 2000
    assert foreign(picture).sum() < 0.015 * edge(picture).sum()


def test_colours_are_premultiplied(stage: Stage) -> None:
    """Over white a brighter pixel would glow, over black it would shine through."""
    picture = stage.picture()
    assert (picture[..., :3].max(axis=2) <= picture[..., 3]).all()


def test_a_fringe_would_be_seen(large: Stage) -> None:
    """That the measure works: premultiplied twice, the edges are dark."""
    picture = large.picture()
    alpha = picture[..., 3:].astype(np.uint16)
    picture[..., :3] = np.where(alpha < 255, picture[..., :3] * alpha // 255, picture[..., :3])
    assert foreign(picture).sum() > 0.06 * edge(picture).sum()
