"""Over https, with a certificate that only these tests trust (`loopback.pem`, made for 127.0.0.1)."""

import ssl
import time
from pathlib import Path

import pytest
import requests

from backoffice_client import BackofficeError
from tests.backoffice_client.peer import Peer, http

CERTIFICATE = Path(__file__).with_name("loopback.pem")
CONNECTIVITY = http(200, b'{"point_id":735,"check_id":"c","checked_at":"2026-05-27T09:30:00Z","stations":[]}')


@pytest.fixture
def tls():
    context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
    context.load_cert_chain(CERTIFICATE)
    return context


@pytest.fixture
def session():
    with requests.Session() as session:
        session.verify = str(CERTIFICATE)
        session.trust_env = False
        yield session


def test_a_trusted_certificate_is_spoken_to(connect, tls, session) -> None:
    with Peer(CONNECTIVITY, tls=tls) as peer:
        assert connect(peer.url, session=session).connectivity(735).check_id == "c"


def test_an_unknown_certificate_gets_neither_token_nor_question(connect, tls) -> None:
    with Peer(CONNECTIVITY, tls=tls) as peer, pytest.raises(BackofficeError) as failed:
        connect(peer.url).connectivity(735)
    assert (failed.value.code, failed.value.permanent) == ("unreachable", False)
    assert peer.requests == []


def test_a_server_that_drips_is_cut_off_over_tls_too(connect, tls, session) -> None:
    with Peer(CONNECTIVITY, tls=tls) as peer:
        peer.play_next(peer.drip(b"HTTP/1.1 200 OK\r\n" + b"X-A: b\r\n" * 90, every=0.02))
        begun = time.monotonic()
        with pytest.raises(BackofficeError) as failed:
            connect(peer.url, session=session, deadline=0.3, retries=0).connectivity(735)
        assert failed.value.code == "timeout"
        assert time.monotonic() - begun < 2
