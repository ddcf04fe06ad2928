"""Runs of a reply -> clauses, the pieces that are synthesised one by one.

The first clause is short, so that the voice starts early: it ends at the first pause mark after 6 CJK or
10 Latin characters, and before its 25th token in any case. Later clauses are whole sentences; a long one
may end at any pause mark, a very long one between words. Very short sentences (under half that many
characters) are joined to the next, except at a line break. Another emotion always starts another clause.
White space leads the next clause.

Look-ahead. A mark is followed until the first character that is not a mark, closer or emoji, because those
stay with the sentence; a full stop must also see that it is not inside `3.14` or `example.com`. So most
ends are certain one character late. The first clause does without where it can: outside quotations, a wide
mark or a comma ends it at once (not after a digit). A second `！` then leads the next clause, where it is
shown and not spoken.
"""

from __future__ import annotations

import re

import msgspec

from engine.conversation.characters import (
    CJK,
    CLOSERS,
    EMOJI,
    OPENERS,
    PAUSE_MARKS,
    SENTENCE_MARKS,
    is_latin,
    whole_clusters,
)
from engine.conversation.reply import ReplyEvent
from engine.conversation.speakable import HOLE, spoken_form
from engine.messages import Emotion

ENOUGH_CJK = 6
ENOUGH_LATIN = 10
FIRST_TOKENS = 24
SOFT_TOKENS = 40
"""From here on a later clause may end at any pause mark."""
MAX_TOKENS = 80
MAX_CHARACTERS = 1000
"""Where even a clause without tokens (code) ends, give or take the marks after its last sentence."""


class Clause(msgspec.Struct, frozen=True):
    """One piece of a reply in one emotion."""

    text: str
    """As shown."""
    spoken: str
    """As spoken; empty when nothing of it has a sound."""
    spoken_to_text: tuple[int, ...]
    """For each code point of `spoken`, the exclusive end index in `text` it corresponds to."""
    emotion: Emotion

    def text_end(self, spoken_end: int) -> int:
        """How many code points of `text` are heard with the first `spoken_end` code points of `spoken`."""
        if spoken_end <= 0 or not self.spoken_to_text:
            return 0
        return self.spoken_to_text[min(spoken_end, len(self.spoken_to_text)) - 1]


_CLUSTER = (
    "(?:[\U0001f1e6-\U0001f1ff]{2}"
    f"|[{EMOJI}][\ufe00-\ufe0f\u20e3\U0001f3fb-\U0001f3ff\U000e0020-\U000e007f]{{0,8}}"
    f"(?:\u200d[{EMOJI}][\ufe0f\U0001f3fb-\U0001f3ff]{{0,2}}){{0,8}})"
)
_SLICE = 256
_STOP = re.compile(
    rf"(?P<mark>[{PAUSE_MARKS}\n])|(?P<cjk>[{CJK}]+)|(?P<word>[^\W_{CJK}]+)"
    rf"|(?P<open>[{re.escape(OPENERS)}])|(?P<close>[”’」』）)】］\]》〉])|(?P<straight>\")"
)
_AFTER_MARK = re.compile(rf"(?:[{SENTENCE_MARKS}—～~{re.escape(CLOSERS)}]|{_CLUSTER}){{0,16}}")
_AFTER_QUOTED_MARK = re.compile(rf"(?:[{SENTENCE_MARKS}—～~{re.escape(CLOSERS)}\"]|{_CLUSTER}){{0,16}}")
_COMPLETE = "，。！？；、,"
"""Marks that need no look-ahead in the first clause."""
_INSIDE_NUMBERS = ".,:：，–~～"
_INSIDE_WORDS = ".,:'’-_@/"
_NOT_AN_END = re.compile(
    r"(?:^|[^A-Za-z0-9_.])"
    r"(?:(?i:mr|mrs|ms|dr|prof|st|mt|jr|sr|vs|etc|inc|ltd|approx|dept|fig|vol)"
    r"|[A-HJ-Z]|(?:[A-Za-z]{1,3}\.)+[A-Za-z])$"
    r"|(?:^|\n)\s*\d{1,3}$"
)
"""Before a full stop: an abbreviation, an initial, or the number of a list item."""


class ClauseSplitter:
    """Feed it the events of a reply, then `finish`. The texts of its clauses joined are the shown text."""

    def __init__(self) -> None:
        self._first = True
        """No clause with a sound was released yet."""
        self._quoted = False
        """Inside a pair of straight quotes."""
        self._emotion: Emotion = "calm"
        self._text = ""
        self._sound = ""
        """`_text` with a HOLE for every character that is not voiced."""
        self._restart()

    def _restart(self) -> None:
        self._scanned = 0
        self._tokens = 0
        self._cjk = 0
        self._latin = 0
        self._depth = 0
        """Quotes and brackets opened in this clause."""

    def feed(self, event: ReplyEvent) -> list[Clause]:
        """Takes the next run and returns the clauses whose end became certain."""
        clauses: list[Clause] = []
        if event.emotion != self._emotion:
            clauses += self._release_all()
            self._emotion = event.emotion
        for start in range(0, len(event.text), _SLICE):
            text = event.text[start : start + _SLICE]
            self._text += text
            self._sound += text if event.voiced else HOLE * len(text)
            clauses += self._scan(ended=False)
        return clauses

    def finish(self) -> list[Clause]:
        """Ends the reply: what is left is its last clause."""
        return self._release_all()

    def _release_all(self) -> list[Clause]:
        clauses = self._scan(ended=True)
        if self._text:
            clauses.append(self._release(len(self._text)))
        return clauses

    def _release(self, end: int) -> Clause:
        text, sound = self._text[:end], self._sound[:end]
        self._text, self._sound = self._text[end:], self._sound[end:]
        self._restart()
        spoken, spoken_to_text = spoken_form(sound)
        if spoken:
            self._first = False
        return Clause(text, spoken, spoken_to_text, self._emotion)

    def _scan(self, *, ended: bool) -> list[Clause]:
        clauses: list[Clause] = []
        while True:
            stop = _STOP.search(self._sound, self._scanned, MAX_CHARACTERS)
            if stop is None:
                if len(self._text) > MAX_CHARACTERS:
                    clauses.append(
                        self._release(whole_clusters(self._text, MAX_CHARACTERS) or MAX_CHARACTERS)
                    )
                    continue
                self._scanned = len(self._sound)
                return clauses
            end = self._end_at(stop, ended)
            if end is None:
                return clauses
            if end:
                clauses.append(self._release(end))

    def _end_at(self, stop: re.Match[str], ended: bool) -> int | None:
        """Where the clause ends by this stop; 0: not by this one; None: what follows must be seen first."""
        if stop.lastgroup == "mark":
            return self._end_at_mark(stop.start(), ended)
        match stop.lastgroup:
            case "cjk":
                return self._count_cjk(stop)
            case "word":
                return self._count_word(stop)
            case "open":
                self._depth += 1
            case "close":
                self._depth = max(0, self._depth - 1)
            case _:
                self._quoted = not self._quoted
        self._scanned = stop.end()
        return 0

    # ------------------------------------------------------------ length

    @property
    def _most_tokens(self) -> int:
        return FIRST_TOKENS if self._first else MAX_TOKENS

    def _count_cjk(self, stop: re.Match[str]) -> int:
        room = self._most_tokens - self._tokens
        count = stop.end() - stop.start()
        if count > room:
            return self._between_words(stop.start() + room)
        self._tokens += count
        self._cjk += count
        self._scanned = stop.end()
        return 0

    def _count_word(self, stop: re.Match[str]) -> int:
        start = stop.start()
        before = self._sound[max(0, start - 2) : start]
        goes_on = is_latin(before[-1:]) or (before[-1:] in tuple(_INSIDE_WORDS) and is_latin(before[:1]))
        if not goes_on:
            if self._tokens >= self._most_tokens:
                return self._between_words(start)
            self._tokens += 1
        self._latin += stop.end() - start
        self._scanned = stop.end()
        return 0

    def _between_words(self, end: int) -> int:
        """`end`, or before the opening quotes and spaces that belong to what follows."""
        start = end
        while start and (self._sound[start - 1].isspace() or self._sound[start - 1] in OPENERS):
            start -= 1
        return start or end

    # ------------------------------------------------------------ marks

    def _end_at_mark(self, index: int, ended: bool) -> int | None:
        sound, mark = self._sound, self._sound[index]
        if mark == "\n":
            self._scanned = index + 1
            self._quoted = False
            return index if self._tokens else 0
        length = self._cjk / ENOUGH_CJK + self._latin / ENOUGH_LATIN
        eager = self._first or self._tokens >= SOFT_TOKENS
        if not (length >= 1 if eager else length >= 0.5 and mark in SENTENCE_MARKS):
            self._scanned = index + 1
            return 0
        before = sound[index - 1]
        quoted = self._quoted or self._depth > 0
        if self._first and mark in _COMPLETE and not quoted and not before.isdigit():
            return index + 1
        after_mark = _AFTER_QUOTED_MARK if self._quoted else _AFTER_MARK
        match = after_mark.match(sound, index + 1)
        end = match.end() if match else index + 1
        if end == len(sound) and not ended:
            return None
        if self._goes_on(index, end):
            self._scanned = index + 1
            return 0
        if '"' in sound[index:end]:
            self._quoted = False
        return end

    def _goes_on(self, index: int, end: int) -> bool:
        """True for a mark inside a number, a word, an abbreviation or a face."""
        sound, mark = self._sound, self._sound[index]
        before, after = sound[index - 1], sound[end : end + 1]
        alone = end == index + 1
        if alone and mark in _INSIDE_NUMBERS and before.isdigit() and after.isdigit():
            return True
        if mark in ":;":
            return after.strip() != ""
        if mark == ".":
            return is_latin(after) or (
                alone and _NOT_AN_END.search(sound, max(0, index - 16), index) is not None
            )
        return False
