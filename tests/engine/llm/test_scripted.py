"""The scripted mind."""

from __future__ import annotations

from engine.conversation.prompt import Persona, Prompt
from engine.llm.scripted import ScriptedModel

PROMPT = Prompt(
    persona=Persona(name="Rio", language="en", character="A friend."), user_text="hi", language="en"
)


def reply(model: ScriptedModel) -> list[str]:
    return [piece.text for piece in model.run(PROMPT, iter(()))]


def test_gives_its_replies_in_turn_word_by_word() -> None:
    model = ScriptedModel({"replies": "[happy] One  two||three"})
    assert reply(model) == ["[happy] ", "One  ", "two"]
    assert reply(model) == ["three"]
    assert "".join(reply(model)) == "[happy] One  two"
