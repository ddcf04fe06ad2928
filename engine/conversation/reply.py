"""A model's token stream -> text to show, what of it is voiced, and the emotion it is said with.

Theory of operation. `feed` appends to `_held`, the raw text that is not decided yet, and takes constructs
off its front for as long as they are *certain*: no matter what comes next, the decision would be the same.
That makes the result independent of how the stream is cut into pieces. A construct that is not certain yet
(`[hap`, `*`, `htt`) stays held; every look-ahead has a cap, so nothing ever stalls: 24 characters for a tag
or a code fence's language, 80 for a stage direction whose first word already is an action.

The parser is always in one of four modes, which are methods: prose, thinking (dropped up to its end),
fence (a code block), address (a URL). A mode takes the position in `_held` and whether the stream has
ended, and returns the new position, or None to wait for more.

White space is not shown at once but owed (`_space`) until something visible follows. So a reply never
begins or ends with it, and what is hidden between two words leaves a single space.

Known limits: `!` before an image's `[` stays, tables keep their bars, a line break ends emphasis.
"""

from __future__ import annotations

import re
from collections.abc import Callable

import msgspec

from engine.conversation.characters import CJK, CLOSERS, EMOJI, SENTENCE_MARKS, UNPRINTABLE, is_cjk, is_latin
from engine.conversation.emotion import begins_tag, leading_tag, parse_tag
from engine.conversation.stage import LONGEST, is_direction, is_face, may_be_direction
from engine.messages import Emotion


class ReplyEvent(msgspec.Struct, frozen=True):
    """A run of shown text, in order: no tags, thinking, stage directions or markup marks in it."""

    text: str
    voiced: bool
    """False: shown only (code, addresses, faces). Emoji are dropped later, by `speakable`."""
    emotion: Emotion


_TAG_CAP = 24
_TAG = re.compile(rf"[\[【［]([^\[\]【】［］\n。！？!?]{{0,{_TAG_CAP}}})")
_TAG_END = "]】］"
_TAG_SHAPE = re.compile(rf"[^\W\d_{CJK}]{{1,16}}(?:[-'’ ][^\W\d_{CJK}]{{1,16}})?|[{CJK}]{{1,6}}")
_LINK = re.compile(r"\((?:https?://|www\.|mailto:|\.?/|#)", re.IGNORECASE)
_LINK_SIGHT = 9
_PARENTHESIS = re.compile(rf"[(（]([^()（）\n]{{0,{LONGEST}}})")
_EMPHASIS = re.compile(r"\*{1,8}|_{1,8}|~{1,8}")
_STARRED = re.compile(rf"([^*\n]{{0,{LONGEST}}})(\*{{0,8}})")
_TICKS = re.compile(r"`{1,3}")
_INLINE_CODE = re.compile(rf"[^`\n]{{0,{LONGEST}}}")
_FENCE_LANGUAGE = re.compile(rf"[^\n`]{{0,{_TAG_CAP}}}")
_ANGLE = re.compile(r"<(/?)([A-Za-z]{0,10})")
_THINKING_NAMES = ("think", "thinking", "thought", "reasoning")
_THINKING_END = re.compile(rf"</(?:{'|'.join(_THINKING_NAMES)})>", re.IGNORECASE)
_THINKING_END_LENGTH = 12
_LINE_MARK = re.compile(r"#{1,6}|>{1,6}|[-]{1,8}|[*]{1,8}|[_]{1,8}|[+•]")
_WORD_CAP = 256
_WORD = re.compile(rf"[^\s\[【［(（*_~`<]{{1,{_WORD_CAP}}}")
_URL = re.compile(r"https?://|www\.", re.IGNORECASE)
_URL_BEGUN = re.compile(r"(?:h(?:t(?:t(?:p(?:s?(?::/?)?)?)?)?)?|w{1,3})$", re.IGNORECASE)
_URL_LONGEST_START = 8
_URL_END = r".,;:!?)\]}*_~"
_URL_BODY = re.compile(
    rf"(?:[{_URL_END}]{{0,16}}[^\s<>\"'`，。！？、；：（）【】《》“”‘’「」{CJK}{_URL_END}])*"
)
_URL_TAIL = re.compile(rf"[{_URL_END}]{{0,16}}")
_STARTS_SENTENCE = re.compile(rf"(?:^|[{SENTENCE_MARKS}~～][{re.escape(CLOSERS)}\"{EMOJI}]*)$")
_TAIL = 12
"""Characters of shown text remembered to see whether a sentence may begin."""


class ReplyParser:
    """Feed it pieces of a reply, then `finish`. The same text gives the same result however it is cut."""

    def __init__(self, mood: Emotion = "calm") -> None:
        """`mood`: the running mood, in which a reply without a tag is said."""
        self.emotion: Emotion = mood
        """The feeling of what comes next: the last known tag's."""
        self._held = ""
        self._before = ""
        """The last raw character taken off `_held`."""
        self._mode: Callable[[int, bool], int | None] = self._prose
        self._emphasis: set[str] = set()
        """Emphasis marks (`*`, `_`, `~`) that are open."""
        self._space = ""
        self._hid = False
        """A tag, thinking or a stage direction was dropped since the last visible character."""
        self._tail = ""
        self._runs: list[tuple[list[str], bool, Emotion]] = []

    def feed(self, piece: str) -> list[ReplyEvent]:
        """Takes the next piece (any length, any unicode) and returns what became certain."""
        self._held += UNPRINTABLE.sub("", piece)
        return self._advance(ended=False)

    def finish(self) -> list[ReplyEvent]:
        """Ends the reply: decides what was held back."""
        return self._advance(ended=True)

    def _advance(self, *, ended: bool) -> list[ReplyEvent]:
        position = 0
        while position < len(self._held):
            following = self._mode(position, ended)
            if following is None:
                break
            if following > position:
                self._before = self._held[following - 1]
                position = following
        self._held = self._held[position:]
        runs, self._runs = self._runs, []
        return [ReplyEvent("".join(parts), voiced, emotion) for parts, voiced, emotion in runs]

    # ------------------------------------------------------------ what is shown

    def _show(self, text: str, *, voiced: bool = True) -> None:
        if space := self._owed_space(text[0]):
            self._append(space, voiced=True)
        self._append(text, voiced=voiced)
        self._space, self._hid = "", False
        self._tail = (self._tail + text[-_TAIL:])[-_TAIL:]

    def _append(self, text: str, *, voiced: bool) -> None:
        if self._runs and self._runs[-1][1:] == (voiced, self.emotion):
            self._runs[-1][0].append(text)
        else:
            self._runs.append(([text], voiced, self.emotion))

    def _owed_space(self, following: str) -> str:
        """The white space shown before `following`."""
        if not self._tail:
            return ""
        last = self._tail[-1]
        if self._hid and not self._space and last in ".,!?;:" and is_latin(following):
            return " "  # "Hi![sad]Bye" would read "Hi!Bye"
        wide = is_cjk(last) or last in "。！？，、；：…～”’」』）》"
        if self._hid and self._space == " " and wide:
            return ""
        return self._space

    def _hide(self) -> None:
        self._hid = True

    def _owe_space(self, white: str) -> None:
        lines = min(2, self._space.count("\n") + white.count("\n"))
        self._space = "\n" * lines or " "
        if lines:
            self._emphasis.clear()

    @property
    def _line_starts(self) -> bool:
        return not self._tail or "\n" in self._space

    @property
    def _sentence_starts(self) -> bool:
        return self._line_starts or _STARTS_SENTENCE.search(self._tail) is not None

    def _previous(self, position: int) -> str:
        return self._held[position - 1] if position else self._before

    # ------------------------------------------------------------ modes

    def _prose(self, position: int, ended: bool) -> int | None:
        character = self._held[position]
        if character.isspace():
            self._owe_space(character)
            return position + 1
        if self._line_starts and (mark := _LINE_MARK.match(self._held, position)):
            return self._line_mark(mark, ended)
        match character:
            case "[" | "【" | "［":
                return self._bracket(position, ended)
            case "(" | "（":
                return self._parenthesis(position, ended)
            case "*" | "_" | "~":
                return self._emphasised(position, ended)
            case "`":
                return self._ticks(position, ended)
            case "<":
                return self._angle(position, ended)
            case _:
                return self._words(position, ended)

    def _thinking(self, position: int, ended: bool) -> int | None:
        if end := _THINKING_END.search(self._held, position):
            self._mode = self._prose
            return end.end()
        if ended:
            return len(self._held)
        safe = len(self._held) - _THINKING_END_LENGTH
        return safe if safe > position else None

    def _fence(self, position: int, ended: bool) -> int | None:
        end = self._held.find("```", position)
        if end >= 0:
            self._show_code(self._held[position:end])
            self._mode = self._prose
            return end + 3
        safe = len(self._held)
        if not ended:
            while safe > position and safe > len(self._held) - 2 and self._held[safe - 1] == "`":
                safe -= 1
        self._show_code(self._held[position:safe])
        return safe if safe > position else None

    def _show_code(self, code: str) -> None:
        if code:
            self._show(code, voiced=False)

    def _address(self, position: int, ended: bool) -> int | None:
        end = _match_end(_URL_BODY, self._held, position)
        if end > position:
            self._show(self._held[position:end], voiced=False)
            return end
        # Marks at its end belong to the sentence, unless the address goes on after them.
        tail = _match_end(_URL_TAIL, self._held, position)
        if tail == len(self._held) and not ended:
            return None
        self._mode = self._prose
        return position

    # ------------------------------------------------------------ constructs of prose

    def _words(self, position: int, ended: bool) -> int | None:
        """Plain text up to the next space or construct; an address may begin in it."""
        end = _match_end(_WORD, self._held, position)
        for url in _URL.finditer(self._held, position, end):
            if not _is_ascii_alnum(self._previous(url.start())):
                if url.start() > position:
                    self._show(self._held[position : url.start()])
                    return url.start()
                self._show(url[0], voiced=False)
                self._mode = self._address
                return url.end()
        if (end == len(self._held) and not ended) or end - position == _WORD_CAP:
            begun = _URL_BEGUN.search(self._held, max(position, end - _URL_LONGEST_START), end)
            if begun and not _is_ascii_alnum(self._previous(begun.start())):
                end = begun.start()
        if end == position:
            return None
        self._show(self._held[position:end])
        return end

    def _line_mark(self, mark: re.Match[str], ended: bool) -> int | None:
        """Headings, quotes, list bullets and rules lose their marks."""
        end = mark.end()
        if end == len(self._held) and not ended:
            return None
        following = self._held[end : end + 1]
        rule = len(mark[0]) >= 3 and mark[0][0] in "-*_" and following in ("\n", "\r", "")
        item = following in (" ", "\t") and (mark[0][0] in "#>" or len(mark[0]) == 1) and mark[0][0] != "_"
        if rule or item:
            return end
        if mark[0][0] in "*_":
            return self._emphasised(mark.start(), ended)
        self._show(mark[0])
        return end

    def _bracket(self, position: int, ended: bool) -> int | None:
        """A tag, a stage direction, a link, or text."""
        match = _TAG.match(self._held, position)
        assert match is not None
        content, end = match[1], match.end()
        if end == len(self._held):
            if not ended:
                return None
            cut_short = begins_tag(content) or (
                self._sentence_starts and _TAG_SHAPE.fullmatch(content.strip())
            )
            return end if cut_short else self._literal(position)
        if self._held[end] not in _TAG_END:
            return self._unclosed(position, content)
        if emotion := parse_tag(content):
            self.emotion = emotion
            self._hide()
            return end + 1
        if is_direction(content, opening=self._sentence_starts):
            self._hide()
            return end + 1
        target = self._held[end + 1 : end + 1 + _LINK_SIGHT]
        if not ended and (not target or (target[0] == "(" and len(target) < _LINK_SIGHT)):
            return None
        if _LINK.match(target):
            label = re.sub(r"[*_`]", "", content).strip()
            if label:
                self._show(label)
                self._space = " "
            self._show("(", voiced=False)
            return end + 2
        if self._sentence_starts and _TAG_SHAPE.fullmatch(content.strip()):
            self._hide()  # an unknown tag: the running mood stays
            return end + 1
        return self._literal(position)

    def _unclosed(self, position: int, content: str) -> int:
        """A bracket that does not close in time: a tag that lost its end, or text."""
        tag = leading_tag(content) if content else None
        if tag is None:
            return self._literal(position)
        self.emotion = tag[0]
        self._hide()
        return position + 1 + tag[1]

    def _parenthesis(self, position: int, ended: bool) -> int | None:
        """A stage direction, a tag in the wrong brackets, a face, or text."""
        match = _PARENTHESIS.match(self._held, position)
        assert match is not None
        content, end = match[1], match.end()
        opening = self._sentence_starts
        if end == len(self._held) and not ended and may_be_direction(content, opening=opening):
            return None
        if self._held[end : end + 1] not in (")", "）"):
            return self._literal(position)
        if is_direction(content, opening=opening):
            self._hide()
            return end + 1
        if opening and content.isalpha() and (emotion := parse_tag(content)):
            self.emotion = emotion
            self._hide()
            return end + 1
        if is_face(content):
            self._show(self._held[position : end + 1], voiced=False)
            return end + 1
        return self._literal(position)

    def _emphasised(self, position: int, ended: bool) -> int | None:
        """Marks of emphasis are dropped in pairs; arithmetic, snake_case and lone marks are text."""
        match = _EMPHASIS.match(self._held, position)
        assert match is not None
        mark, end = match[0][0], match.end()
        if end == len(self._held) and not ended:
            return None
        before, after = self._previous(position), self._held[end : end + 1]
        if mark == "~" and len(match[0]) == 1:
            return self._literal(position)
        closes = mark in self._emphasis and not before.isspace() and (mark == "*" or not after.isalnum())
        if closes:
            self._emphasis.discard(mark)
            return end
        calculates = before.isdigit() and after.isdigit()
        opens = (
            after.strip() != ""
            and not calculates
            and (mark == "*" or (after.isalnum() and not before.isalnum()))
        )
        if not opens:
            self._show(match[0])
            return end
        if mark == "*" and not is_latin(before):
            acted = _STARRED.match(self._held, end)
            assert acted is not None
            opening = self._sentence_starts and len(match[0]) == 1  # "**Walks**" is a bold word
            undecided = acted[2] or may_be_direction(acted[1], opening=opening, emphasis=True)
            if acted.end() == len(self._held) and not ended and undecided:
                return None
            if acted[2] and is_direction(acted[1], opening=opening, emphasis=True):
                self._hide()
                return acted.end()
        self._emphasis.add(mark)
        return end

    def _ticks(self, position: int, ended: bool) -> int | None:
        """Inline code, the start of a code block, or a lone back-tick."""
        end = _match_end(_TICKS, self._held, position)
        ticks = end - position
        if end == len(self._held) and ticks < 3 and not ended:
            return None
        if ticks == 3:
            language = _match_end(_FENCE_LANGUAGE, self._held, end)
            if language == len(self._held) and not ended:
                return None
            self._mode = self._fence
            return language + 1 if self._held[language : language + 1] == "\n" else end
        close = _match_end(_INLINE_CODE, self._held, end)
        closing = self._held[close : close + ticks]
        if len(closing) < ticks and not closing.strip("`") and not ended:
            return None
        if closing == "`" * ticks and close > end:
            self._show(self._held[end:close], voiced=False)
            return close + ticks
        self._show(self._held[position:end])
        return end

    def _angle(self, position: int, ended: bool) -> int | None:
        """Thinking begins (or ends without having begun); anything else is text."""
        match = _ANGLE.match(self._held, position)
        assert match is not None
        end = match.end()
        if end == len(self._held) and not ended and len(match[2]) < _TAG_CAP:
            return None
        if match[2].casefold() not in _THINKING_NAMES or self._held[end : end + 1] != ">":
            return self._literal(position)
        self._hide()
        if not match[1]:
            self._mode = self._thinking
        return end + 1

    def _literal(self, position: int) -> int:
        self._show(self._held[position])
        return position + 1


def _match_end(pattern: re.Pattern[str], text: str, position: int) -> int:
    match = pattern.match(text, position)
    return match.end() if match else position


def _is_ascii_alnum(character: str) -> bool:
    return character.isascii() and character.isalnum()
