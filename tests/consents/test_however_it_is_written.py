"""A person is found however somebody wrote it: the telephone in groups or without, the name in great letters."""

from sqlalchemy import select

from mikroserwis.consents import subjects
from mikroserwis.consents.anonymising import anonymise
from mikroserwis.models import Assignment, DeadlineExtension, DealerAbsence, Event, Note, Ticket
from tests.consents.conftest import Desk
from tests.support.app import sqlite_only
from tests.support.cast import SAM


def gone(desk: Desk, code: str) -> None:
    """Somebody else is left to be asked about open tickets."""
    desk.contact(name="Ewa Lis", email="", phone="")
    with desk.database.transaction() as session:
        anonymise(session, subjects.load(session, code), None, actor=desk.actor("admin"), now=desk.now)


def ticket(desk: Desk) -> Ticket:
    with desk.database.reading() as session:
        return session.scalars(select(Ticket).where(Ticket.number == SAM)).one()


def test_a_telephone_and_a_name_are_replaced_however_they_are_written(desk: Desk):
    person = desk.contact(name="Żaneta Świątek", email="", phone="+48 601 222 333")
    ways = (
        "601222333",
        "601-222-333",
        "601 222 333",
        "+48601222333",
        "0048601222333",
        "ŻANETA ŚWIĄTEK",
        "żaneta świątek",
    )
    with desk.database.transaction() as session:
        for way in ways:
            text = f"Dzwonić: {way}, po 15."
            session.add(Note(ticket_id=ticket(desk).id, text=text, author_id=None, author="Olga", at=desk.now))
    gone(desk, person.code)
    with desk.database.reading() as session:
        texts = session.scalars(select(Note.text).where(Note.author == "Olga")).all()
    assert set(texts) == {f"Dzwonić: Anonim {person.code.upper()}, po 15."}
    assert len(texts) == len(ways)


@sqlite_only
def test_reasons_of_absences_and_of_more_time_bear_the_label(desk: Desk):
    person = desk.contact(name="Krystyna Zięba")
    said, today = "Prosiła Krystyna Zięba", desk.now.date()
    with desk.database.transaction() as session:
        assignment = session.scalars(select(Assignment).where(Assignment.ticket_id == ticket(desk).id)).one()
        days = {"first_day": today, "last_day": today, "entered_at": desk.now, "entered_by": "Olga"}
        session.add(DealerAbsence(dealer_id=assignment.dealer_id, reason=said, **days))
        asked = {"asked_at": desk.now, "asked_by": "Alfa", "until": today, "stage": "accept", "state": "asked"}
        of = {"ticket_id": assignment.ticket_id, "assignment_id": assignment.id}
        session.add(DeadlineExtension(reason=said, answer=said, **asked, **of))
    gone(desk, person.code)
    with desk.database.reading() as session:
        absence = session.scalars(select(DealerAbsence)).one()
        asked_for = session.scalars(select(DeadlineExtension)).one()
    assert {absence.reason, asked_for.reason, asked_for.answer} == {f"Prosiła Anonim {person.code.upper()}"}


@sqlite_only
def test_who_was_exported_is_told_under_the_label_too(desk: Desk, api):
    first, _namesake = desk.contact(), desk.contact(email="inna@sieciechow.example", phone="")
    assert api("admin").post(f"/personal-data/{first.code}/export").status_code == 200
    gone(desk, first.code)
    with desk.database.reading() as session:
        told = session.scalars(select(Event).where(Event.verb == "person_export")).one()
        assert "Krystyna" not in told.data
