"""The starter mind's rules: rules/{en,zh}.toml (talk) and rules/recall.{en,zh}.toml (memory), compiled.

Every reply is written with its emotion tags in the file, and checked here: a wrong tag fails at load, not in
a conversation. The files explain their own form at their top.
"""

from __future__ import annotations

import re
import tomllib
from functools import cache
from importlib import resources

import msgspec

from engine.conversation.emotion import parse_tag
from engine.memory.words import terms

_TAG = re.compile(r"\[([^\]]+)\]")


class _Rule(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    name: str
    match: tuple[str, ...]
    replies: tuple[str, ...]
    unless: tuple[str, ...] = ()


class _Talk(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    crisis: tuple[_Rule, ...]
    feeling: tuple[_Rule, ...]
    talk: tuple[_Rule, ...]
    told: dict[str, tuple[str, ...]]
    fallback: dict[str, tuple[str, ...]]
    openers: dict[str, tuple[str, ...]]
    opening: dict[str, str]
    once: tuple[str, ...]


class _Ask(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    slots: tuple[str, ...]
    patterns: tuple[str, ...]
    final: bool = False


class _Concept(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    words: tuple[str, ...]
    wider: tuple[str, ...] = ()
    who: bool = False


class _Recall(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    about_user: str
    asks: str
    not_about_user: str
    to_her: str
    requests_recall: str
    last_words: str
    summary: str
    generic: str
    ask: tuple[_Ask, ...]
    concept: tuple[_Concept, ...]
    say: dict[str, tuple[str, ...]]


class Rule:
    """One thing that can be said to the companion, and what she answers."""

    def __init__(self, rule: _Rule) -> None:
        self.name = rule.name
        self.replies = rule.replies
        self._match = re.compile("|".join(f"(?:{pattern})" for pattern in rule.match))
        self._unless = re.compile("|".join(f"(?:{pattern})" for pattern in rule.unless) or "(?!)")

    def matches(self, plain: str) -> bool:
        """`plain` is the user's text as `plain_text` leaves it."""
        return bool(self._match.search(plain)) and not self._unless.search(plain)


class TalkRules:
    """What is said about everything but the user's own facts, in one language."""

    def __init__(self, file: _Talk) -> None:
        self.crisis = tuple(map(Rule, file.crisis))
        self.feeling = tuple(map(Rule, file.feeling))
        self.talk = tuple(map(Rule, file.talk))
        self.told = file.told
        """Replies to a fact the user tells, by slot; `other` for the rest."""
        self.fallback = file.fallback
        self.openers = file.openers
        """Short sentences put in front: greetings, what the voice betrayed, an interruption."""
        self.opening = {name: re.compile(pattern) for name, pattern in file.opening.items()}
        self.once = file.once
        """What is said once a session about the starter mind itself."""


class Question:
    """One kind of question about the user, and the kinds of fact that answer it."""

    def __init__(self, ask: _Ask) -> None:
        self._slots = ask.slots
        self._patterns = tuple(map(re.compile, ask.patterns))
        self.final = ask.final
        """True: no later kind of question can be meant (it is about somebody else than the user)."""

    def slots_for(self, plain: str, nouns: dict[str, str]) -> tuple[str, ...]:
        """The slots asked for by `plain`, best first; empty when it is another question.

        A slot marked `+` counts only with facts that share a word or a concept with the question."""
        for pattern in self._patterns:
            if match := pattern.search(plain):
                noun = match.groupdict().get("noun") or ""
                noun = noun if noun in nouns else noun.removesuffix("s")
                return tuple(slot.format(noun=nouns.get(noun, noun)) for slot in self._slots)
        return ()


class Concept:
    """Words that mean much the same."""

    def __init__(self, concept: _Concept, language: str) -> None:
        self.in_memory = _words(concept.words, language)
        self.in_question = _words(concept.words + concept.wider, language)
        self.who = concept.who
        """True: somebody; a memory that does not name them says nothing about them."""


class RecallRules:
    """How questions about the user are understood and answered, in one language."""

    def __init__(self, file: _Recall, language: str) -> None:
        self.about_user = re.compile(file.about_user)
        self.asks = re.compile(file.asks)
        self.not_about_user = re.compile(file.not_about_user)
        self.to_her = re.compile(file.to_her)
        self.requests_recall = re.compile(file.requests_recall)
        self.last_words = re.compile(file.last_words)
        self.summary = re.compile(file.summary)
        self.generic = frozenset(terms(file.generic))
        self.questions = tuple(map(Question, file.ask))
        self.concepts = tuple(Concept(concept, language) for concept in file.concept)
        self.say = file.say


def _words(words: tuple[str, ...], language: str) -> re.Pattern[str]:
    alternatives = "|".join(words)
    return re.compile(alternatives if language == "zh" else rf"\b(?:{alternatives})s?\b")


@cache
def talk_rules(language: str) -> TalkRules:
    """The talk rules of `zh` or `en`."""
    file = msgspec.convert(_read(f"{language}.toml"), _Talk)
    for rule in (*file.crisis, *file.feeling, *file.talk):
        _check(rule.name, rule.replies)
    for table in (file.told, file.fallback, file.openers):
        for name, replies in table.items():
            _check(name, replies)
    _check("once", file.once)
    return TalkRules(file)


@cache
def recall_rules(language: str) -> RecallRules:
    """The recall rules of `zh` or `en`."""
    file = msgspec.convert(_read(f"recall.{language}.toml"), _Recall)
    for name, replies in file.say.items():
        _check(name, replies)
    return RecallRules(file, language)


def _read(name: str) -> dict[str, object]:
    return tomllib.loads(resources.files("engine.llm").joinpath("rules", name).read_text("utf-8"))


def _check(name: str, replies: tuple[str, ...]) -> None:
    for reply in replies:
        tags = _TAG.findall(reply)
        if not tags or any(parse_tag(tag) is None for tag in tags):
            raise ValueError(f"rule {name}: {reply!r} must start with one of the six emotion tags")


_PUNCTUATION = re.compile(r"[^\w’%+*/=.°-]+|\.(?!\d)|(?<!\w)[’-]|[’-](?!\w)")
_GAP = re.compile(r"\s+")


def plain_text(text: str, language: str) -> str:
    """What rules are matched on: lower case, no punctuation but ’, single spaces (none at all in Chinese)."""
    text = text.replace("'", "’").lower()
    return _GAP.sub("" if language == "zh" else " ", _PUNCTUATION.sub(" ", text)).strip()
