"""The frames hosting and a runner exchange, and their encoding. Sans-I/O.

On the wire a frame is a 4-byte big-endian length and that many bytes of msgpack. Requests and outputs travel
as msgpack of their own inside a frame, so nothing here knows a stage.

    hosting -> runner   Load  Run  Feed  EndFeed  Took  Cancel  Close
    runner -> hosting   Loaded  Output  Took  Done  Failed  Log
"""

from __future__ import annotations

import msgspec

from engine.errors import PeerFault
from engine.hosting.backend import Traits

MAX_PAYLOAD = 64 * 1024 * 1024
"""Most bytes of one request, output or feed block."""

MAX_FRAME = MAX_PAYLOAD + 64 * 1024
"""Most bytes of one frame: a payload and what surrounds it."""

OUTPUT_WINDOW = 16
"""Outputs a runner may be ahead of their consumer before it pauses."""

FEED_WINDOW = 32
"""Feed blocks a client may be ahead of the backend before it waits."""


class Frame(msgspec.Struct, frozen=True, array_like=True, tag=True):
    """Base of all frames. `call` numbers calls from 1; 0 in `Failed` means loading."""


class Load(Frame, frozen=True):
    """Makes and loads the backend; answered by `Loaded` or `Failed`."""

    target: str
    """`module:Class`."""
    options: dict[str, str | int | float | bool]
    log_level: int
    """Records below it are not worth sending."""


class Loaded(Frame, frozen=True):
    """The backend is ready; its traits may be more exact than its class's."""

    traits: Traits


class Run(Frame, frozen=True):
    """Starts a call. At most one runs at a time; it ends with one `Done` or `Failed`."""

    call: int
    request: bytes
    listening: bool
    """A feed follows, ended by `EndFeed`."""


class Feed(Frame, frozen=True):
    call: int
    pcm: bytes


class EndFeed(Frame, frozen=True):
    call: int


class Took(Frame, frozen=True):
    """The receiver of outputs (or of feed blocks) took one: the sender may send one more."""

    call: int


class Cancel(Frame, frozen=True):
    """Stops a call; it still ends with `Done` or `Failed`. Ignored when it has ended already."""

    call: int


class Close(Frame, frozen=True):
    """Cancels what runs, closes the backend and ends the runner."""


class Output(Frame, frozen=True):
    call: int
    value: bytes


class Done(Frame, frozen=True):
    """The call ended, by itself or cancelled."""

    call: int


class Failed(Frame, frozen=True):
    """A call or the loading raised (see engine.hosting.faults)."""

    call: int
    kind: str
    """Name of the error's class."""
    code: str
    message: str
    traceback: str


class Log(Frame, frozen=True):
    """A log record of a worker."""

    level: int
    logger: str
    text: str


AnyFrame = (
    Load | Loaded | Run | Feed | EndFeed | Took | Cancel | Close | Output | Done | Failed | Log
)  # fmt: skip

_encoder = msgspec.msgpack.Encoder()
_decoder = msgspec.msgpack.Decoder(AnyFrame)
_PREFIX = 4


def encode(frame: Frame) -> bytearray:
    """The bytes of one frame. Raises PeerFault `bad-frame` when it is longer than MAX_FRAME."""
    data = bytearray(_PREFIX)
    _encoder.encode_into(frame, data, _PREFIX)
    size = len(data) - _PREFIX
    if size > MAX_FRAME:
        raise PeerFault("bad-frame", f"A frame of {size} bytes is over the limit of {MAX_FRAME}.")
    data[:_PREFIX] = size.to_bytes(_PREFIX, "big")
    return data


class FrameDecoder:
    """Cuts a byte stream into frames."""

    def __init__(self) -> None:
        self._buffer = bytearray()

    def feed(self, data: bytes) -> list[AnyFrame]:
        """Takes the next bytes and returns the frames they complete.

        Raises PeerFault `bad-frame` for a length over MAX_FRAME or bytes that are no frame; the stream
        cannot be read on after that.
        """
        self._buffer += data
        frames: list[AnyFrame] = []
        start = 0
        while len(self._buffer) - start >= _PREFIX:
            body = start + _PREFIX
            size = int.from_bytes(self._buffer[start:body], "big")
            if size > MAX_FRAME:
                raise PeerFault("bad-frame", f"A frame of {size} bytes is over the limit of {MAX_FRAME}.")
            if len(self._buffer) < body + size:
                break
            try:
                frames.append(_decoder.decode(memoryview(self._buffer)[body : body + size]))
            except (msgspec.DecodeError, UnicodeDecodeError) as error:
                raise PeerFault("bad-frame", f"Bytes that are no frame: {error}.") from error
            start = body + size
        del self._buffer[:start]
        return frames
