"""Writes to the terminal so that what she says, what is reported and what the user types stay apart.

Theory of operation. Only the cursor's place is remembered: at the start of a line, in one that is being
written, or behind the prompt. What is reported begins a line of its own, wherever the cursor is; flowing text
breaks between words (between any two characters of Chinese). The terminal itself echoes what is typed, and
Enter puts the cursor at the start of a line: `entered` says so.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from typing import Literal

from rich.cells import cell_len
from rich.console import Console

from engine.conversation.characters import CJK

PROMPT = "› "
_PIECE = re.compile(rf"\s*(?:[{CJK}]|[^\s{CJK}]+)[，。！？；：、”’」』）]*|\s+")


class Lines:
    """One console. Without a terminal there is no prompt, and no line is broken."""

    def __init__(self, console: Console, *, prompted: bool = False) -> None:
        """`prompted`: a prompt stands wherever the user is expected to type."""
        self._console = console
        self._prompted = prompted and console.is_terminal
        self._place: Literal["start", "within", "prompt"] = "start"
        self._column = 0

    def flow(self, text: str, style: str) -> None:
        """Goes on with the line."""
        if self._place == "prompt":
            self._break()
        self._write("".join(self._broken(text)), style)

    def line(self, text: str, style: str) -> None:
        """Writes `text` on a line of its own."""
        self.leave()
        self.flow(text, style)
        self._break()

    def end(self, text: str, style: str) -> None:
        """Ends the line with `text`."""
        self.flow(f"  {text}" if text and self._place == "within" else text, style)
        self._break()

    def prompt(self) -> None:
        """Shows that the user may type."""
        if self._prompted and self._place == "start":
            self._console.print(PROMPT, style="bold", end="", markup=False)
            self._place = "prompt"

    def entered(self) -> None:
        """The user has pressed Enter."""
        if self._prompted:
            self._place, self._column = "start", 0

    def leave(self) -> None:
        """Leaves the cursor at the start of a line."""
        if self._place != "start":
            self._break()

    def _break(self) -> None:
        self._write("\n", "")
        self._place, self._column = "start", 0

    def _write(self, text: str, style: str) -> None:
        self._console.print(text, style=style, end="", markup=False, highlight=False, soft_wrap=True)

    def _broken(self, text: str) -> Iterator[str]:
        """`text` in pieces, with line breaks where the next piece does not fit."""
        for piece in _PIECE.findall(text):
            self._place = "within"
            if self._console.is_terminal and self._column + cell_len(piece.rstrip()) > self._console.width:
                yield "\n"
                self._column = 0
                piece = piece.lstrip()
            yield piece
            self._column += cell_len(piece)
