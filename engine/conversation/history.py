"""What was said and heard, as short-term context for the mind.

Replies are kept as far as they were heard, word for word and without any marker of the interruption: models
copy markers. When the history is over its budget, whole turns go from its front: between two turns and down
to half of the budget, so that most replies find the same beginning in the model's prefix cache.
"""

from __future__ import annotations

from engine.conversation.prompt import HISTORY_TOKENS, Line
from engine.conversation.tokens import count_tokens
from engine.messages import Emotion


class History:
    """The turns of one session, at most about `limit_tokens` of them plus the running one."""

    def __init__(self, limit_tokens: int = HISTORY_TOKENS) -> None:
        self.last_interrupted = False
        """True when the newest reply was cut short by the user."""
        self._limit = limit_tokens
        self._lines: list[Line] = []
        self._tokens: list[int] = []

    def user(self, text: str) -> None:
        """The user's words begin a turn."""
        self._trim()
        self._add(Line("user", text))

    def reply(self, heard_text: str, emotion: Emotion, interrupted: bool = False) -> None:
        """What was heard of the reply ends the turn. Nothing heard leaves no line."""
        self.last_interrupted = interrupted
        if heard_text.strip():
            self._add(Line("companion", heard_text.strip(), emotion))
        self._trim()

    def lines(self) -> tuple[Line, ...]:
        """Oldest first. Two lines of the user may follow each other, where the reply was not heard."""
        return tuple(self._lines)

    def _add(self, line: Line) -> None:
        self._lines.append(line)
        self._tokens.append(count_tokens(line.text))

    def _trim(self) -> None:
        if sum(self._tokens) <= self._limit:
            return
        keep = len(self._lines)
        spent = 0
        for index in range(len(self._lines) - 1, -1, -1):
            spent += self._tokens[index]
            if spent > (self._limit // 2 if keep < len(self._lines) else self._limit):
                break
            if self._lines[index].role == "user":
                keep = index
        del self._lines[:keep], self._tokens[:keep]
