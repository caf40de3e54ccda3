"""Persons decide for themselves, staff record what they were told; each decision is kept with its wording."""

from typing import Any

import pytest
from sqlalchemy import select

from mikroserwis.consents import operations
from mikroserwis.errors import Conflict, Invalid, NotFound
from mikroserwis.models import Consent, ConsentText
from tests.consents.conftest import Desk
from tests.support.app import sqlite_only


def rows(desk: Desk) -> list[tuple[str, bool, str, str, str]]:
    with desk.database.reading() as session:
        found = session.scalars(select(Consent).order_by(Consent.id)).all()
        return [(one.kind, one.given, one.source, one.actor, one.note) for one in found]


def test_staff_record_on_the_customers_page_what_a_person_said_and_how_it_came(desk: Desk, web: Any):
    krystyna, staff = desk.contact(), web("operator")
    path = f"/customers/{desk.customer_id()}"
    page = staff.get(f"{path}?tab=consents").text
    assert page.count("brak decyzji") == 3
    sent = {"person": krystyna.code, "kind": "sms", "given": "yes", "note": "telefonicznie"}
    answer = staff.post(f"{path}/consents", sent)
    assert answer.location == f"{path}?tab=consents#person-{krystyna.code}"
    staff.post(f"{path}/consents", {**sent, "given": "no", "note": "list z 3 listopada"})
    expected = [("sms", True, "office", "Olga Operatorska", "telefonicznie")]
    assert rows(desk) == [*expected, ("sms", False, "office", "Olga Operatorska", "list z 3 listopada")]
    page = staff.get(f"{path}?tab=consents").text
    assert "list z 3 listopada" in page
    assert "Treść, na którą wyrażono zgodę: wersja 1" in page
    assert "Zapisano wycofanie zgody „SMS”: Krystyna Zięba" in staff.get(f"{path}?tab=history").text
    assert "Zgoda: wycofana" in web("master").get("/supervision/audit").text


def test_a_decision_without_how_it_came_is_refused_with_what_was_typed(desk: Desk, web: Any):
    krystyna = desk.contact()
    sent = {"person": krystyna.code, "kind": "marketing", "given": "no", "note": " "}
    answer = web("operator").post(f"/customers/{desk.customer_id()}/consents", sent)
    assert answer.status_code == 422
    assert "to jest dowód" in answer.text
    assert '<option value="marketing" selected>' in answer.text
    assert rows(desk) == []


@sqlite_only
def test_only_the_customers_own_people_can_be_named(desk: Desk, web: Any):
    desk.contact()
    path = f"/customers/{desk.customer_id()}/consents"
    for person in ("c99", f"u{desk.user_id('alfa')}", "x", "", "c", "c9999999999999"):
        sent = {"person": person, "kind": "sms", "given": "yes", "note": "x"}
        assert web("operator").post(path, sent).status_code == 422, person
    assert rows(desk) == []


def test_a_person_gives_and_withdraws_on_its_own_page_and_over_the_api(desk: Desk, web: Any, api: Any):
    sam = web("sam")
    assert sam.post("/account/consents", {"kind": "email", "given": "yes"}).location == "/account#consents"
    assert "wyrażona" in sam.get("/account").text
    answer = api("sam").post("/me/consents", {"kind": "email", "given": False})
    assert (answer.status_code, [one["given"] for one in answer.json["decisions"]]) == (201, [False, True])
    assert answer.json["decisions"][1]["text"].startswith("Wyrażam zgodę na otrzymywanie e-maili")
    assert [(given, source) for _kind, given, source, _who, _note in rows(desk)] == [(True, "account"), (False, "api")]
    assert api("sam").post("/me/consents", {"kind": "fax", "given": True}).status_code == 422


def test_what_stands_so_already_is_not_kept_twice(desk: Desk):
    krystyna = desk.contact()
    for _time in range(2):
        desk.decide(krystyna, "sms", note="telefonicznie")
    assert len(rows(desk)) == 1


def test_an_agreement_points_at_its_wording_whatever_is_published_later(desk: Desk, web: Any):
    krystyna, admin = desk.contact(), web("admin")
    desk.decide(krystyna, "sms", note="telefonicznie")
    answer = admin.post("/consents/texts", {"kind": "sms", "language": "pl", "body": "Nowa treść.", "was": "1"})
    assert answer.location == "/consents/texts#sms-pl"
    desk.decide(krystyna, "sms", note="na nowo")
    with desk.database.reading() as session:
        query = select(ConsentText.number).join(Consent, Consent.text_id == ConsentText.id).order_by(Consent.id)
        assert session.scalars(query).all() == [1, 2]
    page = admin.get("/consents/texts").text
    assert "Nowa treść." in page
    assert "1 decyzja" in page
    assert web("operator").post("/consents/texts", {"kind": "sms"}).status_code == 403


@sqlite_only
def test_the_same_wording_is_no_new_version(desk: Desk, api: Any):
    [shown] = [one for one in api("admin").get("/consent-texts").json["items"] if one["language"] == "pl"][:1]
    answer = api("admin").post("/consent-texts", shown)
    assert (answer.status_code, answer.json["version"]) == (201, 1)
    with desk.database.reading() as session:
        assert session.scalars(select(ConsentText)).all() == []


def test_of_two_who_publish_one_after_the_other_the_second_is_told(desk: Desk):
    def publish(body: str) -> int:
        with desk.database.transaction() as session:
            actor = desk.actor("admin")
            return operations.publish(session, "sms", "pl", body, was=1, actor=actor, now=desk.now)

    assert publish("Pierwsza.") == 2
    with pytest.raises(Conflict):
        publish("Druga.")
    with pytest.raises(Invalid), desk.database.transaction() as session:
        operations.publish(session, "sms", "xx", "", was=2, actor=desk.actor("admin"), now=desk.now)


def test_what_is_agreed_to_is_the_wording_that_was_on_the_page(desk: Desk, web: Any, api: Any):
    sam = web("sam")
    sent = {"kind": "email", "given": "yes", "language": "en", "text": "1"}
    assert sam.post("/account/consents", sent).location == "/account#consents"
    with desk.database.transaction() as session:
        kept = session.scalars(select(Consent)).one()
        assert session.get_one(ConsentText, kept.text_id).language == "en"
        admin = desk.actor("admin")
        operations.publish(session, "sms", "en", "Another one.", was=1, actor=admin, now=desk.now)
    late = sam.post("/account/consents", sent | {"kind": "sms"})
    assert late.location == "/account#consents"
    assert desk.known(desk.person("sam")) == {"email": True}
    read = {"kind": "sms", "given": True, "language": "en", "version": 1}
    assert api("sam").post("/me/consents", read).status_code == 409
    assert api("sam").post("/me/consents", read | {"version": 2}).json["decisions"][0]["text"] == "Another one."


def test_a_removed_contacts_decisions_stay_and_pass_to_nobody(desk: Desk):
    first = desk.contact()
    desk.decide(first, "sms", note="telefonicznie")
    desk.remove_contact(first)
    second = desk.contact(name="Jan Nowy")
    with desk.database.reading() as session:
        kept = session.scalars(select(Consent)).one()
        assert kept.contact_id == first.contact_id
    assert desk.known(second) == {}
    with pytest.raises(NotFound):
        desk.decide(first, "sms", given=False, note="telefonicznie")


def test_the_api_records_for_a_customers_person_and_an_import_says_how_it_came(desk: Desk, api: Any):
    krystyna, path = desk.contact(), f"/customers/{desk.customer_id()}/consents"
    sent = {"person": krystyna.code, "kind": "sms", "given": True}
    assert api("operator").post(path, sent | {"source": "import"}).status_code == 422
    made = api("operator").post(path, sent | {"source": "import", "note": "arkusz z targów"})
    assert (made.status_code, made.json["decisions"][0]["note"]) == (201, "arkusz z targów")
    [item] = api("seller").get(path).json["items"]
    assert (item["name"], item["decisions"][0]["source"]) == ("Krystyna Zięba", "import")
    assert api("alfa").get(path).status_code == 404
