"""Puts the model together: paints, packs the texture, rigs, and writes all files into a folder."""

from __future__ import annotations

from pathlib import Path

from assets.avatar.acting.expressions import EXPRESSIONS
from assets.avatar.acting.motions import MOTIONS
from assets.avatar.acting.physics import PENDULUMS
from assets.avatar.art import arms, clothes, eyes, face, hair, hands, mouth, ornaments
from assets.avatar.atlas import Atlas
from assets.avatar.files import MotionFile, write_expression, write_model3, write_motion, write_physics
from assets.avatar.moc3.model import Model
from assets.avatar.moc3.write import to_bytes
from assets.avatar.piece import paint
from assets.avatar.rig.arms import add_arms
from assets.avatar.rig.body import add_body
from assets.avatar.rig.builder import Builder
from assets.avatar.rig.eyes import add_eyes
from assets.avatar.rig.hair import add_hair
from assets.avatar.rig.head import add_head
from assets.avatar.rig.mouth import add_mouth

NAME = "rio"
HIT_AREAS = {"Head": "TouchHead", "Body": "TouchBody", "HandL": "TouchHandL", "HandR": "TouchHandR"}
_PIECES = (
    *hair.PIECES, *clothes.PIECES, *face.PIECES, *mouth.PIECES, *eyes.PIECES, *ornaments.PIECES, *arms.PIECES,
    *hands.PIECES,
)  # fmt: skip


def atlas() -> Atlas:
    """All pieces, painted and packed."""
    return Atlas(paint(piece) for piece in _PIECES)


def model(pictures: Atlas) -> Model:
    """The rigged model."""
    builder = Builder(pictures)
    chest = add_body(builder)
    head = add_head(builder, chest)
    add_mouth(builder, head.features)
    add_eyes(builder, head.features)
    add_hair(builder, head)
    add_arms(builder, chest)
    return builder.model()


def build(folder: Path) -> Path:
    """Writes the whole model into `folder` (made where missing); returns the path of its .model3.json.

    Raises OSError where it cannot be written.
    """
    pictures = atlas()
    (folder / "texture").mkdir(parents=True, exist_ok=True)
    texture = "texture/00.png"
    if not pictures.image().save(str(folder / texture)):
        raise OSError(f"cannot write {folder / texture}; is the folder writable and the disk not full?")
    (folder / f"{NAME}.moc3").write_bytes(to_bytes(model(pictures)))
    expressions = {}
    for emotion, parameters in EXPRESSIONS.items():
        expressions[emotion] = f"expressions/{emotion}.exp3.json"
        write_expression(folder / expressions[emotion], parameters)
    motions = {}
    for group, some in MOTIONS.items():
        motions[group] = []
        for number, motion in enumerate(some, 1):
            file = f"motions/{group.lower()}-{number}.motion3.json"
            write_motion(folder / file, motion.duration, motion.curves, motion.loop)
            motions[group].append(MotionFile(file))
    write_physics(folder / f"{NAME}.physics3.json", PENDULUMS)
    return write_model3(
        folder,
        NAME,
        textures=[texture],
        expressions=expressions,
        motions=motions,
        physics=f"{NAME}.physics3.json",
        eye_blink=["ParamEyeLOpen", "ParamEyeROpen"],
        lip_sync=["ParamMouthOpenY"],
        hit_areas=HIT_AREAS,
    )
