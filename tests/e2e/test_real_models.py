"""The voice loop through the real libraries: SenseVoice hears, Qwen answers, both tiny and trained for it."""

from __future__ import annotations

import asyncio
from pathlib import Path
from typing import Literal

import numpy as np
import pytest

from engine.conversation.emotion import EMOTIONS
from engine.messages import ReplyDone, ReplySegment, ReplyText, StageStatus, TranscriptEvent
from engine.settings import AsrSettings, General, LlmSettings, MemorySettings, PersonaSettings, Settings
from tests.checkpoints import HERE, said, tiny_qwen, tiny_sensevoice
from tests.checkpoints.dialogues import DIALOGUES, Dialogue
from tests.e2e.test_talking import say
from tests.support.terminal import Companion

pytestmark = pytest.mark.long


@pytest.mark.parametrize("architecture", ["qwen2", "qwen3"])
def test_what_is_said_is_heard_and_answered_with_its_feeling(
    tmp_path: Path, architecture: Literal["qwen2", "qwen3"]
) -> None:
    settings = Settings(
        general=General(language="en"),
        persona=PersonaSettings(card=str(HERE / "persona.toml")),
        asr=AsrSettings(model=str(tiny_sensevoice())),
        llm=LlmSettings(model=str(tiny_qwen(architecture))),
        memory=MemorySettings(enabled=False),
    )
    right: list[bool] = []

    async def main(dialogues: list[Dialogue]) -> None:
        async with Companion(tmp_path, settings) as companion:
            notes = companion.notebook
            assert {status.backend for status in companion.engine.status.values()} >= {"sensevoice", "llama"}
            assert all(status.state == "ready" for status in notes.all(StageStatus)[-5:])
            for number, dialogue in enumerate(dialogues, 1):
                before = len(notes.all(ReplyText)), len(notes.all(ReplySegment)), len(companion.played)
                await say(companion, said(dialogue))
                final = [event for event in notes.all(TranscriptEvent) if event.final]
                assert len(final) == number
                assert final[-1].text.replace(" ", "") == dialogue.said.replace(" ", "")
                assert len(notes.all(ReplyDone)) == number
                answer = "".join(event.delta for event in notes.all(ReplyText)[before[0] :])
                segments = notes.all(ReplySegment)[before[1] :]
                right.append(answer.strip() == dialogue.reply.partition("] ")[2])
                assert segments[0].emotion in EMOTIONS
                assert len(companion.played) > before[2], "it is spoken"

    for dialogues in (DIALOGUES[:4], DIALOGUES[12:16]):
        asyncio.run(main(dialogues))
    print(f"\n{architecture}: {sum(right)} of {len(right)} answers as trained")
    assert np.mean(right) >= 0.7, "lots are drawn, and what was said before is not what it was trained with"
