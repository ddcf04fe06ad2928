import pytest

from engine.errors import ConfigFault
from engine.persona import MAX_BYTES, load_persona

CARD = '[en]\nname = "Ada"\ncharacter = "You are Ada."\n'


@pytest.fixture
def card(tmp_path):
    def write(text: str) -> str:
        path = tmp_path / "card.toml"
        path.write_text(text, "utf-8")
        return str(path)

    return write


@pytest.mark.parametrize(("language", "name"), [("zh", "璃奥"), ("en", "Rio")])
def test_rio_speaks_both_languages_and_says_what_she_is(language, name):
    rio = load_persona("rio", language)
    assert (rio.name, rio.language) == (name, language)
    assert any(tag in "".join(rio.rules) for tag in ("[开心]", "[happy]"))
    assert any(word in rio.character for word in ("程序", "program"))
    assert rio.greeting.startswith("[")


def test_a_card_that_lacks_the_language_speaks_the_one_it_has(card):
    assert load_persona(card(CARD), "zh").language == "en"


@pytest.mark.parametrize(
    ("text", "told"),
    [
        ("[en\n", "Correct"),
        ("", "needs sections"),
        ('[fr]\nname = "A"\n', "found fr"),
        ('[en]\nname = "Ada"\n', "character"),
        (CARD + "colour = 1\n", "colour"),
        ('[en]\nname = " "\ncharacter = "x"\n', "not empty"),
        (CARD.replace('"Ada"', "3"), "str"),
        ("en = 3\n", "section [en]"),
        ("#" + "x" * MAX_BYTES, "Shorten"),
    ],
)
def test_a_bad_card_is_refused_with_what_is_wrong(card, text, told):
    with pytest.raises(ConfigFault) as refused:
        load_persona(card(text), "en")
    assert refused.value.code == "bad-persona"
    assert told in refused.value.message
    assert "card.toml" in refused.value.message


def test_a_missing_card_and_one_that_is_no_text_are_refused(tmp_path):
    with pytest.raises(ConfigFault, match=r"persona\.card"):
        load_persona("nobody", "en")
    binary = tmp_path / "b.toml"
    binary.write_bytes(b"\xff\xfe\x00")
    with pytest.raises(ConfigFault, match="Correct"):
        load_persona(str(binary), "en")
