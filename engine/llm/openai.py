"""A mind on an OpenAI-compatible server: Ollama, LM Studio, llama-server, vLLM, or one on the internet.

The calling thread drives an event loop of its own, so that a call can be given up while nothing arrives.
"""

from __future__ import annotations

import asyncio
import contextlib
import os
from collections.abc import AsyncGenerator, Awaitable, Iterator
from typing import TypeVar

from engine.conversation.prompt import Prompt, render_chat
from engine.errors import EnvironmentFault, StageFault
from engine.hosting.backend import Cancelled
from engine.keyrings import secret
from engine.llm import LanguageModel, TextPiece
from engine.llm.server_api import (
    LOCAL_SERVERS,
    ReplyBroken,
    base_url,
    chat_models,
    chat_request,
    error_text,
    text_of,
)

KEY_VARIABLE = "COMPANION_LLM_KEY"

_LOOK_S = 2.0
"""For a server to say which models it has."""
_POLL_S = 0.02
_MAX_TOKENS = 600
_TEMPERATURE = 0.8

T = TypeVar("T")


class OpenAiModel(LanguageModel):
    """Options: `server` (empty: the first of LOCAL_SERVERS that answers), `server_model` (empty: its first).

    A key comes from KEY_VARIABLE (for the server that is named), or from the keyring, where it is kept under
    the server's address.
    """

    def load(self) -> None:
        """Raises EnvironmentFault `llm-server-missing`, `llm-server-refuses` or `llm-server-empty`."""
        import httpx  # takes a tenth of a second, and few need it

        self._keys: dict[str, str] = {}
        self._loop = asyncio.new_event_loop()
        wanted = str(self.options.get("server", "")).strip()
        servers = [base_url(wanted)] if wanted else list(LOCAL_SERVERS.values())
        self._client = httpx.AsyncClient(timeout=None, trust_env=bool(wanted), follow_redirects=False)
        try:
            self._choose(*self._loop.run_until_complete(self._look(servers)))
        except BaseException:
            self.close()
            raise

    def run(self, request: Prompt, feed: Iterator[bytes]) -> Iterator[TextPiece]:
        body = chat_request(
            render_chat(request), self._model, temperature=_TEMPERATURE, max_tokens=_MAX_TOKENS
        )
        texts = self._texts(body)
        try:
            while (text := self._wait(anext(texts, None))) is not None:
                yield TextPiece(text)
        finally:
            self._loop.run_until_complete(texts.aclose())
            self._loop.run_until_complete(_settle())

    def close(self) -> None:
        self._loop.run_until_complete(self._client.aclose())
        self._loop.run_until_complete(self._loop.shutdown_asyncgens())
        self._loop.run_until_complete(_settle())
        self._loop.close()

    # ------------------------------------------------------------ inside

    def _choose(self, server: str, models: list[str]) -> None:
        self._server = server
        self._model = str(self.options.get("server_model", "")).strip() or next(iter(models), "")
        if not self._model:
            raise EnvironmentFault(
                "llm-server-empty",
                f"The language model server at {self._server} has no model: fetch one there (for example "
                "`ollama pull qwen2.5:7b`), or name one in the settings (llm.server_model).",
            )

    def _wait(self, coming: Awaitable[T]) -> T:
        """What comes; raises Cancelled when the call was cancelled before."""

        async def watch() -> T:
            task = asyncio.ensure_future(coming)
            try:
                while not task.done():
                    if self.cancelled():
                        raise Cancelled
                    await asyncio.wait([task], timeout=_POLL_S)
            except BaseException:
                task.cancel()
                await asyncio.wait([task])
                raise
            return task.result()

        return self._loop.run_until_complete(watch())

    async def _texts(self, body: dict[str, object]) -> AsyncGenerator[str]:
        import httpx

        try:
            async with self._client.stream(
                "POST", f"{self._server}/chat/completions", json=body, headers=self._headers(self._server)
            ) as response:
                if response.status_code != httpx.codes.OK:
                    raise self._refusal(self._server, response.status_code, await response.aread())
                ended = False
                async for line in response.aiter_lines():  # to its end, that the connection can be used again
                    text = None if ended else text_of(line)
                    ended = text is None
                    if text:
                        yield text
        except httpx.HTTPError as error:
            raise StageFault(
                "llm",
                f"The language model server at {self._server} does not answer ({type(error).__name__}): see "
                "whether it still runs.",
                code="llm-server-lost",
            ) from error
        except ReplyBroken as error:
            raise StageFault(
                "llm", f"The language model server at {self._server} says: {error}", code="llm-server-error"
            ) from error

    async def _look(self, servers: list[str]) -> tuple[str, list[str]]:
        """The first server that answers, in their order, and its models."""
        async with asyncio.TaskGroup() as group:
            looks = [group.create_task(self._models(server)) for server in servers]
        for server, look in zip(servers, looks, strict=True):
            if isinstance(found := look.result(), list):
                return server, found
        for look in looks:
            if isinstance(fault := look.result(), EnvironmentFault):
                raise fault
        where = servers[0] if len(servers) == 1 else " or ".join(LOCAL_SERVERS)
        raise EnvironmentFault(
            "llm-server-missing",
            f"No language model server answers ({where}): start it, or name its address in the settings "
            "(llm.server).",
        )

    async def _models(self, server: str) -> list[str] | EnvironmentFault | None:
        """None: nothing answers there."""
        import httpx

        with contextlib.suppress(httpx.HTTPError, httpx.InvalidURL, TimeoutError, ReplyBroken):
            async with asyncio.timeout(_LOOK_S):
                response = await self._client.get(f"{server}/models", headers=self._headers(server))
            if response.status_code == httpx.codes.OK:
                return chat_models(response.content)
            return self._refusal(server, response.status_code, response.content)
        return None

    def _headers(self, server: str) -> dict[str, str]:
        """Asks the keyring, which may take its time, only once, and again after a refusal."""
        if server not in self._keys:
            named = os.environ.get(KEY_VARIABLE, "") if self.options.get("server") else ""
            self._keys[server] = named or secret(server)
        key = self._keys[server]
        return {"Authorization": f"Bearer {key}"} if key else {}

    def _refusal(self, server: str, status: int, body: bytes) -> EnvironmentFault:
        if status in (401, 403):
            self._keys.pop(server, None)
            return EnvironmentFault(
                "llm-server-refuses",
                f"The language model server at {server} wants another key: give it with `companion-engine "
                f"key {server}`.",
            )
        return EnvironmentFault(
            "llm-server-error", f"The language model server at {server} says {status}: {error_text(body)}"
        )


async def _settle() -> None:
    """Waits for what a stream that is thrown away in the middle still closes behind it."""
    await asyncio.sleep(0)
    if left := asyncio.all_tasks() - {asyncio.current_task()}:
        await asyncio.wait(left, timeout=_LOOK_S)
