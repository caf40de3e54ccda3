"""Who becomes anonymous is found nowhere, and nobody else is touched: neither a longer name nor a shared mailbox."""

import json

from sqlalchemy import select

from mikroserwis.consents import subjects
from mikroserwis.consents.anonymising import anonymise
from mikroserwis.models import BulkAct, BulkLine, Note, Submission, Ticket
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
