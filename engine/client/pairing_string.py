"""What `companion-engine pair` prints and an app takes in: where a host is, how to know it, and the code.

    companion:1?host=192.168.1.20&port=8000&fingerprint=<64 hex digits>&code=K3QW-7ZB2-MEXA-P5JT&sum=1a2b3c4d

`sum` is the beginning of the SHA-256 of all before it: half a string, or one with a slip, is noticed.
"""

from __future__ import annotations

import hashlib
import re
from typing import NamedTuple
from urllib.parse import parse_qsl, urlencode

from engine.errors import PeerFault

_HEAD = "companion:1?"
_SUM_LENGTH = 8
_LONGEST = 1000
_SHAPES = {
    "host": re.compile(r"[^\s/@\[\]?#\x00-\x1f\x7f]{1,253}"),
    "port": re.compile(r"[1-9][0-9]{0,4}"),
    "fingerprint": re.compile(r"[0-9a-f]{64}"),
    "code": re.compile(r"[A-Z2-7]{4}(-[A-Z2-7]{4}){3,7}"),
}


class Pairing(NamedTuple):
    """What a client needs to pair with a host."""

    host: str
    """Address or name, without brackets."""
    port: int
    fingerprint: str
    """SHA-256 of the host's certificate, 64 hexadecimal digits in lower case."""
    code: str
    """Works once."""


def write(pairing: Pairing) -> str:
    """The string, printable ASCII without spaces."""
    text = _HEAD + urlencode(pairing._asdict())
    return f"{text}&sum={_sum(text)}"


def read(text: str) -> Pairing:
    """What a pasted string says; white space in it does not matter. Raises PeerFault `bad-pairing-string`."""
    text = "".join(text.split())
    body, mark, checksum = text.rpartition("&sum=")
    if not text.startswith(_HEAD):
        raise _bad("This is not a pairing string: those begin with `companion:1?`.")
    if not mark or checksum != _sum(body) or len(text) > _LONGEST:
        raise _bad("The pairing string is not complete; copy all of it.")
    fields = parse_qsl(body.removeprefix(_HEAD), keep_blank_values=True)
    if [name for name, _ in fields] != list(_SHAPES):
        raise _bad("The pairing string is of another version; update this program, or the host.")
    values = dict(fields)
    if (
        not all(shape.fullmatch(values[name]) for name, shape in _SHAPES.items())
        or int(values["port"]) > 65535
    ):
        raise _bad("The pairing string says something impossible; make a new one.")
    return Pairing(values["host"], int(values["port"]), values["fingerprint"], values["code"])


def _sum(text: str) -> str:
    return hashlib.sha256(text.encode("utf-8", "surrogatepass")).hexdigest()[:_SUM_LENGTH]


def _bad(message: str) -> PeerFault:
    return PeerFault("bad-pairing-string", message)
