"""The other side is slow, gone, endless, or sends us elsewhere."""

import io
import socket
import struct
import time

import pytest
import requests

from backoffice_client import BackofficeClient, BackofficeError
from backoffice_client.transport import LARGEST_ANSWER, Watchdog
from tests.backoffice_client.conftest import BYTES, TOKEN
from tests.backoffice_client.peer import Peer, http, then


def failure(client, call=lambda client: client.connectivity(735)):
    with pytest.raises(BackofficeError) as failed:
        call(client)
    assert not failed.value.permanent
    return failed.value.code


def test_a_server_that_never_answers_is_a_timeout(connect) -> None:
    with Peer(b"") as peer:
        peer.play_next(peer.hang)
        assert failure(connect(peer.url, timeout=(1, 0.1), retries=0)) == "timeout"


@pytest.mark.parametrize(
    "sent_at_once", [b"", b"HTTP/1.1 200 OK\r\nContent-Length: 900\r\n\r\n", b"HTTP/1.1 200 OK\r\n\r\n"]
)
def test_a_server_that_drips_headers_or_body_is_cut_off_at_the_deadline(connect, sent_at_once) -> None:
    with Peer(http(500)) as peer:
        drip = peer.drip(b"HTTP/1.1 200 OK\r\n" + b"X-A: b\r\n" * 90, every=0.02)
        peer.play_next(then(sent_at_once, drip))
        begun = time.monotonic()
        assert failure(connect(peer.url, deadline=0.2, retries=0)) == "timeout"
        assert time.monotonic() - begun < 2


def test_a_body_that_stops_coming_is_a_timeout(connect) -> None:
    with Peer(http(500)) as peer:
        peer.play_next(then(http(200, b"{" * 50)[:-9], peer.hang))
        assert failure(connect(peer.url, timeout=(1, 0.1), retries=0)) == "timeout"


def test_a_port_where_nobody_listens_is_unreachable(connect) -> None:
    with socket.create_server(("127.0.0.1", 0)) as closed:
        port = closed.getsockname()[1]
    assert failure(connect(f"http://127.0.0.1:{port}")) == "unreachable"


def test_an_answer_that_ends_in_its_middle_is_unreachable(connect) -> None:
    with Peer(http(200, b'{"point_id": 735}')[:-5]) as peer:
        assert failure(connect(peer.url)) == "unreachable"


def test_an_answer_that_is_no_http_is_unreachable(connect) -> None:
    with Peer(b"SSH-2.0-OpenSSH_9.2\r\n") as peer:
        assert failure(connect(peer.url)) == "unreachable"


def test_a_connection_reset_in_the_middle_of_an_upload_is_unreachable(connect, scan) -> None:
    def reset(connection):
        connection.setsockopt(socket.SOL_SOCKET, socket.SO_LINGER, struct.pack("ii", 1, 0))

    with Peer(reset, reads_body=False) as peer:
        large = io.BytesIO(BYTES * 500_000)
        assert failure(connect(peer.url), lambda client: client.upload_scan(scan, large)) == "unreachable"


def test_no_more_than_the_limit_is_read_of_an_answer(connect) -> None:
    with Peer(http(200, b" " * (LARGEST_ANSWER + 1))) as peer:
        assert failure(connect(peer.url)) == "bad_answer"


@pytest.mark.parametrize("status", [301, 302, 303, 307, 308])
def test_a_redirect_is_never_followed(connect, status) -> None:
    with Peer(http(200, b"{}")) as elsewhere, Peer(http(status, b"", f"Location: {elsewhere.url}/")) as peer:
        assert failure(connect(peer.url, retries=0)) == "bad_answer"
        assert elsewhere.requests == []


def test_a_redirect_to_nonsense_is_a_bad_answer_too(connect) -> None:
    with Peer(http(302, b"", "Location: http://[::bad")) as peer:
        assert failure(connect(peer.url, retries=0)) == "bad_answer"


def test_a_session_of_the_caller_is_used_under_the_same_limits(connect) -> None:
    with requests.Session() as session, Peer(http(302, b"", "Location: /elsewhere")) as peer:
        session.headers["X-Gate"] = "7"
        assert failure(connect(peer.url, session=session, retries=0)) == "bad_answer"
        assert b"X-Gate: 7" in peer.requests[0]


def test_the_machines_own_accounts_do_not_replace_the_token(connect, tmp_path, monkeypatch) -> None:
    (tmp_path / "netrc").write_text("machine 127.0.0.1 login mallory password secret\n")
    monkeypatch.setenv("NETRC", str(tmp_path / "netrc"))
    with Peer(http(500)) as peer:
        failure(connect(peer.url, retries=0))
    assert f"Authorization: Bearer {TOKEN}".encode() in peer.requests[0]


@pytest.mark.parametrize("status", [400, 401, 404, 409, 422, 500])
@pytest.mark.parametrize("code", ["scan_rejected", TOKEN])
def test_no_error_spells_out_the_token_even_if_the_other_side_echoes_it(connect, scan, status, code) -> None:
    echo = f'{{"code": "{code}", "detail": "You sent Bearer {TOKEN}", "sha256": "{TOKEN}"}}'.encode()
    with Peer(http(status, echo)) as peer, pytest.raises(BackofficeError) as failed:
        connect(peer.url, retries=0).upload_scan(scan, io.BytesIO(BYTES))
    assert "***" in failed.value.detail
    assert TOKEN not in f"{failed.value!r} {failed.value} {vars(failed.value)}"


def test_a_mangled_answer_that_echoes_the_token_does_not_spell_it_out_either(connect) -> None:
    with Peer(http(200, f'{{"point_id": "{TOKEN}"}}'.encode())) as peer, pytest.raises(BackofficeError) as failed:
        connect(peer.url, retries=0).connectivity(735)
    assert TOKEN not in failed.value.detail


@pytest.mark.parametrize("token", ["", "two words", "line\nbreak", "żółw"])
def test_a_token_no_header_can_carry_is_refused_without_repeating_it(token) -> None:
    with pytest.raises(ValueError, match="printable ASCII") as refused:
        BackofficeClient("http://127.0.0.1:1", token)
    assert not token or token not in str(refused.value)


@pytest.mark.parametrize(
    "url", ["127.0.0.1:80", "ftp://host", "http://", "http://me:secret@host", "http://host/?a=1", "http://host/#a"]
)
def test_a_base_url_that_is_none_is_refused(url) -> None:
    with pytest.raises(ValueError, match="the base URL must"):
        BackofficeClient(url, TOKEN)


def test_paths_go_under_the_base_url_with_or_without_its_last_slash(connect) -> None:
    with Peer(http(500)) as peer:
        failure(connect(f"{peer.url}/api/v2/", retries=0))
        failure(connect(f"{peer.url}/api/v2", retries=0))
    assert [request.split()[1] for request in peer.requests] == [b"/api/v2/points/735/connectivity"] * 2


def test_a_connection_that_came_after_the_time_was_up_is_cut_at_once() -> None:
    ours, theirs = socket.socketpair()
    with ours, theirs, Watchdog(0) as watchdog:
        watchdog._timer.join(10)
        watchdog.guard(ours)
        assert theirs.recv(1) == b""
