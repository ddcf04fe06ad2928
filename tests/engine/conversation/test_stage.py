import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from engine.conversation.stage import LONGEST, is_direction, is_face, may_be_direction

ACTED = """微笑|笑|轻轻笑了笑|歪着头看着你|点头|害羞地低下头|叹了口气|眨眨眼|拉着你的手|
小声|轻声说|开心地转了一圈|抱住你|
laughs|giggles softly|smiling warmly|she sighs|softly chuckles|Winks at you|blushes.|
tilts her head slightly, a playful smile on her lips"""
SAID = """France|法国|坐地铁|跑步|or maybe not|just kidding|搞笑片|笑死我了|看电影|
my sister|e.g. tea|2024|也就是说|
说实话|thanks|yes|笑话|微信|点心|抱歉|大概三点|smilesworth|"""
BOTH = ["waves", "points at the sky", "clears throat"]


@pytest.mark.parametrize("text", ACTED.replace("\n", "").split("|"))
def test_actions(text: str) -> None:
    assert is_direction(text, opening=False)


@pytest.mark.parametrize("text", SAID.replace("\n", "").split("|"))
def test_words(text: str) -> None:
    assert not is_direction(text, opening=True)


@pytest.mark.parametrize("text", BOTH)
def test_verbs_that_are_also_nouns_count_where_a_sentence_begins(text: str) -> None:
    assert is_direction(text, opening=True)
    assert not is_direction(text, opening=False)


def test_between_asterisks_any_verb_is_acted() -> None:
    assert is_direction("imitates a cat", opening=True, emphasis=True)
    assert not is_direction("imitates a cat", opening=True)
    assert not is_direction("imitates a cat", opening=False, emphasis=True)
    for word in ("Really", "very", "always be kind", "this is it", "nothing", "yes"):
        assert not is_direction(word, opening=True, emphasis=True)


@pytest.mark.parametrize("text", ["^_^", "｡･ω･｡", ">_<", "T_T", "o_o", "😊", "…"])
def test_faces(text: str) -> None:
    assert is_face(text)


@pytest.mark.parametrize("text", ["", "a", "1", "你好", "$50", "“hi”", "x" * 50, "T", "-1"])
def test_no_faces(text: str) -> None:
    assert not is_face(text)


CONTENT = st.one_of(
    st.sampled_from([*ACTED.replace("\n", "").split("|"), *BOTH, "T_T", "o.o", "^_^", "开心", "happy"]),
    st.text(alphabet="laughsofty T_o^你笑看着地.~1 -", max_size=LONGEST + 2),
)


@settings(deadline=None, max_examples=400)
@given(CONTENT, st.booleans(), st.booleans())
def test_no_beginning_of_an_action_is_given_up(text: str, opening: bool, emphasis: bool) -> None:
    if (
        is_direction(text, opening=opening, emphasis=emphasis)
        or is_face(text)
        or (text.isalpha() and len(text) < 24)
    ):
        for end in range(len(text) + 1):
            assert may_be_direction(text[:end], opening=opening, emphasis=emphasis)


def test_the_wait_is_bounded() -> None:
    assert not may_be_direction("Paris is", opening=True)
    assert not may_be_direction("笑" * 24, opening=True)
    assert not may_be_direction("laughs " * 12, opening=True)


@settings(deadline=None)
@given(st.text())
def test_any_text(text: str) -> None:
    is_direction(text, opening=True, emphasis=True)
    may_be_direction(text, opening=True, emphasis=True)
    is_face(text)
