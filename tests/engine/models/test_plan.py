from __future__ import annotations

from pathlib import Path

import msgspec
import pytest
from hypothesis import given
from hypothesis import strategies as st

from engine.errors import EnvironmentFault
from engine.models.gguf import GgufModel
from engine.models.plan import CONTEXTS, Free, LlmPlan, plan_llm

GB = 10**9
QWEN_14B = GgufModel(
    path=Path("qwen2.5-14b-instruct-q4_k_m.gguf"),
    bytes=8_988_110_976,
    architecture="qwen2",
    name="Qwen2.5 14B Instruct",
    blocks=48,
    context=32768,
    kv_heads=8,
    key_length=128,
    value_length=128,
    vocabulary=152_064,
    chat_template="",
)
QWEN_3B = msgspec.structs.replace(QWEN_14B, path=Path("3b.gguf"), bytes=2_104_932_768, blocks=36, kv_heads=2)


def test_a_large_card_takes_all_of_it() -> None:
    plan = plan_llm(QWEN_14B, Free(ram=32 * GB, gpu=23 * GB))
    assert (plan.gpu_layers, plan.context, plan.cache) == (48, 8192, "f16")
    assert plan.gpu_bytes < 12 * GB


def test_a_smaller_card_takes_a_smaller_cache_then_a_shorter_context_then_fewer_layers() -> None:
    plans = [plan_llm(QWEN_14B, Free(ram=32 * GB, gpu=round(gb * GB))) for gb in (11.2, 10.6, 10.2, 6)]
    assert [(plan.context, plan.cache) for plan in plans[:2]] == [(8192, "f16"), (8192, "q8_0")]
    assert plans[2].context < 8192
    assert plans[2].gpu_layers == 48
    assert 20 < plans[3].gpu_layers < 30


def test_without_a_card_the_memory_is_taken() -> None:
    plan = plan_llm(QWEN_3B, Free(ram=8 * GB))
    assert (plan.gpu_layers, plan.gpu_bytes, plan.context) == (0, 0, 8192)


def test_what_does_not_fit_is_said_with_figures() -> None:
    with pytest.raises(EnvironmentFault, match=r"needs 10\.\d GB .* 6\.0 GB are free") as caught:
        plan_llm(QWEN_14B, Free(ram=6 * GB))
    assert caught.value.code == "llm-no-memory"


def test_a_model_of_a_short_context_keeps_it() -> None:
    short = msgspec.structs.replace(QWEN_3B, context=2048)
    assert plan_llm(short, Free(ram=8 * GB)).context == 2048


def worth(plan: LlmPlan | None) -> tuple[int, int]:
    return (plan.gpu_layers, plan.context) if plan else (-1, 0)


def planned(free: Free) -> LlmPlan | None:
    try:
        return plan_llm(QWEN_14B, free)
    except EnvironmentFault:
        return None


memory = st.integers(0, 30 * GB)


@given(memory, memory)
def test_it_is_never_over_budget(ram: int, gpu: int) -> None:
    plan = planned(Free(ram, gpu))
    if plan:
        assert plan.ram_bytes <= ram
        assert plan.gpu_bytes <= gpu
        assert plan.context in CONTEXTS


@given(memory, memory, memory, memory)
def test_more_memory_is_never_worse(ram: int, gpu: int, more_ram: int, more_gpu: int) -> None:
    assert worth(planned(Free(ram + more_ram, gpu + more_gpu))) >= worth(planned(Free(ram, gpu)))
