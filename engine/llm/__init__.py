"""The mind: a prompt in, the reply as a stream of text pieces with emotion tags out."""

from __future__ import annotations

import msgspec

from engine.conversation.prompt import Prompt
from engine.hosting.backend import Backend


class TextPiece(msgspec.Struct, frozen=True):
    """One token, or a few: text exactly as generated, tags included (`[开心] 你好！`)."""

    text: str


class LanguageModel(Backend[Prompt, TextPiece]):
    """Interface of the stage: yields pieces as they are generated."""

    stage = "llm"
    request_type = Prompt
    output_type = TextPiece
