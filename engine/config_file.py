"""The config file as a file: read it, find a key's line, replace it in one step."""

from __future__ import annotations

import re
import tomllib
from pathlib import Path
from typing import Any

from engine import private_files
from engine.errors import ConfigFault, EnvironmentFault


def read(path: Path) -> str | None:
    """The text of the file, or None if there is none.

    Raises ConfigFault `bad-config-file` when it is not UTF-8, EnvironmentFault `config-unreadable` when it
    may not be read.
    """
    try:
        # utf-8-sig: editors on Windows like to put a byte order mark first.
        return path.read_bytes().decode("utf-8-sig")
    except FileNotFoundError:
        return None
    except UnicodeDecodeError as error:
        raise ConfigFault("bad-config-file", f"{path} is not UTF-8 text; save it as UTF-8.") from error
    except OSError as error:
        message = f"{path} cannot be read ({error.strerror}); make it a file that you may read."
        raise EnvironmentFault("config-unreadable", message) from error


def parse(text: str, path: Path) -> dict[str, Any]:
    """The file's sections. Raises ConfigFault `bad-config-file` with the line that is not TOML."""
    try:
        return tomllib.loads(text)
    except tomllib.TOMLDecodeError as error:
        message = f"{path} is not valid TOML: {error}. Correct that line, or rename the file to start anew."
        raise ConfigFault("bad-config-file", message) from error


def place(path: Path, text: str, key: str) -> str:
    """`file, line 3` where `key` (`section.name`) stands; or the file alone if it is not found."""
    section, _, name = key.rpartition(".")
    current = ""
    for number, line in enumerate(text.splitlines(), start=1):
        if header := re.match(r"\s*\[\s*([\w-]+)\s*\]", line):
            current = header[1]
            if current == key:
                return f"{path}, line {number}"
        elif (written := re.match(r"\s*([\w-]+)\s*=", line)) and (current, written[1]) == (section, name):
            return f"{path}, line {number}"
    return str(path)


def write(path: Path, text: str) -> None:
    """Replaces the file in one step: a crash leaves the old one or the new one, never half of it.

    Raises EnvironmentFault `config-unwritable`.
    """
    try:
        private_files.replace(path, text.encode())
    except OSError as error:
        message = f"{path} cannot be written ({error.strerror}); free the disk or allow writing there."
        raise EnvironmentFault("config-unwritable", message) from error
