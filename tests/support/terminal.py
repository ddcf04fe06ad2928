"""A LocalEngine with a silent, fast speaker, for tests over the real stages."""

from __future__ import annotations

from pathlib import Path
from typing import Any

from rich.console import Console

from engine.cli.conversation import RATE, Conversation
from engine.cli.screen import Screen
from engine.cli.speaker import SilentSpeaker
from engine.client.local import LocalEngine
from engine.messages import ReplySegment, ServerMessage
from engine.runtime import Engine
from engine.settings import AsrSettings, Settings, TtsSettings, VadSettings

SILENT = Settings(
    vad=VadSettings(backend="scripted"),
    asr=AsrSettings(backend="scripted"),
    tts=TtsSettings(backend="scripted"),
)
"""The starter mind and memory, with fakes for ears and voice."""


class Notebook(Screen):
    """A screen that keeps what it is shown."""

    def __init__(self) -> None:
        super().__init__(Console(quiet=True), "Rio", "en")
        self.messages: list[ServerMessage] = []

    def show(self, message: ServerMessage) -> None:
        self.messages.append(message)

    def all(self, kind: type[Any]) -> list[Any]:
        return [message for message in self.messages if isinstance(message, kind)]


class Companion:
    """One start of the program over a data folder: `async with` it, `ask` it."""

    def __init__(self, folder: Path, settings: Settings = SILENT) -> None:
        self.engine = Engine(settings, folder)
        self.notebook = Notebook()
        self.played = bytearray()
        self.talk = Conversation(
            LocalEngine(self.engine),
            self.notebook,
            lambda report: SilentSpeaker(RATE, report, fast=True, heard=self.played.extend),
        )

    async def __aenter__(self) -> Companion:
        await self.talk.__aenter__()
        return self

    async def __aexit__(self, *_: object) -> None:
        await self.talk.__aexit__(None, None, None)

    async def ask(self, text: str) -> str:
        """The reply's text, when it has been heard to its end and remembered."""
        before = len(self.notebook.all(ReplySegment))
        await self.talk.say(text)
        await self.talk.rest()
        if self.engine.memory:
            await self.engine.memory.settle()
        return "".join(segment.text for segment in self.notebook.all(ReplySegment)[before:])
