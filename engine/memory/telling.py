"""Whether words of a user's turn are told as true: not asked, imagined, quoted or said in fun.

Works on the clause around a match, with the regular expressions of the rule file's [guard] section:
`joke` (unless `serious`) takes back the whole turn; `lead` ("did you know that") only introduces; `question`
and `unreal` (before the match, unless in the user's `own_words`) make a clause no statement.
"""

from __future__ import annotations

import re

_SEPARATOR = re.compile(r"[,;:!?\n，。；：！？…]|\.(?=\s|$)")
_QUOTE = re.compile('["“「『][^"”」』\n]*["”」』]')
_TURN = re.compile(r"\b(?:but|because)\b|但是?|不过|可是|因为|其实")
_LONG_QUOTE = re.compile(r"我|\b[iI]\b|\w+\W+\w+\W+\w+")


def without_quotes(text: str) -> str:
    """`text` with quoted speech blanked out (same length); short quotes, as around a name, stay."""
    return _QUOTE.sub(lambda m: " " * len(m[0]) if _LONG_QUOTE.search(m[0]) else m[0], text)


class Telling:
    """One turn, its clauses and what each of them is."""

    def __init__(self, text: str, guard: dict[str, re.Pattern[str]]) -> None:
        self._text = text
        self._guard = guard
        self._cuts = [(match.start(), match.end()) for match in _SEPARATOR.finditer(text)]
        self.in_fun = bool(guard["joke"].search(text) and not guard["serious"].search(text))

    def is_told(self, start: int, end: int) -> bool:
        """True where the words from `start` to `end` are stated by the user as true."""
        first = max((stop for begin, stop in self._cuts if stop <= start), default=0)
        last = min((begin for begin, _ in self._cuts if begin >= end), default=len(self._text))
        clause = self._text[first:last].lstrip()
        led = self._guard["lead"].match(clause)
        if not led and self._asks(clause, self._text[last : last + 1]):
            return False
        before = self._text[first:start]
        if led:
            before = before.lstrip()[led.end() :]
        before = self._guard["own_words"].sub(" ", _TURN.split(before)[-1])
        return not self._guard["unreal"].search(before)

    def _asks(self, clause: str, mark: str) -> bool:
        if self._guard["telling"].match(clause):
            return False
        return mark in ("?", "？") or bool(self._guard["question"].match(clause))
