"""Checks everything the companion needs, and says what to do where something is missing."""

from __future__ import annotations

import argparse
import asyncio
import platform
import shutil
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from rich.console import Console
from rich.table import Table

from engine import config
from engine.asr import AsrRequest, Transcript
from engine.audio import rms_dbfs
from engine.cli.opening import load_settings
from engine.cli.speaker import DeviceSpeaker
from engine.conversation.prompt import Prompt
from engine.embedding import Embedding, EmbedRequest
from engine.errors import CompanionError, EnvironmentFault, StageFault
from engine.hosting.deadlines import Deadlines
from engine.llm import TextPiece
from engine.messages import Playback
from engine.persona import load_persona
from engine.runtime import Engine
from engine.stages import Stage
from engine.tts import SpeechChunk, SpeechRequest

LOW_SPACE_BYTES = 500 * 1024 * 1024
QUIET_DBFS = -60.0
TRIAL = Deadlines(first_s=20.0, gap_s=10.0, total_s=60.0)


@dataclass(frozen=True)
class Finding:
    """One line of the report."""

    name: str
    good: bool
    text: str


def add_arguments(parser: argparse.ArgumentParser) -> None:
    """No options."""


def run(arguments: argparse.Namespace, env: Mapping[str, str]) -> int:
    """Returns 0 when all is well, 1 when something must be put right."""
    findings = asyncio.run(_examine(env))
    table = Table(box=None, show_header=False)
    for finding in findings:
        table.add_row("[green]ok[/]" if finding.good else "[red]!![/]", finding.name, finding.text)
    Console(highlight=False).print(table)
    return 0 if all(finding.good for finding in findings) else 1


async def _examine(env: Mapping[str, str]) -> list[Finding]:
    findings = [Finding("python", True, f"{platform.python_version()} on {platform.platform()}")]
    folder = config.data_dir(env)
    findings.append(_space(folder))
    try:
        settings = load_settings(env)
    except CompanionError as error:
        return [*findings, Finding("settings", False, error.message)]
    findings.append(Finding("settings", True, str(config.config_path(env))))
    engine = Engine(settings, folder)
    try:
        await engine.start()
        findings.append(_memory(engine, folder))
        findings += [await _stage(stage) for stage in engine.shared_stages]
    except EnvironmentFault as error:
        findings.append(Finding("memory", False, error.message))
    finally:
        await engine.close()
    findings.append(_sound())
    return findings


def _space(folder: Path) -> Finding:
    existing = next(path for path in (folder, *folder.parents) if path.exists())
    free = shutil.disk_usage(existing).free
    text = f"{folder} ({free / 1e9:.1f} GB free)"
    if free < LOW_SPACE_BYTES:
        return Finding("data folder", False, f"{text}: make room, or memories cannot be saved.")
    return Finding("data folder", True, text)


def _memory(engine: Engine, folder: Path) -> Finding:
    fault = engine.memory_fault
    return Finding("memory", fault is None, fault.message if fault else f"opened in {folder}")


async def _stage(stage: Stage[Any, Any]) -> Finding:
    """Not only loaded: made to work once."""
    name = f"{stage.status.stage} ({stage.status.backend})"
    trial = {"asr": _try_ear, "llm": _try_mind, "tts": _try_voice, "embedding": _try_embedding}
    try:
        if stage.status.state == "failed":
            raise StageFault(stage.status.stage, stage.status.message)
        works = await trial[stage.status.stage](stage)
        if stage.status.state == "fallback":
            return Finding(name, False, f"{works}, in place of another: {stage.status.message}")
        return Finding(name, True, works)
    except CompanionError as error:
        return Finding(name, False, f"{error.message} ({error.code})")


async def _try_ear(stage: Stage[AsrRequest, Transcript]) -> str:
    async with stage.call(AsrRequest(), TRIAL, listening=True) as call:
        await call.feed(bytes(16000))
        call.end_feed()
        finals = [transcript async for transcript in call if transcript.final]
    if not finals:
        raise StageFault("asr", "The recogniser gives no transcript; install it again.")
    return f"listens (understands {', '.join(stage.languages) or 'any language'})"


async def _try_mind(stage: Stage[Prompt, TextPiece]) -> str:
    persona = load_persona("rio", "en")
    async with stage.call(Prompt(persona=persona, user_text="Hello", language="en"), TRIAL) as call:
        text = "".join([piece.text async for piece in call])
    if not text.strip():
        raise StageFault("llm", "The mind gives no answer; choose another backend with llm.backend.")
    return "answers"


async def _try_voice(stage: Stage[SpeechRequest, SpeechChunk]) -> str:
    async with stage.call(SpeechRequest("Hello, my friend."), TRIAL) as call:
        pcm = b"".join([chunk.pcm async for chunk in call])
    if rms_dbfs(pcm) < QUIET_DBFS:
        raise StageFault("tts", "The voice makes no sound; install it again.")
    return f"speaks ({len(pcm) / 2 / stage.sample_rate:.1f} s at {rms_dbfs(pcm):.0f} dBFS)"


async def _try_embedding(stage: Stage[EmbedRequest, Embedding]) -> str:
    async with stage.call(EmbedRequest(("hello",)), TRIAL) as call:
        vectors = [embedding.vector async for embedding in call]
    if len(vectors) != 1:
        raise StageFault("embedding", "The embedder gives no vector; choose another with embedding.backend.")
    return f"{len(vectors[0])} dimensions"


def _sound() -> Finding:
    """A missing sound device is no fault: one can read."""
    try:
        DeviceSpeaker(24000, _ignore).close()
    except EnvironmentFault as error:
        return Finding("sound", True, f"none: replies are shown only. {error.message}")
    return Finding("sound", True, "a device to play on")


async def _ignore(report: Playback) -> None:
    """Nobody wants to know what the trial played."""
