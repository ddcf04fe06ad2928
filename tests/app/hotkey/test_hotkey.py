"""The key to talk on a real display, pressed by xdotool; and through a portal on a bus of the test's own."""

from __future__ import annotations

import json
import subprocess
import sys
import threading
import time
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

from tests.support.desktop import Desktop, missing, until

ROOT = Path(__file__).parents[3]


class Program:
    """`tests.support.hotkey_program`, and what it has said."""

    def __init__(self, env: dict[str, str], key: str) -> None:
        self._process = subprocess.Popen(
            [sys.executable, "-m", "tests.support.hotkey_program"],
            cwd=ROOT,
            env=env,
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            text=True,
        )
        self._said: list[dict[str, Any]] = []
        self._listener = threading.Thread(target=self._listen)
        self._listener.start()
        self.use(key)

    def ask(self, key: str) -> None:
        assert self._process.stdin
        self._process.stdin.write(f"{key}\n")
        self._process.stdin.flush()

    def use(self, key: str) -> None:
        self.ask(key)
        until(lambda: self.said("using")[-1:] == [key], f"{key} to be heard")

    def said(self, what: str) -> list[Any]:
        return [said[what] for said in self._said if what in said]

    def close(self) -> None:
        assert self._process.stdin
        assert self._process.stdout
        self._process.stdin.close()
        try:
            assert self._process.wait(20) == 0
        finally:
            self._process.kill()
            self._process.wait()
            self._listener.join(20)
            self._process.stdout.close()

    def _listen(self) -> None:
        assert self._process.stdout
        for line in self._process.stdout:
            self._said.append(json.loads(line))


@pytest.fixture(scope="module")
def desktop(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Desktop]:
    if lacking := missing():
        pytest.skip(f"without {', '.join(lacking)} there is no desktop to type on")
    desktop = Desktop(tmp_path_factory.mktemp("desktop"))
    yield desktop
    desktop.close()


@pytest.fixture
def program(desktop: Desktop) -> Iterator[Program]:
    program = Program(desktop.env, "f8")
    yield program
    program.close()


def test_held_for_five_seconds_with_repeats_it_is_pressed_once(desktop: Desktop, program: Program) -> None:
    """X11 repeats a key that is held: xdotool's is repeated by the display itself."""
    before = time.monotonic()
    desktop.do("keydown", "F8", "sleep", "5", "keyup", "F8")
    until(lambda: program.said("down") == [True, False], "the key to go up")
    down, up = program.said("at")
    assert down - before < 1.0
    assert up - down == pytest.approx(5.0, abs=0.3)


def test_repeats_as_x11_sends_them_are_no_release(desktop: Desktop, program: Program) -> None:
    """The same, in case the display does not repeat: pairs of release and press, 25 times a second."""
    pairs = ["keyup", "F8", "keydown", "F8", "sleep", "0.04"] * 50
    desktop.do("keydown", "--delay", "0", "F8", *pairs, "keyup", "F8")
    until(lambda: program.said("down")[-1:] == [False], "the key to go up")
    assert program.said("down") == [True, False]


def test_no_other_key_is_heard(desktop: Desktop, program: Program) -> None:
    desktop.do("key", "a", "F7", "ctrl+F8", "shift+F8", "Escape")
    desktop.do("key", "F8")
    until(lambda: program.said("down") == [True, False], "the key itself")


def test_another_key_takes_its_place(desktop: Desktop, program: Program) -> None:
    program.use("ctrl+alt+space")
    desktop.do("key", "F8", "space", "ctrl+space")
    desktop.do("key", "ctrl+alt+space")
    until(lambda: program.said("down") == [True, False], "the other key")


def test_a_key_that_is_held_when_another_is_chosen_is_released(desktop: Desktop, program: Program) -> None:
    desktop.do("keydown", "F8")
    until(lambda: program.said("down") == [True], "the key to go down")
    program.use("f9")
    until(lambda: program.said("down") == [True, False], "the key to be let go of")
    desktop.do("keyup", "F8")


def test_a_key_that_cannot_be_is_told(program: Program) -> None:
    program.ask("nonsense")
    until(lambda: program.said("failed") == ["bad-hotkey"], "the refusal")
