"""The face of each emotion, as changes to the resting face."""

from __future__ import annotations

from assets.avatar.files import Blend

Expression = dict[str, tuple[float, Blend]]


def _both(name: str, value: float, blend: Blend = "Add") -> Expression:
    """The same change on both sides of the face; `*` stands for the side."""
    return {name.replace("*", side): (value, blend) for side in "LR"}


EXPRESSIONS: dict[str, Expression] = {
    "happy": {
        **_both("ParamEye*Open", 0.0, "Multiply"),
        **_both("ParamEye*Smile", 1.0),
        **_both("ParamBrow*Y", 0.45),
        **_both("ParamBrow*Form", 0.7),
        "ParamMouthForm": (1.0, "Add"),
        "ParamMouthOpenY": (0.7, "Add"),
        "ParamCheek": (0.7, "Add"),
        "ParamAngleZ": (-4.0, "Add"),
        "ParamAngleY": (4.0, "Add"),
    },
    "angry": {
        **_both("ParamEye*Open", 0.72, "Multiply"),
        **_both("ParamEye*Smile", 0.3),
        **_both("ParamBrow*Angle", -1.0),
        **_both("ParamBrow*Y", -0.4),
        **_both("ParamBrow*X", -0.8),
        **_both("ParamBrow*Form", -0.5),
        "ParamMouthForm": (-1.0, "Add"),
        "ParamCheek": (0.5, "Add"),
        "ParamAngleY": (-7.0, "Add"),
        "ParamShoulderY": (4.0, "Add"),
    },
    "sad": {
        **_both("ParamEye*Open", 0.58, "Multiply"),
        **_both("ParamBrow*Angle", 1.0),
        **_both("ParamBrow*Y", 0.25),
        **_both("ParamBrow*X", -0.4),
        "ParamTear": (1.0, "Add"),
        "ParamMouthForm": (-1.0, "Add"),
        "ParamEyeBallY": (-0.45, "Add"),
        "ParamAngleY": (-12.0, "Add"),
        "ParamAngleZ": (5.0, "Add"),
        "ParamShoulderY": (-5.0, "Add"),
    },
    "surprised": {
        **_both("ParamEye*Open", 1.2, "Multiply"),
        **_both("ParamBrow*Y", 1.0),
        **_both("ParamBrow*Form", 0.8),
        "ParamMouthForm": (-0.75, "Add"),
        "ParamMouthOpenY": (0.85, "Add"),
        "ParamAngleY": (7.0, "Add"),
        "ParamShoulderY": (5.0, "Add"),
    },
    "coquettish": {
        "ParamEyeLOpen": (0.0, "Multiply"),
        "ParamEyeLSmile": (1.0, "Add"),
        "ParamEyeROpen": (0.86, "Multiply"),
        "ParamEyeRSmile": (0.45, "Add"),
        **_both("ParamBrow*Angle", 0.35),
        "ParamBrowRY": (0.6, "Add"),
        "ParamBrowLY": (-0.15, "Add"),
        "ParamBrowRForm": (0.6, "Add"),
        "ParamMouthForm": (0.8, "Add"),
        "ParamMouthOpenY": (0.14, "Add"),
        "ParamCheek": (1.0, "Add"),
        "ParamAngleZ": (10.0, "Add"),
        "ParamAngleX": (-6.0, "Add"),
    },
    "calm": {
        **_both("ParamEye*Open", 0.92, "Multiply"),
        **_both("ParamBrow*Form", 0.2),
        "ParamMouthForm": (0.45, "Add"),
    },
}
