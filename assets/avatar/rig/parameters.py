"""The parameters of the model: the standard ids of Cubism, and ours for tears, tips of hair, shapes of hands.

ParamHand?Form: -1 with the forefinger out, 0 at rest, 1 open.
"""

from __future__ import annotations

from assets.avatar.moc3.model import Parameter, Part

ANGLE = (-30.0, 0.0, 30.0)
BODY_ANGLE = (-10.0, 0.0, 10.0)
BOTH_WAYS = (-1.0, 0.0, 1.0)


def _each(names: str, minimum: float, maximum: float, default: float = 0) -> tuple[Parameter, ...]:
    return tuple(Parameter(f"Param{name}", minimum, maximum, default) for name in names.split())


PARAMETERS = (
    *_each("AngleX AngleY AngleZ", -30, 30),
    *_each("BodyAngleX BodyAngleY BodyAngleZ", -10, 10),
    *_each("EyeLOpen EyeROpen", 0, 1.2, 1),
    *_each("EyeLSmile EyeRSmile", 0, 1),
    *_each("EyeBallX EyeBallY", -1, 1),
    *_each("BrowLY BrowRY BrowLX BrowRX BrowLAngle BrowRAngle BrowLForm BrowRForm", -1, 1),
    *_each("MouthForm", -1, 1),
    *_each("MouthOpenY Cheek Tear Breath", 0, 1),
    *_each("HairFront HairSide HairBack HairSideTip HairBackTip", -1, 1),
    *_each("ShoulderY ArmLA ArmRA ArmLB ArmRB HandL HandR", -10, 10),
    *_each("HandLForm HandRForm", -1, 1),
)

PARTS = tuple(
    Part(f"Part{name}")
    for name in ("HairBack", "Body", "Face", "Eyes", "Mouth", "Brows", "HairFront", "ArmL", "ArmR", "Touch")
)
