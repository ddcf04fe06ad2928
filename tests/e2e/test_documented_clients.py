"""The two clients of docs/protocol.md, run as they stand there, against a host with the starter stages: they
say something and get speech back."""

from __future__ import annotations

import asyncio
import http.server
import json
import shutil
import subprocess
import sys
import threading
import wave
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from queue import Queue
from typing import Any

import msgspec
import pytest

from engine.audio import rms_dbfs
from engine.settings import General, HostSettings, Settings
from tests.support.documented import program
from tests.support.hosted import served
from tests.support.speech import quiet, spoken

STARTER = Settings(general=General(language="en"), host=HostSettings(port=0))
RATE = 16000
BROWSERS = ("chromium", "chromium-browser", "google-chrome")
REPORT = """<script>
const Plain = WebSocket;
let samples = 0, squares = 0, timer = 0;
WebSocket = class extends Plain {
  constructor(...given) {
    super(...given);
    this.addEventListener('message', (event) => {
      for (const sample of new Int16Array(event.data)) { samples++; squares += (sample / 32768) ** 2; }
      clearTimeout(timer);
      timer = setTimeout(() => report({ samples, rms: Math.sqrt(squares / samples) }), 1500);
    });
    this.addEventListener('close', (event) => report({ closed: event.code }));
    this.addEventListener('error', () => report({ error: 'socket' }));
  }
};
const report = (what) => fetch('/report', { method: 'POST', body: JSON.stringify(what) });
addEventListener('unhandledrejection', (event) => report({ error: String(event.reason) }));
addEventListener('load', () => document.querySelector('button').click());
</script>"""
"""Goes in front of the page: presses its button and tells this test what comes in."""


def save(path: Path, pcm: bytes) -> None:
    with wave.open(str(path), "wb") as file:
        file.setparams((1, 2, RATE, 0, "NONE", ""))
        file.writeframes(pcm)


@pytest.fixture
def question(tmp_path: Path) -> Path:
    path = tmp_path / "question.wav"
    save(path, quiet(500) + spoken("what can you do") + quiet(1500))
    return path


def test_the_python_client_gets_speech_for_speech(tmp_path: Path, question: Path) -> None:
    client, answer = tmp_path / "client.py", tmp_path / "answer.wav"
    client.write_text(program("python client"), encoding="utf-8")

    async def main() -> None:
        async with asyncio.timeout(90), served(tmp_path / "data", STARTER) as hosted:
            command = [sys.executable, str(client), str(question), str(answer), f"{hosted.url}/ws/audio"]
            await asyncio.to_thread(subprocess.run, command, check=True, timeout=80)

    asyncio.run(main())
    with wave.open(str(answer)) as file:
        assert file.getframerate() == RATE
        pcm = file.readframes(file.getnframes())
    assert len(pcm) / 2 / RATE > 1
    assert rms_dbfs(pcm) > -40


def test_the_page_gets_speech_for_speech_in_a_browser(tmp_path: Path, question: Path) -> None:
    browser = next(filter(None, map(shutil.which, BROWSERS)), None)
    if browser is None:
        pytest.skip("no Chromium here to open the page in")

    async def main() -> None:
        reports: Queue[dict[str, Any]] = Queue()
        with page_server(reports) as (origin, publish):
            settings = msgspec.structs.replace(STARTER, host=HostSettings(port=0, allowed_origins=origin))
            async with asyncio.timeout(120), served(tmp_path / "data", settings) as hosted:
                page = program("html page").replace("ws://127.0.0.1:8000", hosted.url)
                assert hosted.url in page
                publish(page.replace("<script>", REPORT + "<script>", 1))
                with open_page(browser, origin, question, tmp_path / "profile"):
                    report = await asyncio.to_thread(reports.get, timeout=100)
        assert report.get("samples", 0) > RATE, report
        assert report["rms"] > 0.01

    asyncio.run(main())


@contextmanager
def page_server(reports: Queue[dict[str, Any]]) -> Iterator[tuple[str, Any]]:
    """Serves one page on this machine, and takes what it reports."""
    page: list[str] = []

    class Handler(http.server.BaseHTTPRequestHandler):
        def do_GET(self) -> None:
            self.send_response(200)
            self.send_header("Content-Type", "text/html; charset=utf-8")
            self.end_headers()
            self.wfile.write(page[0].encode())

        def do_POST(self) -> None:
            reports.put(json.loads(self.rfile.read(int(self.headers["Content-Length"]))))
            self.send_response(204)
            self.end_headers()

        def log_message(self, *_: Any) -> None:
            """Nothing to stderr."""

    with http.server.ThreadingHTTPServer(("127.0.0.1", 0), Handler) as server:
        thread = threading.Thread(target=server.serve_forever)
        thread.start()
        try:
            yield f"http://127.0.0.1:{server.server_port}", page.append
        finally:
            server.shutdown()
            thread.join()


@contextmanager
def open_page(browser: str, url: str, microphone: Path, profile: Path) -> Iterator[None]:
    """The page in a browser without a window, whose microphone plays `microphone`."""
    command = [
        browser,
        "--headless=new",
        "--no-sandbox",  # tests may run as root
        "--disable-gpu",
        "--disable-dev-shm-usage",
        f"--user-data-dir={profile}",
        "--autoplay-policy=no-user-gesture-required",
        "--use-fake-ui-for-media-stream",
        "--use-fake-device-for-media-stream",
        f"--use-file-for-fake-audio-capture={microphone}%noloop",
        url,
    ]
    with subprocess.Popen(command, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL) as process:
        try:
            yield
        finally:
            process.terminate()
            try:
                process.wait(timeout=10)
            except subprocess.TimeoutExpired:
                process.kill()
