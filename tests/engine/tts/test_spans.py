from hypothesis import example, given, settings
from hypothesis import strategies as st

from engine.tts.spans import LONGEST, spans


def cut(text: str, language: str = "") -> list[tuple[str, str]]:
    return [(span.text, span.language) for span in spans(text, language)]


def test_a_text_is_cut_where_its_script_changes():
    assert cut("我喜欢 Python 和 jazz。") == [
        ("我喜欢 ", "zh"), ("Python ", "en"), ("和 ", "zh"), ("jazz。", "en")
    ]  # fmt: skip


def test_digits_and_signs_belong_to_the_letters_before_them():
    assert cut("第2个 iPhone 15, 好") == [("第2个 ", "zh"), ("iPhone 15, ", "en"), ("好", "zh")]
    assert cut("2024年") == [("2024年", "zh")]


def test_without_letters_the_language_asked_for_decides():
    assert cut("25") == [("25", "en")]
    assert cut("25", "zh") == [("25", "zh")]


def test_what_no_voice_speaks_becomes_a_space_and_nothing_moves():
    assert cut("a😀b") == [("a b", "en")]
    assert cut("好\x00\ud800<b>") == [("好   ", "zh"), ("b ", "en")]
    assert cut("да ok") == [("   ok", "en")]
    assert [span.start for span in spans("好\x00\ud800<b>")] == [0, 4]


def test_full_width_forms_become_plain():
    assert cut("ＯＫ，１２！") == [("OK,12!", "en")]


def test_a_text_without_a_letter_or_digit_has_no_span():
    for text in ("", " ", "...", "！？", "😀", "%", "مرحبا", "\ud800"):
        assert spans(text) == [], text


def test_a_span_pauses_at_punctuation_even_before_spaces():
    assert [span.pauses for span in spans("Hi, 你好。 ok")] == [True, True, False]


def test_a_long_text_is_cut_between_its_words():
    pieces = spans("word " * 200)
    assert all(len(piece.text) <= LONGEST for piece in pieces)
    assert all(piece.text.endswith("word ") for piece in pieces)


@given(text=st.text(max_size=400) | st.text(alphabet="aé我1 ,。-\u0301😀", max_size=800))
@example("好" * 5000)
@settings(deadline=None)
def test_spans_cover_the_text_without_gap_or_overlap(text: str):
    found = spans(text)
    position = 0
    for span in found:
        assert span.start == position
        assert 0 < len(span.text) <= LONGEST
        assert "\x00" not in span.text
        span.text.encode()
        position += len(span.text)
    assert position == (len(text) if found else 0)
