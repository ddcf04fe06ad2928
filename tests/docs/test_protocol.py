"""docs/protocol.md describes every message, every code and every limit, with examples that are true."""

from __future__ import annotations

import ast
import json
import re
from collections.abc import Iterator
from pathlib import Path

import pytest

import engine
from engine import wire
from engine.messages import Message, MicrophoneAudio, SpeechAudio
from engine.wire import CloseCode, ServerEncoder, decode_client, decode_server
from tests.support.documented import PAGE, blocks, program, sections
from tests.support.messages import CLIENT, SERVER

SECTIONS = sections()
TAGS = {str(cls.__struct_config__.tag): cls for cls in (*CLIENT, *SERVER)}
EXAMPLES = [
    pytest.param(text, id=f"{heading}-{number}")
    for heading, body in SECTIONS.items()
    for number, text in enumerate(blocks(body, "json"))
]


def decoded(data: str | bytes, cls: type[Message]) -> Message | None:
    return decode_client(data) if cls in CLIENT else decode_server(data).message


@pytest.mark.parametrize("cls", TAGS.values(), ids=TAGS)
def test_every_message_has_a_sentence_and_an_example(cls: type[Message]) -> None:
    section = SECTIONS[str(cls.__struct_config__.tag)]
    prose = section.partition("```")[0].strip()
    assert prose.endswith(".")
    if cls in (MicrophoneAudio, SpeechAudio):
        examples: list[str | bytes] = [bytes.fromhex(text) for text in blocks(section, "hex")]
    else:
        examples = [*blocks(section, "json")]
    assert type(decoded(examples[0], cls)) is cls
    told = prose + "".join(str(example) for example in examples)
    assert [field for field in cls.__struct_fields__ if not re.search(rf"\b{field}\b", told)] == []


@pytest.mark.parametrize("text", EXAMPLES)
def test_every_example_says_only_what_its_type_knows(text: str) -> None:
    """Unknown fields are ignored when decoding, so a misspelt one would stay unseen."""
    fields = json.loads(text)
    cls = TAGS[fields["type"]]
    assert type(decoded(text, cls)) is cls
    numbered = {"seq"} if cls in SERVER else set()
    assert fields.keys() <= {"type", *numbered, *cls.__struct_fields__}


def test_every_section_of_a_message_is_on_its_side() -> None:
    headings = list(SECTIONS)
    middle, end = headings.index("Messages of the host"), headings.index("Error codes")
    assert set(headings[headings.index("Messages of the client") + 1 : middle]) == {
        str(cls.__struct_config__.tag) for cls in CLIENT
    }
    assert set(headings[middle + 1 : end]) == {str(cls.__struct_config__.tag) for cls in SERVER}


SAY_CODES = ("PeerFault", "ErrorEvent", "Refused", "Goodbye", "_refuse", "notice", "_on_notice", "_tell_once")
"""Functions one of whose arguments is a code that a client gets to see."""
ELSEWHERE = (
    "cli",
    "client",
    "persona.py",
    "memories.py",
    "recordings.py",
    "devices.py",
    "playout.py",
    "hosting",
    "conversation",
)
"""Parts of the engine whose faults end in the terminal of the host, or on the client's side."""


def codes_said(path: Path) -> Iterator[str]:
    for call in ast.walk(ast.parse(path.read_text(encoding="utf-8"))):
        if (
            isinstance(call, ast.Call)
            and getattr(call.func, "attr", getattr(call.func, "id", "")) in SAY_CODES
        ):
            for value in (*call.args, *(keyword.value for keyword in call.keywords)):
                text = value.value if isinstance(value, ast.Constant) else None
                if isinstance(text, str) and re.fullmatch(r"[a-z]+(-[a-z]+)+", text):
                    yield text


def test_every_code_a_client_can_meet_is_listed() -> None:
    root = Path(engine.__path__[0])
    paths = [path for path in root.rglob("*.py") if not set(path.relative_to(root).parts) & set(ELSEWHERE)]
    said = {code for path in paths for code in codes_said(path)}
    assert {"bad-json", "answer-too-big", "did-not-catch"} <= said, "the search finds nothing any more"
    text = PAGE.read_text(encoding="utf-8")
    assert [code for code in sorted(said) if f"`{code}`" not in text] == []


def test_every_close_code_is_listed() -> None:
    listed = {int(number) for number in re.findall(r"^\| (\d{4}) \|", SECTIONS["Close codes"], re.MULTILINE)}
    assert listed == set(CloseCode)


def test_limits_are_the_real_ones() -> None:
    limits = SECTIONS["Limits"]
    assert f"| a message | {wire.MAX_MESSAGE // 2**20} MiB |" in limits
    assert f"| a text message to the host | {wire.MAX_CONTROL // 2**10} KiB |" in limits


def test_links_within_the_page_lead_somewhere() -> None:
    text = PAGE.read_text(encoding="utf-8")
    headings = re.findall(r"^#+ (.+)$", text, re.MULTILINE)
    anchors = {re.sub(r"[^a-z0-9 _-]", "", heading.lower()).replace(" ", "-") for heading in headings}
    assert set(re.findall(r"\]\(#([^)]+)\)", text)) <= anchors


def test_the_header_examples_are_what_the_encoder_writes() -> None:
    (example,) = blocks(SECTIONS["speech"], "hex")
    speech = SpeechAudio(stream=7, sequence=0, offset=0, pcm=b"\x10\x00\xf0\xff")
    assert ServerEncoder().encode(speech) == bytes.fromhex(example)


def test_the_python_client_is_short() -> None:
    lines = [line for line in program("python client").splitlines() if line.strip()]
    ast.parse("\n".join(lines))
    assert len(lines) <= 11


def test_the_page_has_a_button_and_a_script() -> None:
    page = program("html page")
    assert re.findall(r"^<(\w+)", page, re.MULTILINE) == ["meta", "title", "button", "script"]
    assert page.endswith("</script>\n")
