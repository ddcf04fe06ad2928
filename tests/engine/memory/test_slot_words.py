from __future__ import annotations

import tomllib
from pathlib import Path

import pytest

import engine.memory.facts
from engine.memory.slot_words import SLOT_WORDS, slot_words

RULES = sorted(Path(engine.memory.facts.__file__).parent.glob("facts.*.toml"))
FREE_TEXT = {"detail", "email"}
"""Slots that stand well enough for themselves."""


@pytest.mark.parametrize("path", RULES, ids=lambda path: path.name)
def test_every_slot_of_the_rules_can_be_asked_for(path: Path) -> None:
    slots = {rule["slot"] for rule in tomllib.loads(path.read_text(encoding="utf-8"))["fact"]}
    named = {slot for slot in slots if not slot.startswith("favourite_")}
    assert named - SLOT_WORDS.keys() - FREE_TEXT == set()


def test_an_unknown_slot_stands_for_itself() -> None:
    assert slot_words("favourite_book") == "favourite book"
    assert slot_words("") == ""
