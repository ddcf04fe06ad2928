"""Everything of the phrasing tables is told in one session and asked for after a restart."""

import asyncio
import tomllib
from pathlib import Path

import pytest

from engine.clock import ManualClock
from engine.conversation.prompt import build_prompt
from engine.embedding import EmbedRequest
from engine.embedding.hashed import HashedEmbedder
from engine.llm.patterns import reply_to
from engine.memory.facts import extract_facts
from engine.memory.store import Memory
from engine.persona import load_persona
from tests.support.talking import Talk, words

TABLES = {
    language: tomllib.loads(Path(__file__).with_name(f"phrasings.{language}.toml").read_text("utf-8"))["kind"]
    for language in ("en", "zh")
}
SESSIONS = [(language, number) for language in TABLES for number in range(6)]
LEAST_SHARE = 0.95
SMALL_TALK = {
    "en": [
        "i had soup for lunch",
        "it rained the whole weekend",
        "My train was late this morning.",
        "tell me a joke",
        "there was a funny dog on the bus",
        "work was busy today",
        "i saw a friend of mine in town",
    ],
    "zh": [
        "中午我喝了点汤",
        "整个周末都在下雨",
        "今天早上地铁晚点了",
        "讲个笑话",
        "公交车上有只好笑的狗",
        "今天工作挺忙的",
    ],
}


@pytest.mark.parametrize(("language", "number"), SESSIONS)
def test_what_was_told_is_answered_after_a_restart(language: str, number: int) -> None:
    """The user tells the `number`-th wording of everything, then asks every question of every kind."""
    talk = Talk(language)
    for kind in TABLES[language]:
        talk.tell(told(kind, number)[0])
    talk.restart()
    missed = [
        (question, reply)
        for kind in TABLES[language]
        for question in kind["asked"]
        if told(kind, number)[1].lower() not in (reply := words(talk.say(question))).lower()
    ]
    asked = sum(len(kind["asked"]) for kind in TABLES[language])
    assert len(missed) <= (1 - LEAST_SHARE) * asked, missed


@pytest.mark.parametrize("language", TABLES)
def test_what_was_never_told_is_never_claimed(language: str) -> None:
    """With nothing told, no answer holds anything a user could have told."""
    values = {value.lower() for kind in TABLES[language] for _, value in kind["told"] if len(value) > 3}
    for kind in TABLES[language]:
        for question in kind["asked"]:
            talk = Talk(language)
            reply = words(talk.say(question)).lower()
            assert not any(value in reply for value in values), (question, reply)


def told(kind: dict[str, list[list[str]]], number: int) -> list[str]:
    return kind["told"][number % len(kind["told"])]


@pytest.mark.long
@pytest.mark.parametrize(("language", "number"), SESSIONS)
def test_the_same_holds_with_the_real_memory(language: str, number: int, tmp_path: Path) -> None:
    """Ranked by the real recall over the hashed embedding, with small talk in between."""
    missed, asked = asyncio.run(asked_of_memory(language, number, tmp_path))
    assert len(missed) <= 0.1 * asked, missed


async def asked_of_memory(language: str, number: int, folder: Path) -> tuple[list[tuple[str, str]], int]:
    embedder = HashedEmbedder()
    embedder.load()

    async def embed(texts: tuple[str, ...], query: bool) -> list[tuple[float, ...]]:
        return [one.vector for one in embedder.run(EmbedRequest(texts=texts, query=query), iter(()))]

    memory = Memory(
        folder,
        embed=embed,
        model_id=embedder.model_id,
        dimensions=embedder.dimensions,
        clock=ManualClock(),
        extract=extract_facts,
        on_notice=lambda code, error: None,
        on_changed=lambda memories: None,
    )
    await memory.open()
    lines = [told(kind, number)[0] for kind in TABLES[language]] + SMALL_TALK[language]
    for turn, text in enumerate(lines):
        row = await memory.user_turn(session="a", turn=turn, text=text, language=language, source="typed")
        await memory.reply_heard(row, text="ok", emotion="calm", outcome="done")
    await memory.settle()
    missed: list[tuple[str, str]] = []
    for kind in TABLES[language]:
        for question in kind["asked"]:
            recall = await memory.recall(question)
            prompt = build_prompt(
                persona=load_persona("rio", language),
                user_text=question,
                language=language,
                profile=recall.profile,
                recollections=recall.recollections,
                session_turn=2,
            )
            reply = words(reply_to(prompt))
            if told(kind, number)[1].lower() not in reply.lower():
                missed.append((question, reply))
    await memory.close()
    return missed, sum(len(kind["asked"]) for kind in TABLES[language])
