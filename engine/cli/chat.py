"""A conversation in the terminal: type, and hear the answer.

Enter on an empty line interrupts; /quit (or Ctrl-D) ends; /memories shows what she knows about you, and
/forget ID or /forget all erases it. Replies are coloured by their feeling.
"""

from __future__ import annotations

import argparse
import asyncio
import sys
import threading
from collections.abc import Mapping

from rich.console import Console

from engine.cli.conversation import RATE, Conversation
from engine.cli.opening import load_settings, open_logged
from engine.cli.screen import Screen
from engine.cli.speaker import DeviceSpeaker, Report, SilentSpeaker, Speaker
from engine.client.opening import PLACES, Place
from engine.errors import EnvironmentFault
from engine.messages import (
    ClientMessage,
    Interrupt,
    MemoryDelete,
    MemoryForgetAll,
    MemoryList,
)
from engine.notices import notice
from engine.persona import load_persona
from engine.runtime import language_for
from engine.settings import Settings

QUIT = ("/quit", "/exit", "/q")


def add_arguments(parser: argparse.ArgumentParser) -> None:
    parser.add_argument("--mute", action="store_true", help="play no sound")
    parser.add_argument(
        "--engine",
        choices=PLACES,
        default="local",
        help="in this process (local), in one of its own (child), or on a paired host (remote)",
    )


def run(arguments: argparse.Namespace, env: Mapping[str, str]) -> int:
    """Returns 0, or 1 when the engine was lost for good. Raises CompanionError when the conversation cannot
    begin."""
    settings = load_settings(env)
    lost = asyncio.run(_chat(settings, env, arguments.engine, mute=arguments.mute))
    return 1 if lost else 0


async def _chat(settings: Settings, env: Mapping[str, str], place: Place, *, mute: bool) -> bool:
    """True when it was the engine that ended the conversation."""
    console = Console(highlight=False)
    language = language_for(settings)
    name = load_persona(settings.persona.card, language).name
    screen = Screen(console, name, language, prompted=sys.stdin.isatty())
    with console.status(notice("terminal-waking", language, name=name).message):
        conversation = Conversation(
            open_logged(env, settings, place), screen, lambda report: _speaker(report, screen, mute=mute)
        )
        await conversation.__aenter__()
    try:
        stages = ", ".join(f"{stage} {backend}" for stage, backend in conversation.welcome.stages.items())
        screen.say("terminal-here", "bold", name=name, stages=stages)
        screen.say("terminal-help")
        await asyncio.sleep(0)  # what was noticed at the start stands above the prompt
        screen.ask()
        await _read_user(conversation)
        return conversation.over
    finally:
        await conversation.__aexit__(None, None, None)
        screen.leave()


def _speaker(report: Report, screen: Screen, *, mute: bool) -> Speaker:
    if not mute:
        try:
            return DeviceSpeaker(RATE, report)
        except EnvironmentFault as error:
            screen.say("terminal-muted", reason=error.message)
    return SilentSpeaker(RATE, report)


async def _read_user(conversation: Conversation) -> None:
    """One turn a line. A person may interrupt; lines from a file or pipe wait for each answer."""
    lines = _stdin_lines(asyncio.get_running_loop())
    conversation.on_over = lambda: lines.put_nowait(None)
    patient = not sys.stdin.isatty()
    while (line := await lines.get()) is not None:
        conversation.screen.entered()
        text = line.strip()
        if text in QUIT:
            return
        if request := _request(text):
            await conversation.client.send(request)
        elif text.startswith("/"):
            conversation.screen.say("terminal-help")
            conversation.screen.ask()
        elif text:
            await conversation.say(text)
            if patient:
                await conversation.rest()
        elif conversation.resting:
            conversation.screen.ask()
        elif not patient:
            await conversation.client.send(Interrupt())
    await conversation.rest()


def _request(text: str) -> ClientMessage | None:
    """What a line that is a command asks for."""
    command, _, argument = text.partition(" ")
    if command == "/memories":
        return MemoryList(id="memories")
    if command == "/forget" and argument == "all":
        return MemoryForgetAll(id="forget")
    if command == "/forget" and argument:
        return MemoryDelete(id="forget", memory=argument)
    return None


def _stdin_lines(loop: asyncio.AbstractEventLoop) -> asyncio.Queue[str | None]:
    """Lines typed, None at the end. Reading a terminal cannot be cancelled on every system, so the thread is
    a daemon: it ends with the program."""
    lines: asyncio.Queue[str | None] = asyncio.Queue()

    def read() -> None:
        for line in sys.stdin:
            loop.call_soon_threadsafe(lines.put_nowait, line)
        loop.call_soon_threadsafe(lines.put_nowait, None)

    threading.Thread(target=read, name="stdin", daemon=True).start()
    return lines
