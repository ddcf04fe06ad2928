"""The host's certificate: its own, signed by nobody else, known to clients by its fingerprint.

Key and certificate stand in one file, `tls/host.pem`, so that there is never one without the other.
"""

from __future__ import annotations

import datetime
import ipaddress
import socket
from collections.abc import Iterable
from pathlib import Path
from typing import NamedTuple

from cryptography import x509
from cryptography.exceptions import UnsupportedAlgorithm
from cryptography.hazmat.primitives import hashes, serialization
from cryptography.hazmat.primitives.asymmetric import ec
from cryptography.x509.oid import ExtendedKeyUsageOID, NameOID
from filelock import FileLock, Timeout

from engine import private_files
from engine.clock import Clock
from engine.errors import EnvironmentFault
from engine.fingerprint import fingerprint_of

LIFE = datetime.timedelta(days=3653)
SKEW = datetime.timedelta(days=1)
"""A client's clock may be behind."""
LOCK_TIMEOUT_S = 10.0


class Certificate(NamedTuple):
    """What a TLS server needs, and what its clients know it by."""

    pem: Path
    """Key and certificate, for `SSLContext.load_cert_chain`."""
    fingerprint: str


def host_certificate(folder: Path, names: Iterable[str], clock: Clock) -> Certificate:
    """The certificate in `folder`/tls, made for this computer and `names` where there is none.

    Raises EnvironmentFault `certificate-damaged` (the file is then left as it is), `file-unusable` or
    `file-busy`.
    """
    path = folder / "tls" / "host.pem"
    try:
        private_files.make_folder(path.parent)
        with FileLock(path.with_name("host.pem.lock"), timeout=LOCK_TIMEOUT_S, mode=0o600):
            if not path.exists():
                private_files.replace(path, _make(names, clock))
            return Certificate(path, _fingerprint(path.read_bytes(), path))
    except Timeout as error:
        raise EnvironmentFault(
            "file-busy", f"{path} is in use by another program; close that one, or try again."
        ) from error
    except OSError as error:
        message = f"{path} cannot be used ({error.strerror}); check the disk and its permissions."
        raise EnvironmentFault("file-unusable", message) from error


def _make(names: Iterable[str], clock: Clock) -> bytes:
    key = ec.generate_private_key(ec.SECP256R1())
    subject = x509.Name([x509.NameAttribute(NameOID.COMMON_NAME, "AI Companion")])
    now = datetime.datetime.fromtimestamp(clock.wall_ms() / 1000, datetime.UTC)
    certificate = (
        x509.CertificateBuilder()
        .subject_name(subject)
        .issuer_name(subject)
        .public_key(key.public_key())
        .serial_number(x509.random_serial_number())
        .not_valid_before(now - SKEW)
        .not_valid_after(now + LIFE)
        .add_extension(x509.BasicConstraints(ca=False, path_length=None), critical=True)
        .add_extension(x509.ExtendedKeyUsage([ExtendedKeyUsageOID.SERVER_AUTH]), critical=False)
        .add_extension(x509.SubjectAlternativeName(_alternatives(names)), critical=False)
        .sign(key, hashes.SHA256())
    )
    return key.private_bytes(
        serialization.Encoding.PEM,
        serialization.PrivateFormat.PKCS8,
        serialization.NoEncryption(),
    ) + certificate.public_bytes(serialization.Encoding.PEM)


def _alternatives(names: Iterable[str]) -> list[x509.GeneralName]:
    found: dict[str, x509.GeneralName] = {}
    for name in ("localhost", "127.0.0.1", "::1", socket.gethostname(), *names):
        try:
            found[name] = x509.IPAddress(ipaddress.ip_address(name))
        except ValueError:
            if name and name.isascii():  # a certificate can say no other; paired clients do not look
                found[name] = x509.DNSName(name)
    return list(found.values())


def _fingerprint(pem: bytes, path: Path) -> str:
    try:
        key = serialization.load_pem_private_key(pem, password=None)
        certificate = x509.load_pem_x509_certificate(pem)
        if key.public_key() == certificate.public_key():
            return fingerprint_of(certificate.public_bytes(serialization.Encoding.DER))
    except (ValueError, TypeError, UnsupportedAlgorithm):
        pass
    raise EnvironmentFault(
        "certificate-damaged",
        f"The certificate {path} is damaged. It was left as it is: put a backup in its place, or delete "
        "it and pair every device again.",
    )
