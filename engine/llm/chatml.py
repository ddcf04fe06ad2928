"""ChatML, the chat format of the Qwen models, as segments to be tokenised.

Rendered here and not by the template in the model's file: what a person said is tokenised as plain text, so
that no `<|im_end|>` in it can end their turn, and a model that would think aloud first is told not to
(https://qwen.readthedocs.io/en/latest/getting_started/concepts.html).
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import NamedTuple

from engine.conversation.prompt import ChatMessage

BEGIN, END = "<|im_start|>", "<|im_end|>"
NO_THINKING = "<think>\n\n</think>\n\n"
_THINKS = "enable_thinking"


class Segment(NamedTuple):
    """A piece of the model's input."""

    text: str
    special: bool
    """Whether names of special tokens in it mean these tokens."""


def is_chatml(template: str) -> bool:
    """Whether a model with that chat template speaks ChatML."""
    return BEGIN in template


def thinks_first(template: str) -> bool:
    """Whether it thinks before it answers, unless it is told not to."""
    return _THINKS in template


def message_segments(message: ChatMessage) -> list[Segment]:
    """One whole message."""
    body = Segment(f"{message.role}\n{message.content}", False)
    return [Segment(BEGIN, True), body, Segment(END, True), Segment("\n", False)]


def opening_segments(thinking: bool) -> list[Segment]:
    """The beginning of the answer, which the model goes on with; `thinking`: see thinks_first."""
    opening = [Segment(BEGIN, True), Segment("assistant\n", False)]
    return [*opening, Segment(NO_THINKING, True)] if thinking else opening


def fitting(lengths: Sequence[int], room: int) -> list[int]:
    """Which messages, of so many tokens each, fit into `room`: the first, the system's, and the newest. Four
    turns leave at once, so that the model's cache of what is before them lasts for some turns. The first and
    the last stay even where they do not fit."""
    kept = list(range(len(lengths)))
    while len(kept) > 2 and sum(lengths[index] for index in kept) > room:
        del kept[1 : min(9, len(kept) - 1)]
    return kept
