"""The icon of the program, as a picture for bundles and menus.

python -m assets.icon companion.png
"""

from __future__ import annotations

import sys

from PySide6.QtGui import QGuiApplication

from app.icons import picture

PIXELS = 512


def main(path: str) -> int | str:
    """Returns the exit status, or what went wrong."""
    application = QGuiApplication(sys.argv[:1])
    saved = picture(PIXELS).save(path)
    application.quit()
    return 0 if saved else f"{path} cannot be written."


if __name__ == "__main__":
    sys.exit(main(sys.argv[1]))
