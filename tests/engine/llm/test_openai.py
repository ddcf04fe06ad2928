"""The mind on a server, hosted inline, over real sockets."""

from __future__ import annotations

import asyncio
import logging
import socket
from collections.abc import Awaitable, Callable, Iterator
from contextlib import suppress

import pytest

from engine.conversation.prompt import Persona, Prompt
from engine.errors import CompanionError, EnvironmentFault, StageFault
from engine.llm.openai import KEY_VARIABLE
from engine.llm.server_api import LOCAL_SERVERS
from tests.support.backends import with_backend
from tests.support.minds import PATIENT, Mind, reply_of
from tests.support.model_server import Answer, Handler, ModelServer, serving

PROMPT = Prompt(
    persona=Persona(name="Rio", language="en", character="Kind."), user_text="Hello?", language="en"
)


@pytest.fixture
def server() -> Iterator[ModelServer]:
    with serving() as server:
        yield server


def use_openai(use: Callable[[Mind], Awaitable[None]], **options: str) -> None:
    with_backend("llm", "openai", use, load_s=20.0, **options)


async def reply(mind: Mind) -> str:
    return await reply_of(mind, PROMPT)


def nothing(backend: Mind) -> Awaitable[None]:
    return asyncio.sleep(0)


def test_a_reply_is_streamed_and_the_prompt_is_sent(server: ModelServer) -> None:
    async def use(backend: Mind) -> None:
        for _ in range(2):
            assert await reply(backend) == "[happy] Hello there."

    use_openai(use, server=server.url)
    assert server.body["model"] == "tiny"
    assert [message["role"] for message in server.body["messages"]] == ["system", "user"]
    assert "Hello?" in server.body["messages"][1]["content"]


def test_a_server_on_this_computer_is_found(server: ModelServer, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setitem(LOCAL_SERVERS, "Ollama", "http://127.0.0.1:9/v1")
    monkeypatch.setitem(LOCAL_SERVERS, "LM Studio", f"{server.url}/v1")
    monkeypatch.setenv(KEY_VARIABLE, "for another server")

    async def use(backend: Mind) -> None:
        assert await reply(backend) == "[happy] Hello there."

    use_openai(use)
    assert all("Authorization" not in headers for _, headers, _ in server.asked)


def test_a_model_is_chosen_and_the_key_is_sent(server: ModelServer, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv(KEY_VARIABLE, "sesame")

    async def use(backend: Mind) -> None:
        await reply(backend)

    use_openai(use, server=server.url, server_model="large")
    assert server.body["model"] == "large"
    assert {headers["Authorization"] for _, headers, _ in server.asked} == {"Bearer sesame"}


def test_the_keyring_is_asked_once_and_again_after_a_refusal(
    server: ModelServer, monkeypatch: pytest.MonkeyPatch
) -> None:
    asked: list[str] = []
    monkeypatch.setattr("engine.llm.openai.secret", lambda name: asked.append(name) or f"key {len(asked)}")

    async def use(backend: Mind) -> None:
        for _ in range(3):
            await reply(backend)
        assert asked == [f"{server.url}/v1"]
        works, server.answer = server.answer, lambda it: it.reply(401, {"error": "wrong key"})
        with pytest.raises(EnvironmentFault):
            await reply(backend)
        server.answer = works
        await reply(backend)
        assert server.asked[-1][1]["Authorization"] == "Bearer key 2"

    use_openai(use, server=server.url)


def test_a_server_that_cannot_serve_is_told(server: ModelServer, monkeypatch: pytest.MonkeyPatch) -> None:
    for name in LOCAL_SERVERS:
        monkeypatch.setitem(LOCAL_SERVERS, name, "http://127.0.0.1:9/v1")
    for code, options, models, refuses in (
        ("llm-server-missing", {}, ["tiny"], False),
        ("llm-server-missing", {"server": "127.0.0.1:9"}, ["tiny"], False),
        ("llm-server-empty", {"server": server.url}, ["nomic-embed-text"], False),
        ("llm-server-refuses", {"server": server.url}, ["tiny"], True),
    ):
        server.models, server.refuses = models, refuses
        with pytest.raises(EnvironmentFault) as caught:
            use_openai(nothing, **options)
        assert caught.value.code == code


def wait_before(text: str) -> Answer:
    """Says nothing, or its first word and then nothing, until the test is over."""

    def answer(handler: Handler) -> None:
        if text:
            handler.begin_stream()
            handler.say(text)
        handler.server.ended.wait(20)
        with suppress(OSError):
            handler.end_stream()

    return answer


@pytest.mark.parametrize("said", ["", "[calm] One"])
def test_a_call_is_given_up_while_nothing_arrives(server: ModelServer, said: str) -> None:
    async def use(backend: Mind) -> None:
        works, server.answer = server.answer, wait_before(said)
        async with backend.call(PROMPT, PATIENT) as call:
            if said:
                assert (await anext(aiter(call))).text == said
            else:
                while not server.asked or server.asked[-1][0] != "/v1/chat/completions":  # noqa: ASYNC110
                    await asyncio.sleep(0.01)
        server.answer = works
        assert await asyncio.wait_for(reply(backend), 5) == "[happy] Hello there."

    use_openai(use, server=server.url)


def cut(handler: Handler) -> None:
    handler.begin_stream()
    handler.say("[calm] One")
    handler.connection.shutdown(socket.SHUT_RDWR)
    handler.close_connection = True


def complain(handler: Handler) -> None:
    handler.begin_stream()
    handler.send('{"error": {"message": "out of memory"}}')
    handler.end_stream()


@pytest.mark.parametrize(
    ("answer", "code", "words"),
    [
        (cut, "llm-server-lost", "still runs"),
        (complain, "llm-server-error", "out of memory"),
        (lambda it: it.reply(404, {"error": "no such model"}), "llm-server-error", "no such model"),
        (lambda it: it.reply(401, {"error": "wrong key"}), "llm-server-refuses", "key"),
    ],
)
def test_a_reply_that_fails_is_told_and_the_next_one_works(
    server: ModelServer, answer: Answer, code: str, words: str
) -> None:
    async def use(backend: Mind) -> None:
        works, server.answer = server.answer, answer
        with pytest.raises((StageFault, EnvironmentFault)) as caught:
            await reply(backend)
        assert isinstance(caught.value, CompanionError)
        assert caught.value.code == code
        assert words in caught.value.message
        server.answer = works
        assert await reply(backend) == "[happy] Hello there."

    use_openai(use, server=server.url)


def test_keys_are_never_logged(
    server: ModelServer, monkeypatch: pytest.MonkeyPatch, caplog: pytest.LogCaptureFixture
) -> None:
    monkeypatch.setenv(KEY_VARIABLE, "sesame")
    server.answer = complain

    async def use(backend: Mind) -> None:
        with pytest.raises(StageFault):
            await reply(backend)

    with caplog.at_level(logging.DEBUG):
        use_openai(use, server=server.url)
    assert "sesame" not in caplog.text
