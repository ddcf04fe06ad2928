"""What the user has wished of her is in the prompt."""

from __future__ import annotations

import asyncio

import msgspec
import pytest

from engine.clock import ManualClock
from engine.conversation.prompt import Prompt
from engine.persona import load_persona
from engine.prompting import PromptMaker
from engine.settings import PersonaSettings, Settings

RIO = load_persona("rio", "en")


def prompt(text: str, wishes: PersonaSettings) -> Prompt:
    maker = PromptMaker(
        {"en": RIO, "zh": load_persona("rio", "zh")},
        None,
        recent_rows=lambda number: (),
        settings=msgspec.structs.replace(Settings(), persona=wishes),
        clock=ManualClock(),
        language="en",
    )
    return asyncio.run(maker.make(text, affect=None))[0]


def test_without_wishes_she_is_as_on_her_card() -> None:
    assert prompt("Hello.", PersonaSettings()).persona == RIO


def test_each_wish_takes_the_place_of_the_card() -> None:
    wishes = PersonaSettings(name="Mia", character="Dry and kind.", user_name="Captain")
    persona = prompt("Hello.", wishes).persona
    assert (persona.name, persona.character, persona.user_title) == ("Mia", "Dry and kind.", "Captain")
    assert (
        msgspec.structs.replace(persona, name=RIO.name, character=RIO.character, user_title=RIO.user_title)
        == RIO
    )


@pytest.mark.parametrize(
    ("wish", "text", "language"),
    [
        ("auto", "Hello, how are you?", "en"),
        ("auto", "你好，你今天好吗？", "zh"),
        ("zh", "Hello, how are you?", "zh"),
        ("en", "你好，你今天好吗？", "en"),
    ],
)
def test_the_language_she_answers_in(wish: str, text: str, language: str) -> None:
    made = prompt(text, PersonaSettings(language=wish))  # type: ignore[arg-type]  # one of its literals
    assert made.language == language
    assert made.persona == load_persona("rio", language)
