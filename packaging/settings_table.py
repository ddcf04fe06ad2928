"""Rewrites the table of docs/configuration.md from the declared settings (run it as a script)."""

from __future__ import annotations

import re
from pathlib import Path

from engine import config

PAGE = Path(__file__).parents[1] / "docs" / "configuration.md"


def table() -> str:
    """A Markdown table of every setting."""
    rows = ["| Setting | Default | Allowed | What it does |", "|---|---|---|---|"]
    for info in config.describe():
        default = config.toml_text(info.default)
        rows.append(f"| `{info.key}` | `{default}` | {info.allowed} | {info.help} |")
    return "\n".join(rows) + "\n"


if __name__ == "__main__":
    page = PAGE.read_text(encoding="utf-8")
    PAGE.write_text(
        re.sub(r"(?:^\|.*\n)+", lambda _: table(), page, count=1, flags=re.M), encoding="utf-8", newline="\n"
    )
