"""docs/protocol.md describes every message, every code and every limit, with examples that are true."""

from __future__ import annotations

import ast
import json
import re
from html.parser import HTMLParser
from pathlib import Path

import pytest

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


def test_every_code_of_the_wire_is_listed() -> None:
    tree = ast.parse(Path(wire.__file__).read_text(encoding="utf-8"))
    texts = {node.value for node in ast.walk(tree) if isinstance(node, ast.Constant)}
    codes = {text for text in texts if isinstance(text, str) and re.fullmatch(r"[a-z]+(-[a-z]+)+", text)}
    assert len(codes) >= 6
    assert {code for code in codes if f"`{code}`" not in SECTIONS["Error codes"]} == set()
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


def test_the_python_client_is_ten_lines() -> None:
    lines = [line for line in program("python client").splitlines() if line.strip()]
    ast.parse("\n".join(lines))
    assert len(lines) <= 12


def test_the_page_has_a_button_and_a_script() -> None:
    class Reader(HTMLParser):
        tags: list[str] = []  # noqa: RUF012

        def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
            self.tags.append(tag)

    reader = Reader()
    reader.feed(program("html page"))
    assert reader.tags == ["meta", "title", "button", "script"]
