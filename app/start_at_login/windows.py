"""Windows: a value in the user's part of the registry."""

from __future__ import annotations

import subprocess
import sys

if sys.platform == "win32":
    import winreg

    _RUN = r"Software\Microsoft\Windows\CurrentVersion\Run"
    _NAME = "AI Companion"

    def read() -> list[str] | None:
        """The command that is started; None: none."""
        try:
            with winreg.OpenKey(winreg.HKEY_CURRENT_USER, _RUN) as key:
                value, _ = winreg.QueryValueEx(key, _NAME)
        except FileNotFoundError:
            return None
        return [str(value).strip('"')]

    def write(command: list[str] | None) -> None:
        """Starts `command`, or nothing."""
        with winreg.CreateKey(winreg.HKEY_CURRENT_USER, _RUN) as key:
            if command is not None:
                winreg.SetValueEx(key, _NAME, 0, winreg.REG_SZ, subprocess.list2cmdline(command))
                return
            try:
                winreg.DeleteValue(key, _NAME)
            except FileNotFoundError:
                return  # as wanted
