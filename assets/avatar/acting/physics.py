"""What makes the hair swing: pendulums that hang from the head, longer ones for longer hair."""

from __future__ import annotations

from assets.avatar.files import Force, Link, Pendulum, Swing

_HEAD = (
    Force("ParamAngleX", 60, "X"),
    Force("ParamAngleZ", 60, "Angle"),
    Force("ParamBodyAngleX", 40, "X"),
    Force("ParamBodyAngleZ", 40, "Angle"),
)

PENDULUMS = (
    Pendulum("Front", _HEAD, (Swing("ParamHairFront", 5.0),), (Link(6, 0.95, 0.92, 1.5),)),
    Pendulum(
        "Side",
        _HEAD,
        (Swing("ParamHairSide", 6.0), Swing("ParamHairSideTip", 2.6, link=2)),
        (Link(10, 0.95, 0.86, 1.4), Link(8, 0.86, 0.82, 1.2)),
    ),
    Pendulum(
        "Back",
        _HEAD,
        (Swing("ParamHairBack", 6.0), Swing("ParamHairBackTip", 3.0, link=2)),
        (Link(14, 0.95, 0.8, 1.2), Link(10, 0.86, 0.76, 1.1)),
    ),
)
