"""What docs/protocol.md says, taken out of it: tests run its programs and decode its examples."""

from __future__ import annotations

import re
from pathlib import Path

PAGE = Path(__file__).parents[2] / "docs" / "protocol.md"
_BLOCK = re.compile(r"^```([^\n`]+)\n(.*?)^```$", re.DOTALL | re.MULTILINE)
_SECTION = re.compile(r"^#{2,3} ([^\n]+)\n(.*?)(?=^#{2,3} |\Z)", re.DOTALL | re.MULTILINE)


def blocks(text: str, info: str) -> list[str]:
    """The fenced blocks of `text` that begin with three backquotes and exactly `info`."""
    return [body for found, body in _BLOCK.findall(text) if found == info]


def program(info: str) -> str:
    """The one block of the page marked `info`: "python client" or "html page"."""
    (body,) = blocks(PAGE.read_text(encoding="utf-8"), info)
    return body


def sections() -> dict[str, str]:
    """The page by heading, without backquotes. Examples in fenced blocks have no headings of their own."""
    found = _SECTION.findall(PAGE.read_text(encoding="utf-8"))
    return {heading.replace("`", ""): body for heading, body in found}
