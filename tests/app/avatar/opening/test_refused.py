"""Every code with which a model is refused is explained, and every one explained is used."""

from __future__ import annotations

import re
from pathlib import Path

from app.avatar.opening import refused
from app.avatar.opening.refused import ModelRefused


def test_codes_are_those_explained() -> None:
    sources = Path(refused.__file__).parent.glob("*.py")
    text = "".join(path.read_text(encoding="utf-8") for path in sources)
    used = set(re.findall(r'ModelRefused\(\s*"([a-z0-9-]+)"', text))
    explained = set(re.findall(r"^    ([a-z0-9-]+) {2,}", ModelRefused.__doc__ or "", re.MULTILINE))
    assert used == explained
