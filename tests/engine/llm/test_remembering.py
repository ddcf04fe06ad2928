import pytest

from engine.conversation.prompt import Persona, ProfileSlot, Prompt, Recollection
from engine.llm.remembering import Answer, Remembering
from engine.llm.rulebook import recall_rules

HOME = ProfileSlot("home", "Paris", "You live in Paris.", "2026-03-01")


def ask(text: str, language: str = "en", **parts) -> Answer | None:
    persona = Persona(name="Rio", language=language, character="A friend.")
    prompt = Prompt(persona=persona, user_text=text, language=language, **parts)
    return Remembering(prompt, recall_rules(language)).answer()


@pytest.mark.parametrize(
    ("language", "text"),
    [
        ("en", "i live in paris"),
        ("en", "what should i do"),
        ("en", "do you love me"),
        ("en", "tell me a joke"),
        ("en", "why am i so tired"),
        ("en", "can i ask you something"),
        ("en", "how do i cook rice"),
        ("zh", "我住在巴黎"),
        ("zh", "我该怎么办"),
        ("zh", "你喜欢我吗"),
        ("zh", "给我讲个笑话好吗"),
        ("zh", "我是不是很笨"),
    ],
)
def test_what_is_no_question_about_the_user_is_left_to_others(language, text):
    assert ask(text, language) is None


@pytest.mark.parametrize(
    "text",
    ["where do i live", "do you know where i live?", "Which city do I live in?", "what is home for me"],
)
def test_a_slot_answers_its_questions(text):
    answer = ask(text, profile=(HOME,))
    assert answer is not None
    assert answer.found
    assert all("You live in Paris." in reply for reply in answer.replies)


def test_several_facts_of_a_slot_make_one_sentence():
    likes = tuple(
        Recollection("fact", f"You like {one}.", "", slot="likes", value=one)
        for one in ("jazz", "tea", "rain")
    )
    answer = ask("what do i like", recollections=likes)
    assert answer is not None
    assert "You like jazz, you like tea, and you like rain." in answer.replies[0]


def test_another_kind_of_fact_does_not_answer():
    answer = ask("what is my favourite colour", profile=(HOME,))
    assert answer is not None
    assert not answer.found


def test_any_other_question_is_answered_with_the_best_memory_quoted():
    turns = tuple(
        Recollection("turn", text, "2026-03-01")
        for text in ("the printer broke", "i hid the key under the blue pot", "it rained")
    )
    answer = ask("where did i hide the key", recollections=turns)
    assert answer is not None
    assert "“I hid the key under the blue pot.”" in answer.replies[0]


def test_nothing_known_is_admitted():
    for language, text in (("en", "what's my name"), ("zh", "我叫什么名字")):
        answer = ask(text, language)
        assert answer is not None
        assert not answer.found


def test_a_summary_tells_what_is_known():
    answer = ask("what do you know about me", profile=(HOME,))
    assert answer is not None
    assert "You live in Paris." in answer.replies[0]
    assert ask("你了解我吗", "zh") == Answer(recall_rules("zh").say["nothing"], False)
