"""Numbers of turns and speech streams that keep growing, although each session of a host begins anew. Pure.

So a client never takes an old reply for a new one, and drops what is stale by its number.
"""

from __future__ import annotations

from typing import Any

import msgspec

from engine.messages import ClientMessage, Playback, ServerMessage


class Numbering:
    """`inward` for all that comes from the host, `outward` for all that goes there."""

    def __init__(self) -> None:
        self._turns = self._streams = 0
        """Added to the host's numbers."""
        self._last_turn = self._last_stream = 0

    def begin_session(self) -> None:
        """The host counts from the beginning again."""
        self._turns, self._streams = self._last_turn, self._last_stream

    def inward(self, message: ServerMessage) -> ServerMessage:
        """`message` with the client's numbers."""
        changes: dict[str, Any] = {}
        if (turn := getattr(message, "turn", None)) is not None:
            self._last_turn = max(self._last_turn, turn + self._turns)
            if self._turns:
                changes["turn"] = turn + self._turns
        if (stream := getattr(message, "stream", None)) is not None:
            self._last_stream = max(self._last_stream, stream + self._streams)
            if self._streams:
                changes["stream"] = stream + self._streams
        return msgspec.structs.replace(message, **changes) if changes else message

    def outward(self, message: ClientMessage) -> ClientMessage | None:
        """`message` with the host's numbers; None when it speaks of what the host's session does not know."""
        if isinstance(message, Playback) and self._streams:
            if message.stream <= self._streams:
                return None
            return msgspec.structs.replace(message, stream=message.stream - self._streams)
        return message
