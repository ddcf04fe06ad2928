from __future__ import annotations

import hashlib

from engine.fingerprint import fingerprint_of, in_groups


def test_a_fingerprint_is_sha256_in_groups_that_a_person_can_compare() -> None:
    fingerprint = fingerprint_of(b"certificate")
    assert fingerprint == hashlib.sha256(b"certificate").hexdigest()
    groups = in_groups(fingerprint).split(" ")
    assert [len(group) for group in groups] == [4] * 16
    assert "".join(groups).lower() == fingerprint
