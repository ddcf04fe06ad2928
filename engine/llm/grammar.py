"""The grammar that makes every reply begin with a tag that is one (GBNF, the notation of llama.cpp)."""

from __future__ import annotations

from engine.conversation.emotion import TAGS


def tag_grammar(language: str) -> str:
    """A tag of that language, a space, then anything but nothing."""
    names = TAGS.get(language, TAGS["en"]).values()
    tags = " | ".join(f'"[{name}] "' for name in names)
    return f"root ::= tag start rest\ntag ::= {tags}\nstart ::= [^ \\n\\[]\nrest ::= [^\\x00]*\n"
