"""What the companion is doing, as far as its body is concerned."""

from __future__ import annotations

from typing import Literal

Activity = Literal["idle", "listening", "thinking", "speaking"]
"""The states of engine.messages.State."""
