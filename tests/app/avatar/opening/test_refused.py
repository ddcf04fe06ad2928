"""Why a model was not opened, in the user's language."""

from __future__ import annotations

import re

from app.avatar.opening.refused import ModelRefused
from engine.notices import sentence


def test_each_reason_has_chinese_words() -> None:
    codes = re.findall(r"^    ([a-z-]+)  ", ModelRefused.__doc__ or "", re.MULTILINE)
    assert len(codes) >= 12
    for code in codes:
        assert sentence(ModelRefused(code, "English"), "zh") != "English", code
        assert sentence(ModelRefused(code, "English"), "en") == "English"
