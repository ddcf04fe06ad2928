"""Textures: whatever the PNG holds, what is written is a plain picture of the same pixels."""

from __future__ import annotations

import io
import struct
import zlib

from PIL import Image

from app.avatar.opening.refused import ModelRefused

MOST_SIDE = 8192
"""Pixels; more than most graphics cards take."""
_SIGNATURE = b"\x89PNG\r\n\x1a\n"
_SIZE_AT = 16
_FAST = 1
"""Level of compression: the file is read far more often than it matters how large it is."""
_DAMAGED = (OSError, SyntaxError, ValueError, EOFError, IndexError, TypeError, struct.error, zlib.error)
"""What Pillow raises on files that are damaged."""


def size(data: bytes, name: str) -> tuple[int, int]:
    """Width and height, read before anything is decoded. Raises ModelRefused `bad-texture`, `too-large`."""
    if not data.startswith(_SIGNATURE) or len(data) < _SIZE_AT + 8:
        raise ModelRefused("bad-texture", f"{name} is no PNG picture: save it as one.")
    width, height = struct.unpack_from(">2I", data, _SIZE_AT)
    if max(width, height) > MOST_SIDE:
        raise ModelRefused(
            "too-large", f"{name} is wider or higher than {MOST_SIDE} pixels: make it smaller."
        )
    return width, height


def rewritten(data: bytes, name: str) -> bytes:
    """The picture as a PNG of RGBA pixels and nothing else. Raises ModelRefused as `size` does."""
    size(data, name)
    out = io.BytesIO()
    try:
        with Image.open(io.BytesIO(data), formats=["PNG"]) as image:
            image.convert("RGBA").save(out, "PNG", compress_level=_FAST)
    except _DAMAGED as error:
        raise ModelRefused("bad-texture", f"{name} is damaged: get it again.") from error
    return out.getvalue()
