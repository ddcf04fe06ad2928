"""What the tiny language models are asked."""

from __future__ import annotations

from typing import Any

from engine.conversation.prompt import Prompt, build_prompt
from engine.hosting.deadlines import Deadlines
from engine.hosting.hosted import HostedBackend
from engine.llm import TextPiece
from engine.persona import load_persona
from tests.checkpoints import HERE
from tests.checkpoints.dialogues import Dialogue

PATIENT = Deadlines(30.0, 30.0, 60.0)
Mind = HostedBackend[Prompt, TextPiece]


def prompt_of(dialogue: Dialogue, **more: Any) -> Prompt:
    """As the engine asks, in the words of the persona they were trained with."""
    persona = load_persona(str(HERE / "persona.toml"), dialogue.language)
    return build_prompt(persona=persona, user_text=dialogue.said, language=dialogue.language, **more)


async def reply_of(mind: Mind, prompt: Prompt) -> str:
    async with mind.call(prompt, PATIENT) as call:
        return "".join([piece.text async for piece in call])
