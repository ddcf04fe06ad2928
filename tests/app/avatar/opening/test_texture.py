"""Every PNG becomes the same plain kind; nothing else does."""

from __future__ import annotations

import contextlib
import io
import struct

import pytest
from hypothesis import given
from hypothesis import strategies as st
from PIL import Image

from app.avatar.opening.refused import ModelRefused
from app.avatar.opening.texture import rewritten, size


def png(mode: str, colour: object) -> bytes:
    out = io.BytesIO()
    Image.new(mode, (4, 2), colour).save(out, "PNG")  # pyright: ignore[reportArgumentType]
    return out.getvalue()


@pytest.mark.parametrize(
    ("mode", "colour", "pixel"),
    [
        ("RGBA", (1, 2, 3, 4), (1, 2, 3, 4)),
        ("RGB", (1, 2, 3), (1, 2, 3, 255)),
        ("L", 7, (7, 7, 7, 255)),
        ("P", 0, (0, 0, 0, 255)),
    ],
)
def test_pixels_stay_and_the_kind_becomes_rgba(
    mode: str, colour: object, pixel: tuple[int, int, int, int]
) -> None:
    with Image.open(io.BytesIO(rewritten(png(mode, colour), "a.png"))) as image:
        assert (image.mode, image.size, image.getpixel((1, 1))) == ("RGBA", (4, 2), pixel)


def test_a_picture_that_would_not_fit_is_refused_before_it_is_decoded() -> None:
    data = png("L", 0)
    with pytest.raises(ModelRefused, match="wider or higher than 8192"):
        size(data[:16] + struct.pack(">2I", 8193, 1) + data[24:], "a.png")


def test_what_is_no_png() -> None:
    out = io.BytesIO()
    Image.new("RGB", (4, 2)).save(out, "JPEG")
    for data in (out.getvalue(), b"", b"\x89PNG\r\n\x1a\n"):
        with pytest.raises(ModelRefused, match="no PNG picture"):
            rewritten(data, "a.png")


@given(at=st.integers(8, 10**4), damage=st.binary(min_size=1, max_size=8), cut=st.integers(0, 60))
def test_a_damaged_picture_is_decoded_or_refused(at: int, damage: bytes, cut: int) -> None:
    data = bytearray(png("RGBA", (1, 2, 3, 4)))
    at = 8 + at % (len(data) - 8)
    data[at : at + len(damage)] = damage
    with contextlib.suppress(ModelRefused):
        rewritten(bytes(data[: len(data) - cut]), "a.png")
