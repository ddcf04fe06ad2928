"""The colours of Rio: hair like a comet, warm at the head and cool at the tips, before night blue."""

from __future__ import annotations

from assets.avatar.drawing import colour

SKIN = colour("#fff0e6")
SKIN_WARM = colour("#ffe1d2")
SKIN_SHADE = colour("#f5bfae")
SKIN_DEEP = colour("#dd8f86")
SKIN_INK = colour("#8a4750")

HAIR_TOP = colour("#ffc0a3")
HAIR = colour("#fb9c8d")
HAIR_ROSE = colour("#ea7c93")
HAIR_LILAC = colour("#a887e0")
HAIR_BLUE = colour("#74b6f7")
HAIR_SHADE = colour("#c9577f")
HAIR_DEEP = colour("#8f3f78")
HAIR_INK = colour("#6d2c4c")
BROW = colour("#7d2648")

EYE_NIGHT = colour("#0b2a4a")
EYE_DEEP = colour("#116a8c")
EYE = colour("#22b3bd")
EYE_LIGHT = colour("#8ff5dc")
LASH = colour("#4a1d36")
WHITE = colour("#ffffff")

JACKET = colour("#3d4a86")
JACKET_LIGHT = colour("#5767a8")
JACKET_SHADE = colour("#272f5e")
JACKET_INK = colour("#171b3b")
CREAM = colour("#fff6e6")
CREAM_SHADE = colour("#e3cfc9")
CREAM_INK = colour("#6b5060")
AQUA = colour("#6be6e0")
GOLD = colour("#ffd25e")
GOLD_LIGHT = colour("#fff3b8")
GOLD_SHADE = colour("#f09a3e")
GOLD_INK = colour("#8c4a1d")
SKIRT = colour("#6a63b8")
SKIRT_SHADE = colour("#4a4590")
SKIRT_INK = colour("#25214f")

MOUTH_INK = colour("#9c3f4c")
MOUTH_INSIDE = colour("#8c2740")
