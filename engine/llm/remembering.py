"""Questions about the user answered from memory: by the kind of fact asked for, else by the best memory.

Nothing is ever made up. A question of a known kind is answered with the facts of its slots; any other with
the memory that shares most with it, quoted in the user's own words; and where nothing fits, she says so.
"""

from __future__ import annotations

import msgspec

from engine.conversation.language import Language, language_of
from engine.conversation.prompt import Prompt
from engine.conversation.quoting import quoted
from engine.llm.knowledge import Known, Matcher, known, retold
from engine.llm.rulebook import RecallRules, plain_text
from engine.llm.variants import harmless
from engine.memory.fact_rules import fact_rules
from engine.memory.words import asks_before
from engine.wording import as_name, lower_first, tidy, upper_first

SURE = 1.0
"""Score from which a memory is taken for the answer (one telling word or one concept shared)."""
PLAIN = 1.9
"""Score from which a question that does not mention the user ("who is coming tonight") is about a memory."""
NEAR = 0.5
"""Score from which a memory is offered as the closest thing, when the user insists on remembering."""
MAX_FACTS = 3
SUMMARY_FACTS = 5


class Answer(msgspec.Struct, frozen=True):
    """What memory has to say."""

    replies: tuple[str, ...]
    """Variants to choose from."""
    found: bool
    """False: nothing was found, and the replies say so."""


class Remembering:
    """One prompt's question to memory."""

    def __init__(self, prompt: Prompt, rules: RecallRules) -> None:
        self._prompt = prompt
        self._rules = rules
        self._language = prompt.language
        self._plain = plain_text(prompt.user_text, self._language)

    def answer(self) -> Answer | None:
        """The answer to a question about the user; None when the user asks no such thing."""
        rules, plain = self._rules, self._plain
        if rules.summary.search(plain):
            return self._summary()
        if rules.last_words.search(plain):
            return self._last_words()
        if not rules.asks.search(plain) or rules.not_about_user.search(plain):
            return None
        items = known(self._prompt)
        matcher = Matcher(self._prompt.user_text, rules)
        if not rules.about_user.search(plain) and not rules.requests_recall.search(plain):
            if rules.to_her.search(plain):
                return None
            return self._by_words([item for item in items if not item.is_fact], matcher, least=PLAIN)
        slots = self._slots_asked()
        facts = [item for item in items if item.is_fact and not item.former]
        former = [item for item in items if item.former]
        others = [item for item in items if not item.is_fact and not item.former]
        if not slots:
            return self._by_words([*facts, *others, *former], matcher) or self._unknown()
        if asks_before(self._prompt.user_text):
            facts += former
        answers = self._of_slots(slots, facts, retold(others, former), matcher)
        if answers := answers or self._of_slots(slots, former, [], matcher):
            return self._say_facts(answers)
        # A fact of another kind is no answer, whatever words it shares with the question.
        return self._by_words([*others, *former], matcher) or self._unknown()

    def _slots_asked(self) -> list[str]:
        """The kinds of fact the question is after, best first."""
        nouns = fact_rules(self._language).nouns
        asked: list[str] = []
        for question in self._rules.questions:
            slots = question.slots_for(self._plain, nouns)
            asked += slots
            if slots and question.final:
                break
        return asked

    def _of_slots(
        self, slots: list[str], facts: list[Known], told: list[Known], matcher: Matcher
    ) -> list[Known]:
        """The facts of the first slot that has any; those that fit the words of the question, if some do.

        A slot without a fact is looked for in what was `told` too.
        """
        for slot in slots:
            if chosen := _fitting(slot, facts, matcher) or _fitting(slot, told, matcher):
                return chosen[:MAX_FACTS]
        return []

    def _by_words(self, items: list[Known], matcher: Matcher, least: float = 0.0) -> Answer | None:
        scored = matcher.best(items)
        if not scored or scored[0][0] <= least:
            return None
        score, best = scored[0]
        if score < SURE:
            if score < NEAR or best.is_fact or not self._rules.requests_recall.search(self._plain):
                return None
            return self._say("near", quote=self._quote(best))
        if best.is_fact:
            return self._say_facts([best])
        if best.former:
            return self._say("former", fact=self._quote(best))
        return self._say("quote", quote=self._quote(best))

    def _last_words(self) -> Answer:
        said = next((line.text for line in reversed(self._prompt.history) if line.role == "user"), "")
        return self._say("quote", quote=self._quote(Known(said, ""))) if said else self._unknown()

    def _summary(self) -> Answer:
        items = [item for item in known(self._prompt) if not item.former]
        facts = [item for item in items if item.is_fact] or items
        if not facts:
            return self._say("nothing", found=False)
        facts = [fact for fact in facts if language_of(fact.text) == self._language] or facts
        return self._say("summary", fact=self._joined(facts[:SUMMARY_FACTS]))

    def _unknown(self) -> Answer:
        return self._say("unknown", found=False)

    def _say_facts(self, facts: list[Known]) -> Answer:
        told_here = [fact for fact in facts if language_of(fact.text, self._here()) == self._language]
        if not told_here:
            joint = "、" if self._language == "zh" else ", "
            return self._say(
                "value", value=joint.join(as_name(harmless(fact.value or fact.text)) for fact in facts)
            )
        if all(fact.former for fact in told_here):
            return self._say("former", fact=self._joined(told_here))
        return self._say("fact" if len(told_here) == 1 else "facts", fact=self._joined(told_here))

    def _here(self) -> Language:
        """The language of a text without any word."""
        return "zh" if self._language == "zh" else "en"

    def _joined(self, facts: list[Known]) -> str:
        """The facts as one or two sentences."""
        sentences = [harmless(fact.text).rstrip(".。") for fact in facts]
        if self._language == "zh":
            return "，".join(sentences) + "。"
        first, *others = sentences
        *middle, last = [lower_first(sentence) for sentence in others] or [""]
        text = ", ".join([first, *middle])
        return upper_first(f"{text}, and {last}." if last else f"{text}.")

    def _quote(self, item: Known) -> str:
        """The user's own words as one quotation that nothing in them can end."""
        language = language_of(item.text, self._here())
        return quoted(tidy(item.text.strip().rstrip(".。"), language) + ("。" if language == "zh" else "."))

    def _say(self, name: str, *, found: bool = True, **words: str) -> Answer:
        return Answer(tuple(_fill(reply, words) for reply in self._rules.say[name]), found)


def _fitting(slot: str, facts: list[Known], matcher: Matcher) -> list[Known]:
    """The facts of `slot` that fit the question; where none does, all of them unless it is marked `+`."""
    scored = matcher.best(fact for fact in facts if fact.slot == slot.removeprefix("+"))
    fitting = [fact for score, fact in scored if score >= SURE]
    return fitting or ([] if slot.startswith("+") else [fact for _, fact in scored])


def _fill(reply: str, words: dict[str, str]) -> str:
    """`reply` with its {words}; replaced as text, so that a memory with braces in it changes nothing."""
    for name, word in words.items():
        reply = reply.replace("{" + name + "}", word)
    return reply
