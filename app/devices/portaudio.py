"""The devices of this machine, and streams to and from them: mono int16, each held by a worker of its own.

A stream whose device is lost, or hangs, ends; nothing else happens to the app (see app.devices.process).
"""

from __future__ import annotations

import json
from collections.abc import Callable
from dataclasses import dataclass

from app.devices.line import Block, Line
from app.devices.process import NoAnswer, Worker
from app.devices.wire import GENERATION, TOOK, Kind, pack
from engine.errors import EnvironmentFault

Took = Callable[[int, int, float], None]
"""Told: generation, samples the device took of it, and when the first of them is heard."""


@dataclass(frozen=True)
class Device:
    """One sound device. Settings keep its name: numbers change with every plug."""

    name: str
    inputs: int
    """Channels."""
    outputs: int
    """Channels."""


class Output:
    """An open speaker. It plays silence where it was sent nothing."""

    def __init__(self, worker: Worker, device: str, rate: int) -> None:
        self.device = device
        self.rate = rate
        """Hertz it runs at: the rate asked for, or its own."""
        self.took: Took = lambda generation, samples, heard_at: None
        self._worker = worker

    @property
    def ended(self) -> bool:
        """True once its device is lost, or was given back."""
        return self._worker.ended

    def send(self, generation: int, pcm: bytes) -> None:
        """Adds samples; a new generation drops what was not yet taken of the one before."""
        self._worker.send(pack(Kind.SPEECH, GENERATION.pack(generation), pcm))

    def mute(self, on: bool) -> None:
        """What is taken from now on is played as silence, or heard again."""
        self._worker.send(pack(Kind.MUTE, b"\1" if on else b"\0"))

    async def close(self) -> None:
        """Gives the device back; what it has not played is lost."""
        await self._worker.end()


class Input:
    """An open microphone."""

    def __init__(self, worker: Worker, line: Line, device: str, rate: int) -> None:
        self.device = device
        self.rate = rate
        """Hertz it runs at: the rate asked for, or its own."""
        self._worker = worker
        self._line = line

    async def read(self) -> Block | None:
        """What is heard next; None when there will be no more."""
        return await self._line.get()

    async def close(self) -> None:
        """Gives the device back."""
        await self._worker.end()


async def devices() -> list[Device]:
    """What is plugged in now. Raises EnvironmentFault `no-sound-device` where that cannot be found out."""
    worker = Worker(lambda kind, body: None, lambda: None)
    try:
        body = await worker.start("list")
    except NoAnswer as error:
        raise _no_output(error) from error
    await worker.end()
    return [Device(*fields) for fields in json.loads(body)]


async def open_output(rate: int, device: str = "") -> Output:
    """The speaker of that name, or the default one. Raises EnvironmentFault `no-sound-device`."""
    output: Output | None = None

    def receive(kind: Kind, body: bytes) -> None:
        if output and kind == Kind.TOOK:
            output.took(*TOOK.unpack(body))

    worker = Worker(receive, lambda: None)
    try:
        opened = json.loads(await worker.start("play", str(rate), device))
    except NoAnswer as error:
        raise _no_output(error) from error
    worker.watch()
    output = Output(worker, *opened)
    return output


async def open_input(rate: int, device: str = "") -> Input:
    """The microphone of that name, or the default one. Raises EnvironmentFault `no-microphone`."""
    line = Line()
    worker = Worker(lambda kind, pcm: line.put(pcm), line.end)
    try:
        opened = json.loads(await worker.start("listen", str(rate), device))
    except NoAnswer as error:
        raise EnvironmentFault(
            "no-microphone", f"There is no microphone to listen with ({error}); plug one in."
        ) from error
    worker.watch()
    return Input(worker, line, *opened)


def _no_output(error: NoAnswer) -> EnvironmentFault:
    return EnvironmentFault("no-sound-device", f"There is no sound device to play on ({error}); plug one in.")
