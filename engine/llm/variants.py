"""Choosing among several ways to say a thing: varied, never at random, and not what was just said.

The choice is a hash of the user's words and the turn's number, so one prompt always gets one reply. A variant
that names something unknown ({name} before the user told theirs) is left out.
"""

from __future__ import annotations

import re
import zlib
from collections.abc import Mapping, Sequence

from engine.conversation.prompt import Prompt
from engine.wording import upper_first

_TAG = re.compile(r"\[[^\]]*\]\s*")
_SLOT = re.compile(r"\{(\w+)\}")
_RECENT = 16
"""Replies of the history that are not to be repeated."""


class Variants:
    """The choices of one reply."""

    def __init__(self, prompt: Prompt, words: Mapping[str, str]) -> None:
        """`words` fills the {slots} of every variant; they must be free of tags (see `harmless`)."""
        self.seed = zlib.crc32(f"{prompt.session_turn}|{prompt.user_text}".encode("utf-8", "replace"))
        self._words = words
        said = [line.text for line in prompt.history if line.role == "companion"]
        self._said = "\n".join(said[-_RECENT:])

    def choose(self, variants: Sequence[str], **more: str) -> str:
        """One of `variants`, filled; empty where none can be filled."""
        words = {**self._words, **more}
        fitting = [text for text in variants if all(words.get(slot) for slot in _SLOT.findall(text))]
        if not fitting:
            return ""
        first = self.seed % len(fitting)
        filled = [_filled(text, words) for text in fitting[first:] + fitting[:first]]
        return next((text for text in filled if not self.was_said(text)), filled[0])

    def was_said(self, reply: str) -> bool:
        """True where the first sentence of `reply` stands in one of the latest replies."""
        parts = [part for part in re.split(r"(?<=[.!?。！？])\s*", _TAG.sub("", reply)) if part]
        return any(part in self._said for part in parts if len(part) > 3)


def _filled(text: str, words: Mapping[str, str]) -> str:
    """`text` with its {slots} filled, with a capital where one starts a sentence."""

    def word(match: re.Match[str]) -> str:
        starts = text[: match.start()].rstrip()[-1:] in "].!?"
        return upper_first(words[match[1]]) if starts else words[match[1]]

    return _SLOT.sub(word, text)


def harmless(text: str) -> str:
    """The user's words fit to stand in a reply: no tag, markup or stage direction can come out of them."""
    return " ".join(re.sub(r"[\[\]{}<>【】［］（）()*_`#|]+", " ", text).split())
