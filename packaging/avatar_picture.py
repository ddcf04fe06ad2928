"""Draws docs/images/rio.png: the built-in avatar with each of her six emotions.

.venv/bin/python packaging/avatar_picture.py        (without a display: xvfb-run -a in front)
"""

from __future__ import annotations

import random
from pathlib import Path

from PIL import Image

from app.avatar.actor import Actor
from app.avatar.description import describe
from app.avatar.sheet import EMOTIONS
from app.avatar.studio import drawing

PICTURE = Path(__file__).parents[1] / "docs" / "images" / "rio.png"
TILE = (300, 390)
BACKGROUND = (232, 236, 246, 255)
ACTED_S, STEP_S = 1.1, 1 / 30
"""By then a gesture is at its height."""
SEED = 8
"""By which nobody blinks just then."""
COLOURS = 160


def main() -> None:
    with drawing(None) as path:
        from PySide6.QtGui import QImage

        from app.avatar.live_model import ranges
        from app.avatar.renderer import AvatarView

        width, height = TILE
        row = Image.new("RGBA", (width * len(EMOTIONS), height), BACKGROUND)
        for column, emotion in enumerate(EMOTIONS):
            actor = Actor(describe(path, ranges(path)), random.Random(SEED))
            actor.feel(emotion)
            view = AvatarView(path, actor.step)
            view.resize(*TILE)
            for _ in range(round(ACTED_S / STEP_S)):
                view.advance(STEP_S)
                view.grabFramebuffer()  # the hair moves when it is painted
            pixels = view.grabFramebuffer().convertToFormat(QImage.Format.Format_RGBA8888)
            view.dispose()
            tile = Image.frombytes("RGBA", (pixels.width(), pixels.height()), bytes(pixels.constBits()))
            row.alpha_composite(tile, (column * width, 0))
        row.convert("RGB").quantize(COLOURS).save(PICTURE, optimize=True)
    print(f"{PICTURE}: {PICTURE.stat().st_size // 1024} KB")


if __name__ == "__main__":
    main()
