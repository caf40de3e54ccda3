"""Where a webhook leads, and how long it may take: hostile names, addresses and answers."""

import ssl
import time
from collections.abc import Iterator
from ipaddress import ip_address
from pathlib import Path

import pytest

from mikroserwis.clients import addresses
from mikroserwis.clients.sending import READ, Sender, Unsent
from tests.clients.receiver import Receiver, drip, hang_up, raw, receiving, status

HERE = "127.0.0.0/8"
CERTIFICATE = Path(__file__).parents[1] / "backoffice_client" / "loopback.pem"
FORBIDDEN = [
    *("127.0.0.1", "0.0.0.1", "10.1.2.3", "172.16.0.1", "192.168.1.1", "169.254.169.254", "100.64.0.1"),
    *("224.0.0.1", "255.255.255.255", "198.18.0.1", "::1", "::", "fe80::1", "fc00::1", "ff02::1"),
    *("::ffff:127.0.0.1", "::ffff:10.0.0.1", "64:ff9b::a00:1", "2002:a00:1::1", "2001:db8::1"),
    *("::8.8.8.8", "::a00:1", "::ffff:0:8.8.8.8", "::ffff:0:10.0.0.1", "fec0::1", "64:ff9b:1::808:808", "4000::1"),
    *("2001::a00:1", "100::1", "64:ff9b::7f00:1", "2002:7f00:1::1", "64:ff9b::a9fe:a9fe"),
]


@pytest.fixture
def plain() -> Iterator[Receiver]:
    with receiving() as made:
        yield made


def sender(networks: str = HERE, **options: object) -> Sender:
    return Sender(networks, **options)  # type: ignore[arg-type]


def code_of(asked: Sender, url: str) -> str:
    with pytest.raises(Unsent) as refused:
        asked.post(url, b"{}", {})
    return refused.value.code


@pytest.mark.parametrize("address", FORBIDDEN)
def test_no_private_address_is_public_however_it_is_written(address: str):
    assert not addresses.is_allowed(ip_address(address), ())
    literal = f"[{address}]" if ":" in address else address
    assert code_of(sender("", resolve=lambda host, _port: [host]), f"https://{literal}/hooks") == "private_address"


def test_a_public_address_is_allowed_and_a_private_one_that_the_setting_names():
    named = addresses.networks("10.1.0.0/16, fd00::/8")
    for address in ("8.8.8.8", "2a00:1450::1", "::ffff:8.8.8.8", "64:ff9b::808:808", "2002:808:808::1"):
        assert addresses.is_allowed(ip_address(address), ())
    assert addresses.is_allowed(ip_address("64:ff9b::a01:203"), named)
    for address, allowed in (("10.1.2.3", True), ("::ffff:10.1.2.3", True), ("10.2.0.1", False), ("fd12::1", True)):
        assert addresses.is_allowed(ip_address(address), named) is allowed


def test_a_name_that_leads_to_a_private_address_among_others_gets_nothing(plain: Receiver):
    asked = sender(networks="", resolve=lambda _host, _port: ["8.8.8.8", "127.0.0.1"])
    assert code_of(asked, "https://crm.example/hooks") == "private_address"
    assert plain.got == []


def test_a_name_is_asked_once_so_that_a_later_answer_leads_nowhere(plain: Receiver):
    """Rebinding: the address that was checked is the one that is connected to."""
    answers = ["127.0.0.1", "127.0.0.2", "10.0.0.1"]
    asked = sender(resolve=lambda _host, _port: [answers.pop(0)])
    port = plain.url.split(":")[2]
    assert asked.post(f"http://rebind.example:{port}", b"{}", {}).status == 200
    assert answers == ["127.0.0.2", "10.0.0.1"]
    assert plain.got[0].headers["host"] == f"rebind.example:{port.partition('/')[0]}"


def test_without_encryption_nothing_leaves_the_house():
    asked = sender(resolve=lambda _host, _port: ["8.8.8.8"])
    assert code_of(asked, "http://crm.example/hooks") == "needs_https"
    inner = sender(resolve=lambda _host, _port: ["10.0.0.1"])
    assert code_of(inner, "http://crm.example/hooks") == "private_address"


def test_an_unknown_name_and_a_closed_port_are_told_apart(plain: Receiver):
    def unknown(_host: str, _port: int) -> list[str]:
        raise OSError("no such name")

    assert code_of(sender(resolve=unknown), "https://nowhere.example/") == "unknown_host"
    assert code_of(sender(), "http://127.0.0.1:1/hooks") == "unreachable"


@pytest.mark.parametrize(
    ("answer", "code"),
    [
        (hang_up, "broken"),
        (raw(b"\x00\xff nonsense\r\n\r\n"), "broken"),
        (drip(b"HTTP/1.1 200 OK\r\n" + b"X-Long: " + b"x" * 200), "timeout"),
        (drip(b"", 0), "broken"),
    ],
)
def test_an_answer_that_never_comes_is_waited_for_no_longer_than_allowed(plain: Receiver, answer: object, code: str):
    plain.answers[:] = [answer]  # type: ignore[list-item]
    begun = time.monotonic()
    assert code_of(sender(answer=0.5), plain.url) == code
    assert time.monotonic() - begun < 3


def test_of_a_huge_or_dripping_answer_only_the_beginning_is_read(plain: Receiver):
    plain.answers[:] = [
        status(200, "ż" * 3_000_000),
        drip(b"HTTP/1.1 202 A\r\nContent-Length: 99\r\n\r\n" + b"slow" * 9, 0.02),
    ]
    assert len(sender().post(plain.url, b"{}", {}).text.encode()) <= READ + 3
    reply = sender(answer=1.2).post(plain.url, b"{}", {})
    assert (reply.status, reply.text[:4] in {"", "slow"}) == (202, True)


def test_a_certificate_has_to_be_vouched_for_and_to_bear_the_name(monkeypatch: pytest.MonkeyPatch):
    context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
    context.load_cert_chain(CERTIFICATE)
    asked = sender(resolve=lambda _host, _port: ["127.0.0.1"])
    with receiving(lambda one: context.wrap_socket(one, server_side=True), "https") as safe:
        port = safe.url.split(":")[2]
        assert code_of(asked, f"https://127.0.0.1:{port}") == "tls"
        monkeypatch.setenv("SSL_CERT_FILE", str(CERTIFICATE))
        assert asked.post(f"https://127.0.0.1:{port}", b"{}", {}).status == 200
        assert code_of(asked, f"https://other.example:{port}") == "tls"
        assert [one.body for one in safe.got if one.headers] == [b"{}"]
