"""Who becomes anonymous is found nowhere, and nobody else is touched: neither a longer name nor a shared mailbox."""

import json
from io import BytesIO
from typing import Any
from zipfile import ZipFile

from sqlalchemy import select

from mikroserwis.consents import exporting, subjects
from mikroserwis.consents.anonymising import anonymise
from mikroserwis.customers import contacts
from mikroserwis.models import (
    BulkAct,
    BulkLine,
    Customer,
    CustomerContact,
    Message,
    Note,
    OutboxItem,
    Submission,
    Ticket,
    User,
)
from tests.consents.conftest import Desk
from tests.support.app import sqlite_only
from tests.support.cast import SAM

pytestmark = sqlite_only


def gone(desk: Desk, code: str) -> str:
    with desk.database.transaction() as session:
        return anonymise(session, subjects.load(session, code), None, actor=desk.actor("admin"), now=desk.now).label


def note(desk: Desk, text: str) -> int:
    with desk.database.transaction() as session:
        ticket_id = session.scalars(select(Ticket.id).where(Ticket.number == SAM)).one()
        made = Note(ticket_id=ticket_id, text=text, author_id=None, author="Olga Operatorska", at=desk.now)
        session.add(made)
        session.flush()
        return made.id


def text_of(desk: Desk, note_id: int) -> str:
    with desk.database.reading() as session:
        return session.get_one(Note, note_id).text


def test_a_name_and_an_address_are_replaced_only_as_a_whole(desk: Desk):
    others = "Joanna Nowak, Anna Nowakowska, jan@x.pl, an@x.pl.example, an@x.pl-b, +48 600 700 8001"
    desk.contact(name="Ktoś Inny", email="inny@x.pl", phone="")
    anna = desk.contact(name="Anna Nowak", email="an@x.pl", phone="+48 600 700 800")
    written = note(desk, f"{others}; (Anna Nowak), an@x.pl. Tel.+48600700800")
    label = gone(desk, anna.code)
    assert text_of(desk, written) == f"{others}; ({label}), {label}. Tel.{label}"


def test_a_name_is_found_in_json_however_it_is_written(desk: Desk):
    desk.contact(name="Ktoś Inny", email="inny@x.pl", phone="")
    pawel = desk.contact(name="Paweł Żak", email="pawel@x.pl", phone="")
    told = {"note": 'Był tam\nPaweł Żak i "Jan"', "n": 1.50}
    bodies = {"ascii": json.dumps(told), "plain": json.dumps(told, ensure_ascii=False), "none": "{ Paweł Żak"}
    with desk.database.transaction() as session:
        for key, body in bodies.items():
            session.add(Submission(key=key, fingerprint="", at=desk.now, status=200, body=body))
    label = gone(desk, pawel.code)
    with desk.database.reading() as session:
        found = {key: session.get_one(Submission, key).body for key in bodies}
    hidden = {"note": f'Był tam\n{label} i "Jan"', "n": 1.50}
    after = {"ascii": json.dumps(hidden), "plain": json.dumps(hidden, ensure_ascii=False), "none": f"{{ {label}"}
    assert found == after


def test_reasons_of_acts_on_many_tickets_bear_the_label(desk: Desk):
    desk.contact(name="Ktoś Inny", email="inny@x.pl", phone="")
    pawel = desk.contact(name="Paweł Żak", email="pawel@x.pl", phone="")
    with desk.database.transaction() as session:
        whose = {"user_id": desk.user_id("operator"), "user": "Olga Operatorska", "source": "web"}
        reasons = {"reason": "Prosił Paweł Żak", "undo_reason": "Paweł Żak odwołał"}
        act = BulkAct(batch="b", act="pool", created_at=desk.now, total=1, **reasons, **whose)
        session.add(act)
        session.flush()
        undone = json.dumps({"undone": [desk.now.isoformat(), "Paweł Żak (Dealer Alfa)", "prosił Paweł Żak"]})
        session.add(BulkLine(act_id=act.id, place=1, number=SAM, state="undone", told=undone))
    label = gone(desk, pawel.code)
    with desk.database.reading() as session:
        kept, line = session.scalars(select(BulkAct)).one(), session.scalars(select(BulkLine)).one()
        assert (kept.reason, kept.undo_reason) == (f"Prosił {label}", f"{label} odwołał")
        assert json.loads(line.told)["undone"][1:] == [f"{label} (Dealer Alfa)", f"prosił {label}"]


def test_a_mailbox_and_a_telephone_that_others_have_too_stay_theirs(desk: Desk):
    shared = {"email": "biuro@firma.example", "phone": "+48 600 700 800"}
    jan, _ewa = desk.contact(name="Jan Nowak", **shared), desk.contact(name="Ewa Lis", email=shared["email"], phone="")
    with desk.database.transaction() as session:
        session.get_one(Customer, desk.customer_id()).phone = "600-700-800"
    written, message = note(desk, "biuro@firma.example, 600 700 800"), desk.post("Biuro@firma.example")
    gone(desk, jan.code)
    assert text_of(desk, written) == "biuro@firma.example, 600 700 800"
    with desk.database.reading() as session:
        kept = session.get_one(Message, message)
        assert (kept.recipient, kept.body) == ("Biuro@firma.example", "Mamy coś nowego.")
        assert session.get_one(OutboxItem, kept.item_id).state == "queued"


def test_messages_to_an_account_lose_their_text_also_where_the_mailbox_is_shared(desk: Desk):
    desk.contact(email="sam@sieciechow.example")
    account = desk.user_id("sam")
    messages = [desk.post("sam@sieciechow.example") for _message in range(2)]
    with desk.database.transaction() as session:
        session.get_one(Message, messages[0]).user_id = account
        session.get_one(User, account).active = False
    gone(desk, f"u{account}")
    with desk.database.reading() as session:
        assert [session.get_one(Message, one).body for one in messages] == ["", "Mamy coś nowego."]


def test_a_contact_with_the_number_of_a_deleted_one_has_nothing_of_its_history(desk: Desk):
    """Earlier releases deleted the row, and SQLite gives the number of the newest one again."""
    office: dict[str, Any] = {"actor": desk.actor("operator"), "now": desk.now}
    with desk.database.transaction() as session:
        sam = session.get_one(Customer, desk.customer_id())
        former = contacts.add_contact(session, sam, {"name": "Jan Dawny", "email": "dawny@x.example"}, **office)
        number = former.id
        contacts.delete_contact(session, sam, former, version=former.version, **office)
        session.delete(former)
        session.flush()
        contacts.add_contact(session, sam, {"name": "Ewa Nowa", "email": "nowa@x.example"}, **office)
        assert session.scalars(select(CustomerContact.id)).all() == [number]
    out = BytesIO()
    with desk.database.transaction() as session:
        subject = subjects.load(session, f"c{number}")
        exporting.write(session, subject, desk.parts.store, out, desk.now)
    assert subject.names == ("Ewa Nowa",)
    data = ZipFile(out).read("data.json").decode()
    assert ("Ewa Nowa" in data, "Jan Dawny" in data) == (True, False)
