"""A backoffice and platform whose answers are well-formed and mad."""

import json
import threading
from collections.abc import Callable, Iterator
from datetime import UTC, datetime
from http.server import BaseHTTPRequestHandler, HTTPServer

import pytest
from sqlalchemy import select

from backoffice_client import BackofficeClient
from mikroserwis.edge import Parts
from mikroserwis.models import Delivery, Message, OutboxItem
from mikroserwis.sweeps.deliver import deliver_due
from mikroserwis.tickets import connectivity
from tests.support import cast
from tests.support.other_side import TOKEN
from tests.support.way import Way
from workflows import Connectivity

Say = Callable[[str], tuple[int, dict[str, object]]]


class Liar:
    """Answers each path as `say` decides."""

    def __init__(self) -> None:
        liar = self

        class Handler(BaseHTTPRequestHandler):
            def do_GET(self) -> None:
                self.do_PUT()

            def do_PUT(self) -> None:
                self.rfile.read(int(self.headers.get("Content-Length", "0")))
                status, said = liar.say(self.path)
                body = json.dumps(said).encode()
                self.send_response(status)
                self.send_header("Content-Length", str(len(body)))
                self.end_headers()
                self.wfile.write(body)

            def log_message(self, *_: object) -> None:
                pass

        self.say: Say = lambda _path: (500, {})
        self.server = HTTPServer(("127.0.0.1", 0), Handler)
        self.url = f"http://127.0.0.1:{self.server.server_port}"


@pytest.fixture
def liar() -> Iterator[Liar]:
    made = Liar()
    thread = threading.Thread(target=made.server.serve_forever, args=(0.02,))
    thread.start()
    yield made
    made.server.shutdown()
    thread.join()
    made.server.server_close()


@pytest.fixture
def lied_to(parts: Parts, liar: Liar) -> Parts:
    client = BackofficeClient(liar.url, TOKEN, timeout=(1, 2), deadline=3, retries=0)
    return Parts(parts.settings, parts.database, parts.store, client)


def clock() -> datetime:
    return datetime.now(UTC)


def accepted(path: str, receipt: str) -> tuple[int, dict[str, object]]:
    kind, _, key = path.partition("?")[0].strip("/").partition("/")
    name = {"scans": "sha256", "packages": "package_id", "events": "event_id"}[kind]
    return 201, {name: key, "receipt": receipt, "accepted_at": "2026-05-27T10:00:00Z"}


@pytest.mark.parametrize("receipt", ["R" * 255, "R\x00\x07 1"])
def test_a_mad_receipt_is_kept_as_far_as_it_can_be(lied_to: Parts, liar: Liar, way: Way, receipt: str):
    way.exported(cast.SAM)
    liar.say = lambda path: accepted(path, receipt)
    deliver_due(lied_to, clock, limit=50)
    with lied_to.database.reading() as session:
        delivery = session.scalars(select(Delivery)).one()
        assert delivery.acknowledged_at is not None
        assert delivery.receipt
        assert delivery.receipt.startswith("R")


def test_a_refusal_with_unprintable_words_is_told_to_staff(lied_to: Parts, liar: Liar, way: Way):
    way.exported(cast.SAM)
    liar.say = lambda _path: (422, {"code": "odd\x00", "detail": "no\x00 \x1b[31mred"})
    deliver_due(lied_to, clock, limit=50)
    with lied_to.database.reading() as session:
        states = set(session.scalars(select(OutboxItem.state).where(OutboxItem.topic == "package")))
        told = list(session.scalars(select(Message.body).where(Message.event == "delivery_stuck")))
    assert states == {"rejected"}
    assert told
    assert not {"\x00", "\x1b"} & set("".join(told))


@pytest.mark.parametrize("moment", ["9999-12-31T23:59:59Z", "9999-12-31T23:59:59-05:00", "0001-01-01T00:00:00+05:00"])
@pytest.mark.parametrize("online", [True, False])
def test_a_moment_at_the_end_of_time_is_no_answer(lied_to: Parts, liar: Liar, moment: str, online: bool):
    station = {"number": 1, "name": "Kasa", "online": online, "last_contact": moment}
    said = {"point_id": 735, "check_id": "c", "checked_at": "2026-05-27T10:00:00Z", "stations": [station]}
    liar.say = lambda _path: (200, said)
    assert connectivity.ask(lied_to.backoffice, 735, 1).verdict is Connectivity.NO_ANSWER
