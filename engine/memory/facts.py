"""Facts about the user, taken from what the user said (never from replies or recalled text)."""

from __future__ import annotations

import msgspec


class FactDraft(msgspec.Struct, frozen=True, kw_only=True):
    """One fact found in a user turn."""

    slot: str
    """Kind of fact, e.g. `home`, `pet`, `likes` (declared in facts.*.toml)."""
    value: str
    """The value alone, verbatim from the evidence: `Paris`."""
    sentence: str
    """A short sentence of its own, in the language of the turn: `You live in Paris.`"""
    evidence: str
    """The span of the turn that says so; the value occurs in it."""
    single: bool
    """True: a newer value supersedes the older one (home). False: values gather (likes)."""
    retracts: bool = False
    """True: the user takes the value back ("I no longer have a cat", "I don't like fish anymore")."""
