import pytest
from hypothesis import given
from hypothesis import strategies as st

from app.avatar.spring import Spring


def test_it_starts_softly_and_arrives():
    spring = Spring(speed=10)
    spring.aim(1.0, 0.0)
    assert spring.at(0.0) == 0.0
    assert spring.at(0.01) < 0.01
    assert spring.at(0.47) == pytest.approx(0.95, abs=0.01)
    assert spring.at(60.0) == pytest.approx(1.0)


@given(st.lists(st.floats(0.001, 1), min_size=1, max_size=20), st.floats(-1, 1))
def test_its_path_does_not_depend_on_the_frames(steps: list[float], target: float):
    often, once = Spring(0.5, speed=7), Spring(0.5, speed=7)
    often.aim(target, 0.0)
    once.aim(target, 0.0)
    now = 0.0
    for step in steps:
        now += step
        assert min(0.5, target) - 1e-9 <= often.at(now) <= max(0.5, target) + 1e-9
    assert often.at(now) == pytest.approx(once.at(now))


def test_a_new_aim_changes_neither_place_nor_speed_at_once():
    spring = Spring(speed=10)
    spring.aim(1.0, 0.0)
    before, at = spring.at(0.099), spring.at(0.1)
    spring.aim(-1.0, 0.1, speed=20)
    assert spring.at(0.1) == pytest.approx(at)
    assert spring.at(0.101) - at == pytest.approx(at - before, rel=0.1)
