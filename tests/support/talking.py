"""A person who talks with the starter mind: what was told comes back as profile and recollections."""

from __future__ import annotations

import re

from engine.conversation.prompt import HeardAffect, Line, ProfileSlot, Prompt, Recollection
from engine.llm.patterns import reply_to
from engine.memory.facts import extract_facts
from engine.persona import load_persona

TODAY = "2026-03-04 Wednesday"
TAG = re.compile(r"\[([^\]]*)\]\s*")


class Talk:
    """One user's sessions; `say` returns the tagged reply."""

    def __init__(self, language: str) -> None:
        self.language = language
        self._persona = load_persona("rio", language)
        self._profile: dict[str, ProfileSlot] = {}
        self._facts: list[Recollection] = []
        self._turns: list[Recollection] = []
        self._history: list[Line] = []
        self._count = 0

    def restart(self) -> None:
        self._history.clear()
        self._count = 0

    def tell(self, text: str) -> None:
        """Remembers a turn without asking for a reply."""
        for fact in extract_facts(text, self.language, TODAY[:10]):
            if fact.single:
                self._profile[fact.slot] = ProfileSlot(fact.slot, fact.value, fact.sentence, TODAY[:10])
            else:
                kept = Recollection("fact", fact.sentence, TODAY[:10], slot=fact.slot, value=fact.value)
                self._facts.append(kept)
        self._turns.append(Recollection("turn", text, TODAY[:10]))

    def prompt(self, text: str, *, affect: HeardAffect | None = None, interrupted: bool = False) -> Prompt:
        return Prompt(
            persona=self._persona,
            user_text=text,
            language=self.language,
            profile=tuple(self._profile.values()),
            recollections=(*self._facts, *self._turns),
            history=tuple(self._history),
            affect=affect,
            interrupted=interrupted,
            session_turn=self._count,
            today=TODAY,
        )

    def say(self, text: str, *, affect: HeardAffect | None = None, interrupted: bool = False) -> str:
        self._count += 1
        reply = reply_to(self.prompt(text, affect=affect, interrupted=interrupted))
        self._history += [Line("user", text), Line("companion", words(reply))]
        self.tell(text)
        return reply


def words(reply: str) -> str:
    """The reply without its tags."""
    return TAG.sub("", reply)


def tags(reply: str) -> list[str]:
    return TAG.findall(reply)
