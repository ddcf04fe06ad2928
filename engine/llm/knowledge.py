"""What the prompt says about the user, as one list, and how well each item fits a question.

Two texts fit by the words they share and by shared concepts (rules/recall.*.toml: `puppy` and `dog`); words
that every question has ("name", "favourite") count little. Recalled text is only ever compared and quoted.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator
from itertools import islice

import msgspec

from engine.conversation.language import language_of
from engine.conversation.prompt import Prompt
from engine.llm.questions import asks
from engine.llm.rulebook import RecallRules, plain_text
from engine.memory.facts import extract_facts
from engine.memory.words import fold, terms

_SENTENCE = re.compile(r"[^.!?。！？；\n]+[.!?。！？；]*")
_GENERIC_WEIGHT = 0.2
_CONCEPT_WEIGHT = 1.6
MAX_RETOLD = 6
"""Recalled turns that are searched for facts once more; each costs some tenths of a millisecond."""
MAX_QUOTE = 160
"""Characters of the user's own words that are said back at most."""


class Known(msgspec.Struct, frozen=True):
    """One thing known about the user."""

    text: str
    """A sentence to the user for facts, the user's own words for turns and notes."""
    date: str
    slot: str = ""
    value: str = ""
    former: bool = False
    """True: it holds no longer."""

    @property
    def is_fact(self) -> bool:
        return bool(self.slot)


def known(prompt: Prompt) -> list[Known]:
    """Everything the prompt knows of the user, without repeats: facts first, each kind in its own order."""
    found = [Known(slot.sentence, slot.date, slot.slot, slot.value) for slot in prompt.profile]
    for memory in prompt.recollections:
        if memory.kind == "fact":
            found.append(Known(memory.text, memory.date, memory.slot or "other", memory.value, memory.former))
    found += [Known(note, "") for note in prompt.notes]
    for memory in prompt.recollections:
        if memory.kind != "fact":
            found += [Known(text, memory.date, former=memory.former) for text in _statements(memory.text)]
    for line in reversed(prompt.history):
        if line.role == "user" and line.text != prompt.user_text:
            found += [Known(text, prompt.today[:10]) for text in _statements(line.text)]
    unique = {(item.text.casefold().rstrip(".。!！"), item.slot): item for item in reversed(found)}
    return [item for item in found if unique.get((item.text.casefold().rstrip(".。!！"), item.slot)) is item]


def retold(items: Iterable[Known], former: Iterable[Known]) -> list[Known]:
    """The facts in the user's own words, read anew: memory may not have got to them yet. Without those that
    hold no longer, because memory knows them as `former`, or because words as late end them."""
    over = {(item.slot, fold(item.value)) for item in former}
    told = [
        (fact, item.date)
        for item in islice(items, MAX_RETOLD)
        for fact in extract_facts(item.text, language_of(item.text), item.date)
    ]
    return [
        Known(fact.sentence, date, fact.slot, fact.value)
        for fact, date in told
        if not fact.retracts
        and (fact.slot, fold(fact.value)) not in over
        and not any(other.ends(fact.slot, fact.value, fact.sentence) and date <= at for other, at in told)
    ]


def _statements(text: str) -> Iterator[str]:
    """The sentences of a turn that tell something."""
    for match in _SENTENCE.finditer(text[: 4 * MAX_QUOTE]):
        sentence = match[0].strip()
        language = language_of(sentence)
        if len(sentence) > 3 and not asks(sentence, plain_text(sentence, language), language):
            yield sentence[:MAX_QUOTE]


class Matcher:
    """Compares one question with many memories."""

    def __init__(self, question: str, rules: RecallRules) -> None:
        self._rules = rules
        self._terms = {term: weight for term, weight in terms(question).items() if weight > 0}
        self._generic = rules.generic
        plain = plain_text(question, language_of(question))
        self._concepts = [concept for concept in rules.concepts if concept.in_question.search(plain)]
        self._about_somebody = any(concept.who for concept in self._concepts)

    def score(self, text: str) -> float:
        """0 where nothing is shared, or somebody else is meant; 1 and more where a telling word is shared."""
        plain = plain_text(text, language_of(text))
        concepts = [concept for concept in self._concepts if concept.in_memory.search(plain)]
        if self._about_somebody and not any(concept.who for concept in concepts):
            return 0.0
        theirs = terms(text)
        shared = sum(
            self._weight(term) * min(weight, 1.0) for term, weight in self._terms.items() if term in theirs
        )
        return shared + _CONCEPT_WEIGHT * len(concepts)

    def _weight(self, term: str) -> float:
        return _GENERIC_WEIGHT if term in self._generic else 1.0

    def best(self, items: Iterable[Known]) -> list[tuple[float, Known]]:
        """Items with their scores, best first; the order given breaks ties."""
        return sorted(((self.score(item.text), item) for item in items), key=lambda pair: -pair[0])
