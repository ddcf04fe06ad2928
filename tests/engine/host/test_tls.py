"""A certificate that lasts, is private, and is never replaced behind its owner's back."""

from __future__ import annotations

import datetime
import hashlib
import os
import ssl
import stat
import subprocess
import sys
from pathlib import Path

import pytest
from cryptography import x509
from cryptography.hazmat.primitives import serialization
from cryptography.hazmat.primitives.asymmetric import ec

from engine.clock import ManualClock
from engine.errors import EnvironmentFault
from engine.host.tls import Certificate, host_certificate

MAKER = """
import sys
from pathlib import Path
from engine.clock import SystemClock
from engine.host.tls import host_certificate
print(host_certificate(Path(sys.argv[1]), (), SystemClock()).fingerprint)
"""


@pytest.fixture
def made(tmp_path: Path) -> Certificate:
    return host_certificate(tmp_path / "data", ("box.example", "10.0.0.5", "盒子", ""), ManualClock())


def test_what_a_certificate_says(made: Certificate) -> None:
    certificate = x509.load_pem_x509_certificate(made.pem.read_bytes())
    names = certificate.extensions.get_extension_for_class(x509.SubjectAlternativeName).value
    assert {"localhost", "box.example"} <= set(names.get_values_for_type(x509.DNSName))
    assert {"127.0.0.1", "::1", "10.0.0.5"} <= {str(ip) for ip in names.get_values_for_type(x509.IPAddress)}
    key = certificate.public_key()
    assert isinstance(key, ec.EllipticCurvePublicKey)
    assert key.curve.name == "secp256r1"
    now = datetime.datetime.fromtimestamp(ManualClock().wall_ms() / 1000, datetime.UTC)
    assert certificate.not_valid_before_utc < now
    assert certificate.not_valid_after_utc - now >= datetime.timedelta(days=3650)
    der = certificate.public_bytes(serialization.Encoding.DER)
    assert made.fingerprint == hashlib.sha256(der).hexdigest()


def test_a_later_start_finds_the_same_one(made: Certificate, tmp_path: Path) -> None:
    assert host_certificate(tmp_path / "data", ("another.example",), ManualClock()) == made


def test_a_tls_server_takes_it(made: Certificate) -> None:
    ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER).load_cert_chain(made.pem)


@pytest.mark.skipif(os.name != "posix", reason="permission bits are POSIX")
def test_the_key_is_private_whatever_the_umask(tmp_path: Path) -> None:
    before = os.umask(0)
    try:
        made = host_certificate(tmp_path / "data", (), ManualClock())
    finally:
        os.umask(before)
    assert stat.S_IMODE(made.pem.stat().st_mode) == 0o600
    for folder in (made.pem.parent, tmp_path / "data"):
        assert stat.S_IMODE(folder.stat().st_mode) == 0o700


def refused(folder: Path, content: bytes) -> bool:
    path = folder / "tls" / "host.pem"
    path.write_bytes(content)
    with pytest.raises(EnvironmentFault) as caught:
        host_certificate(folder, (), ManualClock())
    return caught.value.code == "certificate-damaged" and path.read_bytes() == content


def test_half_a_file_is_refused_wherever_it_ends(made: Certificate, tmp_path: Path) -> None:
    whole = made.pem.read_bytes()
    assert all(refused(tmp_path / "data", whole[:end]) for end in range(0, len(whole.rstrip()), 7))


def test_a_key_of_another_certificate_is_refused(made: Certificate, tmp_path: Path) -> None:
    other = host_certificate(tmp_path / "other", (), ManualClock()).pem.read_bytes()
    mark = b"-----BEGIN CERTIFICATE-----"
    mixed = made.pem.read_bytes().partition(mark)[0] + mark + other.partition(mark)[2]
    assert refused(tmp_path / "data", mixed)


@pytest.mark.parametrize("content", [b"\xff\xfe", b"no certificate", b"-----BEGIN CERTIFICATE-----\n!\n"])
def test_what_is_none_is_refused(made: Certificate, tmp_path: Path, content: bytes) -> None:
    assert refused(tmp_path / "data", content)


def test_a_place_that_cannot_be_used_is_told(tmp_path: Path) -> None:
    (tmp_path / "tls").write_bytes(b"a file")
    with pytest.raises(EnvironmentFault) as caught:
        host_certificate(tmp_path, (), ManualClock())
    assert caught.value.code == "file-unusable"


def test_two_programs_that_start_at_once_agree(tmp_path: Path) -> None:
    command = [sys.executable, "-c", MAKER, str(tmp_path / "data")]
    makers = [subprocess.Popen(command, stdout=subprocess.PIPE, text=True) for _ in range(2)]
    fingerprints = {maker.communicate(timeout=60)[0].strip() for maker in makers}
    assert len(fingerprints) == 1
    assert len(fingerprints.pop()) == 64
