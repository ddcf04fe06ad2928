"""Searches the conversation: what is here at once, what is older by asking the engine and reading back."""

from __future__ import annotations

from typing import Any

from app.connection import Connection
from app.i18n import Words
from app.panels.chat_model import ChatModel
from app.panels.chat_view import ChatView
from app.panels.finding import matches, places
from app.panels.history import History
from app.panels.search_bar import SearchBar
from engine.errors import CompanionError
from engine.messages import MemorySearch

_PAGE = 100
"""Turns read at a time on the way back."""
_MOST_FOUND = 50
"""Turns the engine is asked for."""


class Searching:
    """Moves the view to what the bar asks for, and tells the bar what was found."""

    def __init__(
        self,
        words: Words,
        connection: Connection,
        history: History,
        model: ChatModel,
        view: ChatView,
        bar: SearchBar,
    ) -> None:
        self._words = words
        self._connection = connection
        self._history = history
        self._model = model
        self._view = view
        self._bar = bar
        self._needle = ""
        self._current: int | None = None
        """The match that is shown, counted from the end: older rows come in above."""
        bar.changed.connect(self._look_for)
        bar.step_wanted.connect(self._step)

    def _look_for(self, needle: str) -> None:
        self._needle, self._current = needle, None
        self._view.mark(needle)
        self._bar.say("")
        if not needle:
            return
        if found := matches(self._model.rows, needle):
            self._show(found, len(found) - 1)
            return
        self._bar.say(self._words("chat.found-nothing"))
        request = MemorySearch(id="", query=needle, limit=_MOST_FOUND)
        self._connection.ask(
            self._view, request, lambda found: self._on_found(needle, found), self._on_failure
        )

    def _on_found(self, needle: str, found: list[dict[str, Any]]) -> None:
        """The engine looks for meaning as well; here only the very words count."""
        older = any(entry["kind"] == "turn" and places(entry["text"], needle) for entry in found)
        if needle == self._needle and older and self._current is None:
            self._look_back(needle)

    def _on_failure(self, _error: CompanionError) -> None:
        """Nothing more is found than what is here, and that has been said."""

    def _step(self, step: int) -> None:
        found = matches(self._model.rows, self._needle)
        shown = None if self._current is None else len(self._model.rows) - self._current
        before = [number for number in range(len(found)) if shown is None or found[number] < shown]
        after = [number for number in range(len(found)) if shown is not None and found[number] > shown]
        if step < 0 and before:
            self._show(found, before[-1])
        elif step > 0 and after:
            self._show(found, after[0])
        elif step < 0 and self._needle and self._history.more:
            self._look_back(self._needle)

    def _look_back(self, needle: str) -> None:
        """Reads older pages until one has a match."""
        if needle != self._needle:
            return
        rows = len(self._model.rows)

        def then() -> None:
            new = len(self._model.rows) - rows
            found = matches(self._model.rows, needle)
            if needle != self._needle:
                return
            if older := [number for number in range(len(found)) if found[number] < new]:
                self._show(found, older[-1])
            elif self._history.more:
                self._look_back(needle)
            else:
                self._say(found)

        self._bar.say(self._words("chat.finding"))
        self._history.older(_PAGE, then)

    def _show(self, found: list[int], number: int) -> None:
        self._current = len(self._model.rows) - found[number]
        self._view.show_row(found[number])
        self._say(found)

    def _say(self, found: list[int]) -> None:
        if self._current is None:
            self._bar.say(self._words("chat.found-nothing"))
            return
        number = len(found) - found.index(len(self._model.rows) - self._current)
        code = "chat.found-more" if self._history.more else "chat.found"
        self._bar.say(self._words(code, number=number, count=len(found)))
