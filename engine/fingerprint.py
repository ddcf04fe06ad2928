"""The fingerprint of a certificate: by it, and by nothing else, a client knows a paired host."""

from __future__ import annotations

import hashlib


def fingerprint_of(der: bytes) -> str:
    """SHA-256 of a certificate in DER, as 64 hexadecimal digits in lower case."""
    return hashlib.sha256(der).hexdigest()


def in_groups(fingerprint: str) -> str:
    """`3F2A 91C0 ...`: 16 groups, for two people to compare."""
    letters = fingerprint.upper()
    return " ".join(letters[start : start + 4] for start in range(0, len(letters), 4))
