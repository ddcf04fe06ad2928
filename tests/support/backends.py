"""A registered backend, hosted as the engine hosts it."""

from __future__ import annotations

import asyncio
from collections.abc import Awaitable, Callable
from typing import Any

from engine.hosting.hosted import HostedBackend
from engine.messages import StageName
from engine.registry import find_backend
from engine.stages import Option


def with_backend(
    stage: StageName,
    name: str,
    use: Callable[[HostedBackend[Any, Any]], Awaitable[None]],
    *,
    worker: bool = False,
    load_s: float = 60.0,
    **options: Option,
) -> None:
    """Starts it, lets `use` use it, and closes it."""

    async def main() -> None:
        spec = find_backend(stage, name, {**options})
        backend: HostedBackend[Any, Any] = HostedBackend(
            spec, worker=worker, load_s=load_s, on_state=lambda *state: None
        )
        try:
            await backend.start()
            await use(backend)
        finally:
            await backend.close()

    asyncio.run(main())
