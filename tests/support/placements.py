"""An engine with scripted stages in each of its three places, and a person who talks to it.

`Person` plays what she hears at once, and keeps every message in order.
"""

from __future__ import annotations

import asyncio
import os
import re
import subprocess
import sys
from collections.abc import AsyncIterator, Callable
from contextlib import asynccontextmanager
from pathlib import Path
from typing import Any, Self

import msgspec

from engine import config
from engine.client import EngineClient
from engine.client.child import ChildEngine
from engine.client.local import LocalEngine
from engine.client.remote import RemoteEngine
from engine.messages import (
    Flush,
    Hello,
    InputStart,
    InputStop,
    InputText,
    MicrophoneAudio,
    Playback,
    ReplyDone,
    Result,
    ServerMessage,
    SpeechAudio,
    StageStatus,
    State,
)
from engine.runtime import Engine

RATE = 24000
LOUD = b"\x00\x40" * 1600
"""A tenth of a second."""
WAIT_S = 30.0
HELLO = Hello(client="test", features=("playback",), output_rate=RATE, language="en")


def scripted_env(folder: Path, **settings: str) -> dict[str, str]:
    """What a process needs to be an engine over `folder` in which everything is scripted."""
    stages = {f"COMPANION_{stage}_BACKEND": "scripted" for stage in ("VAD", "ASR", "LLM", "TTS", "EMBEDDING")}
    own = {"COMPANION_DATA_DIR": str(folder), "COMPANION_CONFIG": str(folder / "none.toml")}
    patient = {
        "COMPANION_DEADLINES_RECALL_S": "30",
        "COMPANION_DEADLINES_FLUSH_S": "5",
    }  # machines are shared
    inherited = {name: value for name, value in os.environ.items() if not name.startswith("COMPANION_")}
    return {**inherited, **own, **stages, **patient, "COMPANION_GENERAL_LANGUAGE": "en", **settings}


def local(env: dict[str, str]) -> LocalEngine:
    settings = config.load(env, config.config_path(env))
    return LocalEngine(Engine(settings, config.data_dir(env)))


class HostProcess:
    """`companion-engine serve` in a process of its own."""

    def __init__(self, env: dict[str, str], *, port: int = 0) -> None:
        self._folder = Path(env["COMPANION_DATA_DIR"])
        self._process = subprocess.Popen(
            [sys.executable, "-P", "-m", "engine.cli", "serve", "--port", str(port)],
            env=env,
            stdout=subprocess.PIPE,
            stderr=subprocess.DEVNULL,
            text=True,
        )
        assert self._process.stdout
        line = self._process.stdout.readline()
        found = re.search(r":(\d+) ", line)
        assert found, line
        self.port = int(found[1])

    @property
    def token(self) -> str:
        return (self._folder / "local.token").read_text()

    def url(self, port: int | None = None) -> str:
        return f"ws://127.0.0.1:{port or self.port}/ws/v1"

    def kill(self) -> None:
        """At once, without a farewell."""
        self._process.kill()
        self._end()

    def stop(self) -> None:
        self._process.terminate()
        self._end()

    def _end(self) -> None:
        self._process.wait(timeout=30)
        if self._process.stdout:
            self._process.stdout.close()


@asynccontextmanager
async def placed(place: str, folder: Path, **settings: str) -> AsyncIterator[EngineClient]:
    """A client that is not open yet, of an engine that is `local`, `child` or `remote`."""
    env = scripted_env(folder, **settings)
    match place:
        case "local":
            yield local(env)
        case "child":
            yield ChildEngine(env)
        case _:
            host = await asyncio.to_thread(HostProcess, env)
            try:
                yield RemoteEngine(host.url(), host.token)
            finally:
                await asyncio.to_thread(host.stop)


class Person:
    """Who talks over a client. `async with` opens and closes it."""

    def __init__(self, client: EngineClient, hello: Hello = HELLO) -> None:
        self.client = client
        self.messages: list[ServerMessage] = []
        self.listens = True
        """False: the speaker plays nothing, and reports nothing."""
        self._hello = hello
        self._changed = asyncio.Condition()
        self._streams = 0

    async def __aenter__(self) -> Self:
        self._reader = asyncio.create_task(self._read())
        try:
            self.welcome = await self.client.open(self._hello)
        except BaseException:
            await self.client.close()
            await self._reader
            raise
        return self

    async def __aexit__(self, *_: object) -> None:
        await self.client.close()
        await asyncio.wait_for(self._reader, WAIT_S)

    async def _read(self) -> None:
        async for message in self.client.events():
            self.messages.append(message)
            match message:
                case SpeechAudio() if self.listens:
                    state = "done" if message.last else "progress"
                    played = message.offset + len(message.pcm) // 2
                    await self.client.send(Playback(stream=message.stream, played=played, state=state))
                case Flush():
                    played = RATE * 3 // 10
                    await self.client.send(Playback(stream=message.stream, played=played, state="flushed"))
                case _:
                    pass
            async with self._changed:
                self._changed.notify_all()

    async def until(self, met: Callable[[ServerMessage], bool], count: int = 1, since: int = 0) -> None:
        """Waits for the `count`-th message that is `met`."""
        async with asyncio.timeout(WAIT_S), self._changed:
            await self._changed.wait_for(lambda: sum(map(met, self.messages[since:])) >= count)

    async def say(self, text: str) -> None:
        """Types a turn, and waits until it has been answered."""
        since = len(self.messages)
        await self.client.send(InputText(text=text))
        await self.until(is_idle, since=since)

    async def talk(self, blocks: int = 5) -> None:
        """A turn by push-to-talk, until it has been answered."""
        since = len(self.messages)
        self._streams += 1
        await self.client.send(InputStart(stream=self._streams))
        for _ in range(blocks):
            await self.client.send(MicrophoneAudio(stream=self._streams, pcm=LOUD))
        await self.client.send(InputStop(stream=self._streams))
        await self.until(is_idle, since=since)

    def all(self, kind: type[Any]) -> list[Any]:
        return [message for message in self.messages if isinstance(message, kind)]


def is_idle(message: ServerMessage) -> bool:
    return isinstance(message, State) and message.state == "idle"


def timeless(messages: list[ServerMessage]) -> list[ServerMessage]:
    """`messages` without times and names of sessions, and without how the stages fare."""
    return [_timeless(message) for message in messages if not isinstance(message, StageStatus)]


def _timeless(message: ServerMessage) -> ServerMessage:
    match message:
        case ReplyDone():
            return msgspec.structs.replace(message, trace=dict.fromkeys(message.trace, 0.0))
        case Result(value=list(items)):
            return msgspec.structs.replace(message, value=[_without_times(item) for item in items])
        case Result(value=dict(item)):
            return msgspec.structs.replace(message, value=_without_times(item))
        case _:
            return message


def _without_times(item: dict[str, Any]) -> dict[str, Any]:
    return {name: value for name, value in item.items() if name not in ("at", "session")}
