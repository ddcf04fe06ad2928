"""Backends that do what the request says, good or bad. Importable by name here and in worker processes."""

from __future__ import annotations

import ctypes
import logging
import os
import sys
import threading
import time
from collections.abc import Iterator
from pathlib import Path

from filelock import FileLock

from engine.asr import AsrRequest, SpeechRecognizer, Transcript
from engine.errors import EnvironmentFault, PeerFault
from engine.hosting.backend import Cancelled, Traits
from engine.tts import SpeechChunk, SpeechRequest, SpeechSynthesizer

released = threading.Event()
"""Ends `hang` inline, where the thread outlives its test."""


def _misload(how: str) -> None:
    match how:
        case "environment":
            raise EnvironmentFault("voice-missing", "Install the voice.")
        case "throw":
            raise ValueError("no such model")
        case "hang":
            released.wait(1000)
        case "abort":
            os._exit(9)


def _hold_gil() -> None:
    if sys.platform == "win32":
        ctypes.PyDLL("kernel32").Sleep(1_000_000)
    else:
        ctypes.PyDLL(None).sleep(1000)


class Speaker(SpeechSynthesizer):
    """The request's text is `command argument`. Options: `load` misbehaves when loading (once the file
    `broken` exists, if that is given), `lock` is a file kept locked while the backend lives."""

    traits = Traits(sample_rate=22050)

    def load(self) -> None:
        self.produced = 0
        self.unwound = 0
        self.running = 0
        broken = str(self.options.get("broken", ""))
        if not broken or Path(broken).exists():
            _misload(str(self.options.get("load", "")))
        if lock := str(self.options.get("lock", "")):
            self.lock = FileLock(lock)
            self.lock.acquire(timeout=0)
        self.traits = Traits(sample_rate=48000)

    def run(self, request: SpeechRequest, feed: Iterator[bytes]) -> Iterator[SpeechChunk]:
        command, _, argument = request.text.partition(" ")
        self.running += 1
        try:
            yield from getattr(self, f"do_{command}")(argument)
        finally:
            self.running -= 1
            self.unwound += 1

    def close(self) -> None:
        if path := self.options.get("closed"):
            Path(str(path)).write_text("closed", encoding="utf-8")

    def do_echo(self, text: str) -> Iterator[SpeechChunk]:
        for character in text:
            yield SpeechChunk(character.encode())

    def do_nothing(self, _: str) -> Iterator[SpeechChunk]:
        return iter(())

    def do_forever(self, _: str) -> Iterator[SpeechChunk]:
        while True:
            self.produced += 1
            yield SpeechChunk(b"..")

    def do_slowly(self, gap_s: str) -> Iterator[SpeechChunk]:
        while True:
            yield SpeechChunk(b"..")
            time.sleep(float(gap_s))

    def do_tell(self, name: str) -> Iterator[SpeechChunk]:
        yield SpeechChunk(str(getattr(self, name)).encode())

    def do_throw(self, after: str) -> Iterator[SpeechChunk]:
        yield from self.do_echo("x" * int(after))
        raise KeyError("lost voice")

    def do_exit(self, _: str) -> Iterator[SpeechChunk]:
        sys.exit(3)

    def do_environment(self, _: str) -> Iterator[SpeechChunk]:
        raise EnvironmentFault("disk-full", "Free some space.")

    def do_peer(self, _: str) -> Iterator[SpeechChunk]:
        raise PeerFault("bad-audio", "Send other audio.")

    def do_misname(self, _: str) -> Iterator[SpeechChunk]:
        raise OSError("cannot find \udc80")

    def do_abort(self, after: str) -> Iterator[SpeechChunk]:
        yield from self.do_echo("x" * int(after or 0))
        os.abort()

    def do_hang(self, after: str) -> Iterator[SpeechChunk]:
        yield from self.do_echo("x" * int(after or 0))
        released.wait(1000)

    def do_work(self, _: str) -> Iterator[SpeechChunk]:
        yield SpeechChunk(b"..")
        while not self.cancelled():
            time.sleep(0.005)
        raise Cancelled

    def do_stuck(self, path: str) -> Iterator[SpeechChunk]:
        Path(path).touch()
        released.wait(1000)
        yield from ()

    def do_gil(self, _: str) -> Iterator[SpeechChunk]:
        yield SpeechChunk(b"..")
        _hold_gil()

    def do_stubborn(self, _: str) -> Iterator[SpeechChunk]:
        try:
            while True:
                yield SpeechChunk(b"..")
        finally:
            raise OSError("cannot unwind")

    def do_print(self, text: str) -> Iterator[SpeechChunk]:
        os.write(1, b"\x00\x00\x00\x05 native noise\n")
        print(text, flush=True)
        yield SpeechChunk(b"..")

    def do_complain(self, text: str) -> Iterator[SpeechChunk]:
        os.write(2, f"{text}\n".encode())
        yield SpeechChunk(b"..")

    def do_log(self, text: str) -> Iterator[SpeechChunk]:
        logging.getLogger("voice").warning("%s", text)
        yield SpeechChunk(b"..")

    def do_stdin(self, _: str) -> Iterator[SpeechChunk]:
        yield SpeechChunk(os.read(0, 10))

    def do_bytes(self, count: str) -> Iterator[SpeechChunk]:
        yield SpeechChunk(bytes(int(count)))

    def do_wrong(self, _: str) -> Iterator[SpeechRequest | SpeechChunk]:
        yield SpeechRequest("not a chunk")
        yield SpeechChunk(b"..")

    def do_pid(self, _: str) -> Iterator[SpeechChunk]:
        yield SpeechChunk(str(os.getpid()).encode())

    def do_thread(self, _: str) -> Iterator[SpeechChunk]:
        yield SpeechChunk(threading.current_thread().name.encode())


class Listener(SpeechRecognizer):
    """The request's language is the command."""

    def run(self, request: AsrRequest, feed: Iterator[bytes]) -> Iterator[Transcript]:
        match request.language:
            case "sum":
                yield Transcript(text=str(sum(sum(block) for block in feed)), final=True)
            case "partials":
                for block in feed:
                    yield Transcript(text=str(len(block)), final=False)
                yield Transcript(text="end", final=True)
            case "deaf":
                released.wait(1000)
            case "early":
                next(feed)
                yield Transcript(text="enough", final=True)


class Unrelated:
    """No backend at all."""
