"""The body: leaning, swaying, breathing, shrugging; all above the hips hangs on its last space, the chest."""

from __future__ import annotations

import numpy as np

from assets.avatar.net import disc, grid
from assets.avatar.rig.builder import ROOT, Builder, Points, Space, Turn
from assets.avatar.rig.parameters import ANGLE, BODY_ANGLE

_RECT = (60.0, -10.0, 940.0, 1430.0)
_FOOT = (500.0, 1330.0)
_LEAN = 4.2
"""Degrees of ParamBodyAngleZ at its end."""


def add_body(builder: Builder) -> Space:
    """Adds the body; returns the space for head and arms."""
    turn = builder.warp(
        "BodyTurn", "PartBody", ROOT, _RECT, (6, 6),
        [("ParamBodyAngleX", BODY_ANGLE), ("ParamBodyAngleY", BODY_ANGLE)], _turn,
    )  # fmt: skip
    lean = builder.rotation(
        "BodyLean", "PartBody", turn, _FOOT, [("ParamBodyAngleZ", BODY_ANGLE)], lambda z: Turn(z / 10 * _LEAN)
    )
    chest = builder.warp(
        "Chest", "PartBody", lean, _RECT, (10, 6),
        [("ParamBreath", (0, 1)), ("ParamShoulderY", BODY_ANGLE)], _breathe,
    )  # fmt: skip
    for name, order, cell in (("Hood", 150, 80), ("Skirt", 180, 90), ("Torso", 200, 70), ("Collar", 260, 60)):
        net = grid(builder.atlas.picture(name), cell)
        builder.mesh(name, "PartBody", chest, order, net, name)
    builder.mesh(
        "Neck", "PartBody", chest, 190, grid(builder.atlas.picture("Neck"), 40), "Neck",
        axes=[("ParamAngleX", ANGLE)], move=_follow_head,
    )  # fmt: skip
    builder.touch("TouchBody", chest, disc((500, 860), 170, 250))
    return chest


def _turn(points: Points, x: float, y: float) -> Points:
    """Sways from the hips and turns the chest, which bulges towards the viewer."""
    height = np.clip((1300 - points[:, 1]) / 700, 0, 1.7)
    bulge = np.exp(-(((points[:, 0] - 500) / 170) ** 2) - ((points[:, 1] - 800) / 240) ** 2)
    points[:, 0] += x * (2.0 * height**1.4 + 1.7 * bulge)
    points[:, 1] -= y * (1.1 * height + 0.7 * bulge)
    return points


def _breathe(points: Points, breath: float, shrug: float) -> Points:
    height = np.clip((1240 - points[:, 1]) / 480, 0, 1)
    chest = np.exp(-(((points[:, 1] - 800) / 150) ** 2))
    shoulders = np.exp(-(((points[:, 1] - 690) / 120) ** 2)) * np.clip(
        (np.abs(points[:, 0] - 500) - 60) / 90, 0, 1
    )
    points[:, 0] += (points[:, 0] - 500) * 0.016 * breath * chest
    points[:, 1] -= 8 * breath * height + 1.5 * shrug * shoulders
    return points


def _follow_head(points: Points, x: float) -> Points:
    points[:, 0] += x / 30 * 14 * np.clip((660 - points[:, 1]) / 130, 0, 1)
    return points
