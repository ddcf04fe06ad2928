"""A language model server of the tests' own, that does what it is told: right, wrong or nothing."""

from __future__ import annotations

import json
import threading
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import Any

Answer = Callable[["Handler"], None]


class Handler(BaseHTTPRequestHandler):
    """One request. The server's `answer` answers what is asked by POST."""

    protocol_version = "HTTP/1.1"
    server: ModelServer

    def do_GET(self) -> None:
        self.server.asked.append((self.path, dict(self.headers), None))
        if self.server.refuses:
            self.reply(401, {"error": {"message": "wrong key"}})
        else:
            self.reply(200, {"object": "list", "data": [{"id": name} for name in self.server.models]})

    def do_POST(self) -> None:
        body = json.loads(self.rfile.read(int(self.headers["Content-Length"])))
        self.server.asked.append((self.path, dict(self.headers), body))
        self.server.answer(self)

    def reply(self, status: int, value: Any) -> None:
        data = json.dumps(value).encode()
        self.send_response(status)
        self.send_header("Content-Type", "application/json")
        self.send_header("Content-Length", str(len(data)))
        self.end_headers()
        self.wfile.write(data)

    def begin_stream(self) -> None:
        self.send_response(200)
        self.send_header("Content-Type", "text/event-stream")
        self.send_header("Transfer-Encoding", "chunked")
        self.end_headers()

    def send(self, data: str) -> None:
        line = f"data: {data}\n\n".encode()
        self.wfile.write(f"{len(line):x}\r\n".encode() + line + b"\r\n")
        self.wfile.flush()

    def say(self, text: str) -> None:
        self.send(json.dumps({"choices": [{"index": 0, "delta": {"content": text}}]}))

    def end_stream(self) -> None:
        self.send("[DONE]")
        self.wfile.write(b"0\r\n\r\n")

    def log_message(self, format: str, *args: Any) -> None:
        """Nothing on the terminal."""


class ModelServer(ThreadingHTTPServer):
    """Listens on a free port of this machine."""

    daemon_threads = True

    def __init__(self) -> None:
        super().__init__(("127.0.0.1", 0), Handler)
        self.models = ["tiny"]
        self.refuses = False
        self.asked: list[tuple[str, dict[str, str], Any]] = []
        """Path, headers and body of every request."""
        self.answer: Answer = reply_with("[happy] Hello there.")
        self.ended = threading.Event()
        """Set when the test is over, for answers that wait."""

    @property
    def url(self) -> str:
        return f"http://127.0.0.1:{self.server_address[1]}"

    @property
    def body(self) -> Any:
        return self.asked[-1][2]


def reply_with(text: str) -> Answer:
    """Streams `text`, a word at a time."""

    def answer(handler: Handler) -> None:
        handler.begin_stream()
        for word in text.split(" "):
            handler.say(word if word == text.split(" ")[0] else f" {word}")
        handler.end_stream()

    return answer


@contextmanager
def serving() -> Iterator[ModelServer]:
    server = ModelServer()
    thread = threading.Thread(target=server.serve_forever, kwargs={"poll_interval": 0.02})
    thread.start()
    try:
        yield server
    finally:
        server.ended.set()
        server.shutdown()
        thread.join()
        server.server_close()
