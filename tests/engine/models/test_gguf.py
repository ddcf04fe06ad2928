from __future__ import annotations

import random
import struct
from contextlib import suppress
from pathlib import Path

import gguf
import numpy as np
import pytest

from engine.errors import EnvironmentFault
from engine.models.gguf import BLOCKS, read_gguf


@pytest.fixture(scope="module")
def whole(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """As the library of the format writes one."""
    path = tmp_path_factory.mktemp("gguf") / "model.gguf"
    writer = gguf.GGUFWriter(path, "qwen2")
    writer.add_name("Tiny Qwen")
    writer.add_context_length(4096)
    writer.add_embedding_length(64)
    writer.add_block_count(2)
    writer.add_head_count(4)
    writer.add_head_count_kv(2)
    writer.add_token_list(["a", "b", "你好"])
    writer.add_token_scores([0.0, 1.0, 2.0])
    writer.add_chat_template("<|im_start|>")
    for block in range(2):
        writer.add_tensor(f"blk.{block}.attn_q.weight", np.zeros((64, 64), np.float32))
    writer.write_header_to_file()
    writer.write_kv_data_to_file()
    writer.write_tensors_to_file()
    writer.close()
    return path


def test_a_model_is_described(whole: Path) -> None:
    model = read_gguf(whole)
    assert (model.architecture, model.name, model.blocks, model.context) == ("qwen2", "Tiny Qwen", 2, 4096)
    assert (model.kv_heads, model.key_length, model.value_length, model.vocabulary) == (2, 16, 16, 3)
    assert model.chat_template == "<|im_start|>"
    assert model.bytes == whole.stat().st_size
    assert model.kv_bytes(100) == 100 * 2 * 2 * (16 + 16) * 2


def test_sizes_of_blocks_are_those_of_the_library() -> None:
    for kind, sizes in gguf.GGML_QUANT_SIZES.items():
        if kind.value in BLOCKS:
            assert BLOCKS[kind.value] == sizes, kind
    common = {"F32", "F16", "BF16", "Q4_0", "Q4_K", "Q5_K", "Q6_K", "Q8_0", "IQ4_XS"}
    assert {kind.value for kind in gguf.GGML_QUANT_SIZES if kind.name in common} <= BLOCKS.keys()


def code_of(path: Path) -> str:
    with pytest.raises(EnvironmentFault) as caught:
        read_gguf(path)
    assert str(path) in caught.value.message
    return caught.value.code


def test_what_is_not_there_or_no_model_is_told(whole: Path, tmp_path: Path) -> None:
    assert code_of(tmp_path / "nowhere.gguf") == "model-missing"
    other = tmp_path / "other.gguf"
    for content in (b"", b"<!DOCTYPE html>" * 20, b"PK\x03\x04" + bytes(100), b"\x80\x04\x95cos\nsystem"):
        other.write_bytes(content)
        assert code_of(other) in ("model-wrong-kind", "model-damaged")
    other.write_bytes(b"GGUF" + struct.pack("<IQQ", 3, 0, 0) + bytes(8))
    assert code_of(other) == "model-wrong-kind"
    other.write_bytes(b"GGUF" + struct.pack("<IQQ", 99, 0, 0))
    assert code_of(other) == "model-damaged"
    assert code_of(tmp_path) == "model-damaged", "a folder"


def test_a_file_that_was_cut_anywhere_is_damaged(whole: Path, tmp_path: Path) -> None:
    data = whole.read_bytes()
    cut = tmp_path / "cut.gguf"
    for length in (*range(8, 600, 7), len(data) // 2, len(data) - 1):
        cut.write_bytes(data[:length])
        assert code_of(cut) == "model-damaged", length


def test_any_damage_of_the_beginning_is_survived(whole: Path, tmp_path: Path) -> None:
    chance, data = random.Random(0), whole.read_bytes()
    spoiled = tmp_path / "spoiled.gguf"
    for _ in range(400):
        changed = bytearray(data)
        for _ in range(chance.choice([1, 1, 4])):
            changed[chance.randrange(4, 700)] = chance.choice([0, 1, 127, 255])
        spoiled.write_bytes(changed)
        with suppress(EnvironmentFault):
            read_gguf(spoiled)
