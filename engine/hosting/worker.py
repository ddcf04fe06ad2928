"""Main of a worker process: one backend, driven by frames on stdin, answering with frames on stdout.

The backend runs on the main thread; a second thread reads frames, so cancel arrives while the backend works.
When stdin ends the parent is gone, and so is the worker, at once. The frame channel is moved off the standard
descriptors first: native code that prints to stdout, or a child process that reads stdin, must not touch it.
"""

from __future__ import annotations

import logging
import os
import signal
import sys
import threading
from typing import BinaryIO

from engine.hosting.faults import sendable
from engine.hosting.frames import Frame, FrameDecoder, Load, Log, encode
from engine.hosting.runner import Runner

_READ_SIZE = 256 * 1024
_LOG_TEXT_LIMIT = 4_000


class _Outlet:
    """Writes whole frames, from any thread."""

    def __init__(self, stream: BinaryIO) -> None:
        self._stream = stream
        self._lock = threading.Lock()

    def write(self, frame: Frame) -> None:
        data = encode(frame)
        with self._lock:
            self._stream.write(data)
            self._stream.flush()


class _FrameHandler(logging.Handler):
    """Sends log records to the parent."""

    def __init__(self, outlet: _Outlet) -> None:
        super().__init__()
        self._outlet = outlet

    def emit(self, record: logging.LogRecord) -> None:
        text = self.format(record)[:_LOG_TEXT_LIMIT]
        self._outlet.write(Log(record.levelno, record.name, sendable(text)))


def _take_channel() -> tuple[int, BinaryIO]:
    """Moves the frame channel to descriptors of its own; returns (to read, to write)."""
    inlet = os.dup(0)
    outlet = os.dup(1)
    nothing = os.open(os.devnull, os.O_RDONLY)
    os.dup2(nothing, 0)
    os.close(nothing)
    os.dup2(2, 1)
    if sys.platform == "win32":
        import msvcrt

        msvcrt.setmode(inlet, os.O_BINARY)
        msvcrt.setmode(outlet, os.O_BINARY)
    return inlet, os.fdopen(outlet, "wb")


def _read_frames(inlet: int, runner: Runner) -> None:
    decoder = FrameDecoder()
    try:
        while data := os.read(inlet, _READ_SIZE):
            for frame in decoder.feed(data):
                if isinstance(frame, Load):
                    logging.getLogger().setLevel(frame.log_level)
                runner.deliver(frame)
    except BaseException:  # boundary: without this thread the worker can never be told to stop
        logging.getLogger(__name__).exception("The worker cannot read its frames and ends.")
        os._exit(1)
    os._exit(0)  # the parent is gone; the main thread may be deep in native code, so there is no asking it


def main() -> None:
    inlet, stream = _take_channel()
    # Ctrl+C reaches every process of the console; whether the worker ends is the parent's decision.
    signal.signal(signal.SIGINT, signal.SIG_IGN)
    sys.stderr.reconfigure(encoding="utf-8", errors="backslashreplace")  # pyright: ignore[reportAttributeAccessIssue]
    outlet = _Outlet(stream)
    logging.getLogger().addHandler(_FrameHandler(outlet))
    runner = Runner(outlet.write)
    threading.Thread(target=_read_frames, args=(inlet, runner), name="frames", daemon=True).start()
    code = 0
    try:
        runner.serve()
    except BaseException:  # boundary: the process ends, and its log says why
        logging.getLogger(__name__).exception("The worker failed while closing.")
        code = 1
    sys.stderr.flush()
    os._exit(code)  # destructors of native libraries may hang or abort, and everything is closed by now


if __name__ == "__main__":
    main()
