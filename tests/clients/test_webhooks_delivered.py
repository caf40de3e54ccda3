"""What has happened is told once, signed, and told again until it has arrived."""

import hashlib
import hmac
import socket
import time
from collections.abc import Callable

import pytest

from tests.clients.conftest import Told
from tests.clients.receiver import OK, Receiver, hang_up, raw, status
from tests.support.app import sqlite_only
from tests.support.cast import ARKLITY, SAM
from tests.support.people import Api
from tests.support.way import Way

Tell = Callable[..., Told]
People = Callable[[str], Api]


def is_genuine(header: str, body: bytes, secret: str, *, older_than: int = 300) -> bool:
    """As docs/api-clients.md shows it to whoever writes a receiver."""
    pairs = [one.partition("=")[::2] for one in header.split(",")]
    moment = next(value for name, value in pairs if name == "t")
    made = hmac.new(secret.encode(), moment.encode() + b"." + body, hashlib.sha256).hexdigest()
    fits = any(hmac.compare_digest(made, value) for name, value in pairs if name == "v1")
    return fits and abs(time.time() - int(moment)) < older_than


def test_what_happens_to_a_ticket_is_told_once_with_numbers_and_links(tell: Tell, api: People, receiver: Receiver):
    told = tell("ticket.taken", "ticket.suspended")
    api("beta").post(f"/tickets/{ARKLITY}/taking")
    api("beta").post(f"/tickets/{ARKLITY}/suspension", {"note": "Tajemnica"})
    told.derive()
    told.derive()
    assert told.send().delivered == 2
    assert told.send(hours=2).tried == 0
    taken, suspended = (one.json for one in sorted(receiver.got, key=lambda one: one.json["created"]))
    assert (taken["type"], suspended["type"]) == ("ticket.taken", "ticket.suspended")
    assert taken["data"]["ticket"] == {"number": ARKLITY, "url": f"http://localhost/api/v1/tickets/{ARKLITY}"}
    assert taken["data"]["by"] == {"source": "api", "user": 2}
    assert "Tajemnica" not in receiver.got[0].body.decode() + receiver.got[1].body.decode()
    assert told.program.api.get(f"/tickets/{ARKLITY}").json["state"] == "suspended"


def test_the_signature_is_right_and_a_changed_body_or_an_old_message_is_not_genuine(
    tell: Tell, api: People, receiver: Receiver
):
    told = tell("ticket.taken")
    api("alfa").post(f"/tickets/{SAM}/taking")
    told.derive()
    told.send()
    [got] = receiver.got
    header = got.headers["mikroserwis-signature"]
    assert is_genuine(header, got.body, told.secret)
    assert not is_genuine(header, got.body + b" ", told.secret)
    assert not is_genuine(header, got.body, f"{told.secret}x")
    assert not is_genuine(header, got.body, told.secret, older_than=-1)
    assert got.headers["idempotency-key"] == got.json["id"]
    assert got.headers["mikroserwis-event"] == "ticket.taken"


@sqlite_only
def test_while_a_secret_is_changed_both_sign_and_afterwards_the_new_one_alone(tell: Tell, receiver: Receiver):
    told = tell("ticket.taken")
    new = told.admin.post(f"{told.path}/secret", {"grace_hours": 1}).json["secret"]
    told.admin.post(f"{told.path}/ping")
    told.send()
    header, body = receiver.got[-1].headers["mikroserwis-signature"], receiver.got[-1].body
    assert is_genuine(header, body, new)
    assert is_genuine(header, body, told.secret)
    told.admin.post(f"{told.path}/ping")
    told.send(hours=2)
    header, body = receiver.got[-1].headers["mikroserwis-signature"], receiver.got[-1].body
    assert is_genuine(header, body, new, older_than=8000)
    assert not is_genuine(header, body, told.secret, older_than=8000)


@pytest.mark.parametrize(
    "bad", [status(500, "zajęte"), status(404), hang_up, raw(b"nonsense\r\n\r\n"), raw(b"HTTP/1.1 20")]
)
@sqlite_only
def test_what_fails_is_sent_again_with_the_same_bytes_until_it_arrives(tell: Tell, receiver: Receiver, bad: object):
    told = tell("ticket.taken")
    receiver.answers[:] = [bad, bad, OK]  # type: ignore[list-item]
    told.admin.post(f"{told.path}/ping")
    assert told.send().postponed == 1
    assert told.send().tried == 0
    assert told.send(minutes=1).postponed == 1
    assert told.state()["failures"] == 2
    assert told.send(minutes=2).delivered == 1
    assert len(set(receiver.ids)) == len({one.body for one in receiver.got}) == 1
    assert len(receiver.got) == 3
    assert (told.state()["failures"], told.state()["failing_since"]) == (0, None)
    [line] = told.log()
    tries = told.admin.get(f"{told.path}/deliveries/{line['id']}").json["tries"]
    assert [one["outcome"] for one in tries][-1] == "delivered"
    assert tries[-1]["answer"] == "taken"


@sqlite_only
def test_a_redirect_is_not_followed(tell: Tell, receiver: Receiver):
    told = tell("ticket.taken")
    receiver.answers[:] = [status(302, "", f"Location: {receiver.url}/elsewhere")]
    told.admin.post(f"{told.path}/ping")
    assert told.send().postponed == 1
    assert len(receiver.got) == 1
    [line] = told.log()
    assert told.admin.get(f"{told.path}/deliveries/{line['id']}").json["tries"][0]["outcome"] == "redirect"


@sqlite_only
def test_a_receiver_that_says_410_is_switched_off_and_staff_are_told(tell: Tell, api: People, receiver: Receiver):
    told = tell("ticket.taken")
    receiver.answers[:] = [status(410, "closed")]
    told.admin.post(f"{told.path}/ping")
    assert told.send().given_up == 1
    state = told.state()
    assert (state["active"], state["off_because"]) == (False, "gone")
    mails = told.admin.get("/messages?event=webhook_off").json["items"]
    assert mails
    assert told.program.api.get("/me").status_code == 200
    api("alfa").post(f"/tickets/{SAM}/taking")
    told.derive()
    assert told.send(days=1).tried == 0


@sqlite_only
def test_after_days_of_failures_a_webhook_is_switched_off_and_what_was_given_up_can_be_sent_again(
    tell: Tell, api: People, receiver: Receiver
):
    told = tell("ticket.taken")
    receiver.answers[:] = [status(500)]
    for ticket in (SAM, ARKLITY):
        api("alfa" if ticket == SAM else "beta").post(f"/tickets/{ticket}/taking")
    told.derive()
    waiting = len(told.log())
    for hours in (0, 20, 20, 20, 13):
        told.send(hours=hours)
    assert (told.state()["active"], told.state()["off_because"]) == (False, "failing")
    told.send(hours=1)
    assert {one["state"] for one in told.log()} == {"failed"}
    refused = told.admin.post(f"{told.path}/replays", {"from": "2020-01-01", "to": "2099-01-01"})
    assert refused.status_code == 409
    told.admin.post(f"{told.path}/activation")
    receiver.answers[:] = [OK]
    before = set(receiver.ids)
    count = told.admin.post(f"{told.path}/replays", {"from": "2020-01-01", "to": "2099-01-01"}).json["count"]
    assert count == waiting > 0
    receiver.got.clear()
    assert told.send(hours=1).delivered == waiting
    assert set(receiver.ids) == before


@sqlite_only
def test_a_message_that_arrived_can_be_sent_again_under_its_id(tell: Tell, receiver: Receiver):
    told = tell("ticket.taken")
    told.admin.post(f"{told.path}/ping")
    told.send()
    [line] = told.log()
    assert line["state"] == "delivered"
    path = f"{told.path}/deliveries/{line['id']}/replay"
    assert told.admin.post(path).json["state"] == "waiting"
    assert told.admin.post(path).status_code == 409
    told.send(minutes=1)
    assert receiver.ids[0] == receiver.ids[1] == line["event_id"]


@sqlite_only
def test_a_program_is_told_only_what_its_scopes_let_it_read(tell: Tell, api: People, way: Way, receiver: Receiver):
    told = tell("ticket.taken", "customer.changed", "document.added", scopes=("tickets:read",))
    way.contract(SAM)
    told.derive()
    told.send()
    assert {one.json["type"] for one in receiver.got} == {"ticket.taken"}


@sqlite_only
def test_what_waits_is_not_sent_once_the_scope_is_gone(tell: Tell, api: People, receiver: Receiver):
    told = tell("ticket.taken", scopes=("tickets:read", "prices:read"))
    api("alfa").post(f"/tickets/{SAM}/taking")
    told.derive()
    told.admin.put(f"/clients/{told.program.id}", {"scopes": ["prices:read"]})
    assert told.send().given_up == 1
    told.admin.put(f"/clients/{told.program.id}", {"scopes": ["tickets:read"]})
    told.admin.post(f"/clients/{told.program.id}/deactivation")
    assert receiver.got == []


@sqlite_only
def test_a_receiver_that_is_down_is_asked_once_for_all_that_waits(tell: Tell, receiver: Receiver):
    told = tell("ticket.taken", url=_closed())
    for _ in range(5):
        told.admin.post(f"{told.path}/ping")
    result = told.send()
    assert (result.tried, result.postponed) == (1, 1)
    assert told.send(seconds=6).tried == 1
    assert {one["state"] for one in told.log()} == {"waiting", "retrying"}


def _closed() -> str:
    with socket.create_server(("127.0.0.1", 0)) as listener:
        return f"http://127.0.0.1:{listener.getsockname()[1]}/hooks"
