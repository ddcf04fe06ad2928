import subprocess
import sys
from itertools import islice

import pytest

from engine.errors import ConfigFault
from engine.hosting.misbehave import KINDS, Misbehaviour


def outputs():
    return iter([1, 2, 3])


def test_behaves_unless_told_otherwise():
    assert list(Misbehaviour({}).apply(outputs())) == [1, 2, 3]


def test_nothing_keeps_back_what_is_owed():
    assert list(Misbehaviour({"misbehave": "nothing"}).apply(outputs())) == []
    assert list(Misbehaviour({"misbehave": "nothing", "misbehave_after": 2}).apply(outputs())) == [1, 2]


def test_throw_comes_after_the_outputs_let_through():
    run = Misbehaviour({"misbehave": "throw", "misbehave_after": 1}).apply(outputs())
    assert next(run) == 1
    with pytest.raises(RuntimeError, match="on purpose"):
        next(run)


def test_forever_repeats_the_last_output_and_can_be_closed():
    run = Misbehaviour({"misbehave": "forever"}).apply(outputs())
    assert list(islice(run, 6)) == [1, 2, 3, 3, 3, 3]
    run.close()


def test_forever_without_any_output_ends():
    assert list(Misbehaviour({"misbehave": "forever"}).apply(iter([]))) == []


def test_once_is_remembered_by_a_file(tmp_path):
    options = {"misbehave": "nothing", "misbehave_once": str(tmp_path / "done")}
    assert list(Misbehaviour(options).apply(outputs())) == []
    assert list(Misbehaviour(options).apply(outputs())) == [1, 2, 3]


def test_abort_kills_the_process_and_once_outlives_it(tmp_path):
    script = (
        "import sys; from engine.hosting.misbehave import Misbehaviour\n"
        "print(list(Misbehaviour({'misbehave': 'abort', 'misbehave_once': sys.argv[1]}).apply(iter([1]))))"
    )
    command = [sys.executable, "-c", script, str(tmp_path / "done")]
    assert subprocess.run(command, check=False, capture_output=True, timeout=60).returncode != 0
    again = subprocess.run(command, check=True, capture_output=True, timeout=60)
    assert again.stdout.strip() == b"[1]"


def test_unknown_kind_is_refused_by_name():
    with pytest.raises(ConfigFault) as error:
        Misbehaviour({"misbehave": "sulk"})
    assert error.value.code == "unknown-misbehaviour"
    assert all(kind in error.value.message for kind in KINDS)
