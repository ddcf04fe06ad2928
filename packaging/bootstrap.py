"""Sets the project up and runs it, or its tests, with nothing but Python to start from.

    python3 packaging/bootstrap.py run [arguments]             talk with the companion
    python3 packaging/bootstrap.py test [--full]               every check and test; --full adds the long ones
    python3 packaging/bootstrap.py test pytest-arguments ...   only these tests, without the other checks
    python3 packaging/bootstrap.py setup [--with desktop,models,dev]

The first call makes .venv and installs the pinned packages into it; later calls find the stamp left there and
start at once, without network. A change of pyproject.toml or packaging/constraints.txt installs anew, and an
interrupted installation is thrown away and repeated.

Theory of operation. The stamp (.venv/companion-setup.json) says what was installed and whether that was
finished. It is written as unfinished before anything is touched, so a set-up killed at any moment is seen by
the next call. This file runs before any package exists: standard library only, and its syntax stays that of
Python 3.9 so that an old Python can still hand over to a newer one, or say what is missing.
"""

from __future__ import annotations

import ctypes
import hashlib
import importlib.util
import json
import os
import re
import shutil
import subprocess
import sys
import sysconfig
import time
import urllib.request
from collections import deque
from pathlib import Path
from typing import Callable, NoReturn

ROOT = Path(__file__).resolve().parents[1]
VERSIONS = ((3, 13), (3, 12), (3, 11))
GROUPS = ("desktop", "models", "dev")
REACH_TIMEOUT_S = 3
PIP_TAIL_LINES = 40
LARGE_DOWNLOAD_MB = 5


class SetupError(Exception):
    """Set-up cannot go on; the message tells the user what to do."""


def main(argv: list[str]) -> int:
    """Runs one command line (without the program's name); returns the exit status."""
    commands = {"run": run, "test": test, "setup": setup}
    if not argv or argv[0] not in commands:
        print((__doc__ or "").partition("\n\nThe first call")[0])
        return 0 if argv in (["-h"], ["--help"]) else 2
    try:
        if sys.version_info[:2] not in VERSIONS:
            hand_over([*find_python(), __file__, *argv])
        return commands[argv[0]](argv[1:])
    except SetupError as error:
        print(f"\nSet-up stopped. {error}", file=sys.stderr)
    except OSError as error:
        print(
            f"\nSet-up stopped: {error}. See that you may write there and that the disk has room.",
            file=sys.stderr,
        )
    except KeyboardInterrupt:
        print("\nInterrupted; the next call starts over where needed.", file=sys.stderr)
        return 130
    return 1


# ---------------------------------------------------------------- commands


def run(arguments: list[str]) -> int:
    """`run`: sets up the core and becomes the companion."""
    # -P: a folder called app in the user's working directory must not be taken for ours.
    hand_over([str(prepare(ROOT, set())), "-P", "-m", "app", *arguments])


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
}
"""Programs that tests use: the Debian package each is in, and why."""

TEST_DISPLAY = {
    "xvfb-run": ("xvfb", "a display in memory, on which the tests draw where there is no other"),
    "xauth": ("xauth", "it lets only the tests onto that display"),
}
"""The same, on Linux without a display."""

WINDOW_LIBRARIES = {
    "libGL.so.1": ("libgl1", "OpenGL, which the avatar is drawn with; it brings Mesa's drivers"),
    "libEGL.so.1": ("libegl1", "Qt is linked with it"),
    "libglib-2.0.so.0": ("libglib2.0-0", "Qt's event loop is built on it"),
    "libdbus-1.so.3": ("libdbus-1-3", "Qt talks to the desktop through it"),
    "libfontconfig.so.1": ("libfontconfig1", "Qt finds fonts with it; it brings one"),
    "libxkbcommon-x11.so.0": ("libxkbcommon-x11-0", "keyboards in Qt's windows on X11"),
    "libxcb-cursor.so.0": ("libxcb-cursor0", "mouse pointers in Qt's windows on X11"),
    "libxcb-icccm.so.4": ("libxcb-icccm4", "what Qt and window managers have agreed on for X11"),
    "libxcb-keysyms.so.1": ("libxcb-keysyms1", "keys in Qt's windows on X11"),
    "libxcb-shape.so.0": ("libxcb-shape0", "windows that are no rectangles on X11"),
}
"""What Qt's wheels expect of a Linux: library, Debian package, why. Their other libraries come with these.
Everything that draws needs them: the tests, the built-in avatar, later the window."""


WITHOUT_QT = ["-p", "no:pytest-qt", "-W", "ignore::pytest.PytestConfigWarning"]
WITHOUT_QT += ["--ignore=tests/app", "--ignore=tests/assets"]
"""How pytest is told to leave Qt alone; the warning would be about the settings of its plugin."""


def setup(arguments: list[str]) -> int:
    """`setup`: installs the named groups."""
    names = arguments[1].split(",") if arguments[:1] == ["--with"] and len(arguments) == 2 else arguments
    if unknown := [name for name in names if name not in GROUPS]:
        raise SetupError(f"`{unknown[0]}` is not a group; write --with and some of {','.join(GROUPS)}.")
    if "desktop" in names:
        apt_install(missing_libraries())
    python = prepare(ROOT, set(names))
    if "desktop" in names and not build_avatar(ROOT, python):
        raise SetupError("The built-in avatar could not be made, see above; all else is installed.")
    say(f"ready: {python}")
    return 0


def test(arguments: list[str]) -> int:
    """`test`: all checks, then pytest last, so that its own closing line ends the output."""
    apt_install(missing_for_sound({"tests"}))
    programs = {**TEST_PROGRAMS, **({} if has_display() else TEST_DISPLAY)}
    missing = {program: found for program, found in programs.items() if not shutil.which(program)}
    if not apt_install(dict(missing.values())):
        say(f"without {', '.join(missing)} the tests that need it will say that they are skipped")
    apt_install(missing_libraries())
    python = str(prepare(ROOT, {"desktop", "dev"}))
    failed = [] if build_avatar(ROOT, Path(python)) else ["the built-in avatar"]
    if arguments in ([], ["--full"]):
        failed += [name for name, command in checks(python) if not check(name, command)]
        arguments = ["-m", "long or not long"] if arguments else []
    if missing_libraries():
        say("tests/app and tests/assets are SKIPPED: without these libraries Qt cannot be loaded")
        arguments = [*arguments, *WITHOUT_QT]
    say("pytest")
    status = subprocess.call(on_a_display([python, "-m", "pytest", *arguments]), cwd=ROOT)
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


def check(name: str, command: list[str]) -> bool:
    """Runs one check, says how long it took, and shows its output if it failed."""
    started = time.perf_counter()
    # Without this, pyright's launcher asks the npm registry for news.
    env = {**os.environ, "PYRIGHT_PYTHON_IGNORE_WARNINGS": "1"}
    done = subprocess.run(command, cwd=ROOT, env=env, stdout=subprocess.PIPE, stderr=subprocess.STDOUT)
    ok = done.returncode == 0
    say(f"{name}: {'ok' if ok else 'FAILED'} ({time.perf_counter() - started:.1f} s)")
    if not ok:
        print(done.stdout.decode(errors="replace"))
    return ok


# ---------------------------------------------------------------- the Python and the system


def find_python() -> list[str]:
    """The command of a Python this project runs on. Raises SetupError if there is none."""
    for major, minor in VERSIONS:
        command = ["py", f"-{major}.{minor}"] if os.name == "nt" else [f"python{major}.{minor}"]
        # Being on the PATH is not enough: version managers leave shims for Pythons that are not active.
        if shutil.which(command[0]) and subprocess.run([*command, "-V"], capture_output=True).returncode == 0:
            return command
    advice = {"win32": "winget install Python.Python.3.13", "darwin": "brew install python@3.13"}
    raise SetupError(
        f"AI Companion needs Python 3.11, 3.12 or 3.13; this is {sys.version.split()[0]}. "
        f"Install one ({advice.get(sys.platform, 'sudo apt-get install python3.11, or python.org')}), "
        "then repeat the command."
    )


def hand_over(command: list[str]) -> NoReturn:
    """Becomes `command`; on Windows, which cannot do that, waits for it and ends with its status."""
    sys.stdout.flush()
    if os.name != "nt":
        os.execvp(command[0], command)
    with subprocess.Popen(command) as child:
        while True:
            try:
                sys.exit(child.wait())
            except KeyboardInterrupt:  # Ctrl-C went to the child as well; it decides
                continue


def has_display() -> bool:
    """True where windows can be shown; Windows and macOS always have the means."""
    return sys.platform != "linux" or bool(os.environ.get("DISPLAY"))


def on_a_display(command: list[str]) -> list[str]:
    """The command as it must be run to have a display: as it is, or on one in memory, drawn by the CPU."""
    if has_display() or not shutil.which("xvfb-run"):
        return command
    drawn_here = ["env", "QT_QPA_PLATFORM=xcb", "LIBGL_ALWAYS_SOFTWARE=1"]
    return ["xvfb-run", "-a", "-s", "-screen 0 1280x1024x24", *drawn_here, *command]


def missing_libraries() -> dict[str, str]:
    """Debian packages (name -> why) of those WINDOW_LIBRARIES that are not there."""
    missing: dict[str, str] = {}
    if sys.platform != "linux":
        return missing
    for library, (package, why) in WINDOW_LIBRARIES.items():
        try:
            ctypes.CDLL(library)
        except OSError:
            missing[package] = why
    return missing


def apt_install(reasons: dict[str, str]) -> bool:
    """Installs Debian packages (name -> why), saying so first; False where that is not possible."""
    if not reasons:
        return True
    for name, why in reasons.items():
        say(f"the system package {name} is missing: {why}")
    if sys.platform != "linux" or not shutil.which("apt-get"):
        return False
    if os.geteuid() != 0 and not shutil.which("sudo"):
        return False
    sudo = [] if os.geteuid() == 0 else ["sudo"] if sys.stdin.isatty() else ["sudo", "-n"]
    apt = [*sudo, "env", "DEBIAN_FRONTEND=noninteractive", "apt-get"]
    install = [*apt, "install", "-y", "--no-install-recommends", *reasons]
    say(" ".join(install))
    # A fresh machine has no package lists yet; an old one has stale ones.
    return any(
        all(subprocess.run(step, stdout=subprocess.DEVNULL).returncode == 0 for step in steps)
        for steps in ([install], [[*apt, "update"], install])
    )


def need_venv_module() -> None:
    """Debian ships Python without the means to make virtual environments: gets them."""
    if importlib.util.find_spec("ensurepip") is None:
        package = f"python3.{sys.version_info[1]}-venv"
        if not apt_install({package: "Python's own tool for a separate environment"}):
            raise SetupError(f"Run `sudo apt-get install {package}`, then repeat the command.")


def missing_for_sound(purposes: set[str]) -> dict[str, str]:
    """Debian packages (name -> why) that `build` (of PyAudio) or `tests` need and that are not there."""
    headers = [Path("/usr/include"), Path("/usr/local/include")]
    plugin = "alsa-lib/libasound_module_pcm_pulse.so"
    wanted = [
        ("build", shutil.which("gcc"), "gcc", "it compiles PyAudio, which comes as source for Linux"),
        ("build", first(headers, "stdio.h"), "libc6-dev", "headers of the C library, for PyAudio"),
        ("build", first(headers, "portaudio.h"), "portaudio19-dev", "the library PyAudio makes usable"),
        (
            "build",
            first([Path(sysconfig.get_paths()["include"])], "Python.h"),
            f"python3.{sys.version_info[1]}-dev",
            "headers of Python, for PyAudio",
        ),
        (
            "tests",
            first([Path("/usr")], f"lib*/{plugin}", f"lib/*/{plugin}"),
            "libasound2-plugins",
            "the way from PortAudio to the tests' sound server",
        ),
    ]
    if sys.platform != "linux":
        return {}
    return {package: why for purpose, found, package, why in wanted if purpose in purposes and not found}


def first(folders: list[Path], *patterns: str) -> Path | None:
    """A file of that name in one of the folders."""
    return next((file for folder in folders for name in patterns for file in folder.glob(name)), None)


def need_to_build() -> None:
    """Gets what PyAudio is built with. Raises SetupError where that cannot be had."""
    missing = missing_for_sound({"build"})
    if not apt_install(missing):
        raise SetupError(
            f"Run `sudo apt-get install {' '.join(missing)}` (on another Linux: its packages of the same "
            "purpose), then repeat the command."
        )


# ---------------------------------------------------------------- the virtual environment


def prepare(root: Path, groups: set[str]) -> Path:
    """Makes sure .venv holds the project with these groups; returns its Python.

    Raises SetupError when that cannot be reached. Does nothing, and writes nothing, when all is there.
    """
    venv = root / ".venv"
    python = venv / ("Scripts/python.exe" if os.name == "nt" else "bin/python")
    stamp = venv / "companion-setup.json"
    want = fingerprint(root)
    found = read_stamp(stamp)
    installed = set(found.get("groups", []))
    if found.get("finished") and found["fingerprint"] == want and groups <= installed and python.exists():
        return python

    groups = groups | installed
    if "desktop" in groups:
        need_to_build()
    if found.get("finished") is False:
        say("the last installation was interrupted: starting over")
        shutil.rmtree(venv)
    elif venv.exists() and not usable(python):
        say(".venv belongs to another Python: making it anew")
        shutil.rmtree(venv)
    venv.mkdir(exist_ok=True)
    state = {"fingerprint": want, "groups": sorted(groups), "finished": False}
    stamp.write_text(json.dumps(state), encoding="utf-8")
    if not python.exists():
        need_venv_module()
        say(f"making .venv with Python {sys.version.split()[0]}")
        # The base executable: this script may be running on the very .venv that was thrown away.
        base = getattr(sys, "_base_executable", sys.executable)
        subprocess.run([base, "-m", "venv", str(venv)], check=False)
        if not usable(python):
            raise SetupError("`python -m venv` failed, see above.")
    try:
        pip_install(root, python, groups)
    except (SetupError, OSError):
        stamp.unlink()  # pip undoes what it fails at, so the environment is as good as before
        raise
    stamp.write_text(json.dumps({**state, "finished": True}), encoding="utf-8")
    return python


def fingerprint(root: Path) -> str:
    """Changes whenever what is installed could be out of date."""
    digest = hashlib.sha256(f"{sys.version_info[:2]} {root}".encode())
    for name in ("pyproject.toml", "packaging/constraints.txt"):
        digest.update((root / name).read_bytes())
    return digest.hexdigest()


def read_stamp(stamp: Path) -> dict:
    """What an earlier call left; empty if there was none, unfinished if it makes no sense."""
    try:
        return json.loads(stamp.read_text(encoding="utf-8"))
    except FileNotFoundError:
        return {}
    except ValueError:  # cut short while it was written
        return {"finished": False}


def usable(python: Path) -> bool:
    """True if that environment works and has the version of the running Python."""
    code = f"import sys, pip; sys.exit(sys.version_info[:2] != {sys.version_info[:2]})"
    return python.exists() and subprocess.run([python, "-c", code], capture_output=True).returncode == 0


def pip_install(root: Path, python: Path, groups: set[str]) -> None:
    """Installs the project, editable, with its groups at the pinned versions. Raises SetupError."""
    extras = f"[{','.join(sorted(groups))}]" if groups else ""
    say(f"installing the packages of .{extras} (some minutes the first time)")
    command = [str(python), "-m", "pip", "install", "--no-input", "--disable-pip-version-check"]
    command += ["--progress-bar", "off", "-c", "packaging/constraints.txt", "-e", f".{extras}"]
    if "models" in groups and (index := torch_index(root)):
        say(f"PyTorch comes from {index}")
        command += ["--extra-index-url", index]
    tail: deque[str] = deque(maxlen=PIP_TAIL_LINES)
    started = time.perf_counter()
    with subprocess.Popen(
        command,
        cwd=root,
        stdout=subprocess.PIPE,
        stderr=subprocess.STDOUT,
        encoding="utf-8",
        errors="replace",
    ) as pip:
        for line in pip.stdout or ():
            tail.append(line)
            if note := pip_note(line):
                say(f"  {note}")
    if pip.returncode:
        print("".join(tail), file=sys.stderr)
        raise SetupError("pip failed, see above. Without network? The first call needs it; then repeat.")
    say(f"installed in {time.perf_counter() - started:.0f} s")


def pip_note(line: str) -> str:
    """The few words of pip's output worth showing: large downloads and the installation itself."""
    if large := re.match(r"\s*Downloading (\S+?)-(\S+?)-\S+ \(([\d.]+) MB\)", line):
        name, version, size = large.groups()
        return f"downloading {name} {version} ({size} MB)" if float(size) >= LARGE_DOWNLOAD_MB else ""
    if line.startswith("Installing collected packages:"):
        return f"unpacking {line.count(',') + 1} packages"
    return ""


# ---------------------------------------------------------------- the built-in avatar


def build_avatar(root: Path, python: Path) -> bool:
    """Makes the built-in avatar's model with the scripts in assets/avatar, if they changed since last time;
    False if they fail."""
    scripts = root / "assets" / "avatar"
    model = scripts / "rio"
    stamp = model / "made-from.txt"
    made_from = hashlib.sha256()
    for file in sorted(scripts.rglob("*")):
        if file.is_file() and file.suffix != ".pyc" and model not in file.parents:
            made_from.update(f"{file.relative_to(scripts).as_posix()} {file.stat().st_size} ".encode())
            made_from.update(file.read_bytes())
    if stamp.exists() and stamp.read_text(encoding="utf-8") == made_from.hexdigest():
        return True
    say("drawing and rigging the built-in avatar")
    shutil.rmtree(model, ignore_errors=True)
    env = {**os.environ, "QT_QPA_PLATFORM": "offscreen"}  # it only paints pictures
    if subprocess.call([str(python), "-m", "assets.avatar", str(model)], cwd=root, env=env) != 0:
        return False
    stamp.write_text(made_from.hexdigest(), encoding="utf-8")
    return True


# ---------------------------------------------------------------- PyTorch


def torch_index(root: Path) -> str | None:
    """The index to take PyTorch from on this machine, or None for the default registry."""
    import tomllib  # not in Python 3.9, which must be able to read this file

    indexes = tomllib.loads((root / "packaging" / "indexes.toml").read_text(encoding="utf-8"))["torch"]
    return choose_torch_index(indexes, sys.platform, has_nvidia(), reachable)


def choose_torch_index(
    indexes: dict[str, str], platform: str, nvidia: bool, reachable: Callable[[str], bool]
) -> str | None:
    """CUDA builds where there is an NVIDIA GPU, CPU builds elsewhere; None (default registry) if the index
    does not answer, and on macOS, whose only build is the registry's."""
    if platform == "darwin":
        return None
    index = indexes["cuda" if nvidia else "cpu"]
    return index if reachable(index) else None


def has_nvidia() -> bool:
    """True if the NVIDIA driver lists a GPU."""
    if not shutil.which("nvidia-smi"):
        return False
    listing = subprocess.run(["nvidia-smi", "-L"], capture_output=True, text=True)
    return listing.returncode == 0 and "GPU" in listing.stdout


def reachable(url: str) -> bool:
    """True if the index answers within REACH_TIMEOUT_S."""
    try:
        with urllib.request.urlopen(url, timeout=REACH_TIMEOUT_S):
            return True
    except OSError:
        return False


def say(text: str) -> None:
    """One line of progress."""
    print(f"[{time.strftime('%H:%M:%S')}] {text}", flush=True)


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
