"""Takes docs/images/desktop.png and desktop.zh-CN.png: her on a desktop, in the middle of an answer.

    .venv/bin/python packaging/desktop_picture.py

On Linux, on a display and with a sound server of its own. Nothing is arranged but what is typed.
"""

from __future__ import annotations

import subprocess
import sys
import tempfile
import time
from contextlib import closing
from pathlib import Path

from PIL import Image

sys.path.insert(0, str(Path(__file__).parents[1]))

from tests.support.app_user import PROGRAM, AppUser, app_env
from tests.support.desktop import Desktop
from tests.support.sound_server import SoundServer

IMAGES = Path(__file__).parents[1] / "docs" / "images"
TYPED = {
    "en": ("My name is Alice and I have a cat called Luna.", "I passed my exam today!"),
    "zh": ("我叫小明，我有一只叫小花的猫。", "我今天考试通过了！"),
}
NAMES = {"en": "desktop.png", "zh": "desktop.zh-CN.png"}
LATE_S = 1.2
"""How long she speaks when the picture is taken."""


def take(language: str, folder: Path) -> None:
    """One picture."""
    sound = SoundServer(folder / "sound")
    sound.start()
    try:
        with closing(Desktop(folder)) as desktop:
            desktop.compose()
            with closing(AppUser(desktop, sound, folder, COMPANION_GENERAL_LANGUAGE=language)) as user:
                user.ready()
                env = app_env(desktop, sound, folder) | {"COMPANION_GENERAL_LANGUAGE": language}
                subprocess.run(
                    PROGRAM, cwd=Path(__file__).parents[1], env=env, check=True, capture_output=True
                )
                time.sleep(2)
                chat = desktop.do("getactivewindow").strip()
                desktop.do("windowmove", chat, "40", "60")
                desktop.do("windowsize", chat, "400", "560")
                for text in TYPED[language]:
                    since = len(user.said)
                    desktop.do("type", "--delay", "150", text)
                    desktop.do("key", "Return")
                    user.until(lambda since=since: spoken(user, since), "her answer")
                    if text is not TYPED[language][-1]:
                        user.until(lambda: user.of("activity")[-1]["activity"] == "idle", "its end")
                desktop.do("mousemove", "300", "750")
                time.sleep(LATE_S)
                Image.fromarray(desktop.screen()).save(IMAGES / NAMES[language], optimize=True)
    finally:
        sound.stop()


def spoken(user: AppUser, since: int) -> bool:
    """Whether she has begun to speak."""
    return any(line["activity"] == "speaking" for line in user.of("activity", since))


def main() -> int:
    """Returns the exit status."""
    for language in TYPED:
        with tempfile.TemporaryDirectory() as folder:
            take(language, Path(folder))
    return 0


if __name__ == "__main__":
    sys.exit(main())
