"""What an OpenAI-compatible server is asked, and how its answers read. Pure: no socket is opened here.

The API is that of https://platform.openai.com/docs/api-reference/chat, as Ollama, LM Studio, llama-server and
vLLM serve it.
"""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any

import msgspec

from engine.conversation.prompt import ChatMessage

LOCAL_SERVERS = {
    "Ollama": "http://127.0.0.1:11434/v1",
    "LM Studio": "http://127.0.0.1:1234/v1",
    "llama-server": "http://127.0.0.1:8080/v1",
}
"""Where these serve when nobody has told them otherwise; looked at in this order."""

_NO_CHAT = ("embed", "rerank", "whisper", "tts", "bge-")
_DATA = "data:"
_END = "[DONE]"


class ReplyBroken(Exception):
    """The server's stream holds something else than a reply; the text says what."""


def base_url(server: str) -> str:
    """The address under which the API lies: `http://host:1234` and `host:1234` mean `http://host:1234/v1`."""
    url = server.strip().rstrip("/")
    if "://" not in url:
        url = f"http://{url}"
    return url if url.partition("://")[2].count("/") else f"{url}/v1"


def chat_request(
    messages: Iterable[ChatMessage], model: str, *, temperature: float, max_tokens: int
) -> dict[str, Any]:
    """The body of `POST /chat/completions`."""
    return {
        "model": model,
        "messages": [{"role": message.role, "content": message.content} for message in messages],
        "stream": True,
        "temperature": temperature,
        "max_tokens": max_tokens,
    }


class _Model(msgspec.Struct, frozen=True):
    id: str


class _Models(msgspec.Struct, frozen=True):
    data: list[_Model]


def chat_models(body: bytes) -> list[str]:
    """The models of `GET /models` that can converse, as far as their names tell. Raises ReplyBroken."""
    try:
        models = msgspec.json.decode(body, type=_Models)
    except msgspec.MsgspecError as error:
        raise ReplyBroken(str(error)) from error
    return [each.id for each in models.data if not any(word in each.id.lower() for word in _NO_CHAT)]


class _Delta(msgspec.Struct, frozen=True):
    content: str | None = None


class _Choice(msgspec.Struct, frozen=True):
    delta: _Delta = _Delta()


class _Chunk(msgspec.Struct, frozen=True):
    choices: list[_Choice] = []
    error: Any = None


def text_of(line: str) -> str | None:
    """The text in one line of the event stream, which may be none (""); None: the stream has ended.
    What a model thinks before it answers (`reasoning_content`) is no text. Raises ReplyBroken."""
    if not line.startswith(_DATA):
        return ""  # a comment, an event's name, or the empty line between two events
    data = line[len(_DATA) :].strip()
    if data == _END:
        return None
    try:
        chunk = msgspec.json.decode(data, type=_Chunk)
    except msgspec.MsgspecError as error:
        raise ReplyBroken(str(error)) from error
    if chunk.error:
        raise ReplyBroken(error_text(data.encode()))
    return "".join(choice.delta.content or "" for choice in chunk.choices)


def error_text(body: bytes, limit: int = 300) -> str:
    """What an error's body says to people: its `message`, wherever the server has put it."""
    try:
        found: Any = msgspec.json.decode(body)
    except msgspec.MsgspecError:
        return body.decode(errors="replace").strip()[:limit]
    for key in ("error", "detail", "message"):
        if isinstance(found, dict) and found.get(key):
            found = found[key]
    return str(found)[:limit]
