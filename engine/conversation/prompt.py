"""Everything a mind is told for one reply, in the order it is told.

Stable parts first (persona, rules, profile), then history, then what was recalled and the user's turn last,
so that a language model's prefix cache survives from turn to turn. Recalled text is data with a date: it can
never give orders.
"""

from __future__ import annotations

from typing import Literal

import msgspec


class Persona(msgspec.Struct, frozen=True, kw_only=True):
    """The character, in one language (assets/persona/*.toml)."""

    name: str
    language: str
    """`zh` or `en`."""
    character: str
    """Who she is, in prose, addressed to the model."""
    rules: tuple[str, ...] = ()
    """How she must answer (tags, length, honesty)."""
    greeting: str = ""
    user_title: str = ""
    """How she addresses the user when no name is known."""


class Line(msgspec.Struct, frozen=True):
    """One line of history, as it was said and heard."""

    role: Literal["user", "companion"]
    text: str
    emotion: str = ""


class ProfileSlot(msgspec.Struct, frozen=True):
    """One single-valued fact of the profile card, e.g. home = Paris."""

    slot: str
    value: str
    sentence: str
    """The fact as a sentence in the language it was told in."""
    date: str
    """ISO day it was told."""


class Recollection(msgspec.Struct, frozen=True):
    """One recalled memory."""

    kind: Literal["turn", "fact", "note"]
    text: str
    """Verbatim words of the user (turn), or a short sentence (fact, note)."""
    date: str
    """ISO day it was said."""
    score: float = 0.0
    slot: str = ""
    """For facts: which kind of fact (`home`, `pet`, `likes` ...)."""
    value: str = ""
    """For facts: the value alone (`Paris`)."""


class HeardAffect(msgspec.Struct, frozen=True):
    """What the ear noticed beside the words."""

    emotion: str = ""
    events: tuple[str, ...] = ()


class Prompt(msgspec.Struct, frozen=True, kw_only=True):
    """One request to the mind."""

    persona: Persona
    user_text: str
    language: str
    """Language to answer in: `zh` or `en`."""
    profile: tuple[ProfileSlot, ...] = ()
    notes: tuple[str, ...] = ()
    """Pinned by the user, always present."""
    history: tuple[Line, ...] = ()
    recollections: tuple[Recollection, ...] = ()
    affect: HeardAffect | None = None
    interrupted: bool = False
    """The previous reply was cut short by the user (a structured note, never a marker in its text)."""
    session_turn: int = 1
    """1 for the first reply of the session."""
    today: str = ""
    """ISO day and weekday at the user's place, for dates."""
