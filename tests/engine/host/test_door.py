"""Who is let in: every rule of the door, alone and together, and its reading of a real ASGI scope."""

from __future__ import annotations

import logging

import pytest
from hypothesis import given
from hypothesis import strategies as st

from engine.host.door import Admitted, Knock, Refused, decide, knock_of
from engine.settings import HostSettings

HOME = Knock(path="/ws/audio", peer="127.0.0.1", bound="127.0.0.1", tls=False, hosts=("127.0.0.1:8000",))
"""A program of this machine."""
AWAY = HOME._replace(peer="192.168.1.7", bound="192.168.1.20", tls=True, hosts=("192.168.1.20:8000",))
"""A program of another machine."""
SETTINGS = HostSettings(names="box.example, Other.Example", allowed_origins="https://mine.example, null")
TOKEN = "s3cret-Token_of.43"


def refusal(knock: Knock, settings: HostSettings = SETTINGS) -> tuple[int, str]:
    decision = decide(knock, settings)
    assert isinstance(decision, Refused), decision
    assert decision.message.endswith(".")
    assert TOKEN not in decision.message
    return decision.status, decision.code


def admission(knock: Knock, settings: HostSettings = SETTINGS) -> Admitted:
    decision = decide(knock, settings)
    assert isinstance(decision, Admitted), decision
    return decision


@pytest.mark.parametrize(
    "host", ["127.0.0.1", "127.0.0.1:1", "localhost:8000", "LOCALHOST", "[::1]:8000", "box.example:8000"]
)
def test_it_answers_to_its_own_names(host: str) -> None:
    admission(HOME._replace(path="/", hosts=(host,)))


def test_it_answers_to_the_address_it_was_called_at() -> None:
    knock = AWAY._replace(path="/")
    admission(knock)
    admission(knock._replace(bound="fe80::1%eth0", hosts=("[fe80::1]:8000",)))
    assert refusal(knock._replace(hosts=("192.168.1.21",))) == (403, "foreign-host")


@pytest.mark.parametrize(
    "hosts",
    [(host,) for host in ("evil.example:8000", "127.0.0.1.nip.io", "", "0.0.0.0:8000", "::1", "x@localhost")]
    + [(), ("localhost", "localhost"), ("localhost", "evil.example")],
)
@pytest.mark.parametrize("path", ["/", "/ready", "/ws/audio", "/ws/v1"])
def test_another_name_is_foreign(hosts: tuple[str, ...], path: str) -> None:
    assert refusal(HOME._replace(path=path, hosts=hosts)) == (403, "foreign-host")


def test_every_address_is_not_a_name() -> None:
    assert refusal(HOME._replace(bound="0.0.0.0", hosts=("0.0.0.0:8000",))) == (403, "foreign-host")
    assert refusal(HOME._replace(bound="", hosts=("",))) == (403, "foreign-host")


@pytest.mark.parametrize(
    "origins",
    [
        ("https://evil.example",),
        ("null",),
        ("",),
        ("http://localhost:3000",),
        ("http://mine.example",),
        ("https://mine.example:444",),
        ("https://mine.example/",),
        ("https://mine.example", "https://mine.example"),
        ("https://mine.example", "https://evil.example"),
    ],
)
@pytest.mark.parametrize("path", ["/", "/ready", "/ws/audio", "/ws/v1"])
def test_another_page_is_foreign(origins: tuple[str, ...], path: str) -> None:
    assert refusal(HOME._replace(path=path, origins=origins)) == (403, "foreign-origin")


def test_an_allowed_page_and_a_program_are_let_in() -> None:
    admission(HOME._replace(origins=("https://mine.example",)))
    admission(HOME)
    assert refusal(HOME._replace(origins=("https://mine.example",)), HostSettings()) == (
        403,
        "foreign-origin",
    )


@pytest.mark.parametrize("path", ["/", "/ready", "/ws/audio", "/ws/v1"])
def test_at_home_the_door_asks_for_no_token(path: str) -> None:
    assert admission(HOME._replace(path=path)) == Admitted()
    assert admission(HOME._replace(path=path, peer="::1")) == Admitted()


@pytest.mark.parametrize("path", ["/ready", "/ws/audio", "/docs", "/ws/v1/", "/WS/V1", "//", ""])
def test_away_tls_and_a_token_are_needed(path: str) -> None:
    knock = AWAY._replace(path=path)
    assert refusal(knock._replace(tls=False)) == (401, "tls-required")
    assert refusal(knock._replace(tls=False, authorizations=(f"Bearer {TOKEN}",))) == (401, "tls-required")
    assert refusal(knock) == (401, "token-required")
    assert admission(knock._replace(authorizations=(f"Bearer {TOKEN}",))) == Admitted(TOKEN, needs_token=True)


def test_away_the_full_protocol_needs_tls_and_asks_for_its_token_itself() -> None:
    knock = AWAY._replace(path="/ws/v1")
    assert refusal(knock._replace(tls=False)) == (401, "tls-required")
    assert admission(knock) == Admitted()
    assert admission(knock._replace(authorizations=(f"Bearer {TOKEN}",))) == Admitted(TOKEN)


def test_away_the_front_page_is_free() -> None:
    assert admission(AWAY._replace(path="/", tls=False)) == Admitted()


def test_a_proxy_of_this_machine_does_not_make_others_local() -> None:
    knock = HOME._replace(hosts=("box.example",))
    assert refusal(knock) == (401, "tls-required")
    assert refusal(knock._replace(tls=True)) == (401, "token-required")


@pytest.mark.parametrize(
    "query",
    [
        "token=abc",
        "rate=24000&token=abc",
        "TOKEN",
        "access_token=a",
        "tok%65n=abc",
        "code=K3QW",
        "Authorization=x",
    ],
)
@pytest.mark.parametrize("knock", [HOME, AWAY, HOME._replace(path="/"), HOME._replace(path="/ws/v1")])
def test_a_token_in_the_url_is_refused(query: str, knock: Knock) -> None:
    assert refusal(knock._replace(query=query)) == (400, "token-in-url")


def test_other_queries_are_fine() -> None:
    admission(HOME._replace(query="rate=24000&codec=pcm"))


@pytest.mark.parametrize("header", [f"Bearer {TOKEN}", f"bearer   {TOKEN} ", f" BEARER {TOKEN}"])
def test_a_token_in_the_header(header: str) -> None:
    assert admission(HOME._replace(authorizations=(header,))) == Admitted(TOKEN)


def test_a_token_in_the_subprotocol_is_taken_up_by_name() -> None:
    offer = f"companion.token.{TOKEN}"
    expected = Admitted(TOKEN, subprotocol=offer)
    assert admission(HOME._replace(protocols=(offer,))) == expected
    assert admission(HOME._replace(protocols=(f"chat , {offer}",))) == expected
    assert admission(HOME._replace(protocols=("chat", offer))) == expected
    assert admission(HOME._replace(protocols=(offer,), authorizations=(f"Bearer {TOKEN}",))) == expected
    assert admission(HOME._replace(protocols=("chat",))) == Admitted()


@pytest.mark.parametrize(
    ("authorizations", "protocols"),
    [
        (("Bearer one", "Bearer two"), ()),
        (("Bearer one",), ("companion.token.two",)),
        ((), ("companion.token.one, companion.token.two",)),
        (("Bearer",), ()),
        (("Bearer a b",), ()),
        (("Bearer " + "a" * 513,), ()),
        (("Bearer 令牌",), ()),
        ((), ("companion.token.",)),
    ],
)
@pytest.mark.parametrize("knock", [HOME, AWAY])
def test_what_is_not_one_token_is_refused(
    knock: Knock, authorizations: tuple[str, ...], protocols: tuple[str, ...]
) -> None:
    assert refusal(knock._replace(authorizations=authorizations, protocols=protocols)) == (400, "bad-token")


def test_another_scheme_is_no_token() -> None:
    assert admission(HOME._replace(authorizations=("Basic dXNlcjpwYXNz",))) == Admitted()
    assert refusal(AWAY._replace(authorizations=("Basic dXNlcjpwYXNz",))) == (401, "token-required")


texts = st.text(max_size=30) | st.sampled_from(["localhost", "null", f"Bearer {TOKEN}", "companion.token.x"])
many = st.lists(texts, max_size=3).map(tuple)


@given(
    st.builds(
        Knock, path=texts, peer=texts, bound=texts, tls=st.booleans(), query=texts, hosts=many, origins=many
    ),
    many,
    many,
)
def test_any_knock_is_decided(
    knock: Knock, authorizations: tuple[str, ...], protocols: tuple[str, ...]
) -> None:
    knock = knock._replace(authorizations=authorizations, protocols=protocols)
    decision = decide(knock, SETTINGS)
    if isinstance(decision, Admitted):
        assert len(knock.hosts) == 1
        assert knock.origins in ((), ("https://mine.example",))
        assert not decision.needs_token or decision.token
    else:
        assert decision.status in (400, 401, 403)


def test_a_knock_is_read_from_an_asgi_scope() -> None:
    scope = {
        "type": "websocket",
        "scheme": "wss",
        "path": "/ws/v1",
        "query_string": b"rate=24000",
        "client": ("192.168.1.7", 50000),
        "server": ("192.168.1.20", 8000),
        "headers": [
            (b"host", b"192.168.1.20:8000"),
            (b"origin", b"https://mine.example"),
            (b"Origin", b"null"),
            (b"authorization", b"Bearer abc"),
            (b"sec-websocket-protocol", b"a, b"),
            (b"cookie", b"x=\xff"),
        ],
    }
    assert knock_of(scope) == Knock(
        path="/ws/v1",
        peer="192.168.1.7",
        bound="192.168.1.20",
        tls=True,
        query="rate=24000",
        hosts=("192.168.1.20:8000",),
        origins=("https://mine.example", "null"),
        authorizations=("Bearer abc",),
        protocols=("a, b",),
    )


def test_who_has_no_address_is_a_stranger() -> None:
    knock = knock_of({"path": "/ready", "headers": [(b"host", b"localhost")], "client": None})
    assert (knock.peer, knock.bound, knock.tls) == ("", "", False)
    assert refusal(knock) == (401, "tls-required")


def test_a_decision_logs_nothing(caplog: pytest.LogCaptureFixture) -> None:
    with caplog.at_level(logging.DEBUG):
        decide(AWAY._replace(authorizations=(f"Bearer {TOKEN}",)), SETTINGS)
    assert caplog.text == ""
