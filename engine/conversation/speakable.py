"""From shown text to spoken text, code point by code point.

What is shown but not spoken at all (code, addresses) reaches this module as HOLEs: the *sound* of a text
has the text's length, with a HOLE in place of every character that is silent.
"""

from __future__ import annotations

import re

from engine.conversation.characters import EMOJI, HAS_WORD, PAUSE_MARKS, is_cjk, is_latin

HOLE = "\0"
"""Stands for a shown character without sound; never occurs in shown text."""

_SILENT = rf"{HOLE}{EMOJI}*_~～〜|\\^`<>{{}}\[\]【】［］"
_PIECES = re.compile(rf"(?P<voiced>[^\s{_SILENT}]+)|(?P<space>\s+)|(?P<silent>[{_SILENT}]+)")
_TILDES = "~～〜"
_NEVER_FIRST = PAUSE_MARKS + "）)】》」』”’"


def spoken_form(sound: str) -> tuple[str, tuple[int, ...]]:
    """What is spoken of a text, and for each of its code points the exclusive end index in the text.

    Runs of spaces become one, a silent run inside a Latin word becomes a space, a tilde after a word is a
    short pause, marks at the very beginning are left out, and the last code point carries the silent rest of
    the text. Without any word: ("", ()).
    """
    spoken: list[str] = []
    ends: list[int] = []
    for match in _PIECES.finditer(sound):
        start, end = match.span()
        if match.lastgroup == "voiced":
            if not spoken:
                start += len(match[0]) - len(match[0].lstrip(_NEVER_FIRST))
            spoken.extend(sound[start:end])
            ends.extend(range(start + 1, end + 1))
        elif spoken and spoken[-1] != " ":
            if match[0][0] in _TILDES and spoken[-1].isalnum():
                spoken.append("，" if is_cjk(spoken[-1]) else ",")
                ends.append(end)
                continue
            inside_word = is_latin(spoken[-1]) and is_latin(sound[end : end + 1])
            if match.lastgroup == "space" or inside_word:
                spoken.append(" ")
                ends.append(end)
    if spoken and spoken[-1] == " ":
        del spoken[-1], ends[-1]
    text = "".join(spoken)
    if HAS_WORD.search(text) is None:
        return "", ()
    ends[-1] = len(sound)
    return text, tuple(ends)
