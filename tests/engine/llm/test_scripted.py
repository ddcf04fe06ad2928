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


def test_chinese_comes_character_by_character_and_nothing_is_lost() -> None:
    model = ScriptedModel({"replies": " [开心] 你好 Rio！||"})
    assert reply(model) == [" ", "[", "开", "心", "] ", "你", "好 ", "Rio！"]
    assert reply(model) == []


def test_the_users_words_can_be_said_back() -> None:
    assert "".join(reply(ScriptedModel({"replies": "[calm] You said: {text}"}))) == "[calm] You said: hi"


def test_it_misbehaves_on_demand() -> None:
    assert reply(ScriptedModel({"misbehave": "nothing"})) == []


def test_pace_is_given_in_pieces_a_second() -> None:
    assert len(reply(ScriptedModel({"replies": "a b c", "per_second": 10_000}))) == 3
