import re

import pytest

from engine.conversation.emotion import parse_tag
from engine.llm import rulebook
from engine.llm.rulebook import plain_text, recall_rules, talk_rules
from engine.memory.fact_rules import fact_rules

KNOWN_WORDS = {"name", "persona", "value", "echo", "day", "tomorrow", "yesterday", "fact", "quote"}


@pytest.mark.parametrize("language", ["en", "zh"])
def test_both_languages_can_say_the_same(language):
    here, there = talk_rules(language), talk_rules("en")
    assert [rule.name for rule in here.feeling] == [rule.name for rule in there.feeling]
    assert {rule.name for rule in here.talk} == {rule.name for rule in there.talk}
    assert here.told.keys() == there.told.keys()
    assert here.fallback.keys() == there.fallback.keys()
    assert here.openers.keys() == there.openers.keys()
    assert here.opening.keys() == there.opening.keys() <= here.openers.keys()
    assert recall_rules(language).say.keys() == recall_rules("en").say.keys()


@pytest.mark.parametrize("language", ["en", "zh"])
def test_every_kind_of_fact_has_an_echo(language):
    slots = {fact.slot for fact in fact_rules(language).facts}
    assert {slot for slot in slots if not slot.startswith("favourite_")} <= talk_rules(language).told.keys()


@pytest.mark.parametrize("language", ["en", "zh"])
def test_every_reply_is_tagged_short_and_asks_for_known_words_only(language):
    rules = talk_rules(language)
    tables = [rules.told, rules.fallback, rules.openers, recall_rules(language).say, {"once": rules.once}]
    replies = [reply for rule in (*rules.crisis, *rules.feeling, *rules.talk) for reply in rule.replies]
    replies += [reply for table in tables for variants in table.values() for reply in variants]
    for reply in replies:
        assert reply.startswith("[")
        assert len(reply) < 260, reply
        assert set(re.findall(r"{(\w+)}", reply)) <= KNOWN_WORDS, reply
        assert not re.search(r"[*#()（）]", reply), reply
        assert all(parse_tag(tag) for tag in re.findall(r"\[([^\]]+)\]", reply))


@pytest.mark.parametrize("language", ["en", "zh"])
def test_talk_has_several_wordings(language):
    for rule in (*talk_rules(language).feeling, *talk_rules(language).talk):
        assert len(rule.replies) >= 2 or rule.name == "yesterday", rule.name
        assert len(set(rule.replies)) == len(rule.replies)


def test_a_reply_without_a_tag_is_refused():
    with pytest.raises(ValueError, match="emotion tags"):
        rulebook._check("joke", ("Ha.",))
    with pytest.raises(ValueError, match="joke"):
        rulebook._check("joke", ("[bored] Ha.",))


@pytest.mark.parametrize(
    ("text", "language", "plain"),
    [
        ("Hello,  THERE!", "en", "hello there"),
        ("I'm 'fine' - really...", "en", "i’m fine really"),
        ("It’s 3.5 + 2", "en", "it’s 3.5 + 2"),
        ("你好， 世界！", "zh", "你好世界"),
        ("", "en", ""),
    ],
)
def test_plain_text(text, language, plain):
    assert plain_text(text, language) == plain
