"""What is read of a model without drawing it."""

from __future__ import annotations

from pathlib import Path

import pytest

from app.avatar.live_model import ranges
from engine.errors import EnvironmentFault


def test_ranges_hold_the_standard_parameters(rio: Path) -> None:
    found = ranges(rio)
    assert found["ParamAngleX"] == (-30.0, 0.0, 30.0)
    assert found["ParamMouthOpenY"] == (0.0, 0.0, 1.0)
    assert found["ParamEyeLOpen"] == pytest.approx((0.0, 1.0, 1.2))


def test_a_missing_model_is_said_with_what_to_do(tmp_path: Path) -> None:
    with pytest.raises(EnvironmentFault, match=r"rio\.model3\.json is missing.*bootstrap\.py setup"):
        ranges(tmp_path / "rio.model3.json")
