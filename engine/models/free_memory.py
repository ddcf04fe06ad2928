"""How much memory is free on this machine now."""

from __future__ import annotations

import logging
import sys

import psutil

from engine.models.plan import Free

log = logging.getLogger(__name__)

_OF_MAC = 0.7
"""How much of its memory macOS lets the GPU have."""


def free_memory() -> Free:
    """What llama.cpp may take: of the memory, and of the first GPU if llama.cpp was built for one."""
    import llama_cpp  # in the group `models`

    ram = psutil.virtual_memory().available
    if not llama_cpp.llama_supports_gpu_offload():
        return Free(ram)
    return Free(ram, round(_OF_MAC * ram) if sys.platform == "darwin" else _free_nvidia())


def _free_nvidia() -> int:
    """Bytes that are free on the first NVIDIA GPU; 0 without one."""
    try:
        import pynvml

        pynvml.nvmlInit()
        try:
            return int(pynvml.nvmlDeviceGetMemoryInfo(pynvml.nvmlDeviceGetHandleByIndex(0)).free)
        finally:
            pynvml.nvmlShutdown()
    except Exception as error:  # noqa: BLE001 - boundary: there may be no driver, or one that is broken
        log.info("no NVIDIA GPU can be asked for its memory (%s)", error)
        return 0
