"""Facts about the user, taken from what the user said (never from replies or recalled text).

How it works: every pattern of every rule (facts.en.toml, facts.zh.toml) is searched in the turn. A hit counts
when the clause it lies in is told as true (engine.memory.telling) and its value looks like a value of its
kind. Earlier rules win the words they use as a value. Values stay verbatim, with the turn's own spelling.
"""

from __future__ import annotations

import re
from datetime import date

import msgspec

from engine.conversation.language import Language, language_of
from engine.memory.dates import resolve_day
from engine.memory.fact_rules import FactRule, FactRules, fact_rules
from engine.memory.telling import Telling, without_quotes
from engine.memory.words import fold, terms
from engine.wording import as_name, lower_first, tidy, to_second_person

MAX_CHARS = 2000
"""Only the start of a longer turn is searched: nobody introduces themselves for longer."""

TASTES = ("likes", "food", "drink", "music", "hobby", "sport")
"""Slots of what the user likes."""

_EDGE = ' \t\n"“”‘’「」『』,.，。!！~～-–—'
_JOINER = re.compile(r"^(?:\W|\b(?:and|but|so|that|well|also|because)\b)+", re.IGNORECASE)


class FactDraft(msgspec.Struct, frozen=True, kw_only=True):
    """One fact found in a user turn."""

    slot: str
    """Kind of fact, e.g. `home`, `pet`, `likes` (declared in facts.*.toml)."""
    value: str
    """The value alone, verbatim from the evidence: `Paris`."""
    sentence: str
    """A short sentence of its own, in the language of the turn: `You live in Paris.`"""
    evidence: str
    """The span of the turn that says so; the value occurs in it."""
    single: bool
    """True: a newer value supersedes the older one (home). False: values gather (likes)."""
    retracts: bool = False
    """True: the user takes back what the value is about ("I no longer have a cat"); all where it is empty
    ("I quit my job")."""

    @property
    def reach(self) -> tuple[str, ...]:
        """The slots whose facts it can end: who likes jazz no longer does not listen to it either."""
        if self.retracts:
            return TASTES if self.slot == "likes" else (self.slot,)
        if self.slot == "dislikes":
            return TASTES
        return ("dislikes",) if self.slot in TASTES else ()

    def ends(self, slot: str, value: str, sentence: str) -> bool:
        """True where it says that a fact holds no longer: it takes it back, or tells the contrary."""
        if slot not in self.reach:
            return False
        if not self.retracts:
            return fold(value) == fold(self.value)
        return not self.value or _says(self.value, sentence)


def _says(value: str, sentence: str) -> bool:
    """True where every word of `value` is one of `sentence`: `cat` of "You have a cat called Luna."."""
    wanted = terms(value)
    return bool(wanted) and wanted.keys() <= terms(sentence).keys()


def extract_facts(text: str, language: str, told_on: str) -> list[FactDraft]:
    """The facts told in one user turn, in the order they are told.

    `language` (`zh` or `en`) is believed only where the script of `text` does not say otherwise. `told_on` is
    the ISO day of the turn: "tomorrow" in a plan becomes a day. Never raises on any text.
    """
    text = text[:MAX_CHARS]
    return _Turn(text, language_of(text, "zh" if language == "zh" else "en"), told_on).facts()


class _Turn:
    """One turn being searched."""

    def __init__(self, text: str, language: Language, told_on: str) -> None:
        self._text = text
        self._language = language
        self._told_on = told_on
        self._rules: FactRules = fact_rules(self._language)
        # Same length as the text, so that a match's span is also the span of the user's own spelling.
        self._plain = without_quotes(text.replace("'", "’"))
        self._telling = Telling(self._plain, self._rules.guard)
        self._taken: list[tuple[int, int]] = []

    def facts(self) -> list[FactDraft]:
        if self._telling.in_fun:
            return []
        found: list[tuple[int, FactDraft]] = []
        for rule in self._rules.facts:
            for patterns, retracts in ((rule.retract, True), (rule.patterns, False)):
                for pattern in patterns:
                    for match in pattern.finditer(self._plain):
                        if self._telling.is_told(match.start(), match.end()):
                            found += self._drafts(rule, match, retracts)
        return [draft for _, draft in sorted(found, key=lambda pair: pair[0])]

    def _drafts(self, rule: FactRule, match: re.Match[str], retracts: bool) -> list[tuple[int, FactDraft]]:
        """What one hit says, with the place of each value; nothing when no value fits."""
        drafts: list[tuple[int, FactDraft]] = []
        for start, end in self._value_spans(rule, *match.span("v")):
            trimmed_end = self._trimmed_end(rule, start, end)
            value = self._text[start:trimmed_end]
            if value and not rule.accepts(self._plain[start:trimmed_end]):
                continue
            # One sentence may take back facts of several kinds: a job and the place of work.
            if not retracts and (not value or self._is_taken(start, trimmed_end)):
                continue
            self._taken.append((start, trimmed_end))
            last = match.end() if match.end() > match.end("v") else trimmed_end
            kept = self._rules.guard["after"].match(self._plain, last)
            evidence = _JOINER.sub("", self._text[match.start() : kept.end() if kept else last]).rstrip()
            drafts.append((start, self._draft(rule, match, value, evidence, retracts)))
        return drafts

    def _draft(
        self, rule: FactRule, match: re.Match[str], value: str, evidence: str, retracts: bool
    ) -> FactDraft:
        noun = (match.groupdict().get("noun") or "").lower().strip()
        kind_of_noun = self._rules.nouns.get(noun, noun)
        return FactDraft(
            slot=rule.slot.format(noun=kind_of_noun.replace(" ", "_")),
            value=value,
            sentence=self._sentence(rule, value, noun, evidence),
            evidence=evidence,
            single=rule.single,
            retracts=retracts,
        )

    def _value_spans(self, rule: FactRule, start: int, end: int) -> list[tuple[int, int]]:
        """The value, or the values of a list ("jazz, rock and roll")."""
        together = self._rules.guard["together"]
        if not rule.split or together.search(self._plain, start, end):
            return [(start, end)]
        spans: list[tuple[int, int]] = []
        for joint in self._rules.guard["joint"].finditer(self._plain, start, end):
            spans.append((start, joint.start()))
            start = joint.end()
        return [*spans, (start, end)]

    def _trimmed_end(self, rule: FactRule, start: int, end: int) -> int:
        """End of the value without trailing adverbs, quotes and whatever its kind cuts off."""
        value = self._plain[start:end]
        while True:
            shorter = self._rules.guard["tail"].sub("", rule.trimmed(value)).rstrip(_EDGE)
            if shorter == value:
                return start + len(value)
            value = shorter

    def _is_taken(self, start: int, end: int) -> bool:
        return any(start < taken_end and taken_start < end for taken_start, taken_end in self._taken)

    def _sentence(self, rule: FactRule, value: str, noun: str, evidence: str) -> str:
        value = as_name(value) if rule.is_name and self._language == "en" else value
        turned = to_second_person(evidence, self._language)
        if not rule.sentence:
            sentence = turned
        else:
            said = to_second_person(value, self._language)
            if evidence.startswith(value) and not (rule.is_name or noun):
                said = lower_first(said)  # it began the user's sentence, and now stands inside one
            sentence = rule.sentence.format(v=said, noun=noun, flip=lower_first(turned))
        sentence = tidy(sentence.rstrip(_EDGE), self._language)
        day = resolve_day(evidence, self._language, self._told_on) if rule.dated else ""
        return sentence + self._day_phrase(day) + ("。" if self._language == "zh" else ".")

    def _day_phrase(self, day: str) -> str:
        if not day:
            return ""
        when = date.fromisoformat(day)
        if self._language == "zh":
            return f"，也就是{when.year}年{when.month}月{when.day}日"
        return f", that is {when:%B} {when.day}, {when.year}"
