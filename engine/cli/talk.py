"""Plays a recording to the companion, as if it came from the microphone, and records what she says.

The recording waits while she thinks and speaks, as a polite person would.
"""

from __future__ import annotations

import argparse
import asyncio
import contextlib
from collections.abc import AsyncIterator, Iterator, Mapping
from contextlib import ExitStack
from pathlib import Path

from rich.console import Console

from engine.cli.conversation import RATE, Conversation
from engine.cli.opening import load_settings, open_logged, without_echo_guard
from engine.cli.screen import Screen
from engine.cli.speaker import Report, SilentSpeaker, Speaker
from engine.messages import MicrophoneAudio, SessionUpdate
from engine.persona import load_persona
from engine.recordings import BLOCK_S, Recording, RecordingWriter
from engine.runtime import language_for
from engine.settings import Settings

MICROPHONE_RATE = 16000
TAIL_S = 4.0
"""Silence after the recording, so that its last words end a turn at any `turn.end_silence_ms`."""


def add_arguments(parser: argparse.ArgumentParser) -> None:
    parser.add_argument("recording", type=Path, metavar="IN.wav", help="what you say")
    parser.add_argument("--out", type=Path, metavar="OUT.wav", help="where to write what she says")
    parser.add_argument("--fast", action="store_true", help="as fast as it goes, not at the pace of speech")


def run(arguments: argparse.Namespace, env: Mapping[str, str]) -> int:
    """Returns 0. Raises PeerFault for a recording that cannot be used."""
    recording = Recording(arguments.recording, MICROPHONE_RATE)
    settings = without_echo_guard(load_settings(env))
    with ExitStack() as stack:
        out = stack.enter_context(RecordingWriter(arguments.out, RATE)) if arguments.out else None
        asyncio.run(_talk(settings, env, recording, out, fast=arguments.fast))
    return 0


async def _talk(
    settings: Settings,
    env: Mapping[str, str],
    recording: Recording,
    out: RecordingWriter | None,
    *,
    fast: bool,
) -> None:
    console = Console(highlight=False)
    # Faster than speech, the end of speech and the first sound lie on clocks of their own.
    language = language_for(settings)
    name = load_persona(settings.persona.card, language).name
    screen = Screen(console, name, language, voice=True, timed=not fast)

    def make_speaker(report: Report) -> Speaker:
        return SilentSpeaker(RATE, report, fast=fast, heard=out.write if out else lambda pcm: None)

    async with Conversation(open_logged(env, settings), screen, make_speaker) as conversation:
        await conversation.client.send(SessionUpdate(hands_free=True))
        async for pcm in _paced(recording, fast=fast):
            await conversation.client.send(MicrophoneAudio(stream=1, pcm=pcm))
            await conversation.listen()
        await conversation.rest()
    if not screen.turns_heard:
        screen.say("terminal-nobody-spoke")


async def _paced(recording: Recording, *, fast: bool) -> AsyncIterator[bytes]:
    """The recording and the silence after it, at the pace of speech or without waiting."""
    silence = bytes(round(2 * MICROPHONE_RATE * BLOCK_S))
    tail = [silence] * round(TAIL_S / BLOCK_S)
    with contextlib.closing(recording.blocks()) as blocks:
        for pcm in _chain(blocks, tail):
            yield pcm
            await asyncio.sleep(0 if fast else len(pcm) / 2 / MICROPHONE_RATE)


def _chain(*parts: Iterator[bytes] | list[bytes]) -> Iterator[bytes]:
    for part in parts:
        yield from part
