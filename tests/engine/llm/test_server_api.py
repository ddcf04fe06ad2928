from __future__ import annotations

import json

import pytest
from hypothesis import given
from hypothesis import strategies as st

from engine.conversation.prompt import ChatMessage
from engine.llm.server_api import ReplyBroken, base_url, chat_models, chat_request, error_text, text_of


@pytest.mark.parametrize(
    ("server", "url"),
    [
        ("localhost:11434", "http://localhost:11434/v1"),
        (" http://desk:1234/ ", "http://desk:1234/v1"),
        ("https://models.example/openai/v1/", "https://models.example/openai/v1"),
    ],
)
def test_an_address_may_be_short(server: str, url: str) -> None:
    assert base_url(server) == url


def test_a_request_is_streamed_and_holds_the_messages() -> None:
    body = chat_request([ChatMessage("system", "She")], "qwen", temperature=0.5, max_tokens=9)
    assert body["stream"] is True
    assert body["messages"] == [{"role": "system", "content": "She"}]
    assert (body["model"], body["temperature"], body["max_tokens"]) == ("qwen", 0.5, 9)


def test_models_that_cannot_converse_are_passed_over() -> None:
    body = json.dumps({"object": "list", "data": [{"id": "nomic-embed-text"}, {"id": "qwen2.5:7b"}]})
    assert chat_models(body.encode()) == ["qwen2.5:7b"]
    with pytest.raises(ReplyBroken):
        chat_models(b"<html>")


@given(st.text())
def test_every_text_comes_through(text: str) -> None:
    chunk = {"choices": [{"index": 0, "delta": {"content": text}, "finish_reason": None}]}
    assert text_of(f"data: {json.dumps(chunk)}") == text


@pytest.mark.parametrize(
    ("line", "text"),
    [
        ("", ""),
        (": keep-alive", ""),
        ("event: message", ""),
        ('data: {"choices": [{"delta": {"role": "assistant"}}]}', ""),
        ('data: {"choices": [{"delta": {"content": null, "reasoning_content": "Hm."}}]}', ""),
        ('data: {"choices": [], "usage": {"total_tokens": 3}}', ""),
        ('data:{"choices":[{"delta":{"content":"Hi"}}]}', "Hi"),
        ("data: [DONE]", None),
    ],
)
def test_what_else_a_stream_holds(line: str, text: str | None) -> None:
    assert text_of(line) == text


@pytest.mark.parametrize(
    "line", ["data: {", 'data: {"choices": 3}', 'data: {"error": {"message": "out of memory"}}']
)
def test_what_is_no_reply_is_refused(line: str) -> None:
    with pytest.raises(ReplyBroken):
        text_of(line)


@pytest.mark.parametrize(
    ("body", "text"),
    [
        (b'{"error": {"message": "model not found", "code": 404}}', "model not found"),
        (b'{"error": "no such model"}', "no such model"),
        (b'{"detail": "Not Found"}', "Not Found"),
        (b"<html>Bad gateway</html>", "<html>Bad gateway</html>"),
        (b'{"message": null}', "{'message': None}"),
    ],
)
def test_errors_are_read_wherever_they_are(body: bytes, text: str) -> None:
    assert error_text(body) == text
