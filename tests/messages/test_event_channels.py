"""The table of which act is told over which channel: who may change it, what can't be, and that it is obeyed."""

import re
from collections.abc import Callable
from datetime import UTC, datetime
from typing import Any

from sqlalchemy import select

from mikroserwis import channels, posting, sms
from mikroserwis.access import SYSTEM
from mikroserwis.accounts import people
from mikroserwis.edge import Parts
from mikroserwis.models import Event, Message, Notification, OutboxItem, User
from mikroserwis.telling import EVENTS
from tests.messages.desk import OPERATIONS, Desk
from tests.support.app import sqlite_only
from tests.support.cast import PEOPLE
from tests.support.people import Api, Web
from tests.support.way import Way

Apis = Callable[[str], Api]
Webs = Callable[[str], Web]


def row(api: Api, event: str) -> dict[str, Any]:
    found: dict[str, Any] = next(one for one in api.get("/messages/events").json["items"] if one["event"] == event)
    return found


def told(parts: Parts, event: str) -> tuple[int, int]:
    """How many messages and notifications of an event there are."""
    with parts.database.reading() as session:
        kinds = (Message, Notification)
        found = [len(session.scalars(select(kind).where(kind.event == event)).all()) for kind in kinds]
    return found[0], found[1]


def form_of(page: str) -> dict[str, str]:
    """What a browser would send: ticked boxes that may be changed, and versions."""
    inputs = re.findall(r"<input [^>]*>", page)
    fields = [one for one in inputs if 'type="hidden"' in one or ("checked" in one and "disabled" not in one)]
    return {found[1]: found[2] for one in fields if (found := re.search(r'name="([^"]+)" value="([^"]*)"', one))}


def test_as_shipped_everything_is_told_by_mail_and_on_the_page_and_nothing_by_sms(api: Apis):
    items = api("operator").get("/messages/events").json["items"]
    assert {one["event"] for one in items} == set(channels.told())
    for one in items:
        assert (one["email"], one["sms"], one["version"]) == (True, False, 0)
    assert [one["event"] for one in items if not one["in_page"]] == ["account_activation", "account_recovery"]


def test_an_event_whose_mail_is_switched_off_is_told_on_the_page_alone(api: Apis, parts: Parts):
    changed = api("admin").put("/messages/events/to_pool", {"email": False, "version": 0})
    assert (changed.status_code, changed.json["email"], changed.json["version"]) == (200, False, 1)
    assert changed.json["changed_by"] == PEOPLE["admin"].name
    before = told(parts, "to_pool")
    api("operator").post("/tickets/115/reassignment", {"reason": "Urlop", "to": "pool"})
    assert told(parts, "to_pool") == (before[0], before[1] + 3)


def test_an_event_that_is_not_told_on_the_page_leaves_nothing_behind_the_bell(api: Apis, desk: Desk):
    api("admin").put("/messages/events/quote", {"in_page": False})
    desk.suspend()
    assert told(desk.parts, "quote") == (1, 0)
    assert desk.mail().recipient == OPERATIONS


def test_a_person_with_a_phone_is_told_by_sms_in_the_words_of_the_event(api: Apis, parts: Parts, way: Way):
    api("master").put("/messages/events/taken_away", {"sms": True, "email": False, "in_page": False})
    api("operator").post("/tickets/115/reassignment", {"reason": "Urlop", "to": 1002})
    with parts.database.reading() as session:
        [sent] = session.scalars(select(Message).where(Message.event == "taken_away"))
    assert (sent.channel, sent.recipient) == ("sms", PEOPLE["alfa"].phone)
    assert "115" in sent.body
    assert "\n" not in sent.body


def test_whom_the_chosen_channels_cannot_reach_is_told_by_mail(api: Apis, parts: Parts):
    """The account manager is an address and nothing more; Beta's person has no phone."""
    api("admin").put("/messages/events/closed", {"email": False})
    api("admin").put("/messages/events/offered", {"email": False, "sms": True, "in_page": False})
    with parts.database.transaction() as session:
        beta = session.scalars(select(User).where(User.email == PEOPLE["beta"].email)).one()
        for event, reader in (("closed", posting.Recipient("ewa@office.example")), ("offered", posting.to(beta))):
            posting.post(session, reader, event, "s", "t", key=f"test:{event}", now=datetime.now(UTC))
    with parts.database.reading() as session:
        sent = select(Message).join(OutboxItem, OutboxItem.id == Message.item_id).where(OutboxItem.key.like("test:%"))
        assert [(one.channel, one.recipient) for one in session.scalars(sent)] == [
            ("email", "ewa@office.example"),
            ("email", PEOPLE["beta"].email),
        ]


@sqlite_only
def test_an_event_that_is_told_nowhere_is_told_to_nobody(api: Apis, parts: Parts):
    api("admin").put("/messages/events/closed", {"email": False, "sms": False, "in_page": False})
    with parts.database.transaction() as session:
        reader, moment = posting.Recipient("ewa@office.example"), datetime.now(UTC)
        assert posting.post(session, reader, "closed", "s", "t", key="test:none", now=moment) is None
    assert told(parts, "closed") == (0, 0)


@sqlite_only
def test_an_sms_of_signs_that_take_two_places_is_cut_off_after_six_parts_too(api: Apis, parts: Parts):
    api("admin").put("/messages/events/scan_rejected", {"sms": True})
    values = {one.name: "[" * 1000 for one in EVENTS["scan_rejected"].variables if not one.flag}
    with parts.database.transaction() as session:
        alfa = session.scalars(select(User).where(User.email == PEOPLE["alfa"].email)).one()
        reader, moment = posting.to(alfa), datetime.now(UTC)
        posting.post(session, reader, "scan_rejected", "s", "t", key="test:long", now=moment, values=values)
    with parts.database.reading() as session:
        [said] = session.scalars(select(Message.body).where(Message.channel == "sms"))
    assert sms.size(said).parts == posting.MOST_PARTS
    assert said.endswith("...")


def test_what_keeps_an_account_safe_is_always_told_by_mail(api: Apis):
    for event in ("password_changed", "second_factor_off", "account_recovery", "quote"):
        refused = api("admin").put(f"/messages/events/{event}", {"email": False})
        assert (refused.status_code, refused.json["errors"][0]["field"]) == (422, "email")
        assert row(api("admin"), event)["fixed"][0] == "email"
    assert api("admin").put("/messages/events/account_activation", {"in_page": True}).status_code == 422
    assert api("admin").put("/messages/events/to_pool", {"sms": True}).status_code == 422
    assert api("admin").put("/messages/events/password_changed", {"email": True}).status_code == 200


@sqlite_only
def test_an_sms_never_bears_the_secret_of_a_link(api: Apis, parts: Parts):
    assert api("admin").put("/messages/events/account_recovery", {"sms": True}).status_code == 200
    with parts.database.transaction() as session:
        alfa = session.scalars(select(User).where(User.email == PEOPLE["alfa"].email)).one()
        people.recover(session, alfa, actor=SYSTEM, now=datetime.now(UTC))
    with parts.database.reading() as session:
        sent = {one.channel: one.body for one in session.scalars(select(Message)) if one.event == "account_recovery"}
    assert "/account/links/" in sent["email"]
    assert "/account/links/" not in sent["sms"]
    assert posting.HIDDEN not in sent["sms"]


def test_a_form_that_stood_open_changes_what_was_ticked_otherwise_and_nothing_else(api: Apis, web: Webs):
    admin = web("admin")
    form = form_of(admin.get("/messages/events").text)
    api("master").put("/messages/events/offered", {"sms": True})
    del form["closed.in_page"]
    assert admin.post("/messages/events", form).status_code == 303
    assert row(api("admin"), "closed")["in_page"] is False
    assert row(api("admin"), "offered")["sms"] is True


def test_of_two_who_choose_for_one_event_the_second_sees_what_the_first_chose(api: Apis, web: Webs):
    admin = web("admin")
    form = form_of(admin.get("/messages/events").text)
    api("master").put("/messages/events/offered", {"sms": True})
    del form["offered.in_page"]
    answer = admin.post("/messages/events", form)
    assert answer.status_code == 409
    assert f"<bdi>{PEOPLE['master'].name}</bdi>" in answer.text
    again = form_of(answer.text)
    assert (again["version.offered"], "offered.in_page" in again, "offered.sms" in again) == ("1", False, False)
    assert row(api("admin"), "offered")["in_page"] is True
    assert admin.post("/messages/events", again).status_code == 303
    assert (row(api("admin"), "offered")["in_page"], row(api("admin"), "offered")["sms"]) == (False, False)


@sqlite_only
def test_a_program_that_read_an_older_table_is_told(api: Apis):
    api("admin").put("/messages/events/offered", {"sms": True, "version": 0})
    stale = api("master").put("/messages/events/offered", {"in_page": False, "version": 0})
    assert (stale.status_code, stale.json["code"], stale.json["version"]) == (409, "changed_meanwhile", 1)
    assert row(api("master"), "offered")["in_page"] is True
    assert api("master").put("/messages/events/offered", {"sms": True, "version": 0}).status_code == 200


def test_every_choice_stands_in_the_history_with_old_and_new(api: Apis, web: Webs, parts: Parts):
    api("admin").put("/messages/events/offered", {"sms": True})
    api("admin").put("/messages/events/offered", {"sms": True})
    with parts.database.reading() as session:
        [event] = session.scalars(select(Event).where(Event.verb == "event_channels"))
    assert (event.actor, event.changes) == (PEOPLE["admin"].name, '{"sms": [false, true]}')
    assert '"event": "offered"' in event.data
    assert "Wiadomości: wybór kanałów zdarzenia" in web("admin").get("/supervision/audit").text


@sqlite_only
def test_operators_read_the_table_and_only_admins_change_it(web: Webs, api: Apis):
    page = web("operator").get("/messages/events").text
    assert "Nowe zgłoszenie" in page
    assert "Zapisz" not in page
    assert len(re.findall(r'type="checkbox"[^>]*disabled', page)) == len(re.findall(r'type="checkbox"', page))
    assert api("operator").put("/messages/events/offered", {"sms": True}).status_code == 403
    assert web("operator").post("/messages/events", {"shown.offered": "sms"}).status_code == 403


@sqlite_only
def test_an_event_that_is_not_there_is_not_found(api: Apis):
    for event in ("nothing", "quote_remark", "../x"):
        assert api("admin").put(f"/messages/events/{event}", {"sms": True}).status_code == 404
    assert "quote_remark" in EVENTS


@sqlite_only
def test_a_form_that_shows_some_events_leaves_the_others_alone(web: Webs, api: Apis):
    form = {"version.closed": "0", "shown.closed": "email in_page", "closed.email": "yes"}
    assert web("admin").post("/messages/events", form).status_code == 303
    assert row(api("admin"), "closed")["in_page"] is False
    assert row(api("admin"), "offered")["email"] is True
