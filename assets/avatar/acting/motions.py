from dataclasses import dataclass
@dataclass(frozen=True)
class Motion:
    duration: float
    curves: dict
    loop: bool = False
MOTIONS = {"Idle": (Motion(4.0, {"ParamAngleX": [(0,0),(2,6),(4,0)]}, True),)}
