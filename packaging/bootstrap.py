"""Sets the project up and runs it, or its tests, with nothing but Python to start from.

    python3 packaging/bootstrap.py run [--terminal]           talk with her; on the desktop if it can
    python3 packaging/bootstrap.py test [--full]               every check and test; --full adds the long ones
    python3 packaging/bootstrap.py test pytest-arguments ...   only these tests, without the other checks
    python3 packaging/bootstrap.py setup [--with desktop,models,dev]
    python3 packaging/bootstrap.py bundle                      programs that need no Python, in dist/

The first call makes .venv and installs the pinned packages into it; later calls find the stamp left there and
start at once, without network. A change of pyproject.toml or packaging/constraints.txt installs anew, and an
interrupted installation is thrown away and repeated.

Theory of operation. The stamp (.venv/companion-setup.json) says what was installed and whether that was
finished. It is written as unfinished before anything is touched, so a set-up killed at any moment is seen by
the next call. This file and the steps beside it run before any package exists: standard library only, and
their syntax stays that of Python 3.9 so that an old Python can still hand over to a newer one, or say what is
missing.
"""

from __future__ import annotations

import sys
from pathlib import Path

from steps.bundle import bundle
from steps.desktop import build_avatar, has_screen, missing_libraries
from steps.environment import prepare
from steps.report import SetupError, say
from steps.system import VERSIONS, apt_install, find_python, hand_over
from steps.testing import test

ROOT = Path(__file__).resolve().parents[1]
GROUPS = ("desktop", "models", "dev", "bundle")


def main(argv: list[str]) -> int:
    """Runs one command line (without the program's name); returns the exit status."""
    commands = {"run": run, "test": test, "setup": setup, "bundle": bundle}
    if not argv or argv[0] not in commands:
        print((__doc__ or "").partition("\n\nThe first call")[0])
        return 0 if argv in (["-h"], ["--help"]) else 2
    try:
        if sys.version_info[:2] not in VERSIONS:
            hand_over([*find_python(), __file__, *argv])
        return commands[argv[0]](ROOT, argv[1:])
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


def run(root: Path, arguments: list[str]) -> int:
    """`run`: sets up what this machine can use, and becomes the companion."""
    if arguments[:1] != ["--terminal"] and has_screen():
        try:
            with_desktop(root, set())
        except SetupError as error:  # app/__main__.py then goes to the terminal
            say(f"going on without the desktop part. {error}")
    # -P: a folder called app in the user's working directory must not be taken for ours.
    hand_over([str(prepare(root, set())), "-P", "-m", "app", *arguments])


def setup(root: Path, arguments: list[str]) -> int:
    """`setup`: installs the named groups."""
    names = arguments[1].split(",") if arguments[:1] == ["--with"] and len(arguments) == 2 else arguments
    if unknown := [name for name in names if name not in GROUPS]:
        raise SetupError(f"`{unknown[0]}` is not a group; write --with and some of {','.join(GROUPS)}.")
    groups = set(names)
    python = with_desktop(root, groups) if "desktop" in groups else prepare(root, groups)
    say(f"ready: {python}")
    return 0


def with_desktop(root: Path, groups: set[str]) -> Path:
    """As `prepare`, with the group `desktop` and what it needs besides packages. Raises SetupError."""
    apt_install(missing_libraries())
    python = prepare(root, {"desktop", *groups})
    if not build_avatar(root, python):
        raise SetupError("The built-in avatar could not be made, see above; all else is installed.")
    return python


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
