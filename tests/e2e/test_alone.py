"""Nothing leaves the machine: the host works where there is no network at all, and tries none."""

from __future__ import annotations

import ipaddress
import json
import re
import shutil
import subprocess
import sys
from pathlib import Path

import pytest

ROOT = Path(__file__).parents[2]
_ADDRESS = re.compile(r'inet_addr\("([^"]+)"\)|inet_pton\(AF_INET6, "([^"]+)"')


def can_unshare() -> bool:
    if sys.platform != "linux" or not shutil.which("unshare") or not shutil.which("ss"):
        return False
    return subprocess.run(["unshare", "-rn", "true"], capture_output=True).returncode == 0


@pytest.mark.skipif(not can_unshare(), reason="needs Linux, unshare -rn and ss")
@pytest.mark.skipif(not shutil.which("strace"), reason="needs strace, to see what is connected to")
def test_a_host_without_any_network_works_and_asks_for_none(tmp_path: Path) -> None:
    trace = tmp_path / "trace"
    command = [
        *("unshare", "-rn", "strace", "-f", "-qq", "-e", "trace=connect,sendto", "-o", str(trace)),
        *(sys.executable, "-m", "tests.e2e.alone", str(tmp_path / "data")),
    ]
    done = subprocess.run(command, cwd=ROOT, capture_output=True, text=True, timeout=180)
    assert done.returncode == 0, done.stderr
    report = json.loads(done.stdout)
    assert report["listening"] == ["127.0.0.1"]
    assert report["speech_bytes"] > 20_000
    asked = {first or second for first, second in _ADDRESS.findall(trace.read_text())}
    assert asked == {"127.0.0.1"}, asked
    assert all(ipaddress.ip_address(address).is_loopback for address in asked)
