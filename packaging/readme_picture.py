"""Draws docs/images/chat.svg and chat.zh-CN.svg: a real conversation, as `companion-engine chat` prints it.

.venv/bin/python packaging/readme_picture.py
"""

from __future__ import annotations

import asyncio
import html
import io
import re
import tempfile
from pathlib import Path

import msgspec
from rich.cells import cell_len
from rich.console import Console

from engine.cli.conversation import RATE, Conversation
from engine.cli.lines import PROMPT
from engine.cli.screen import Screen
from engine.cli.speaker import SilentSpeaker
from engine.client.local import LocalEngine
from engine.conversation.language import Language
from engine.persona import load_persona
from engine.runtime import Engine
from engine.settings import General, Settings

IMAGES = Path(__file__).parents[1] / "docs" / "images"
WIDTH = 76
STARTS: dict[Language, tuple[tuple[str, ...], ...]] = {
    "en": (
        ("My name is Alice and I have a cat called Luna.", "I passed my exam today!"),
        ("What is my cat called?",),
    ),
    "zh": (("我叫小明，我有一只叫小花的猫。", "我今天考试通过了！"), ("我的猫叫什么？",)),
}
"""For each language, what is said in each start of the program."""
NAMES: dict[Language, str] = {"en": "chat.svg", "zh": "chat.zh-CN.svg"}


async def _talk(folder: Path, language: Language, console: Console, lines: tuple[str, ...]) -> None:
    """One start of the program, spoken to line by line."""
    settings = msgspec.structs.replace(Settings(), general=General(language=language))
    # Without latencies: those of the machine that draws are no promise.
    screen = Screen(console, load_persona(settings.persona.card, language).name, language, timed=False)
    client = LocalEngine(Engine(settings, folder))
    console.print("[dim]$ companion-engine chat[/]", highlight=False)
    async with Conversation(client, screen, lambda report: SilentSpeaker(RATE, report, fast=True)) as talk:
        await asyncio.sleep(0)  # the reader shows what was noticed at the start
        for line in lines:
            console.print(f"[bold]{PROMPT}[/]{line}", highlight=False)
            await talk.say(line)
            await talk.rest()


def _with_true_length(text: re.Match[str]) -> str:
    """rich counts a Chinese character as one column when it says how long a text is; it takes two."""
    shown = html.unescape(text[3])
    length = float(text[1]) * cell_len(shown) / len(shown)
    return f'textLength="{length:.1f}"{text[2]}>{text[3]}'


def main() -> None:
    IMAGES.mkdir(parents=True, exist_ok=True)
    for language, starts in STARTS.items():
        console = Console(record=True, width=WIDTH, file=io.StringIO(), force_terminal=True)
        with tempfile.TemporaryDirectory() as folder:
            for lines in starts:
                asyncio.run(_talk(Path(folder), language, console, lines))
        svg = console.export_svg(title="AI Companion", unique_id="chat")
        # Its own font would come from the network: any monospaced one will do.
        svg = re.sub(r"\s*@font-face \{.*?\}", "", svg, flags=re.DOTALL)
        svg = svg.replace("Fira Code, ", "Menlo, Consolas, 'DejaVu Sans Mono', ")
        svg = re.sub(r'textLength="([\d.]+)"([^>]*)>([^<]*)', _with_true_length, svg)
        (IMAGES / NAMES[language]).write_text(svg, encoding="utf-8", newline="\n")


if __name__ == "__main__":
    main()
