"""Reads every file that a model3.json names, within limits, into what it may hold."""

from __future__ import annotations

import hashlib
from dataclasses import dataclass
from pathlib import PurePosixPath

from app.avatar.opening import formats, texture
from app.avatar.opening.formats import Expression, NamedMotion, Pose, parse
from app.avatar.opening.moc import Moc, read_moc
from app.avatar.opening.motions import Motion, parse_motion
from app.avatar.opening.physics import Physics, parse_physics
from app.avatar.opening.refused import ModelRefused
from app.avatar.opening.source import Source, safe_path

MIB = 2**20
MOST_JSON = 16 * MIB
MOST_MOC = 128 * MIB
MOST_TEXTURE = 64 * MIB
MOST_ALL = 512 * MIB
"""Bytes of all files of a model together."""
MOST_PIXELS = 8 * 4096 * 4096
"""Of all textures together: half a gigabyte once they are decoded."""


@dataclass(frozen=True)
class OpenedModel:
    """A model's files, each checked by itself."""

    model: formats.Model
    moc: Moc
    textures: tuple[bytes, ...]
    """PNG files, in the order of the model's list."""
    expressions: dict[str, Expression]
    """By name."""
    motions: dict[str, tuple[tuple[NamedMotion, Motion], ...]]
    """By group."""
    physics: Physics | None
    pose: Pose | None
    digest: str
    """Of the content of all files."""


def read_model(source: Source) -> OpenedModel:
    """Raises ModelRefused with what is wrong first."""
    reader = _Reader(source)
    model = parse(reader.read(str(source.model3), MOST_JSON), formats.Model, str(source.model3))
    files = model.file_references
    moc = read_moc(reader.read(files.moc, MOST_MOC), files.moc)
    if moc.textures > len(files.textures):
        raise ModelRefused(
            "bad-texture",
            f"The model is drawn from {moc.textures} textures, but its list names {len(files.textures)}.",
        )
    textures: list[bytes] = []
    pixels = 0
    for name in files.textures:
        data = reader.read(name, MOST_TEXTURE)
        width, height = texture.size(data, name)
        pixels += width * height
        if pixels > MOST_PIXELS:
            raise ModelRefused("too-large", "The textures have too many pixels together: make them smaller.")
        textures.append(texture.rewritten(data, name))
    return OpenedModel(
        model=model,
        moc=moc,
        textures=tuple(textures),
        expressions={
            entry.name: parse(reader.read(entry.file, MOST_JSON), Expression, entry.file)
            for entry in files.expressions
        },
        motions={
            group: tuple(
                (entry, parse_motion(reader.read(entry.file, MOST_JSON), entry.file)) for entry in entries
            )
            for group, entries in files.motions.items()
        },
        physics=parse_physics(reader.read(files.physics, MOST_JSON), files.physics)
        if files.physics
        else None,
        pose=parse(reader.read(files.pose, MOST_JSON), Pose, files.pose) if files.pose else None,
        digest=reader.digest.hexdigest(),
    )


class _Reader:
    """Reads from a source, up to the limit of all files together, and remembers what it saw."""

    def __init__(self, source: Source) -> None:
        self._source = source
        self._left = MOST_ALL
        self.digest = hashlib.sha256()

    def read(self, name: str, most: int) -> bytes:
        path: PurePosixPath = safe_path(name)
        data = self._source.read(path, most)
        self._left -= len(data)
        if self._left < 0:
            raise ModelRefused("too-large", f"The model has more than {MOST_ALL // MIB} MiB of files.")
        self.digest.update(f"{path}\n{len(data)}\n".encode())
        self.digest.update(data)
        return data
