"""The texts of the windows: every one there in both languages, with the same places to fill."""

from __future__ import annotations

import re
import string
from pathlib import Path

import pytest

from app import i18n
from app.i18n import Words, language_of, table

ROOT = Path(__file__).parents[2]
HAN = re.compile("[\u4e00-\u9fff]")
SAME_IN_BOTH = re.compile(r"[\W\d_]*|AI Companion|Rio|Python|Qt|Live2D|{\w+}")
"""What needs no translation."""


def places(text: str) -> set[str | None]:
    return {name for _, name, _, _ in string.Formatter().parse(text) if name is not None}


OWN_NAMES = {"settings.general-language-is-en", "settings.general-language-is-zh"}
"""A language is called as those who speak it call it."""


@pytest.mark.parametrize("code", sorted(table().keys() - OWN_NAMES))
def test_every_text_is_there_in_both_languages(code: str) -> None:
    texts = table()[code]
    assert set(texts) == {"en", "zh"}
    assert texts["en"].strip()
    assert HAN.search(texts["zh"]) or SAME_IN_BOTH.fullmatch(texts["zh"]), "not translated"
    assert not HAN.search(texts["en"])
    assert places(texts["en"]) == places(texts["zh"])


def test_every_code_in_the_source_is_in_a_table() -> None:
    used = {
        code
        for path in (ROOT / "app").rglob("*.py")
        for code in re.findall(r'words\(\s*"([a-z0-9_-]+\.[a-z0-9_-]+)"', path.read_text(encoding="utf-8"))
    }
    assert used - table().keys() == set()


def test_words_fill_in() -> None:
    code = next(iter(sorted(table())))
    values = {name: "x" for name in places(table()[code]["en"]) if name}
    for language in ("zh", "en"):
        assert Words(language)(code, **values)
    with pytest.raises(KeyError):
        Words("en")("no.such")


def test_auto_is_the_language_of_this_computer(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(i18n, "system_language", lambda: "zh")
    assert [language_of(setting) for setting in ("auto", "zh", "en")] == ["zh", "zh", "en"]
