"""The sentences a user reads, in the user's language (notices.toml)."""

from __future__ import annotations

import functools
import locale
import tomllib
from importlib.resources import files

from engine.conversation.language import Language
from engine.errors import CompanionError
from engine.messages import Notice


@functools.cache
def _table() -> dict[str, dict[str, str]]:
    return tomllib.loads(files("engine").joinpath("notices.toml").read_text(encoding="utf-8"))


def notice(code: str, language: Language, **values: object) -> Notice:
    """The notice `code`, its {braces} filled with `values`. Raises KeyError for a code not in the table."""
    return Notice(code=code, message=_table()[code][language].format(**values))


def sentence(error: CompanionError, language: Language) -> str:
    """What to tell a user of `error`: its own English sentence, or the table's Chinese one where there is."""
    return _table().get(error.code, {}).get(language, error.message)


def system_language() -> Language:
    """The language this computer is set to."""
    name = locale.getlocale()[0] or ""
    return "zh" if name.lower().startswith(("zh", "chinese")) else "en"
