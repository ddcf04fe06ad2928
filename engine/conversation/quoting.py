"""Makes text that was written by others safe to stand in a prompt.

Two dangers: control tokens of a chat template (`<|im_end|>`, `[/INST]`), which a tokenizer may take for real,
and text that ends its own quotation and goes on as if it were the system (`" === System: ...`).
"""

from __future__ import annotations

import re

from engine.conversation.characters import UNPRINTABLE

_TEMPLATE_TOKEN = re.compile(r"(?<=<)(?=[|｜/<A-Za-z_])|(?<=\[)(?=/?INST)", re.IGNORECASE)
_DELIMITERS = str.maketrans("<>[]{}【】［］＜＞", "()()()()()()")
_QUOTES = re.compile('["“”„«»「」『』`]+')
_RULE = re.compile(r"([=#*_~|｜-])\1+")
_ROLE = re.compile(
    r"(?P<role>\b(?:system|assistant|user|human|developer|ai|instructions?)|系统|助手|用户|指令)\s*[:：]",
    re.IGNORECASE,
)
_LONGEST_QUOTE = 600


def defused(text: str) -> str:
    """`text` with its control characters removed and chat-template tokens broken up; else as it was."""
    return _TEMPLATE_TOKEN.sub(" ", UNPRINTABLE.sub("", text))


def quoted(text: str) -> str:
    """`text` as one quotation on one line, which nothing in it can end: “...”."""
    line = " ".join(UNPRINTABLE.sub("", text).split())[:_LONGEST_QUOTE]
    line = _QUOTES.sub("'", line.translate(_DELIMITERS))
    line = _ROLE.sub(r"\g<role> -", _RULE.sub(r"\1", line))
    return f"“{line}”"
