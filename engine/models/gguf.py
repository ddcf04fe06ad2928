"""What a GGUF file says of itself, read without loading it: the format of llama.cpp's models.

Layout (https://github.com/ggml-org/ggml/blob/master/docs/gguf.md, versions 2 and 3, little-endian): `GGUF`,
the version, the numbers of tensors and of key-value pairs; the pairs; name, shape, type and offset of each
tensor; then, aligned, their data. A file that ends before its last tensor does was not fetched whole.
"""

from __future__ import annotations

import math
import struct
from collections.abc import Callable
from pathlib import Path
from typing import Any, BinaryIO

import msgspec

from engine.errors import EnvironmentFault

BLOCKS = {
    **{0: (1, 4), 1: (1, 2), 2: (32, 18), 3: (32, 20), 6: (32, 22), 7: (32, 24), 8: (32, 34), 9: (32, 40)},
    **{10: (256, 84), 11: (256, 110), 12: (256, 144), 13: (256, 176), 14: (256, 210), 15: (256, 292)},
    **{16: (256, 66), 17: (256, 74), 18: (256, 98), 19: (256, 50), 20: (32, 18), 21: (256, 110)},
    **{22: (256, 82), 23: (256, 136), 24: (1, 1), 25: (1, 2), 26: (1, 4), 27: (1, 8), 28: (1, 8)},
    **{29: (256, 56), 30: (1, 2), 34: (256, 54), 35: (256, 66), 39: (32, 17)},
}
"""Of each type of tensor: values in a block, and bytes a block takes."""

_MAGIC = b"GGUF"
_VERSIONS = (2, 3)
_SCALARS = {0: "B", 1: "b", 2: "H", 3: "h", 4: "I", 5: "i", 6: "f", 7: "?", 10: "Q", 11: "q", 12: "d"}
_STRING, _ARRAY = 8, 9
_LONGEST = 1 << 26
"""Bytes of one text, and values of one array, beyond which the file cannot be right."""
_MOST = 1 << 20
"""The same of tensors and of pairs."""


class GgufModel(msgspec.Struct, frozen=True, kw_only=True):
    """A language model as its file describes it."""

    path: Path
    bytes: int
    architecture: str
    """`qwen2`, `qwen3` ..."""
    name: str
    blocks: int
    """Layers."""
    context: int
    """Tokens it was trained to see at once."""
    kv_heads: int
    key_length: int
    value_length: int
    vocabulary: int
    chat_template: str

    def kv_bytes(self, tokens: int, bytes_per_value: float = 2.0) -> int:
        """What the keys and values of so many tokens take."""
        width = self.kv_heads * (self.key_length + self.value_length)
        return math.ceil(tokens * self.blocks * width * bytes_per_value)


class _Damaged(Exception):
    """Says where the file is wrong."""


def read_gguf(path: Path) -> GgufModel:
    """Raises EnvironmentFault `model-missing`, `model-damaged` or `model-wrong-kind`."""
    try:
        with path.open("rb") as file:
            return _read(path, _Reader(file, path.stat().st_size))
    except FileNotFoundError as error:
        raise EnvironmentFault(
            "model-missing", f"The model file {path} is not there: choose another, or fetch it again."
        ) from error
    except (OSError, _Damaged) as error:
        raise EnvironmentFault(
            "model-damaged", f"The model file {path} cannot be used ({error}): fetch it again."
        ) from error


class _Reader:
    def __init__(self, file: BinaryIO, size: int) -> None:
        self._file = file
        self.size = size

    @property
    def at(self) -> int:
        return self._file.tell()

    def bytes(self, count: int) -> bytes:
        data = self._file.read(count) if count <= min(_LONGEST, self.size) else b""
        if len(data) < count:
            raise _Damaged("it ends too early")
        return data

    def scalar(self, code: str) -> Any:
        return struct.unpack(f"<{code}", self.bytes(struct.calcsize(f"<{code}")))[0]

    def text(self) -> str:
        return self.bytes(self.scalar("Q")).decode("utf-8", errors="replace")

    def value(self, kind: int) -> Any:
        """A scalar or a text; of an array, which is skipped, its length."""
        if kind in _SCALARS:
            return self.scalar(_SCALARS[kind])
        if kind == _STRING:
            return self.text()
        if kind != _ARRAY:
            raise _Damaged(f"a value has the unknown type {kind}")
        inner, count = self.scalar("I"), self.scalar("Q")
        if count > _LONGEST:
            raise _Damaged(f"an array has {count} values")
        if inner in _SCALARS:
            self._file.seek(struct.calcsize(_SCALARS[inner]) * count, 1)
        elif inner == _STRING:
            for _ in range(count):
                length = self.scalar("Q")
                if length > self.size:
                    raise _Damaged("it ends too early")
                self._file.seek(length, 1)
        else:
            raise _Damaged(f"an array holds the unknown type {inner}")
        return count


def _read(path: Path, reader: _Reader) -> GgufModel:
    if reader.bytes(4) != _MAGIC:
        raise EnvironmentFault(
            "model-wrong-kind", f"{path} is no GGUF file: choose a language model that is one (*.gguf)."
        )
    if (version := reader.scalar("I")) not in _VERSIONS:
        raise _Damaged(f"its format has the version {version}")
    tensors, pairs = reader.scalar("Q"), reader.scalar("Q")
    if tensors > _MOST or pairs > _MOST:
        raise _Damaged("it says that it holds more than any model does")
    values: dict[str, Any] = {}
    for _ in range(pairs):
        key = reader.text()
        values[key] = reader.value(reader.scalar("I"))
    end = max((_end_of_tensor(reader) for _ in range(tensors)), default=0)
    alignment = _number(values, "general.alignment", 32)
    begin = math.ceil(reader.at / max(1, alignment)) * max(1, alignment)
    if begin + end > reader.size:
        raise _Damaged(f"it has {reader.size} bytes of {begin + end}")
    return _model(path, reader.size, values)


def _end_of_tensor(reader: _Reader) -> int:
    """Where its data end, counted from where all data begin."""
    reader.text()
    dimensions = reader.scalar("I")
    if dimensions > 8:
        raise _Damaged(f"a tensor has {dimensions} dimensions")
    count = math.prod(reader.scalar("Q") for _ in range(dimensions))
    kind, offset = reader.scalar("I"), reader.scalar("Q")
    values, size = BLOCKS.get(kind, (1, 0))  # of types to come only the beginning is checked
    return offset + count // values * size


def _model(path: Path, size: int, values: dict[str, Any]) -> GgufModel:
    architecture = str(values.get("general.architecture", ""))
    of: Callable[[str], int] = lambda key: _number(values, f"{architecture}.{key}", 0)  # noqa: E731
    heads, width = of("attention.head_count"), of("embedding_length")
    if not architecture or not heads or not of("block_count"):
        raise EnvironmentFault(
            "model-wrong-kind", f"{path} is no language model: choose one that can chat, such as Qwen2.5."
        )
    head_length = width // heads
    return GgufModel(
        path=path,
        bytes=size,
        architecture=architecture,
        name=str(values.get("general.name", path.stem)),
        blocks=of("block_count"),
        context=of("context_length"),
        kv_heads=of("attention.head_count_kv") or heads,
        key_length=of("attention.key_length") or head_length,
        value_length=of("attention.value_length") or head_length,
        vocabulary=_number(values, "tokenizer.ggml.tokens", 0),
        chat_template=str(values.get("tokenizer.chat_template", "")),
    )


def _number(values: dict[str, Any], key: str, default: int) -> int:
    value = values.get(key, default)
    return int(value) if isinstance(value, int | float) else default
