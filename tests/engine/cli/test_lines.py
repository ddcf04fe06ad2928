"""What is written where, as the terminal shows it."""

from __future__ import annotations

from io import StringIO

import pytest
from hypothesis import given
from hypothesis import strategies as st
from rich.cells import cell_len
from rich.console import Console

from engine.cli.lines import Lines


def written(width: int = 40, *, terminal: bool = True) -> tuple[Lines, StringIO]:
    out = StringIO()
    console = Console(file=out, width=width, force_terminal=terminal, color_system=None)
    return Lines(console, prompted=True), out


def test_a_report_in_the_middle_of_a_reply_has_a_line_of_its_own() -> None:
    lines, out = written()
    lines.flow("Rio Hello", "")
    lines.line("· The disk is full.", "")
    lines.flow(" there.", "")
    lines.end("(done)", "")
    assert out.getvalue() == "Rio Hello\n· The disk is full.\n there.  (done)\n"


def test_the_prompt_stands_once_and_what_is_reported_above_it() -> None:
    lines, out = written()
    lines.prompt()
    lines.prompt()
    lines.line("· News.", "")
    lines.prompt()
    lines.entered()
    lines.flow("Rio", "")
    lines.prompt()
    assert out.getvalue() == "› \n· News.\n› Rio"


def test_without_a_terminal_there_is_no_prompt_and_no_line_is_broken() -> None:
    lines, out = written(10, terminal=False)
    lines.prompt()
    lines.line("word " * 9, "")
    assert out.getvalue() == "word " * 9 + "\n"


@pytest.mark.parametrize(
    "text", ["you are running on a simple brain", "我现在的脑子还很简单，只会按规则聊天。"]
)
def test_lines_break_between_words(text: str) -> None:
    lines, out = written(12)
    for piece in (text[:7], text[7:]):
        lines.flow(piece, "")
    shown = out.getvalue().split("\n")
    assert len(shown) > 2
    assert all(cell_len(line.rstrip()) <= 12 for line in shown)
    if text.isascii():
        assert " ".join(line.strip() for line in shown) == text
    else:
        assert "".join(shown) == text


@given(st.text(), st.integers(2, 50))
def test_no_character_is_lost(text: str, width: int) -> None:
    lines, out = written(width)
    lines.flow(text, "")
    kept = [character for character in text if not character.isspace() and character.isprintable()]
    shown = [character for character in out.getvalue() if not character.isspace() and character.isprintable()]
    assert shown == kept
