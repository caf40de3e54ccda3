"""SMS of the outbox: to the gateway or to a folder, once, whatever goes wrong; and what became of them."""

from datetime import UTC, datetime
from http.server import BaseHTTPRequestHandler
from threading import Event
from urllib.parse import parse_qsl

import pytest
from pydantic import SecretStr
from sqlalchemy import select

from mikroserwis.models import Consent, User
from mikroserwis.sms.sandbox import SmsSandbox
from mikroserwis.sweeps import sms as sweep
from tests.sms.desk import PHONE, SmsDesk, gateway_that, saying
from tests.support.app import sqlite_only
from tests.support.cast import PEOPLE
from tests.sweeps import worker

TOKEN = SecretStr("sandbox")


def test_without_a_gateway_an_sms_lies_in_the_data_folder(desk: SmsDesk):
    desk.offer()
    assert desk.deliver().given_up == 0
    [kept] = (desk.parts.settings.data / "sms").glob("*.txt")
    assert kept.read_text("utf-8").startswith(f"To: +{PHONE}\n")
    assert "115" in kept.read_text("utf-8")
    assert desk.attempts(desk.item("sms")) == ["kept"]


def test_with_a_gateway_an_sms_leaves_once_and_its_price_is_known(sending: SmsDesk, sandbox: SmsSandbox):
    sending.offer()
    sending.deliver()
    assert sending.deliver().tried == 0
    [taken], [(message, sms)] = sandbox.taken, sending.sms()
    assert (taken.to, taken.text, taken.idx) == (PHONE, message.body, sms.idx)
    assert (message.recipient, sms.gateway_id, sms.report) == (f"+{PHONE}", taken.id, "under_way")
    assert str(sms.points) == "0.3300"
    assert sms.parts == 2


@sqlite_only
def test_who_has_no_phone_and_what_is_not_told_by_sms_makes_none(sending: SmsDesk):
    with sending.parts.database.transaction() as session:
        session.scalars(select(User).where(User.email == PEOPLE["alfa"].email)).one().phone = None
    sending.offer()
    assert sending.sms() == []
    assert sending.messages("offered")


def test_an_answer_that_was_lost_sends_no_phone_anything_twice(sending: SmsDesk, sandbox: SmsSandbox):
    sandbox.lose = 1
    sending.offer()
    assert sending.deliver().postponed == 1
    sending.wait(minutes=1)
    sending.deliver()
    assert len(sandbox.taken) == 1
    assert sending.item("sms").state == "delivered"
    assert sending.last().gateway_id is None


@sqlite_only
def test_a_worker_killed_between_sending_and_noting_it_sends_nothing_twice(sending: SmsDesk, sandbox: SmsSandbox):
    taken = Event()

    def takes_and_is_silent(handler: BaseHTTPRequestHandler) -> None:
        sandbox.send(dict(parse_qsl(bodies[-1])))
        taken.set()
        handler.rfile.read(1)

    sending.deliver()
    sending.offer()
    with gateway_that(takes_and_is_silent) as (url, bodies):
        settings = sending.with_settings(sms_url=url).parts.settings
        begun, done = worker.context.Event(), worker.context.Event()
        process = worker.context.Process(target=worker.run, args=(settings, 0, begun.set, done.set))
        process.start()
        assert taken.wait(60)
        process.kill()
        process.join()
    assert not done.is_set()
    assert sending.item("sms").state == "queued"
    sending.wait(minutes=10)
    sending.deliver()
    assert sending.item("sms").state == "delivered"
    assert len(sandbox.taken) == 1
    assert sending.attempts(sending.item("sms")) == [None, "delivered"]


@sqlite_only
def test_a_number_that_the_gateway_refuses_is_given_up_at_once(sending: SmsDesk):
    sending.offer()
    with gateway_that(saying({"error": 13, "message": "No correct phone numbers"})) as (url, bodies):
        failing = sending.with_settings(sms_url=url)
        failing.deliver()
        failing.wait(hours=3)
        assert failing.deliver().tried == 0
    assert (len(bodies), sending.item("sms").state) == (1, "rejected")
    assert "No correct phone numbers" in (sending.item("sms").last_error or "")
    assert sending.attempts(sending.item("sms")) == ["bad_number"]


@sqlite_only
def test_an_empty_account_is_waited_for_and_staff_press_again_in_the_end(sending: SmsDesk, sandbox: SmsSandbox):
    sending.offer()
    with gateway_that(saying({"error": 103, "message": "Insufficient credits"})) as (url, _bodies):
        poor = sending.with_settings(sms_url=url, delivery_attempts=2)
        for _ in range(2):
            poor.deliver()
            poor.wait(hours=2)
    assert sending.item("sms").state == "stuck"
    assert sandbox.taken == []


def test_who_has_withdrawn_the_consent_to_sms_gets_none(sending: SmsDesk, sandbox: SmsSandbox):
    sending.offer()
    with sending.parts.database.transaction() as session:
        alfa = session.scalars(select(User).where(User.email == PEOPLE["alfa"].email)).one()
        withdrawn = {"kind": "sms", "given": False, "source": "account", "actor": "Łukasz Gąska"}
        session.add(Consent(user_id=alfa.id, at=datetime.now(UTC), **withdrawn))
    sending.deliver()
    assert sandbox.taken == []
    assert (sending.item("sms").state, sending.attempts(sending.item("sms"))) == ("withheld", ["withheld_sms"])


def test_where_the_gateway_cannot_call_it_is_asked_until_the_end_is_known(sending: SmsDesk, sandbox: SmsSandbox):
    sending.offer()
    sending.deliver()
    assert not sweep.look(sending.parts, sending.now)
    sending.wait(minutes=2)
    assert sweep.look(sending.parts, sending.now)
    assert sending.last().report == "under_way"
    sandbox.taken[0].status = "DELIVERED"
    assert not sweep.look(sending.parts, sending.now)
    sending.wait(minutes=6)
    assert sweep.look(sending.parts, sending.now)
    assert sending.last().report == "delivered"
    sending.wait(days=30)
    assert not sweep.look(sending.parts, sending.now)


@sqlite_only
def test_a_gateway_that_never_says_is_asked_less_and_less_and_then_no_more(sending: SmsDesk):
    sending.offer()
    sending.deliver()
    asked = 0
    with gateway_that(saying(b"", 503)) as (url, bodies):
        silent = sending.with_settings(sms_url=url)
        for _ in range(20):
            silent.wait(days=2)
            asked += sweep.look(silent.parts, silent.now)
    assert len(bodies) == asked == len(sweep.PAUSES)
    assert sending.last().report == "under_way"


@pytest.mark.parametrize("base", ["http://127.0.0.1:8000", "http://localhost"])
@sqlite_only
def test_a_gateway_elsewhere_is_not_told_to_call_this_machine(sending: SmsDesk, base: str):
    told = sending.with_settings(base_url=base, sms_url="https://api.smsapi.example").parts.settings
    assert sweep._notify_url(told, "x") == ""
    public = told.model_copy(update={"base_url": "https://mikroserwis.example"})
    assert sweep._notify_url(public, "x").startswith("https://mikroserwis.example/sms/reports/x/")
