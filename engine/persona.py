"""Persona cards: a TOML file with one section a language becomes the Persona a mind is told to be."""

from __future__ import annotations

import tomllib
from pathlib import Path

import msgspec

from engine.assets import asset_path
from engine.conversation.prompt import Persona
from engine.errors import ConfigFault

MAX_BYTES = 64 * 1024
"""A larger file is no card: its text would crowd the conversation out of any prompt."""


class _Section(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """One language of a card, as written."""

    name: str
    character: str
    rules: tuple[str, ...] = ()
    greeting: str = ""
    user_title: str = ""


def load_persona(card: str, language: str) -> Persona:
    """The persona of `card` in `language` (`zh` or `en`).

    `card` is a name from assets/persona (`rio`) or the path of a .toml file. A card that lacks the language
    speaks the one it has. Raises ConfigFault `bad-persona` saying what is wrong with the card.
    """
    path = Path(card).expanduser() if card.endswith(".toml") else asset_path("persona", f"{card}.toml")
    sections = _read(path)
    chosen = language if language in sections else next(iter(sections))
    where = f"section [{chosen}] of the persona card {path}"
    try:
        section = msgspec.convert(sections[chosen], _Section)
    except msgspec.ValidationError as error:
        raise ConfigFault("bad-persona", f"Correct {where}: {error}.") from error
    if not section.name.strip() or not section.character.strip():
        raise ConfigFault("bad-persona", f"Give {where} a `name` and a `character` that are not empty.")
    return Persona(language=chosen, **msgspec.structs.asdict(section))


def _read(path: Path) -> dict[str, object]:
    """The card's sections by language (at least one)."""
    try:
        if path.stat().st_size > MAX_BYTES:
            raise ConfigFault("bad-persona", f"Shorten the persona card {path} to at most {MAX_BYTES} bytes.")
        sections = tomllib.loads(path.read_text("utf-8"))
    except OSError as error:
        reason = error.strerror or type(error).__name__
        raise ConfigFault(
            "bad-persona",
            f"The persona card {path} cannot be read ({reason}); choose another with persona.card.",
        ) from error
    except (tomllib.TOMLDecodeError, UnicodeDecodeError) as error:
        raise ConfigFault("bad-persona", f"Correct the persona card {path}: {error}.") from error
    unknown = set(sections) - {"zh", "en"}
    if unknown or not sections:
        found = ", ".join(sorted(unknown)) or "nothing"
        raise ConfigFault(
            "bad-persona", f"The persona card {path} needs sections [zh] or [en]; found {found}."
        )
    return sections
