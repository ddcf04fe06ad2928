"""The texts of the windows, in the user's language (app/texts/*.toml)."""

from __future__ import annotations

import functools
import tomllib
from importlib.resources import files
from typing import Literal

from engine.notices import system_language

Language = Literal["zh", "en"]


@functools.cache
def table() -> dict[str, dict[str, str]]:
    """`file.section` -> language -> text, of all files."""
    return {
        f"{file.name.removesuffix('.toml')}.{section}": texts
        for file in files("app").joinpath("texts").iterdir()
        if file.name.endswith(".toml")
        for section, texts in tomllib.loads(file.read_text(encoding="utf-8")).items()
    }


class Words:
    """Gives texts in one language: `words("tray.again")`."""

    def __init__(self, language: Language) -> None:
        self.language: Language = language

    def __call__(self, code: str, **values: object) -> str:
        """The text, its {braces} filled with `values`. Raises KeyError for a code that no file has."""
        return table()[code][self.language].format(**values)


def language_of(setting: Literal["auto", "zh", "en"]) -> Language:
    """What `general.language` means on this computer."""
    return system_language() if setting == "auto" else setting
