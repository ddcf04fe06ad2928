from __future__ import annotations

from pathlib import Path

import pytest
from steps import environment


def test_stamp_cut_short_means_unfinished(tmp_path: Path) -> None:
    assert environment.read_stamp(tmp_path / "stamp") == {}
    (tmp_path / "stamp").write_text('{"finished": tr')
    assert environment.read_stamp(tmp_path / "stamp") == {"finished": False}


@pytest.mark.parametrize(
    ("line", "note"),
    [
        (
            "  Downloading onnxruntime-1.32.0-cp311-cp311-linux_x86_64.whl (18.2 MB)",
            "downloading onnxruntime 1.32.0 (18.2 MB)",
        ),
        ("Downloading rich-15.0.0-py3-none-any.whl (1.2 MB)", ""),
        ("Downloading rich-15.0.0-py3-none-any.whl (310 kB)", ""),
        ("Installing collected packages: a, b, c", "unpacking 3 packages"),
        ("Collecting rich", ""),
    ],
)
def test_pip_notes(line: str, note: str) -> None:
    assert environment.pip_note(line) == note
