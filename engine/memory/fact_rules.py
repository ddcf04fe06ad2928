"""The rules that find facts: facts.en.toml and facts.zh.toml, read once and compiled.

A pattern may use `{macros}` of its file, `{v}` for the value and `{start}` for the start of a clause. The
files explain themselves at their top.
"""

from __future__ import annotations

import re
import tomllib
from functools import cache
from importlib import resources

import msgspec

_MACRO = re.compile(r"\{([a-z_]+)\}")
_VALUE = r"(?P<v>[^\s,.;:!?，。；：！？、](?:[^,;:!?\n，。；：！？]|:(?=\d)){0,79}?)"
_LIST = r"(?P<v>[^\s,.;:!?，。；：！？、](?:[^;:!?\n。；：！？]|:(?=\d)){0,119}?)"
"""The value of a kind that is split may run over commas; `{list_end}` knows where the list ends."""


class Kind(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """What a value of one kind may look like; all patterns must match the whole value."""

    reject: str = "(?!)"
    only: str = ".+"
    cut: str = ""
    """Where a value ends early (searched)."""
    split: bool = False
    """True: "jazz and rock" are two values."""


class _Fact(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    slot: str
    single: bool
    kind: str = ""
    sentence: str = ""
    reject: str = "(?!)"
    dated: bool = False
    patterns: tuple[str, ...] = ()
    retract: tuple[str, ...] = ()


class _File(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    macros: dict[str, str]
    guard: dict[str, str]
    nouns: dict[str, str]
    kinds: dict[str, Kind]
    fact: tuple[_Fact, ...]


class FactRule:
    """One [[fact]] of a file, ready to be searched."""

    def __init__(self, fact: _Fact, kind: Kind, macros: dict[str, str]) -> None:
        self.slot = fact.slot
        self.single = fact.single
        self.sentence = fact.sentence
        self.dated = fact.dated
        self.is_name = fact.kind in ("name", "place")
        self.split = kind.split
        macros = macros | ({"v": _LIST, "end": macros["list_end"]} if kind.split else {"v": _VALUE})
        self.patterns = tuple(_pattern(text, macros) for text in fact.patterns)
        self.retract = tuple(_pattern(text, macros) for text in fact.retract)
        self._only = _compile(kind.only, macros)
        self._cut = _compile(kind.cut, macros) if kind.cut else None
        self._rejects = (_compile(kind.reject, macros), _compile(fact.reject, macros))

    def trimmed(self, value: str) -> str:
        """`value` up to where its kind says it ends."""
        return self._cut.sub("", value) if self._cut else value

    def accepts(self, value: str) -> bool:
        """True where `value` may be a value of this kind of fact."""
        return bool(self._only.fullmatch(value)) and not any(r.fullmatch(value) for r in self._rejects)


class FactRules:
    """All rules of one language."""

    def __init__(self, file: _File) -> None:
        self.facts = tuple(
            FactRule(fact, file.kinds.get(fact.kind, Kind()), file.macros) for fact in file.fact
        )
        self.guard = {name: _compile(text, file.macros) for name, text in file.guard.items()}
        self.nouns = file.nouns
        """Words for one kind of favourite: `movie` and 电影 are both `film`."""


@cache
def fact_rules(language: str) -> FactRules:
    """The rules of `zh` or `en` (compiled on first use, which takes half a second or more)."""
    text = resources.files("engine.memory").joinpath(f"facts.{language}.toml").read_text("utf-8")
    return FactRules(msgspec.convert(tomllib.loads(text), _File))


def _pattern(text: str, macros: dict[str, str]) -> re.Pattern[str]:
    return _compile(text + "{end}" if text.endswith("{v}") else text, macros)


def _compile(text: str, macros: dict[str, str]) -> re.Pattern[str]:
    while _MACRO.search(text):
        text = _MACRO.sub(lambda match: f"(?:{macros[match[1]]})", text)
    return re.compile(text, re.IGNORECASE)
