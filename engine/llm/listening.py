"""What is said when no rule knows better: it shows that she listened."""

from __future__ import annotations

import re

from engine.conversation.prompt import Prompt
from engine.llm.questions import asks
from engine.llm.rulebook import TalkRules
from engine.llm.variants import Variants, harmless
from engine.wording import lower_first, tidy, to_second_person

_ECHOABLE = {
    # The subject is the user, the rest is plain, and nobody is addressed: turning it round stays grammatical.
    "en": re.compile(
        r"(?:i|we|my|our)(?:'m|'ve|'re|'ll|'d)? "
        r"(?!think|guess|mean|know|don't|do not|wonder|can't|want you|hope you)[\w' -]{6,60}$",
        re.IGNORECASE,
    ),
    "zh": re.compile(
        r"(?:我|我们|今天我|昨天我|刚才我)(?!觉得|想说|不知道|知道|的意思)[^你您，。！？,.!?]{3,18}$"
    ),
}
_ADDRESSED = re.compile(r"\b(?:you|your|yours|me|us|let's)\b|你|您", re.IGNORECASE)
_HER = {"en": re.compile(r"\b(?:you|your|yours)\b"), "zh": re.compile("你|您")}
_SHORT = {"en": 9, "zh": 3}
"""Characters up to which a remark is too short to be reflected."""
_END = ".!?。！？~～…,，;； "


def listening_reply(prompt: Prompt, plain: str, rules: TalkRules, variants: Variants) -> str:
    """A reply to anything: a question she cannot answer, a short remark, or something told."""
    language = prompt.language
    if not plain:
        return variants.choose(rules.fallback["empty"])
    text = prompt.user_text.strip()
    if asks(text, plain, language):
        kind = "ask_her" if _HER[language].search(plain) else "question"
        return variants.choose(rules.fallback[kind])
    if len(plain) <= _SHORT[language]:
        return variants.choose(rules.fallback["short"])
    echo = _echo(text, language)
    if echo and variants.seed % 4:
        said = variants.choose(rules.fallback["echo"], echo=echo)
        if not variants.was_said(said):
            return said
    return variants.choose(rules.fallback["statement"])


def _echo(text: str, language: str) -> str:
    """The user's statement turned to `you`, without end mark; empty where that could go wrong."""
    text = harmless(text).strip(_END).replace("\N{RIGHT SINGLE QUOTATION MARK}", "'")
    if not _ECHOABLE[language].match(text) or _ADDRESSED.search(text):
        return ""
    turned = tidy(to_second_person(text, language), language)
    return lower_first(turned) if language == "en" else turned.rstrip("啊呀呢吧")
