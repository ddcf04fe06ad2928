"""What the part with windows needs besides Python packages: libraries of the system, the built-in avatar."""

from __future__ import annotations

import ctypes
import hashlib
import os
import shutil
import subprocess
import sys
from pathlib import Path

from steps.report import say

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
Everything that draws needs them: the window, the tests, the maker of the built-in avatar."""


def has_screen() -> bool:
    """True where the companion can have a window; Windows and macOS always have the means."""
    return sys.platform != "linux" or any(os.environ.get(name) for name in ("DISPLAY", "WAYLAND_DISPLAY"))


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
