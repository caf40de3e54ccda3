"""A contact that was deleted: out of sight at once, anonymous in time or as soon as somebody asks."""

from datetime import timedelta
from io import BytesIO
from typing import Any
from zipfile import ZipFile

from sqlalchemy import select

from mikroserwis import consenting
from mikroserwis.consenting import Person
from mikroserwis.customers import contacts, operations
from mikroserwis.models import Consent, Customer, CustomerContact, Event
from mikroserwis.rulebook import RULES
from mikroserwis.seals.proof import verify
from mikroserwis.seals.sealing import seal
from tests.consents.conftest import Desk
from tests.consents.test_retention import counts, run
from tests.support.app import sqlite_only

GIVEN = {"name": "Krystyna Zięba", "email": "krystyna@sieciechow.example", "phone": "+48 601 222 333"}


def entered(desk: Desk, customer_id: int) -> Person:
    with desk.database.transaction() as session:
        of = session.get_one(Customer, customer_id)
        return Person(
            contact_id=contacts.add_contact(session, of, GIVEN, actor=desk.actor("operator"), now=desk.now).id
        )


def deleted(desk: Desk) -> Person:
    person = entered(desk, desk.customer_id())
    desk.decide(person, "email", note="telefonicznie")
    with desk.database.transaction() as session:
        row, of = session.get_one(CustomerContact, person.contact_id), session.get_one(Customer, desk.customer_id())
        contacts.delete_contact(session, of, row, version=row.version, actor=desk.actor("operator"), now=desk.now)
    return person


def history(desk: Desk) -> str:
    with desk.database.reading() as session:
        return " ".join(f"{one.actor} {one.changes} {one.data}" for one in session.scalars(select(Event)))


def test_whoever_is_deleted_is_shown_and_reached_no_more(desk: Desk, web: Any, api: Any):
    person, customer = deleted(desk), desk.customer_id()
    for tab in ("data", "account", "consents"):
        assert "Krystyna" not in web("operator").get(f"/customers/{customer}?tab={tab}").text
    assert web("operator").get(f"/customers/{customer}/contacts/{person.contact_id}").status_code == 404
    assert api("operator").get(f"/customers/{customer}/contacts").json["items"] == []
    answer = api("operator").put(f"/customers/{customer}/contacts/{person.contact_id}", {"name": "Ewa"})
    assert answer.status_code == 404
    given = {"person": person.code, "kind": "sms", "given": True}
    assert api("operator").post(f"/customers/{customer}/consents", given | {"note": "x"}).status_code == 422
    with desk.database.reading() as session:
        assert consenting.reached_by(session, "email", GIVEN["email"]).persons == ()


def test_an_admin_finds_the_deleted_ones_and_makes_them_anonymous_in_the_history_too(desk: Desk, web: Any, api: Any):
    person = deleted(desk)
    assert "Krystyna" in history(desk)
    page = web("admin").get("/personal-data").text
    assert f'href="/personal-data/{person.code}"' in page
    [listed] = api("admin").get("/personal-data/removed-contacts").json["items"]
    assert (listed["code"], listed["name"]) == (person.code, GIVEN["name"])
    assert "Krystyna" not in web("operator").get("/personal-data").text
    data = ZipFile(BytesIO(web("admin").post(f"/personal-data/{person.code}/export").data)).read("data.json").decode()
    assert all(value in data for value in GIVEN.values())
    made = api("admin").post(f"/personal-data/{person.code}/anonymisation", {"confirmation": GIVEN["email"]})
    assert made.status_code == 201
    assert not any(one in history(desk) for one in ("Krystyna", "sieciechow.example", "222 333"))
    assert api("admin").get("/personal-data/removed-contacts").json["items"] == []
    assert web("admin").get(f"/personal-data/{person.code}").status_code == 404


def test_deleted_contacts_become_anonymous_by_themselves_when_a_mistake_would_have_been_noticed(desk: Desk):
    deleted(desk)
    desk.now += timedelta(days=RULES.retention.removed_contacts - 1)
    assert "removed_contacts" not in counts(desk)
    desk.now += timedelta(days=2)
    assert counts(desk)["removed_contacts"] == 1
    assert run(desk)["removed_contacts"] == 1
    assert "Krystyna" not in history(desk)
    assert run(desk)["removed_contacts"] == 0


@sqlite_only
def test_with_a_deleted_customer_its_people_are_anonymous_and_the_seals_hold(desk: Desk):
    office: dict[str, Any] = {"actor": desk.actor("master"), "now": desk.now}
    with desk.database.transaction() as session:
        values = {"name": "Krótko Sp. z o.o.", "tax_id": "5213641211", "country": "PL"}
        of = operations.add_customer(session, values, **office).id
    stays, goes = entered(desk, of), entered(desk, of)
    with desk.database.transaction() as session:
        row = session.get_one(CustomerContact, goes.contact_id)
        contacts.delete_contact(session, session.get_one(Customer, of), row, version=row.version, **office)
    desk.decide(stays, "email", note="telefonicznie")
    while seal(desk.database, desk.now) is not None:
        pass
    with desk.database.transaction() as session:
        operations.delete_customer(session, session.get_one(Customer, of), **office)
    with desk.database.reading() as session:
        assert session.scalars(select(CustomerContact)).all() == []
        assert session.scalars(select(Consent)).one().contact_id is None
    assert verify(desk.database).is_whole
    assert "Krystyna" not in history(desk)
