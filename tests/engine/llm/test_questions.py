import pytest

from engine.llm.questions import asks
from engine.llm.rulebook import plain_text


def is_question(text: str, language: str) -> bool:
    return asks(text, plain_text(text, language), language)


@pytest.mark.parametrize(
    ("language", "text"),
    [
        ("en", "I like it?"),
        ("en", "where do i live"),
        ("en", "what's my name"),
        ("en", "do you remember my name"),
        ("en", "so tell me what i like"),
        ("zh", "我住在哪里"),
        ("zh", "你喜欢我吗"),
        ("zh", "这样好不好呢"),
        ("zh", "我的猫叫什么"),
    ],
)
def test_questions(language, text):
    assert is_question(text, language)


@pytest.mark.parametrize(
    ("language", "text"),
    [
        ("en", "what i like is jazz"),
        ("en", "when i was a kid i lived in rome"),
        ("en", "i live in paris"),
        ("zh", "我什么都吃"),
        ("zh", "我住在北京"),
    ],
)
def test_statements(language, text):
    assert not is_question(text, language)
