from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from engine.host.addresses import canonical, host_of, is_any, is_loopback, split_list


@pytest.mark.parametrize(
    ("header", "host"),
    [
        ("localhost", "localhost"),
        ("LOCALHOST:8000", "localhost"),
        ("127.0.0.1:8000", "127.0.0.1"),
        ("[::1]:8000", "::1"),
        ("[0:0:0:0:0:0:0:1]", "::1"),
        ("[::ffff:127.0.0.1]:1", "127.0.0.1"),
        ("[fe80::1%eth0]:1", "fe80::1"),
        ("Box.example:65535", "box.example"),
        ("", ""),
        ("::1", ""),
        ("[::1", ""),
        ("localhost:", ""),
        ("localhost:port", ""),
        ("localhost:1:2", ""),
        ("user@localhost", ""),
        ("localhost/evil", ""),
        ("local host", ""),
        ("localhost\n", ""),
    ],
)
def test_the_host_of_a_header(header: str, host: str) -> None:
    assert host_of(header) == host


@pytest.mark.parametrize(
    "name", ["localhost", "LocalHost", "127.0.0.1", "127.9.8.7", "::1", "::ffff:127.0.0.1"]
)
def test_what_is_this_machine(name: str) -> None:
    assert is_loopback(name)


@pytest.mark.parametrize(
    "name",
    [
        *("", "127.0.0.1.nip.io", "localhost.evil.example", "[localhost]", "127.0.0.1%evil"),
        *("127.1", "2130706433", "0x7f000001", "127.0.0.256", "１２７.0.0.1"),
        *("0.0.0.0", "10.0.0.1", "::", "::2"),
    ],
)
def test_what_may_be_another(name: str) -> None:
    assert not is_loopback(name)


def test_any_address() -> None:
    assert [is_any(name) for name in ("0.0.0.0", "::", "127.0.0.1", "", "host")] == [
        True,
        True,
        False,
        False,
        False,
    ]


def test_a_list_in_a_setting() -> None:
    assert split_list(" a, b,,c ,") == ("a", "b", "c")
    assert split_list("") == ()


@given(st.text())
def test_any_text_is_some_host_or_none(text: str) -> None:
    assert canonical(canonical(text)) == canonical(text)
    assert isinstance(host_of(text), str)


@given(st.ip_addresses(), st.integers(0, 65535))
def test_every_address_is_read_back_with_any_port(address, port: int) -> None:
    written = f"[{address}]" if address.version == 6 else str(address)
    assert host_of(f"{written}:{port}") == host_of(written) == canonical(str(address))
