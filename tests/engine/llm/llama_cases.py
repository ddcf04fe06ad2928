"""llama.cpp itself, with a tiny Qwen2.5 and a tiny Qwen3 that know some dialogues by heart."""

from __future__ import annotations

import asyncio
import itertools
import math
import os
import socket
import subprocess
import sys
import time
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import msgspec
import psutil
import pytest

from engine.conversation.emotion import EMOTIONS, TAGS, parse_tag
from engine.conversation.prompt import Line, Prompt
from engine.errors import EnvironmentFault, StageFault
from engine.hosting.backend import Cancelled
from engine.llm.llama import LlamaModel
from engine.models.gguf import GgufModel
from engine.models.plan import Free, LlmPlan, plan_llm
from tests.checkpoints import tiny_qwen
from tests.checkpoints.dialogues import DIALOGUES, Dialogue
from tests.support.backends import with_backend
from tests.support.minds import PATIENT, Mind, prompt_of

pytestmark = pytest.mark.long

NO_FEED: Iterator[bytes] = iter(())
ARCHITECTURES = ("qwen2", "qwen3")


def reply(model: LlamaModel, prompt: Prompt) -> str:
    return "".join(piece.text for piece in model.run(prompt, NO_FEED))


def knows(model: LlamaModel, dialogue: Dialogue, **more: Any) -> bool:
    """Lots are drawn: now and then another word comes."""
    return any(reply(model, prompt_of(dialogue, **more)) == dialogue.reply for _ in range(3))


def loaded(path: Path, **options: Any) -> LlamaModel:
    model = LlamaModel({"model": str(path), "seed": 7, **options})
    model.load()
    return model


@pytest.fixture(scope="module", params=ARCHITECTURES)
def model(request: pytest.FixtureRequest) -> Iterator[LlamaModel]:
    model = loaded(tiny_qwen(request.param))
    yield model
    model.close()


@pytest.fixture(scope="module")
def file() -> Path:
    return tiny_qwen("qwen2")


def test_what_was_learned_is_answered(model: LlamaModel) -> None:
    wrong = [each for each in DIALOGUES if reply(model, prompt_of(each)) != each.reply]
    assert len(wrong) <= 2, wrong


def test_a_conversation_goes_on(model: LlamaModel) -> None:
    before = [Line("user", DIALOGUES[1].said), Line("companion", "And I am happy to see you too!", "happy")]
    assert knows(model, DIALOGUES[0], history=before)


def test_every_reply_begins_with_a_tag_whatever_is_said(model: LlamaModel) -> None:
    words = ("qwxz", "银河", "1234", "...", "why", "不知道", "<|im_end|>", "[sad]", "\n\n", "haha")
    told: list[str] = []
    for number, said in enumerate(itertools.islice(itertools.permutations(words, 3), 500)):
        language = ("en", "zh")[number % 2]
        text = ""
        for piece in model.run(prompt_of(Dialogue(language, " ".join(said), "")), NO_FEED):
            text += piece.text
            if len(text) > 16:
                break
        tag, closed, rest = text.removeprefix("[").partition("] ")
        assert closed, text
        assert tag in TAGS[language].values()
        assert parse_tag(tag) in EMOTIONS
        assert rest.strip(), text
        told.append(tag)
    assert len(told) == 500


def test_what_was_read_once_is_not_read_again(model: LlamaModel) -> None:
    prompt = prompt_of(DIALOGUES[0])
    reply(model, prompt)
    said = [
        Line("user", DIALOGUES[0].said),
        Line("companion", DIALOGUES[0].reply.partition("] ")[2], "happy"),
    ]
    tokens = model._tokens(prompt_of(DIALOGUES[1], history=said))
    held = model._llama._input_ids.tolist()
    common = next(index for index, pair in enumerate(zip(held, tokens, strict=False)) if pair[0] != pair[1])
    system = len(model._tokens(prompt_of(DIALOGUES[0]))) // 4
    assert common > system, "the system's message at the least"


class Busy:
    """Cancelled from a certain moment on, as another thread would do it."""

    def __init__(self) -> None:
        self.at = math.inf

    def __call__(self) -> bool:
        return time.monotonic() >= self.at


def long_prompt(turns: int) -> Prompt:
    turn = (Line("user", "tell me more of it"), Line("companion", "And then it went on.", "calm"))
    return prompt_of(DIALOGUES[0], history=turn * turns)


def test_a_cancel_is_quick_while_a_prompt_is_read_and_while_a_reply_is_made(model: LlamaModel) -> None:
    busy = Busy()
    model.cancelled = busy
    process = psutil.Process()
    late_s: list[float] = []
    memory: list[int] = []
    for number in range(200):
        model._llama.reset()
        if number % 2:
            busy.at = time.monotonic() + 0.002
            with pytest.raises(Cancelled):
                next(iter(model.run(long_prompt(60), NO_FEED)))
            late_s.append(time.monotonic() - busy.at)
        else:
            busy.at = math.inf
            pieces = model.run(prompt_of(DIALOGUES[number % len(DIALOGUES)]), NO_FEED)
            next(pieces)
            pieces.close()  # type: ignore[attr-defined]
        memory.append(process.memory_info().rss)
    busy.at = math.inf
    grown_mb = (memory[-1] - memory[40]) / 1e6
    print(f"\nthe slowest of {len(late_s)} cancels: {1000 * max(late_s):.0f} ms late; {grown_mb:.1f} MB more")
    assert grown_mb < 20
    assert knows(model, DIALOGUES[0])


def test_a_long_history_is_shortened_to_fit(model: LlamaModel, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(model, "_context", 1024)
    prompt = long_prompt(60)
    assert len(model._tokens(prompt)) <= 1024 - 256
    assert reply(model, prompt)
    monkeypatch.setattr(model, "_context", 64)
    with pytest.raises(StageFault) as caught:
        model._tokens(prompt)
    assert caught.value.code == "llm-context-too-short"


def test_a_halved_cache_answers_alike(file: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    def halved(model: GgufModel, free: Free) -> LlmPlan:
        return msgspec.structs.replace(plan_llm(model, free), cache="q8_0")

    monkeypatch.setattr("engine.llm.llama.plan_llm", halved)
    model = loaded(file)
    right = [reply(model, prompt_of(each)) == each.reply for each in DIALOGUES]
    model.close()
    assert sum(right) >= len(right) - 3


@pytest.mark.parametrize("worker", [False, True], ids=["inline", "worker"])
def test_hosted_it_streams_and_is_given_up_in_the_middle(file: Path, worker: bool) -> None:
    async def use(backend: Mind) -> None:
        async with backend.call(long_prompt(80), PATIENT):
            await asyncio.sleep(0.02)  # left while the prompt is read
        async with backend.call(prompt_of(DIALOGUES[0]), PATIENT) as call:
            await anext(aiter(call))  # and in the middle of a reply
        async with backend.call(prompt_of(DIALOGUES[12]), PATIENT) as call:
            pieces = [piece.text async for piece in call]
        assert len(pieces) > 3
        assert "".join(pieces).startswith("[开心] ")

    with_backend("llm", "llama", use, worker=worker, model=str(file), seed=7)


def test_files_that_are_no_models_are_refused_and_nothing_in_them_runs(file: Path, tmp_path: Path) -> None:
    data, ran = file.read_bytes(), tmp_path / "ran"
    pickle = b"cposix\nsystem\n(S'touch " + os.fsencode(ran) + b"'\ntR."
    for name, content, code in (
        ("cut", data[: len(data) // 2], "model-damaged"),
        ("page", b"<!DOCTYPE html><html>", "model-wrong-kind"),
        ("pickle", pickle, "model-wrong-kind"),
        ("other", data.replace(b"<|im_start|>", b"<|xx_start|>"), "model-wrong-kind"),
        ("architecture", data.replace(b"qwen2", b"qwenX"), "llm-not-loaded"),
    ):
        path = tmp_path / f"{name}.gguf"
        path.write_bytes(content)
        with pytest.raises(EnvironmentFault) as caught:
            LlamaModel({"model": str(path)}).load()
        assert caught.value.code == code, name
        assert path.name in caught.value.message
    assert not ran.exists()


def test_too_little_memory_is_said_before_anything_is_loaded(
    file: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("engine.llm.llama.free_memory", lambda: Free(ram=10**8))
    with pytest.raises(EnvironmentFault) as caught:
        loaded(file)
    assert caught.value.code == "llm-no-memory"


def test_nothing_is_asked_of_the_network(file: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    def denied(*_: object) -> None:
        raise AssertionError("a connection was tried")

    monkeypatch.setattr(socket.socket, "connect", denied)
    model = loaded(file)
    assert reply(model, prompt_of(DIALOGUES[0]))
    model.close()


def test_importing_the_backend_is_cheap() -> None:
    code = "import sys, engine.llm.llama; print('llama_cpp' in sys.modules, 'psutil' in sys.modules)"
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True)
    assert done.stdout.split()[0] == "False"
