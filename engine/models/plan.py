"""How a language model is loaded so that it fits: layers on the GPU, tokens of context, its cache.

Pure: what is free is measured elsewhere (engine.models.free_memory). The figures are those of llama.cpp: the
weights as they are in the file, spread evenly over the layers; two vectors of keys and values for each token
and layer; and some room for the computation.
"""

from __future__ import annotations

import math
from collections.abc import Iterator
from typing import Literal

import msgspec

from engine.errors import EnvironmentFault
from engine.models.gguf import GgufModel

CacheType = Literal["f16", "q8_0"]
BYTES_PER_VALUE: dict[CacheType, float] = {"f16": 2.0, "q8_0": 34 / 32}

CONTEXTS = (8192, 6144, 4096)
"""Tokens, best first. What she must know takes up to 4000 of them, and a shorter one would cut that."""
_COMPUTING = 600 * 10**6
"""Bytes for the computation and the library, on the GPU (computed: 512 tokens at once, 152,000 words)."""
_COMPUTING_RAM = 300 * 10**6


class Free(msgspec.Struct, frozen=True):
    """What is free now, in bytes."""

    ram: int
    gpu: int = 0
    """0: there is no GPU that llama.cpp can use."""


class LlmPlan(msgspec.Struct, frozen=True):
    """How to load it, and what that takes."""

    gpu_layers: int
    context: int
    cache: CacheType
    gpu_bytes: int
    ram_bytes: int


def plan_llm(model: GgufModel, free: Free) -> LlmPlan:
    """The best way that fits: all of it on the GPU, with a long context before a precise cache; else as many
    layers as fit. Raises EnvironmentFault `llm-no-memory` when it does not fit at all."""
    for plan in _ways(model):
        if plan.gpu_bytes <= free.gpu and plan.ram_bytes <= free.ram:
            return plan
    least = _plan(model, 0, _contexts(model)[-1], "f16").ram_bytes
    raise EnvironmentFault(
        "llm-no-memory",
        f"{model.path.name} needs {_gb(least)} of memory, and {_gb(free.ram)} are free: close other "
        "programs, or choose a smaller model.",
    )


def _ways(model: GgufModel) -> Iterator[LlmPlan]:
    """All that there are, best first."""
    for context in _contexts(model):
        for cache in BYTES_PER_VALUE:
            yield _plan(model, model.blocks, context, cache)
    for layers in range(model.blocks - 1, -1, -1):
        for context in _contexts(model):
            yield _plan(model, layers, context, "f16" if layers == 0 else "q8_0")


def _contexts(model: GgufModel) -> tuple[int, ...]:
    longest = model.context or CONTEXTS[0]
    return tuple(context for context in CONTEXTS if context <= longest) or (longest,)


def _plan(model: GgufModel, layers: int, context: int, cache: CacheType) -> LlmPlan:
    part = layers / model.blocks
    kv = model.kv_bytes(context, BYTES_PER_VALUE[cache])
    on_gpu = math.ceil(part * (model.bytes + kv)) + _COMPUTING if layers else 0
    in_ram = math.ceil((1 - part) * (model.bytes + kv)) + _COMPUTING_RAM
    return LlmPlan(layers, context, cache, on_gpu, in_ram)


def _gb(count: int) -> str:
    return f"{count / 1e9:.1f} GB"
