import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from engine.conversation.prompt import Line, Persona, Prompt
from engine.llm.variants import Variants, harmless

PERSONA = Persona(name="Rio", language="en", character="A friend.")
THREE = ["[happy] One.", "[calm] Two.", "[sad] Three."]


def variants(text: str = "hi", said: tuple[str, ...] = (), turn: int = 2, **words: str) -> Variants:
    history = tuple(Line("companion", reply) for reply in said)
    prompt = Prompt(persona=PERSONA, user_text=text, language="en", history=history, session_turn=turn)
    return Variants(prompt, words)


def test_the_choice_depends_on_words_and_turn_only():
    assert variants().choose(THREE) == variants().choose(THREE)
    assert {variants(turn=turn).choose(THREE) for turn in range(20)} == set(THREE)


def test_what_was_said_lately_is_passed_over_while_there_is_something_else():
    first = variants().choose(THREE)
    second = variants(said=(first[first.index("]") + 2 :],)).choose(THREE)
    assert second != first
    assert variants(said=("One.", "Two.", "Three.")).choose(THREE) == first


def test_an_unknown_word_leaves_its_variant_out():
    assert variants().choose(["[happy] Hi, {name}!"]) == ""
    assert variants(name="").choose(["[happy] Hi, {name}!", "[calm] Hi."]) == "[calm] Hi."
    assert variants(name="Al").choose(["[happy] Hi, {name}!"]) == "[happy] Hi, Al!"


def test_a_word_that_starts_a_sentence_gets_its_capital():
    assert variants().choose(["[happy] {value}! Oh, {value}."], value="a cat") == "[happy] A cat! Oh, a cat."


@pytest.mark.parametrize("evil", ["[angry] no", "{name}", "<think>", "*waves* (laughs)", "【生气】"])
def test_words_of_others_hold_no_markup(evil):
    assert not set(harmless(evil)) & set("[]{}<>*()【】")


@given(st.text(min_size=1))
@settings(deadline=None)
def test_a_filled_word_is_never_filled_again(text):
    assert variants(persona="Rio").choose(["[calm] x{value}"], value=text) == f"[calm] x{text}"
