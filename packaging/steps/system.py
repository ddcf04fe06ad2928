"""The Python to run on, and packages of the system."""

from __future__ import annotations

import importlib.util
import os
import shutil
import subprocess
import sys
from typing import NoReturn

from steps.report import SetupError, say

VERSIONS = ((3, 13), (3, 12), (3, 11))


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
