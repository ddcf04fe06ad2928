"""The mind for tests and demos: says what its script says, at the pace it is told."""

from __future__ import annotations

import re
from collections.abc import Iterator

from engine.conversation.prompt import Prompt
from engine.hosting.misbehave import Misbehaviour
from engine.hosting.pacing import paced
from engine.llm import LanguageModel, TextPiece

SEPARATOR = "||"

_PIECE = re.compile(r"^\s+|(?:[\u3400-\u9fff]|[^\s\u3400-\u9fff]+)\s*")


class ScriptedModel(LanguageModel):
    """Gives the texts of option `replies` (`"[happy] hello||[calm] well"`) in turn, and again from the first.

    A reply comes in pieces as from a language model: a word or one Chinese character at a time. `{text}` in a
    reply stands for the user's words. A cancelled call has taken its reply.

    Options: `replies`, `first_ms`, `gap_ms` or `per_second` (pieces; see engine.hosting.pacing),
    `misbehave...` (see engine.hosting.misbehave).
    """

    def __init__(self, options: dict[str, str | int | float | bool] | None = None) -> None:
        super().__init__(options)
        self._replies = str(self.options.get("replies", "[happy] Hello there.")).split(SEPARATOR)
        self._next = 0

    def run(self, request: Prompt, feed: Iterator[bytes]) -> Iterator[TextPiece]:
        pieces = map(TextPiece, _PIECE.findall(self._take().replace("{text}", request.user_text)))
        yield from Misbehaviour(self.options).apply(paced(pieces, self._pace()))

    def _take(self) -> str:
        reply = self._replies[self._next % len(self._replies)]
        self._next += 1
        return reply

    def _pace(self) -> dict[str, str | int | float | bool]:
        rate = float(self.options.get("per_second", 0))
        return {**self.options, "gap_ms": 1000.0 / rate} if rate > 0 else self.options
