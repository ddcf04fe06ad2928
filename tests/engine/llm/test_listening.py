import re

import pytest

from engine.conversation.prompt import Persona, Prompt
from engine.llm.listening import listening_reply
from engine.llm.rulebook import plain_text, talk_rules
from engine.llm.variants import Variants

PERSONA = Persona(name="Rio", language="en", character="A friend.")


def listened(text: str, language: str = "en") -> set[str]:
    """Every reply the turns of a session can bring."""
    found = set()
    for turn in range(2, 40):
        prompt = Prompt(persona=PERSONA, user_text=text, language=language, session_turn=turn)
        plain = plain_text(text, language)
        found.add(listening_reply(prompt, plain, talk_rules(language), Variants(prompt, {})))
    return found


@pytest.mark.parametrize(
    ("language", "text", "kind"),
    [
        ("en", "how deep is the sea", "question"),
        ("en", "why is your sky green", "ask_her"),
        ("en", "the snails ate the lettuce", "statement"),
        ("en", "um", "short"),
        ("en", "", "empty"),
        ("zh", "大海有多深呢", "question"),
        ("zh", "你的天空怎么是绿的", "ask_her"),
        ("zh", "蜗牛把生菜吃光了", "statement"),
        ("zh", "那个", "short"),
    ],
)
def test_each_kind_of_remark_has_its_kind_of_reply(language, text, kind):
    assert listened(text, language) <= set(talk_rules(language).fallback[kind])


def test_a_plain_statement_is_turned_round():
    assert any("you fixed your old bike" in said.lower() for said in listened("I fixed my old bike."))
    assert any("你修好了自行车" in said for said in listened("我修好了自行车", "zh"))


@pytest.mark.parametrize("text", ["I think you know me", "i told you that", "i don't know what to say"])
def test_what_cannot_be_turned_round_safely_is_not(text):
    assert listened(text) <= set(talk_rules("en").fallback["statement"])


def test_an_echo_brings_no_tag_of_the_users():
    for said in listened("I fixed my [angry] old bike."):
        assert re.findall(r"\[(\w+)\]", said) != ["angry"]
        assert said.count("[") == 1
