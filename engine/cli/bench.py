"""Measures this machine: start, memory, the engine's own share of the latency, and how smoothly it runs.

Everything happens in a temporary folder; your memories are not touched.
"""

from __future__ import annotations

import argparse
import asyncio
import platform
import statistics
import subprocess
import tempfile
import time
from collections.abc import Iterator, Mapping, Sequence
from pathlib import Path

from rich.console import Console
from rich.table import Table

from engine.audio import Resampler
from engine.cli import bench_host
from engine.cli.conversation import Conversation
from engine.cli.screen import Screen
from engine.cli.speaker import SilentSpeaker
from engine.client.local import LocalEngine
from engine.config import DATA_DIR
from engine.hosting.deadlines import Deadlines
from engine.messages import InputStart, InputStop, MicrophoneAudio, ReplyDone, ServerMessage
from engine.program import NO_WINDOW, command_of
from engine.runtime import Engine
from engine.settings import Settings
from engine.tts import SpeechRequest

QUESTIONS = ("Hello, how are you?", "What can you do?", "I like the sea.", "你好，你是谁？", "Thank you!")
LAG_STEP_S = 0.005
SPOKEN = (
    "thank you very much",
    "do you want to listen to some music",
    "what do you think about that",
)
"""Sentences that the starter ear understands from the starter voice."""
MICROPHONE_RATE = 16000


def add_arguments(parser: argparse.ArgumentParser) -> None:
    parser.add_argument("--turns", type=int, default=200, help="turns with scripted stages (default 200)")


def run(arguments: argparse.Namespace, env: Mapping[str, str]) -> int:
    """Prints a table of figures; returns 0."""
    rows = [*_start(env)]
    with tempfile.TemporaryDirectory() as folder:
        rows += asyncio.run(_overhead(Path(folder), arguments.turns))
    with tempfile.TemporaryDirectory() as folder:
        rows += asyncio.run(_starter(Path(folder)))
    rows += bench_host.measure(_spread)
    table = Table("figure", "value", title=f"{platform.machine()}, Python {platform.python_version()}")
    for name, value in rows:
        table.add_row(name, value)
    Console(highlight=False).print(table)
    return 0


def _start(env: Mapping[str, str]) -> Iterator[tuple[str, str]]:
    """Fresh processes from their start to their greeting."""
    with tempfile.TemporaryDirectory() as folder:
        for attempt in ("first start (new data folder)", "second start"):
            begun = time.perf_counter()
            with subprocess.Popen(
                command_of("engine.cli", "chat", "--mute"),
                stdin=subprocess.PIPE,
                stdout=subprocess.PIPE,
                stderr=subprocess.DEVNULL,
                env={**env, DATA_DIR: folder},
                creationflags=NO_WINDOW,
            ) as child:
                assert child.stdout
                child.stdout.readline()
                yield attempt, f"{time.perf_counter() - begun:.2f} s until ready"
                child.communicate()


class _Watcher(Screen):
    """A screen nobody sees, which keeps the traces."""

    def __init__(self) -> None:
        super().__init__(Console(quiet=True), "", "en")
        self.traces: list[dict[str, float]] = []

    def show(self, message: ServerMessage) -> None:
        if isinstance(message, ReplyDone):
            self.traces.append(message.trace)

    def since(self, begin: str, end: str) -> list[float]:
        """ms between two milestones of every turn that reached both."""
        return [trace[end] - trace[begin] for trace in self.traces if begin in trace and end in trace]


async def _overhead(folder: Path, turns: int) -> list[tuple[str, str]]:
    """The engine's own share: stages that answer at once, in this process."""
    watcher = _Watcher()
    engine = Engine(bench_host.SCRIPTED, folder)
    client = LocalEngine(engine)
    async with Conversation(client, watcher, lambda report: SilentSpeaker(24000, report, fast=True)) as talk:
        for number in range(turns):
            await talk.say(f"turn {number}")
            await talk.rest()
            if engine.memory:  # a person leaves more time between two turns than indexing one takes
                await engine.memory.settle()
    return [
        (
            "engine overhead: recalled -> first sample",
            _spread(watcher.since("recall_done", "first_sample_out")),
        ),
        ("recall from a small memory", _spread(watcher.since("committed", "recall_done"))),
        ("both: committed -> first sample", _spread(watcher.since("committed", "first_sample_out"))),
    ]


async def _starter(folder: Path) -> list[tuple[str, str]]:
    """The real starter stages: typed turns, then one spoken at the pace of speech."""
    watcher = _Watcher()
    engine = Engine(Settings(), folder)
    lags: list[float] = []
    client = LocalEngine(engine)
    async with Conversation(client, watcher, lambda report: SilentSpeaker(24000, report)) as talk:
        measuring = asyncio.create_task(_measure_lag(lags))
        for question in QUESTIONS:
            await talk.say(question)
            await talk.rest()
        typed = watcher.since("committed", "first_sample_out")
        watcher.traces.clear()
        await _speak_to(talk, engine)
        spoken = watcher.since("speech_end", "first_sample_out")
        memory = _resident(engine)
        measuring.cancel()
        await asyncio.gather(measuring, return_exceptions=True)
    return [
        ("starter, typed -> first sample", _spread(typed)),
        ("starter, key released -> first sample", _spread(spoken)),
        ("event loop lag while the starter stages work", _spread(lags)),
        ("memory, engine and workers", memory),
    ]


async def _speak_to(talk: Conversation, engine: Engine) -> None:
    """Says SPOKEN by push-to-talk, in the engine's own voice."""
    for stream, text in enumerate(SPOKEN, start=1):
        voice = engine.voice
        resampler = Resampler(voice.sample_rate, MICROPHONE_RATE)
        async with voice.call(SpeechRequest(text, "calm"), Deadlines(10, 10, 60)) as call:
            pcm = b"".join([resampler.process(chunk.pcm) async for chunk in call]) + resampler.flush()
        await talk.client.send(InputStart(stream=stream))
        for start in range(0, len(pcm), 3200):
            await talk.client.send(MicrophoneAudio(stream=stream, pcm=pcm[start : start + 3200]))
            await asyncio.sleep(0.1)
        await talk.client.send(InputStop(stream=stream))
        await asyncio.sleep(LAG_STEP_S)
        await talk.rest()


async def _measure_lag(lags: list[float]) -> None:
    while True:
        due = time.perf_counter() + LAG_STEP_S
        await asyncio.sleep(LAG_STEP_S)
        lags.append(1000 * max(0.0, time.perf_counter() - due))


def _spread(values: Sequence[float]) -> str:
    if len(values) < 2:
        return "not measured (no turn got there)"
    cuts = statistics.quantiles(values, n=100, method="inclusive")
    return f"p50 {cuts[49]:.2f}  p95 {cuts[94]:.2f}  p99 {cuts[98]:.2f} ms  (n={len(values)})"


def _resident(engine: Engine) -> str:
    """Resident memory of this process and its workers; proportional where the system tells."""
    pids = [
        "self",
        *(str(stage.backend.pid) for stage in engine.shared_stages if stage.backend and stage.backend.pid),
    ]
    try:
        kilobytes = [_field(Path(f"/proc/{pid}/status"), "VmRSS") for pid in pids]
    except OSError:
        return "not measured on this system"
    return f"{sum(kilobytes) / 1024:.0f} MB in {len(pids)} processes"


def _field(status: Path, name: str) -> int:
    line = next(line for line in status.read_text().splitlines() if line.startswith(name))
    return int(line.split()[1])
