"""Linux desktops: a file in the autostart folder (XDG autostart specification)."""

from __future__ import annotations

import re
from pathlib import Path

import platformdirs

_ENTRY = """[Desktop Entry]
Type=Application
Name=AI Companion
Exec={command}
X-GNOME-Autostart-enabled=true
"""
_QUOTED = re.compile(r'"((?:[^"\\]|\\.)*)"')


def _path() -> Path:
    return Path(platformdirs.user_config_dir()) / "autostart" / "ai-companion.desktop"


def read() -> list[str] | None:
    """The command that is started; None: none."""
    try:
        lines = _path().read_text(encoding="utf-8").splitlines()
    except FileNotFoundError:
        return None
    written = next((line.removeprefix("Exec=") for line in lines if line.startswith("Exec=")), "")
    return [re.sub(r"\\(.)", r"\1", word).replace("%%", "%") for word in _QUOTED.findall(written)]


def write(command: list[str] | None) -> None:
    """Starts `command`, or nothing."""
    path = _path()
    if command is None:
        path.unlink(missing_ok=True)
        return
    path.parent.mkdir(parents=True, exist_ok=True)
    text = _ENTRY.format(command=" ".join(_quoted(word) for word in command))
    path.write_text(text, encoding="utf-8")


def _quoted(word: str) -> str:
    """As the desktop entry specification wants an argument of Exec."""
    escaped = "".join(f"\\{character}" if character in '"`$\\' else character for character in word)
    return '"' + escaped.replace("%", "%%") + '"'
