"""What is put into the folders of the bundles."""

from __future__ import annotations

from pathlib import Path

import pytest
from steps import bundle as module
from steps.bundle import bundle, copy_licences, finish, megabytes
from steps.report import SetupError

ROOT = Path(__file__).parents[3]


def made(folder: Path, path: str, text: str = "") -> Path:
    file = folder / path
    file.parent.mkdir(parents=True, exist_ok=True)
    file.write_text(text)
    return file


def test_licences_of_a_package_are_found_wherever_they_lie(tmp_path: Path) -> None:
    metadata = tmp_path / "Some_Thing-1.2.dist-info"
    for path in ("licenses/LICENSE", "licenses/sub/NOTICE.txt", "COPYING", "METADATA", "RECORD"):
        made(metadata, path)
    copy_licences(metadata, tmp_path / "licences")
    copied = {str(file.relative_to(tmp_path / "licences")) for file in (tmp_path / "licences").rglob("*.*")}
    files = {file for file in (tmp_path / "licences").rglob("*") if file.is_file()}
    assert {file.name for file in files} == {"LICENSE", "NOTICE.txt", "COPYING"}
    assert "Some_Thing/licenses/sub/NOTICE.txt" in copied


@pytest.mark.parametrize("name", module.PROGRAMS)
def test_voice_and_licences_lie_beside_each_program(tmp_path: Path, name: str) -> None:
    work = tmp_path / "work"
    made(work, f"made/{name}/{name}")
    made(work, "made/voice/companion-voice")
    made(work, "companion.png")
    folder = finish(ROOT, work, name)
    assert (folder / "voice" / "companion-voice").is_file()
    assert (folder / "licences" / "gpl-3.0.txt").is_file()
    assert (folder / "licences" / "ai-companion.txt").read_text() == (ROOT / "LICENSE").read_text()


def test_sizes_are_those_of_the_files(tmp_path: Path) -> None:
    made(tmp_path, "a/b", "x" * 1_500_000)
    made(tmp_path, "c", "x" * 1_500_000)
    assert megabytes(tmp_path) == 3


def test_what_it_does_not_know_is_refused() -> None:
    with pytest.raises(SetupError, match="takes no arguments"):
        bundle(ROOT, ["--fast"])
