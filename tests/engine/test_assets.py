import sys

import pytest

from engine.assets import asset_path


def test_the_checkout_holds_the_persona_card():
    assert asset_path("persona", "rio.toml").is_file()


def test_a_bundle_keeps_its_assets_where_it_was_unpacked(tmp_path, monkeypatch: pytest.MonkeyPatch):
    monkeypatch.setattr(sys, "_MEIPASS", str(tmp_path), raising=False)
    assert asset_path("persona", "rio.toml") == tmp_path / "assets" / "persona" / "rio.toml"
