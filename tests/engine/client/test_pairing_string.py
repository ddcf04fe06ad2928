from __future__ import annotations

import base64

import pytest
from hypothesis import given
from hypothesis import strategies as st

from engine.client.pairing_string import Pairing, read, write
from engine.errors import PeerFault

EXAMPLE = Pairing("192.168.1.20", 8000, "0123456789abcdef" * 4, "K3QW-7ZB2-MEXA-P5JT")

codes = st.binary(min_size=10, max_size=10).map(
    lambda raw: "-".join(base64.b32encode(raw).decode()[start : start + 4] for start in range(0, 16, 4))
)
hosts = (
    st.ip_addresses().map(str)
    | st.from_regex(r"[a-z0-9-]{1,20}(\.[a-z]{2,8}){0,3}", fullmatch=True)
    | st.sampled_from(["fe80::1%eth0", "盒子", "a&sum=12345678", "100%25", "a+b=c"])
)
pairings = st.builds(
    Pairing,
    host=hosts,
    port=st.integers(1, 65535),
    fingerprint=st.binary(min_size=32, max_size=32).map(bytes.hex),
    code=codes,
)


def refused(text: str) -> str:
    with pytest.raises(PeerFault) as caught:
        read(text)
    assert caught.value.code == "bad-pairing-string"
    return caught.value.message


def test_the_documented_form() -> None:
    text = write(EXAMPLE)
    assert text.startswith("companion:1?host=192.168.1.20&port=8000&fingerprint=0123456789abcdef")
    assert "&code=K3QW-7ZB2-MEXA-P5JT&sum=" in text


@given(pairings)
def test_what_is_written_is_read(pairing: Pairing) -> None:
    text = write(pairing)
    assert text.isascii()
    assert text.isprintable()
    assert " " not in text
    assert read(text) == pairing


@given(pairings)
def test_a_truncated_string_is_noticed_wherever_it_ends(pairing: Pairing) -> None:
    text = write(pairing)
    for end in range(len(text)):
        refused(text[:end])


@given(pairings, st.data())
def test_a_slip_is_noticed(pairing: Pairing, data: st.DataObject) -> None:
    text = write(pairing)
    at = data.draw(st.integers(0, len(text) - 1))
    letter = data.draw(st.characters(codec="ascii", exclude_characters=text[at], categories=("L", "N", "P")))
    refused(text[:at] + letter + text[at + 1 :])
    refused(text[:at] + letter + text[at:])


@given(pairings, st.data())
def test_line_breaks_of_a_mail_do_not_matter(pairing: Pairing, data: st.DataObject) -> None:
    text = write(pairing)
    at = data.draw(st.integers(0, len(text)))
    assert read(f"\n {text[:at]}\r\n\t{text[at:]} \n") == pairing


@given(st.text() | st.text().map("companion:1?".__add__) | st.binary().map(lambda raw: raw.decode("latin-1")))
def test_any_other_text_is_refused(text: str) -> None:
    refused(text)


def test_half_surrogates_and_endless_texts_are_refused() -> None:
    refused("companion:1?\ud800&sum=12345678")
    refused("companion:1?" + "a" * 10**6)


@pytest.mark.parametrize(
    "change",
    [
        {"port": 0},
        {"port": 65536},
        {"port": 123456},
        {"host": ""},
        {"host": "a b"},
        {"host": "user@host"},
        {"host": "a" * 254},
        {"fingerprint": "ab" * 31},
        {"fingerprint": "AB" * 32},
        {"code": "K3QW"},
        {"code": "K3Q1-7ZB2-MEXA-P5JT"},
    ],
)
def test_the_impossible_is_refused_although_its_sum_is_right(change: dict[str, object]) -> None:
    assert "impossible" in refused(write(EXAMPLE._replace(**change)))


def test_each_refusal_says_what_to_do() -> None:
    assert "not a pairing string" in refused("https://example.org")
    assert "copy all of it" in refused(write(EXAMPLE)[:-1])
