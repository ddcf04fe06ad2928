"""Linux desktops: a file in the autostart folder (XDG autostart specification)."""

from __future__ import annotations

from pathlib import Path

import platformdirs

_ENTRY = """[Desktop Entry]
Type=Application
Name=AI Companion
Exec={command}
X-GNOME-Autostart-enabled=true
"""


def _path() -> Path:
    return Path(platformdirs.user_config_dir()) / "autostart" / "ai-companion.desktop"


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
