import tomllib
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from engine.memory.facts import MAX_CHARS, FactDraft, extract_facts

TODAY = "2026-03-04"
TABLES = {
    language: tomllib.loads(Path(__file__).with_name(f"told.{language}.toml").read_text("utf-8"))
    for language in ("en", "zh")
}
TOLD = [(language, text, facts) for language, table in TABLES.items() for text, *facts in table["told"]]
SPOKEN = [told for told in TOLD if not any(mark in told[1] for mark in ".,?!，。、：:@")]
TRAPS = [(language, text) for language, table in TABLES.items() for text in table["traps"]]


def facts(text: str, language: str = "en") -> list[FactDraft]:
    return extract_facts(text, language, TODAY)


def only(text: str, language: str = "en") -> FactDraft:
    (fact,) = facts(text, language)
    return fact


@pytest.mark.parametrize(("language", "text", "expected"), TOLD, ids=[text for _, text, _ in TOLD])
def test_what_is_told_is_found(language, text, expected):
    assert [[fact.slot, fact.value] for fact in facts(text, language) if not fact.retracts] == expected


@pytest.mark.parametrize(("language", "text"), TRAPS, ids=[text for _, text in TRAPS])
def test_what_only_looks_like_a_fact_is_none(language, text):
    assert facts(text, language) == []


@pytest.mark.parametrize(("language", "text", "expected"), SPOKEN, ids=[text for _, text, _ in SPOKEN])
def test_voice_input_without_capitals_and_marks_tells_the_same_slots(language, text, expected):
    assert {fact.slot for fact in facts(text.lower(), language)} >= {slot for slot, _ in expected}


def test_several_facts_of_one_turn_come_in_order():
    told = facts("my name is alice and i live in paris and i have a dog called rex")
    assert [(fact.slot, fact.value) for fact in told] == [
        ("name", "alice"), ("home", "paris"), ("pet", "a dog called rex")
    ]  # fmt: skip


def test_a_sentence_stands_for_itself_and_is_said_to_the_user():
    assert only("i live in new york now").sentence == "You live in New York."
    assert only("My sister lives in Rome.").sentence == "Your sister lives in Rome."
    assert only("我住在成都呢", "zh").sentence == "你住在成都。"


def test_a_value_is_verbatim_and_lies_in_its_evidence():
    fact = only("Well, I live in São Paulo these days")
    assert (fact.value, fact.evidence) == ("São Paulo", "I live in São Paulo")


def test_single_and_gathered_slots():
    assert only("i live in rome").single
    assert not only("i love jazz").single


def test_a_plan_gets_its_day():
    assert "March 13, 2026" in only("next friday i'm visiting my grandmother").sentence
    assert "2026年3月11日" in only("我下周三要去看牙医", "zh").sentence
    assert "2026" not in only("i'm flying to japan next summer").sentence


@pytest.mark.parametrize(
    ("text", "language", "slot", "value"),
    [
        ("i don't live in paris anymore", "en", "home", "paris"),
        ("i don't like fish anymore", "en", "likes", "fish"),
        ("I no longer work as a waiter", "en", "job", "waiter"),
        ("i'm not vegan anymore", "en", "diet", "vegan"),
        ("i no longer have a cat", "en", "pet", "cat"),
        ("I have no pets", "en", "pet", ""),
        ("my old cat recently died", "en", "pet", "cat"),
        ("my dog rex passed away", "en", "pet", "dog rex"),
        ("Luna died last week", "en", "pet", "Luna"),
        ("we gave our dog away", "en", "pet", "dog"),
        ("I quit my job yesterday", "en", "job", ""),
        ("I got laid off", "en", "job", ""),
        ("I left Google", "en", "workplace", "Google"),
        ("I don't live there any more", "en", "home", ""),
        ("I stopped drinking coffee", "en", "likes", "coffee"),
        ("我家的狗狗上周去世了", "zh", "pet", "狗"),
        ("小花死了", "zh", "pet", "小花"),
        ("我把猫送人了", "zh", "pet", "猫"),
        ("我没有宠物了", "zh", "pet", ""),
        ("我被裁了", "zh", "job", ""),
        ("我不再喜欢爵士乐", "zh", "likes", "爵士乐"),
        ("我已经从北京搬走了", "zh", "home", "北京"),
        ("我已经不住在北京了", "zh", "home", "北京"),
        ("我不喜欢香菜了", "zh", "likes", "香菜"),
    ],
)
def test_what_is_taken_back_retracts(text, language, slot, value):
    fact = facts(text, language)[0]
    assert (fact.slot, fact.value, fact.retracts) == (slot, value, True)


@pytest.mark.parametrize(
    "text",
    [
        "we gave our dog a bath",
        "I don't work on sundays",
        "I have no dog food left",
        "my grandmother died",
        "我累死了",
        "我的猫跑出去玩了",
        "if my cat died i would cry",
    ],
)
def test_what_only_looks_like_it_takes_nothing_back(text):
    assert not any(fact.retracts for fact in facts(text))


def test_a_job_that_ended_ends_the_place_of_work_too():
    ended = [(fact.slot, fact.value) for fact in facts("I lost my job and now I work as a nurse")]
    assert ended == [("job", ""), ("workplace", ""), ("job", "nurse")]


@pytest.mark.parametrize(
    "text",
    [
        "My name is Bob. Just kidding!",
        'She said: "I live in London and I am a doctor."',
        "if i live in paris i need a visa",
        "let's pretend i'm a nurse",
        "do you remember that i live in paris",
        "I live in Paris?",
    ],
)
def test_jokes_quotes_dreams_and_questions_tell_nothing(text):
    assert facts(text) == []


def test_a_question_beside_it_does_not_silence_a_statement():
    assert [fact.slot for fact in facts("My name is Alice, what's yours?")] == ["name"]
    assert [fact.slot for fact in facts("Did you know that I live in Paris?")] == ["home"]
    assert [fact.value for fact in facts("我住在巴黎，你呢？", "zh")] == ["巴黎"]
    assert facts("I'm not kidding, my name is Bob")[0].value == "Bob"


def test_the_script_of_the_words_counts_more_than_the_language_given():
    assert only("我住在北京", "en").slot == "home"
    assert only("i live in Beijing", "zh").slot == "home"


def test_a_monologue_is_searched_at_its_start_only():
    assert facts("la " * MAX_CHARS + "my name is Alice") == []


@given(st.text(), st.sampled_from(["en", "zh", ""]))
@settings(deadline=None, max_examples=150)
def test_no_text_breaks_it_and_values_are_evident(text, language):
    for fact in extract_facts(f"i like {text} and 我喜欢{text}", language, TODAY):
        assert fact.value in fact.evidence
