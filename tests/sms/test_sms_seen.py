"""SMS as staff see them beside mails, reports that the gateway brings, and sending again what no phone got."""

import re
from collections.abc import Callable

import requests
from flask.testing import FlaskClient
from sqlalchemy import select

from mikroserwis.access import SYSTEM
from mikroserwis.keys import secret_key
from mikroserwis.messages import operations
from mikroserwis.messages.reports import callback_path
from mikroserwis.models import Attempt, Message, Sms, Ticket, User
from mikroserwis.posting import post, to
from mikroserwis.sms.sandbox import SmsSandbox
from tests.sms.desk import PHONE, SmsDesk
from tests.support.app import sqlite_only
from tests.support.cast import PEOPLE, SAM
from tests.support.people import Api, Web


def words(page: str) -> str:
    return " ".join(re.sub(r"<[^>]+>", " ", page).split())


def reported(desk: SmsDesk, report: str | None) -> int:
    """The id of the last SMS, of which this has become known."""
    with desk.parts.database.transaction() as session:
        sms = session.get_one(Sms, desk.last().message_id)
        sms.report, sms.reported_at = report, desk.now()
        return sms.message_id


def test_the_gateway_tells_at_the_address_that_came_with_the_sms(sending: SmsDesk, sandbox: SmsSandbox, served: str):
    there = sending.with_settings(base_url=served)
    there.offer()
    there.deliver()
    [taken] = sandbox.taken
    assert sandbox.report(taken.id, "SENT")
    assert there.last().report == "under_way"
    assert sandbox.report(taken.id, "DELIVERED")
    assert (there.last().report, there.last().look_at) == ("delivered", None)
    assert sandbox.report(taken.id, "EXPIRED")
    assert there.last().report == "delivered"


@sqlite_only
def test_a_report_teaches_us_the_id_that_a_lost_answer_kept_from_us(sending: SmsDesk, sandbox: SmsSandbox, served: str):
    there = sending.with_settings(base_url=served)
    sandbox.lose = 1
    there.offer()
    there.deliver()
    there.wait(minutes=1)
    there.deliver()
    assert there.last().gateway_id is None
    sandbox.report(sandbox.taken[0].id, "UNDELIVERED")
    assert (there.last().gateway_id, there.last().report) == (sandbox.taken[0].id, "undelivered")


@sqlite_only
def test_nobody_else_can_report(sending: SmsDesk, client: FlaskClient):
    sending.offer()
    sending.deliver()
    sms = sending.last()
    ours = callback_path(sms.idx, secret_key(sending.parts.settings))
    told = {"MsgId": sms.gateway_id or "", "status": "404"}
    for path in (f"/sms/reports/{sms.idx}/{'A' * 43}", f"/sms/reports/{sms.idx}/ż", ours.replace(sms.idx, "b" * 32)):
        assert client.get(path, query_string=told).status_code == 404
    assert client.get(ours, query_string={**told, "MsgId": "4711"}).data == b"OK"
    assert client.get(ours, query_string={**told, "status": "99"}).data == b"OK"
    assert client.get(ours).data == b"OK"
    assert sending.last().report == "under_way"
    assert client.post(ours, data=told).data == b"OK"
    assert sending.last().report == "delivered"


def test_staff_see_an_sms_with_its_parts_its_price_and_what_became_of_it(
    sending: SmsDesk, api: Callable[[str], Api], web: Callable[[str], Web]
):
    sending.offer()
    sending.deliver()
    message_id = reported(sending, "delivered")
    operator = api("operator")
    [line] = operator.get("/messages?channel=sms").json["items"]
    assert (line["channel"], line["recipient"], line["state"], line["ticket"]) == ("sms", f"+{PHONE}", "sent", 115)
    assert {one["channel"] for one in operator.get("/messages?channel=email").json["items"]} == {"email"}
    whole = operator.get(f"/messages/{message_id}").json
    assert whole["message_id"] is None
    assert whole["sms"] | {"reported_at": None, "gateway_id": None} == {
        "parts": 2,
        "gateway_id": None,
        "points": "0.3300",
        "report": "delivered",
        "reported_at": None,
    }
    listed, page = (words(web("operator").get(path).text) for path in ("/messages", f"/messages/{message_id}"))
    assert "2 części" in listed
    for said in (
        "SMS wysłany",
        "dotarł do telefonu",
        f"+{PHONE}",
        "0,33",
        whole["sms"]["gateway_id"],
        "bramka przyjęła",
    ):
        assert said in page


def test_what_no_phone_got_waits_for_a_person_and_goes_as_a_new_one(
    sending: SmsDesk, sandbox: SmsSandbox, api: Callable[[str], Api], web: Callable[[str], Web]
):
    sending.offer()
    sending.deliver()
    message_id, first = reported(sending, "expired"), sending.last().idx
    operator = api("operator")
    assert [one["id"] for one in operator.get("/messages?state=failed").json["items"]] == [message_id]
    assert operator.get("/messages?state=delivered&channel=sms").json["items"] == []
    page = web("operator").get(f"/messages/{message_id}").text
    assert "telefon był zbyt długo wyłączony" in page
    assert web("operator").post(f"/messages/{message_id}/retry").status_code == 303
    sending.deliver()
    assert [one.idx for one in sandbox.taken] == [first, sending.last().idx]
    assert first != sending.last().idx
    assert operator.post(f"/messages/{message_id}/retry").status_code == 409
    assert "sms_again" in [one["verb"] for one in operator.get("/tickets/115/history").json["items"]]


@sqlite_only
def test_what_no_phone_got_and_is_kept_no_longer_waits_for_nobody(
    sending: SmsDesk, api: Callable[[str], Api], web: Callable[[str], Web]
):
    sending.offer()
    sending.deliver()
    message_id = reported(sending, "expired")
    with sending.parts.database.transaction() as session:
        session.get_one(Message, message_id).body = ""
    assert api("operator").get("/messages?state=failed").json["items"] == []
    again = api("operator").post(f"/messages/{message_id}/retry")
    assert (again.status_code, [one["code"] for one in again.json["blockers"]]) == (409, ["message_is_kept"])
    assert f"/messages/{message_id}/retry" not in web("operator").get(f"/messages/{message_id}").text


@sqlite_only
def test_what_is_stuck_goes_again_under_its_own_name(sending: SmsDesk, sandbox: SmsSandbox, api: Callable[[str], Api]):
    sandbox.lose = 1
    poor = sending.with_settings(delivery_attempts=1)
    poor.offer()
    poor.deliver()
    assert poor.item("sms").state == "stuck"
    assert api("operator").post(f"/messages/{poor.last().message_id}/retry").json["state"] == "queued"
    poor.wait(minutes=1)
    poor.deliver()
    assert (poor.item("sms").state, len(sandbox.taken)) == ("delivered", 1)


@sqlite_only
def test_the_sandbox_shows_what_it_took_and_acts_for_its_own_page_alone(sending: SmsDesk, sandbox: SmsSandbox):
    sending.offer()
    sending.deliver()
    [taken] = sandbox.taken
    page = requests.get(sandbox.url, timeout=5)
    assert f"+{PHONE}" in page.text
    form, url = {"id": taken.id, "status": "EXPIRED"}, f"{sandbox.url}/reports"
    foreign = requests.post(url, form, headers={"Origin": "http://evil.example"}, timeout=5)
    assert (foreign.status_code, taken.status) == (403, "QUEUE")
    assert requests.post(url, form, timeout=5).status_code == 200
    assert taken.status == "EXPIRED"
    assert requests.post(url, {**form, "status": "X"}, timeout=5).status_code == 422


def warned(desk: SmsDesk, report: str) -> int:
    """An SMS to Alfa about the work on ticket 115, of which this has become known; its id."""
    with desk.parts.database.transaction() as session:
        ticket = session.scalars(select(Ticket).where(Ticket.number == SAM)).one()
        alfa = session.scalars(select(User).where(User.email == PEOPLE["alfa"].email)).one()
        operations.choose(session, "warning", {"sms": True}, version=None, actor=SYSTEM, now=desk.now())
        said = ("Termin mija", "Jutro mija termin.")
        post(session, to(alfa), "warning", *said, key="test:warning", now=desk.now(), ticket_id=ticket.id)
    desk.deliver()
    return reported(desk, report)


def test_on_its_ticket_an_sms_speaks_as_one_and_goes_again_and_dealers_see_no_number(
    sending: SmsDesk, web: Callable[[str], Web]
):
    message_id = warned(sending, "expired")
    with sending.parts.database.transaction() as session:
        session.add(Attempt(item_id=sending.item("sms").id, started_at=sending.now(), outcome="no_points"))
    staff, dealer = (web(who).get("/tickets/115").text for who in ("operator", "alfa"))
    assert f"/messages/{message_id}/retry" in staff
    assert f"/messages/{message_id}/retry" not in dealer
    assert "bramka przyjęła" in staff
    assert f"+{PHONE}" in staff
    assert PHONE not in dealer
    assert f"<bdi>•••{PHONE[-3:]}</bdi>" in dealer


@sqlite_only
def test_staff_see_on_the_ticket_whatever_sms_no_phone_got(sending: SmsDesk, web: Callable[[str], Web]):
    sending.offer()
    sending.deliver()
    message_id = reported(sending, "undelivered")
    assert f"/messages/{message_id}/retry" in web("operator").get("/tickets/115").text
    reported(sending, "delivered")
    assert f"/messages/{message_id}" not in web("operator").get("/tickets/115").text
