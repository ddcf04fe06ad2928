"""Whether words ask something, with or without the question mark that voice input lacks."""

from __future__ import annotations

import re

_ENGLISH = re.compile(
    r"(?:(?:and|but|so|well|ok|hey|tell me|remind me|do you (?:know|remember)|please) )*"
    r"(?:(?:what|where|when|who|whose|which|how)(?:’s)? (?!i\b|my\b|we\b|a\b)|"
    r"(?:what|where|who|when|how)’s\b|why\b|"
    r"(?:do|does|did|is|are|am|was|were|can|could|will|would|should|has|have) "
    r"(?:i|you|we|he|she|it|they|my|your|there|the|this|that|any)\b|"
    r"do you (?:know|remember)|tell me (?:what|where|when|who|how|about|if))"
)
_ENGLISH_TAIL = re.compile(
    r"\b(?:you (?:still )?(?:remember|know)"
    r"|(?:tell|remind) me)\b.*\b(?:what|where|when|who|which|how|my|if)\b"
)
_CHINESE = re.compile(
    "(?:吗|么|呢|没有|不是|来着)$|什么(?!都|也)|谁|哪(?!怕)|怎么(?!都|也|着)|"
    "为什么|为啥|多少|"
    "几(?:个|点|岁|号|月|口|只|天|年|分)|是不是|能不能|会不会|有没有|要不要|记不记得|如何|啥|还记得"
)


def asks(text: str, plain: str, language: str) -> bool:
    """True where `text` (`plain`: as rulebook.plain_text leaves it) is a question."""
    if text.rstrip().endswith(("?", "？")):
        return True
    if language == "zh":
        return bool(_CHINESE.search(plain))
    return bool(_ENGLISH.match(plain) or _ENGLISH_TAIL.search(plain))
