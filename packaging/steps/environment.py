"""The virtual environment: made, filled, and known again by its stamp."""

from __future__ import annotations

import hashlib
import json
import os
import re
import shutil
import subprocess
import sys
import time
from collections import deque
from pathlib import Path

from steps.building import need_to_build
from steps.model_indexes import model_indexes
from steps.report import SetupError, say
from steps.system import need_venv_module

PIP_TAIL_LINES = 40

LARGE_DOWNLOAD_MB = 5


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
    need_to_build(groups)
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
    for index in model_indexes(root) if "models" in groups else []:
        say(f"looking into {index}, too")
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
