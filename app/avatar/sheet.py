"""Draws a contact sheet: every emotion, from three sides, with every shape of the mouth."""

from __future__ import annotations

import argparse
from collections.abc import Mapping
from itertools import product
from pathlib import Path
from typing import TYPE_CHECKING, get_args

from app.avatar.description import ModelDescription, describe
from app.avatar.mouth import MouthShape, Speech
from app.avatar.pose import Pose
from app.avatar.studio import add_model_option, drawing
from app.avatar.vowels import SHAPES
from engine.errors import EnvironmentFault
from engine.messages import Emotion

if TYPE_CHECKING:  # only where there is a display may Qt's drawing be loaded
    from PySide6.QtGui import QImage

    from app.avatar.renderer import AvatarView

EMOTIONS: tuple[Emotion, ...] = get_args(Emotion)
SIDES = ("left", "front", "right")
MOUTHS: Mapping[str, MouthShape | None] = {
    **{name: SHAPES[name] for name in ("a", "i", "u", "e", "o", "closed")},
    "silent": None,
}
"""What the mouth says; silent is the mouth of the expression itself."""

_TILE = (240, 312)
_LABEL_PX = 18
_SETTLING_FRAMES = 10
_STEP_S = 0.15


def add_arguments(parser: argparse.ArgumentParser) -> None:
    """The picture to write, and the model."""
    parser.add_argument("out", type=Path, metavar="OUT.png", help="the picture to write")
    add_model_option(parser)


def run(arguments: argparse.Namespace) -> int:
    """Writes the sheet; returns 0. Raises EnvironmentFault where nothing can be drawn or written."""
    if not arguments.out.parent.is_dir():
        raise _not_written(arguments.out)
    with drawing(arguments.model) as path:
        from app.avatar.live_model import ranges
        from app.avatar.renderer import AvatarView

        description = describe(path, ranges(path))
        pose: Pose = {}
        view = AvatarView(path, lambda dt: pose)
        view.resize(*_TILE)
        tiles = []
        for emotion, side in product(EMOTIONS, SIDES):
            pose.update(face(description, emotion, side, None))
            _settle(view)
            for mouth in MOUTHS.values():
                pose.update(face(description, emotion, side, mouth))
                view.advance(_STEP_S)
                tiles.append(view.grabFramebuffer())
        sheet = _arrange(tiles)
        view.dispose()
        if not sheet.save(str(arguments.out)):
            raise _not_written(arguments.out)
    print(f"{arguments.out}: {len(tiles)} pictures")
    return 0


def face(description: ModelDescription, emotion: Emotion, side: str, mouth: MouthShape | None) -> Pose:
    """The whole expression of an emotion, the head turned to a side and, unless None, a speaking mouth."""
    pose: Pose = {name: values.default for name, values in description.parameters.items()}
    if expression := description.expressions.get(emotion):
        for name, change in expression.changes.items():
            if name in pose:
                pose[name] = change.of(pose[name])
    if turn := description.parameters.get("ParamAngleX"):
        pose["ParamAngleX"] = (turn.minimum, turn.default, turn.maximum)[SIDES.index(side)]
    speech = Speech(description.lip_sync)
    speech.speak(mouth, 0.0)
    speech.apply(pose, 1.0)  # by then the lips have arrived
    return pose


def _settle(view: AvatarView) -> None:
    """Lets the hair come to rest after the head was turned."""
    for _ in range(_SETTLING_FRAMES):
        view.advance(_STEP_S)
        view.grabFramebuffer()


def _arrange(tiles: list[QImage]) -> QImage:
    """One row an emotion; in it the sides, and for each side the mouths."""
    from PySide6.QtCore import QRect, Qt
    from PySide6.QtGui import QColor, QImage, QPainter

    width, height = _TILE
    columns = len(SIDES) * len(MOUTHS)
    row = _LABEL_PX + height
    sheet = QImage(columns * width, len(EMOTIONS) * row, QImage.Format.Format_RGB32)
    sheet.fill(QColor(238, 240, 245))
    painter = QPainter(sheet)
    font = painter.font()
    font.setPixelSize(_LABEL_PX * 2 // 3)
    painter.setFont(font)
    names = product(EMOTIONS, SIDES, MOUTHS)
    for number, (tile, (emotion, side, mouth)) in enumerate(zip(tiles, names, strict=True)):
        x, y = number % columns * width, number // columns * row
        label = QRect(x, y, width, _LABEL_PX)
        painter.drawText(label, Qt.AlignmentFlag.AlignCenter, f"{emotion} · {side} · {mouth}")
        painter.drawImage(QRect(x, y + _LABEL_PX, width, height), tile)
    painter.end()
    return sheet


def _not_written(out: Path) -> EnvironmentFault:
    return EnvironmentFault(
        "sheet-not-written", f"{out} could not be written. Name a .png in a folder you may write to."
    )
