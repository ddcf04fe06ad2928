"""Every check and test of the project."""

from __future__ import annotations

import os
import shutil
import subprocess
import sys
import time
from pathlib import Path

from steps.building import missing_packages
from steps.desktop import build_avatar, missing_libraries
from steps.environment import prepare
from steps.report import say
from steps.system import apt_install

TEST_PROGRAMS = {
    "flite": ("flite", "a second voice, which the hearing tests speak with"),
    "chromium": ("chromium", "a browser, in which the web page of docs/protocol.md is tried"),
    "strace": ("strace", "it shows that nothing connects to other machines"),
    "ss": ("iproute2", "it shows what is listened on"),
    "pulseaudio": ("pulseaudio", "a sound server of the tests' own; no sound card is needed"),
    "pactl": ("pulseaudio-utils", "it records that server's speaker and talks into its microphone"),
    "Xvfb": ("xvfb", "a display in memory: the avatar's window has one of its own to be tried on"),
    "openbox": ("openbox", "it manages the windows there"),
    "picom": ("picom", "it makes transparent windows transparent there"),
    "xdotool": ("xdotool", "it moves the mouse there, and clicks"),
    "dbus-daemon": ("dbus-daemon", "a message bus of the tests' own, for what desktops are asked over it"),
}
"""Programs that tests use: the Debian package each is in, and why."""

TEST_DISPLAY = {
    "xvfb-run": ("xvfb", "a display in memory, on which the tests draw where there is no other"),
    "xauth": ("xauth", "it lets only the tests onto that display"),
}
"""The same, on Linux without a display."""

WITHOUT_QT = ["-p", "no:pytest-qt", "-W", "ignore::pytest.PytestConfigWarning"]
WITHOUT_QT += ["--ignore=tests/app", "--ignore=tests/assets"]
"""How pytest is told to leave Qt alone; the warning would be about the settings of its plugin."""


def test(root: Path, arguments: list[str]) -> int:
    """`test`: all checks, then pytest last, so that its own closing line ends the output."""
    apt_install(missing_packages({"tests"}))
    programs = {**TEST_PROGRAMS, **({} if has_display() else TEST_DISPLAY)}
    missing = {program: found for program, found in programs.items() if not shutil.which(program)}
    if not apt_install(dict(missing.values())):
        say(f"without {', '.join(missing)} the tests that need it will say that they are skipped")
    apt_install(missing_libraries())
    python = str(prepare(root, {"desktop", "models", "dev", "bundle"}))
    failed = [] if build_avatar(root, Path(python)) else ["the built-in avatar"]
    if arguments in ([], ["--full"]):
        failed += [name for name, command in checks(python) if not check(root, name, command)]
        arguments = ["-m", "long or not long"] if arguments else []
    if missing_libraries():
        say("tests/app and tests/assets are SKIPPED: without these libraries Qt cannot be loaded")
        arguments = [*arguments, *WITHOUT_QT]
    say("pytest")
    status = subprocess.call(on_a_display([python, "-m", "pytest", *arguments]), cwd=root)
    if failed:
        print(f"\nThese checks failed: {', '.join(failed)}.", file=sys.stderr)
    return status or int(bool(failed))


def checks(python: str) -> list[tuple[str, list[str]]]:
    """Name and command of every check that is not a test."""
    ruff, pyright = [python, "-m", "ruff"], [python, "-m", "pyright"]
    return [
        ("ruff format", [*ruff, "format", "--check", "."]),
        ("ruff check", [*ruff, "check", "."]),
        ("pyright", pyright),
        ("pyright for Windows", [*pyright, "--pythonplatform", "Windows"]),
        ("pyright for macOS", [*pyright, "--pythonplatform", "Darwin"]),
    ]


def check(root: Path, name: str, command: list[str]) -> bool:
    """Runs one check, says how long it took, and shows its output if it failed."""
    started = time.perf_counter()
    # Without this, pyright's launcher asks the npm registry for news.
    env = {**os.environ, "PYRIGHT_PYTHON_IGNORE_WARNINGS": "1"}
    done = subprocess.run(command, cwd=root, env=env, stdout=subprocess.PIPE, stderr=subprocess.STDOUT)
    ok = done.returncode == 0
    say(f"{name}: {'ok' if ok else 'FAILED'} ({time.perf_counter() - started:.1f} s)")
    if not ok:
        print(done.stdout.decode(errors="replace"))
    return ok


def has_display() -> bool:
    """True where windows can be shown; Windows and macOS always have the means."""
    return sys.platform != "linux" or bool(os.environ.get("DISPLAY"))


def on_a_display(command: list[str]) -> list[str]:
    """The command as it must be run to have a display: as it is, or on one in memory, drawn by the CPU."""
    if has_display() or not shutil.which("xvfb-run"):
        return command
    drawn_here = ["env", "QT_QPA_PLATFORM=xcb", "LIBGL_ALWAYS_SOFTWARE=1"]
    return ["xvfb-run", "-a", "-s", "-screen 0 1280x1024x24", *drawn_here, *command]
