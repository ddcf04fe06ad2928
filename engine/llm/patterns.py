"""The starter mind: answers by patterns and memory, on any machine, and says so.

How a reply comes about: life in danger first; then questions about the user, from memory; feelings; facts
just told; the small talk of the rule files; and last a reply that shows she listened. A greeting, an
interruption or something heard in the voice goes in front. All wording is data (rules/*.toml). One prompt
always gets one reply.
"""

from __future__ import annotations

import re
from collections.abc import Iterator

import msgspec

from engine.conversation.prompt import Prompt
from engine.hosting.backend import Traits
from engine.llm import LanguageModel, TextPiece
from engine.llm.calendar import day_words
from engine.llm.listening import listening_reply
from engine.llm.remembering import Answer, Remembering
from engine.llm.rulebook import Rule, TalkRules, plain_text, recall_rules, talk_rules
from engine.llm.variants import Variants, harmless
from engine.memory.fact_rules import fact_rules
from engine.memory.facts import FactDraft, extract_facts
from engine.wording import as_name, to_second_person, with_capitals

LANGUAGES = ("en", "zh")

_PIECE = re.compile(r"\[[^\]]*\]\s*|[^\[\s]+\s*|\s+|\[")
_NAMES = {"name", "nickname", "surname", "home", "hometown", "partner", "workplace", "school", "nationality"}
_VALUE_LENGTH = 48
"""Characters of a value that can stand in a reply as a word; a longer one is not repeated."""


class PatternResponder(LanguageModel):
    """Backend of the starter profile: pure Python, no options, a reply in about a millisecond."""

    traits = Traits(languages=LANGUAGES)

    def load(self) -> None:
        """Reads and compiles the rules, which would else delay the first reply by half a second."""
        for language in LANGUAGES:
            talk_rules(language)
            recall_rules(language)
            fact_rules(language)

    def run(self, request: Prompt, feed: Iterator[bytes]) -> Iterator[TextPiece]:
        """The reply, a word or a tag at a time."""
        for piece in _PIECE.findall(reply_to(request)):
            yield TextPiece(piece)


def reply_to(prompt: Prompt) -> str:
    """The tagged reply to one prompt, e.g. `[happy] Paris! What do you like best about living there?`.

    A prompt that asks for any other language than zh is answered in English.
    """
    if prompt.language not in LANGUAGES:
        prompt = msgspec.structs.replace(prompt, language="en")
    return _Reply(prompt).text()


class _Reply:
    """One reply being made."""

    def __init__(self, prompt: Prompt) -> None:
        self._prompt = prompt
        self._language = prompt.language
        self._rules: TalkRules = talk_rules(self._language)
        self._variants = Variants(prompt, self._words())
        self._plain = self._without_her_name(plain_text(prompt.user_text, self._language))
        self._greeting, self._rest = self._split_greeting()

    def text(self) -> str:
        for rule in self._rules.crisis:
            if rule.matches(self._plain):
                return self._variants.choose(rule.replies)
        felt = False
        main = self._from_memory()
        if not main:
            main = self._from_rules(self._rules.feeling)
            felt = bool(main)
        main = main or self._from_facts() or self._from_talk() or self._listened()
        sentences = [self._opener(felt), main]
        if self._prompt.session_turn == 1:
            sentences.append(self._variants.choose(self._rules.once))
        return ("" if self._language == "zh" else " ").join(filter(None, sentences))

    # ------------------------------------------------------------ what it is made of

    def _words(self) -> dict[str, str]:
        name = next((slot.value for slot in self._prompt.profile if slot.slot == "name"), "")
        return {
            "persona": harmless(self._prompt.persona.name),
            "name": as_name(harmless(name))[:_VALUE_LENGTH],
            **day_words(self._prompt.today, self._language),
        }

    def _without_her_name(self, plain: str) -> str:
        """The words without the name she is called by at their start ("rio, what day is it")."""
        name = plain_text(self._prompt.persona.name, self._language)
        return plain.removeprefix(name).strip() or plain if name else plain

    def _split_greeting(self) -> tuple[str, str]:
        """Name of the greeting the turn opens with, and the words after it."""
        for name, pattern in self._rules.opening.items():
            if match := pattern.match(self._plain):
                return name, self._plain[match.end() :].strip()
        return "", self._plain

    def _from_memory(self) -> str:
        """The answer to a question about the user, if memory has one."""
        self._answer: Answer | None = Remembering(self._prompt, recall_rules(self._language)).answer()
        if self._answer is None or not self._answer.found:
            return ""
        return self._variants.choose(self._answer.replies)

    def _from_rules(self, rules: tuple[Rule, ...]) -> str:
        rule = next((rule for rule in rules if rule.matches(self._rest)), None)
        return self._variants.choose(rule.replies) if rule else ""

    def _from_facts(self) -> str:
        """Delight in what the user has just told, with its value."""
        facts = extract_facts(self._prompt.user_text, self._language, self._prompt.today)
        if not facts:
            return ""
        facts.sort(key=lambda fact: fact.slot != "name")
        replies = [self._told(facts[0])]
        others = [fact for fact in facts[1:] if fact.slot != facts[0].slot]
        if others and not others[0].retracts and (value := self._value(others[0])):
            replies.append(self._variants.choose(self._rules.told["also"], value=value))
        return " ".join([*replies, self._asked_back(facts)]).rstrip()

    def _told(self, fact: FactDraft) -> str:
        told = self._rules.told
        slot = "favourite" if fact.slot.startswith("favourite_") else fact.slot
        replies = told["retract"] if fact.retracts else told.get(slot, told["other"])
        said = self._variants.choose(replies, value=self._value(fact))
        return said or self._variants.choose(told["detail"])

    def _value(self, fact: FactDraft) -> str:
        """The value as it is said back; empty where it would make an awkward word."""
        value = harmless(to_second_person(fact.value, self._language))
        if not value or len(value) > _VALUE_LENGTH:
            return ""
        if self._language == "zh":
            return value
        return as_name(value) if fact.slot in _NAMES else with_capitals(value)

    def _asked_back(self, facts: list[FactDraft]) -> str:
        """The answer to a question she is asked beside the facts ("and what's your name?")."""
        rest = self._prompt.user_text
        for fact in facts:
            rest = rest.replace(fact.evidence, " ")
        plain = plain_text(rest, self._language)
        asked = {"her name", "how are you", "what are you", "what can you do", "joke"}
        rule = next((r for r in self._rules.talk if r.name in asked and r.matches(plain)), None)
        return self._variants.choose(rule.replies) if rule else ""

    def _from_talk(self) -> str:
        if self._greeting and not self._rest:
            return self._from_greeting()
        return self._from_rules(self._rules.talk)

    def _from_greeting(self) -> str:
        rule = next(rule for rule in self._rules.talk if rule.name == "greeting")
        return self._variants.choose(rule.replies)

    def _listened(self) -> str:
        if self._answer is not None:
            return self._variants.choose(self._answer.replies)
        return listening_reply(self._prompt, self._rest, self._rules, self._variants)

    def _opener(self, felt: bool) -> str:
        """What goes in front: a greeting returned, the voice noticed, an interruption taken lightly."""
        openers = self._rules.openers
        if self._greeting and self._rest:
            return self._variants.choose(openers[self._greeting])
        if self._prompt.interrupted and self._variants.seed % 3 == 0:
            return self._variants.choose(openers["interrupted"])
        affect = self._prompt.affect
        if affect is None or felt:
            return ""
        for noticed in (*affect.events, affect.emotion):
            if replies := openers.get(noticed.lower()):
                said = self._variants.choose(replies)
                return "" if self._variants.was_said(said) else said
        return ""
