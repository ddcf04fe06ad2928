"""The bundles: programs that need no Python, each in one folder, made by PyInstaller."""

from __future__ import annotations

import os
import shutil
import subprocess
import sys
import time
from pathlib import Path

from steps.desktop import build_avatar, missing_libraries
from steps.environment import prepare
from steps.report import SetupError, say
from steps.system import apt_install

PROGRAMS = ("companion", "companion-engine")
"""Each has a spec beside bootstrap.py, and becomes a folder of that name."""
VOICE = "voice"
"""The folder of the one program under the GPL, a part of both."""


def bundle(root: Path, arguments: list[str]) -> int:
    """`bundle`: makes `dist/companion` and `dist/companion-engine`. Raises SetupError when that fails."""
    if arguments:
        raise SetupError(f"`bundle` takes no arguments, not `{arguments[0]}`.")
    apt_install(missing_libraries())
    python = prepare(root, {"desktop", "bundle"})
    if not build_avatar(root, python):
        raise SetupError("The built-in avatar could not be made, see above.")
    work, dist = root / "build" / "bundle", root / "dist"
    shutil.rmtree(work, ignore_errors=True)
    work.mkdir(parents=True)
    offscreen = {**os.environ, "QT_QPA_PLATFORM": "offscreen"}  # it only paints pictures
    call("drawing the icon", [str(python), "-m", "assets.icon", str(work / "companion.png")], root, offscreen)
    for name in ("companion-voice", *PROGRAMS):
        spec = str(root / "packaging" / f"{name}.spec")
        places = [
            "--workpath",
            str(work),
            "--distpath",
            str(work / "made"),
            "--noconfirm",
            "--log-level",
            "ERROR",
        ]
        call(f"making {name}", [str(python), "-m", "PyInstaller", *places, spec], root, dict(os.environ))
    for name in PROGRAMS:
        made = finish(root, work, name)
        shutil.rmtree(dist / name, ignore_errors=True)
        dist.mkdir(exist_ok=True)
        shutil.move(str(made), str(dist / name))
        say(f"{dist / name}: {megabytes(dist / name)} MB")
    app = work / "made" / "companion.app"
    if app.exists():  # macOS: the same once more, as the Finder wants it
        shutil.copytree(work / "made" / VOICE, app / "Contents" / "MacOS" / VOICE, symlinks=True)
        shutil.copytree(dist / "companion" / "licences", app / "Contents" / "Resources" / "licences")
        # What was put in has broken its signature, and without one a Mac with Apple's chips runs nothing.
        sign = ["codesign", "--force", "--deep", "--sign", "-", str(app)]
        call("signing companion.app", sign, root, dict(os.environ))
        shutil.rmtree(dist / app.name, ignore_errors=True)
        shutil.move(str(app), str(dist / app.name))
        say(f"{dist / app.name}: {megabytes(dist / app.name)} MB")
    return 0


def finish(root: Path, work: Path, name: str) -> Path:
    """Puts into a program's folder what PyInstaller does not: the voice, licences, the entry for menus."""
    made = work / "made" / name
    shutil.copytree(work / "made" / VOICE, made / VOICE, symlinks=True)
    licences = made / "licences"
    shutil.copytree(root / "packaging" / "licences", licences)
    shutil.copy(root / "LICENSE", licences / "ai-companion.txt")
    shutil.copy(root / "docs" / "licences.md", licences / "README.md")
    for packages in (root / ".venv").glob("[Ll]ib*/**/site-packages"):
        for metadata in sorted(packages.glob("*.dist-info")):
            copy_licences(metadata, licences)
    if name == "companion" and sys.platform == "linux":
        shutil.copy(root / "packaging" / "companion.desktop", made)
        shutil.copy(work / "companion.png", made)
    return made


def copy_licences(metadata: Path, licences: Path) -> None:
    """The licence texts of one package, under its name."""
    package = metadata.name.partition("-")[0]
    for file in sorted(metadata.rglob("*")):
        if file.is_file() and file.name.upper().startswith(("LICEN", "COPYING", "NOTICE", "AUTHORS")):
            there = licences / package / file.relative_to(metadata)
            there.parent.mkdir(parents=True, exist_ok=True)
            shutil.copy(file, there)


def call(what: str, command: list[str], root: Path, env: dict[str, str]) -> None:
    """Runs a command, says how long it took, and shows its output if it failed. Raises SetupError."""
    started = time.perf_counter()
    done = subprocess.run(command, cwd=root, env=env, stdout=subprocess.PIPE, stderr=subprocess.STDOUT)
    if done.returncode:
        print(done.stdout.decode(errors="replace"), file=sys.stderr)
        raise SetupError(f"{what[0].upper()}{what[1:]} failed, see above.")
    say(f"{what}: {time.perf_counter() - started:.0f} s")


def megabytes(folder: Path) -> int:
    """What the files in it take."""
    return sum(file.lstat().st_size for file in folder.rglob("*") if file.is_file()) // 1_000_000
