"""Models that are wrong in one way each: every way that is known to kill the Live2D core, and some more."""

from __future__ import annotations

import io
import json
import random
import struct
from collections.abc import Callable
from pathlib import Path

from PIL import Image

from assets.avatar.moc3 import layout
from tests.support.avatar import NAME

MOC, MODEL3, TEXTURE = f"{NAME}.moc3", f"{NAME}.model3.json", "texture.png"
MOTION, EXPRESSION, PHYSICS = "nod.motion3.json", "smile.exp3.json", "hair.physics3.json"

Change = Callable[[Path], None]
"""Spoils the model in a folder (one that `write_whole` wrote)."""
SAFE = "safe"


def content(file: str, data: bytes) -> Change:
    return lambda folder: void((folder / file).write_bytes(data))


def missing(file: str) -> Change:
    return lambda folder: (folder / file).unlink()


def changed(file: str, change: Callable[[bytes], bytes]) -> Change:
    return lambda folder: void((folder / file).write_bytes(change((folder / file).read_bytes())))


def edited(file: str, *steps: str | int, to: object) -> Change:
    """The JSON file with one value replaced: `steps` lead to it."""

    def change(data: bytes) -> bytes:
        root = json.loads(data)
        inner = root
        for step in steps[:-1]:
            inner = inner[step]
        inner[steps[-1]] = to
        return json.dumps(root, indent=1).encode()

    return changed(file, change)


def cell(table: str, column: str, row: int, value: float) -> Change:
    """The moc3 file with one number replaced."""

    def change(data: bytes) -> bytes:
        spoilt = bytearray(data)
        section, kind = section_of(table, column)
        (offset,) = struct.unpack_from("<I", data, layout.OFFSETS_AT + 4 * section)
        code = {layout.INT: "<i", layout.FLOAT: "<f", layout.SHORT: "<H"}[kind]
        struct.pack_into(code, spoilt, offset + row * struct.calcsize(code), value)
        return bytes(spoilt)

    return changed(MOC, change)


def section_of(table: str, column: str) -> tuple[int, str]:
    columns = [(one.name, name, kind) for one in layout.TABLES for name, kind in one.columns.items()]
    number = [(name, of) for name, of, _ in columns].index((table, column))
    return 2 + number, columns[number][2]


def word(at: int, code: str, value: float) -> Change:
    """The moc3 file with the number at a byte replaced."""

    def change(data: bytes) -> bytes:
        spoilt = bytearray(data)
        struct.pack_into(code, spoilt, at, value)
        return bytes(spoilt)

    return changed(MOC, change)


def picture(kind: str, mode: str = "RGB") -> bytes:
    out = io.BytesIO()
    Image.new(mode, (16, 16)).save(out, kind)
    return out.getvalue()


def one_line(data: bytes) -> bytes:
    return json.dumps(json.loads(data), separators=(",", ":")).encode()


def void(_result: object) -> None:
    """Makes an expression a statement."""


def linked_out(folder: Path) -> None:
    outside = folder.parent / "outside.png"
    (folder / TEXTURE).rename(outside)
    (folder / TEXTURE).symlink_to(outside)


CURVE = ("Curves", 0, "Segments")
REFERENCES = "FileReferences"
FIRST_SETTING = ("PhysicsSettings", 0)

CORRUPTED: dict[str, tuple[Change, str]] = {
    "moc3 missing": (missing(MOC), "missing-file"),
    "moc3 empty": (content(MOC, b""), "bad-moc"),
    "moc3 random": (content(MOC, random.Random(1).randbytes(5000)), "bad-moc"),
    "moc3 text": (content(MOC, b"MOC3" + b"hello " * 1000), "bad-moc"),
    "moc3 truncated": (changed(MOC, lambda data: data[: len(data) // 2]), "bad-moc"),
    "moc3 of an odd length": (changed(MOC, lambda data: data + b"1234567"), "crashes"),
    "moc3 of version 9": (word(4, "<B", 9), "bad-moc"),
    "moc3 of version 4 by its byte only": (word(4, "<B", 4), "crashes"),
    "moc3 big endian": (word(5, "<B", 1), "bad-moc"),
    "moc3 with a wild offset": (word(layout.OFFSETS_AT + 4 * 71, "<I", 2**31), "bad-moc"),
    "moc3 with a wild place for pointers": (word(layout.OFFSETS_AT + 4 * 2, "<I", 2**31 - 1), "crashes"),
    "moc3 with a wild count": (word(layout.BODY_AT + 4 * 4, "<i", 10**6), "bad-moc"),
    "moc3 with a negative count": (word(layout.BODY_AT, "<i", -1), "bad-moc"),
    "moc3 without size": (word(layout.BODY_AT + layout.COUNTS_BYTES, "<f", 0), "bad-moc"),
    "draw order too high": (cell("mesh_keyforms", "draw_order", 0, 5000), "bad-moc"),
    "draw order below zero": (cell("mesh_keyforms", "draw_order", 1, -3e6), "bad-moc"),
    "draw order that is no number": (cell("mesh_keyforms", "draw_order", 0, float("nan")), "bad-moc"),
    "draw orders of a wild range": (cell("groups", "highest_draw_order", 0, 2**30), "bad-moc"),
    "vertex that is no number": (cell("positions", "value", 3, float("nan")), "bad-moc"),
    "triangle of no vertex": (cell("indices", "vertex", 2, 60000), "bad-moc"),
    "deformer inside itself": (cell("deformers", "parent", 0, 0), "bad-moc"),
    "part inside itself": (cell("parts", "parent", 0, 0), "bad-moc"),
    "mesh in no deformer": (cell("meshes", "parent", 0, 7), "bad-moc"),
    "mesh with points elsewhere": (cell("mesh_keyforms", "position_begin", 1, 10**6), "bad-moc"),
    "mesh with uvs elsewhere": (cell("meshes", "uv_begin", 0, -8), "bad-moc"),
    "mesh with too few keyforms": (cell("meshes", "keyform_count", 0, 1), "bad-moc"),
    "warp without a grid": (cell("warps", "rows", 0, 0), "bad-moc"),
    "axis that is not there": (cell("binding_axes", "axis", 0, -5), "bad-moc"),
    "texture number too high": (cell("meshes", "texture", 0, 3), "bad-texture"),
    "texture missing": (missing(TEXTURE), "missing-file"),
    "texture garbage": (content(TEXTURE, b"\x00" * 500), "bad-texture"),
    "texture truncated": (changed(TEXTURE, lambda data: data[:60]), "bad-texture"),
    "texture a JPEG": (content(TEXTURE, picture("JPEG")), "bad-texture"),
    "texture a WebP": (content(TEXTURE, picture("WEBP")), "bad-texture"),
    "texture of a million pixels a side": (
        changed(TEXTURE, lambda data: data[:16] + struct.pack(">2I", 10**6, 10**6) + data[24:]),
        "too-large",
    ),
    "texture linked out of the folder": (linked_out, "bad-path"),
    "texture of a palette": (content(TEXTURE, picture("PNG", "P")), SAFE),
    "texture grey": (content(TEXTURE, picture("PNG", "L")), SAFE),
    "model3 missing": (missing(MODEL3), "no-model"),
    "model3 empty": (content(MODEL3, b""), "bad-json"),
    "model3 truncated": (changed(MODEL3, lambda data: data[:300]), "bad-json"),
    "model3 no JSON": (content(MODEL3, b"hello"), "bad-json"),
    "model3 a list": (content(MODEL3, b"[]"), "bad-json"),
    "model3 an empty object": (content(MODEL3, b"{}"), "bad-json"),
    "model3 nested without end": (content(MODEL3, b'{"a":' + b"[" * 10**5), "bad-json"),
    "model3 no UTF-8": (changed(MODEL3, lambda data: data.replace(b"smile", b"\xff\xfe", 1)), "bad-json"),
    "model3 without a moc": (edited(MODEL3, REFERENCES, "Moc", to=None), "bad-json"),
    "model3 with another moc": (edited(MODEL3, REFERENCES, "Moc", to="other.moc3"), "missing-file"),
    "model3 without textures": (edited(MODEL3, REFERENCES, "Textures", to=[]), "bad-json"),
    "model3 with an absolute path": (edited(MODEL3, REFERENCES, "Moc", to="/etc/passwd"), "bad-path"),
    "model3 with a drive": (edited(MODEL3, REFERENCES, "Moc", to="C:\\a.moc3"), "bad-path"),
    "model3 with a path out": (edited(MODEL3, REFERENCES, "Physics", to="..\\..\\a.json"), "bad-path"),
    "model3 with a zero in a path": (edited(MODEL3, REFERENCES, "Moc", to="a\0b"), "bad-path"),
    "model3 with an endless path": (edited(MODEL3, REFERENCES, "Moc", to="a" * 390), "missing-file"),
    "model3 with quotes in a name": (edited(MODEL3, "HitAreas", 0, "Name", to='a"b'), "bad-json"),
    "model3 on one line": (changed(MODEL3, one_line), SAFE),
    "model3 with escapes": (edited(MODEL3, "HitAreas", 0, "Name", to="头"), SAFE),
    "model3 with a BOM and CRLF": (
        changed(MODEL3, lambda data: b"\xef\xbb\xbf" + data.replace(b"\n", b"\r\n")),
        SAFE,
    ),
    "model3 with an unknown hit area": (edited(MODEL3, "HitAreas", 0, "Id", to="Nowhere"), SAFE),
    "expression missing": (missing(EXPRESSION), "missing-file"),
    "expression truncated": (changed(EXPRESSION, lambda data: data[:40]), "bad-json"),
    "expression empty": (content(EXPRESSION, b"{}"), SAFE),
    "expression of an unknown parameter": (edited(EXPRESSION, "Parameters", 0, "Id", to="Nothing"), SAFE),
    "expression that blends oddly": (edited(EXPRESSION, "Parameters", 0, "Blend", to="Odd"), "bad-json"),
    "expression without end": (edited(EXPRESSION, "Parameters", 0, "Value", to=float("inf")), "bad-json"),
    "motion missing": (missing(MOTION), "missing-file"),
    "motion truncated": (changed(MOTION, lambda data: data[: len(data) // 2]), "bad-json"),
    "motion an empty object": (content(MOTION, b"{}"), "bad-json"),
    "motion with wrong counts": (edited(MOTION, "Meta", "TotalPointCount", to=1), SAFE),
    "motion of an unknown parameter": (edited(MOTION, "Curves", 0, "Id", to="Nothing"), SAFE),
    "motion cut amid a segment": (edited(MOTION, *CURVE, to=[0, 0, 1, 0.1, 0]), "bad-json"),
    "motion of an unknown kind": (edited(MOTION, *CURVE, to=[0, 0, 7, 1, 1]), "bad-json"),
    "motion that goes back": (edited(MOTION, *CURVE, to=[1, 0, 0, 0.5, 1]), "bad-json"),
    "motion with exponents": (edited(MOTION, *CURVE, to=[0, 1e-5, 0, 1, 1e-7]), SAFE),
    "motion on one line": (changed(MOTION, one_line), SAFE),
    "motion of no duration": (edited(MOTION, "Meta", "Duration", to=0), "bad-json"),
    "physics missing": (missing(PHYSICS), "missing-file"),
    "physics truncated": (changed(PHYSICS, lambda data: data[: len(data) // 2]), "bad-json"),
    "physics an empty object": (content(PHYSICS, b"{}"), "bad-json"),
    "physics with counts too small": (edited(PHYSICS, "Meta", "VertexCount", to=0), SAFE),
    "physics of an unknown parameter": (
        edited(PHYSICS, *FIRST_SETTING, "Output", 0, "Destination", "Id", to="Nothing"),
        SAFE,
    ),
    "physics by a vertex it lacks": (
        edited(PHYSICS, *FIRST_SETTING, "Output", 0, "VertexIndex", to=9),
        "bad-json",
    ),
    "physics on one line": (changed(PHYSICS, one_line), SAFE),
}
"""What is wrong -> how to make it so, and the code with which it is refused (or SAFE)."""


def mutated(folder: Path, seed: int) -> str:
    """Spoils one file of the model in `folder` at random, the moc3 mostly; returns what was done."""
    draw = random.Random(seed)
    file = draw.choice([MOC, MOC, MOC, MODEL3, TEXTURE, MOTION, EXPRESSION, PHYSICS])
    data = bytearray((folder / file).read_bytes())
    how = draw.choice(["flip", "flip", "number", "cut", "repeat"])
    at = draw.randrange(len(data))
    if file == MOC and draw.random() < 0.7:
        at = draw.randrange(layout.BODY_AT, len(data))
    if how == "flip":
        for place in range(at, min(at + draw.randint(1, 8), len(data))):
            data[place] ^= 1 << draw.randrange(8)
    elif how == "number":
        at = min(at // 4 * 4, len(data) - 4)
        number = draw.choice([-1, 1, 2**31 - 1, -(2**31), 10**6, draw.getrandbits(16)])
        struct.pack_into("<i", data, at, number)
    elif how == "cut":
        del data[at : at + draw.randint(1, 200)]
    else:
        data[at:at] = data[max(0, at - draw.randint(1, 200)) : at]
    (folder / file).write_bytes(data)
    return f"{how} at {at} of {file}"
