"""A person made anonymous is found nowhere any more, while books and the sealed history stay whole."""

import io
from threading import Barrier, Thread
from typing import Any

import pytest
from openpyxl import load_workbook
from sqlalchemy import func, select, text

from mikroserwis.accounts import people
from mikroserwis.consents import subjects
from mikroserwis.consents.anonymising import anonymise
from mikroserwis.errors import Invalid, NotFound, Refused
from mikroserwis.models import Anonymised, Event, Message, Note, OutboxItem, SignIn, Ticket, User
from mikroserwis.seals.proof import verify
from mikroserwis.seals.sealing import seal
from tests.consents.conftest import Desk
from tests.support.app import sqlite_only
from tests.support.cast import PEOPLE, SAM
from tests.support.way import Way

MAIL = "krystyna@sieciechow.example"
TRACES = ("Gąska", "alfa@dealer.example", "600100200", "600 100 200")


def make(desk: Desk, code: str, confirmation: str | None, who: str = "admin") -> str:
    with desk.database.transaction() as session:
        subject = subjects.load(session, code)
        return anonymise(session, subject, confirmation, actor=desk.actor(who), now=desk.now).label


def retired(desk: Desk, who: str = "alfa") -> str:
    """The account's code, out of use; the dealer has somebody else."""
    with desk.database.transaction() as session:
        user = session.get_one(User, desk.user_id(who))
        other = {"role": user.role, "dealer_id": user.dealer_id, "created_at": desk.now, "language": "pl"}
        session.add(User(email=f"next-{who}@dealer.example", name="Nowa Osoba", **other))
        people.switch(session, user, active=False, actor=desk.actor("master"), now=desk.now)
        return f"u{user.id}"


def sealed(desk: Desk) -> None:
    while seal(desk.database, desk.now) is not None:
        pass


def test_whoever_is_anonymous_is_found_by_no_page_no_file_and_no_program(desk: Desk, web: Any, api: Any, way: Way):
    way.contract(SAM)
    web("alfa").post(f"/tickets/{SAM}/notes", {"note": "Rozmawiała Łukasz Gąska, tel. 600 100 200."})
    web("operator").post("/sign-in", {"identifier": "alfa@dealer.example", "password": "x"})
    label = make(desk, retired(desk), "łukasz  gąska")
    master = web("master")
    sheet = load_workbook(io.BytesIO(master.get("/supervision/audit/list.xlsx").data)).active
    assert sheet is not None
    shown = [" ".join(str(cell) for cell in row) for row in sheet.iter_rows(values_only=True)]
    paths = ("/people?state=removed", "/supervision/audit?size=100", "/messages?size=100", f"/tickets/{SAM}")
    shown += [master.get(path).text for path in paths]
    paths = ("/accounts?state=removed", "/audit?size=100", "/messages?size=100", f"/tickets/{SAM}/history")
    shown += [api("master").get(path).get_data(as_text=True) for path in paths]
    for trace in TRACES:
        assert [one[:200] for one in shown if trace in one] == [], trace
    assert label in " ".join(shown)
    for trace in TRACES:
        assert api("master").get(f"/audit?q={trace}").json["items"] == [], trace
        assert api("master").get(f"/audit?person={trace}").json["items"] == [], trace
        assert api("master").get(f"/accounts?q={trace}&state=removed").json["items"] == [], trace
    assert api("master").get(f"/audit?person={label}").json["items"] != []


def test_the_history_stays_sealed_and_whole_before_and_after(desk: Desk, way: Way):
    way.contract(SAM)
    sealed(desk)
    with desk.database.reading() as session:
        kept = session.execute(text("SELECT id, actor, address, changes, data FROM history ORDER BY id")).all()
    make(desk, retired(desk), None)
    sealed(desk)
    proof = verify(desk.database)
    assert (proof.is_whole, proof.unsealed) == (True, 0)
    with desk.database.reading() as session:
        now = session.execute(text("SELECT id, actor, address, changes, data FROM history ORDER BY id")).all()
    assert now[: len(kept)] == kept


def test_books_stay_under_a_label(desk: Desk, way: Way):
    way.closed(SAM)
    with desk.database.reading() as session:
        tickets = select(Ticket.number, Ticket.state, Ticket.dealer_id).order_by(Ticket.id)
        before = session.execute(tickets).all()
        acts = session.scalar(select(func.count()).select_from(Event))
    label = make(desk, retired(desk), PEOPLE["alfa"].email)
    with desk.database.reading() as session:
        assert session.execute(tickets).all() == before
        assert session.scalar(select(func.count()).select_from(Event)) == (acts or 0) + 2
        assert set(session.scalars(select(Note.author))) <= {f"{label} (Dealer Alfa)", "Olga Operatorska"}
        user = session.get_one(User, desk.user_id_of(label))
        assert (user.state, user.phone, user.user_name, user.password_hash) == ("removed", None, None, "")
        assert set(session.scalars(select(SignIn.address).where(SignIn.user_id == user.id))) <= {""}


def test_what_waited_for_an_anonymous_contact_is_not_sent(desk: Desk, web: Any):
    krystyna, _other = desk.contact(), desk.contact(name="Jan Nowak", email="jan@sieciechow.example", phone="")
    desk.decide(krystyna, "sms", note="telefonicznie")
    message = desk.post(MAIL, "account_recovery")
    admin, path = web("admin"), f"/personal-data/{krystyna.code}"
    assert "Krystyna Zięba" in admin.get(path).text
    assert admin.post(f"{path}/anonymisation", {"confirmation": "Krystyna"}).status_code == 422
    assert admin.post(f"{path}/anonymisation", {"confirmation": MAIL}).location == "/personal-data#anonymous"
    desk.deliver()
    assert desk.mails(MAIL) == []
    with desk.database.reading() as session:
        kept = session.get_one(Message, message)
        assert (kept.recipient, kept.subject, kept.body) == (f"Anonim {krystyna.code.upper()}", "", "")
        assert session.get_one(OutboxItem, kept.item_id).state == "withheld"
    page = admin.get(f"/customers/{desk.customer_id()}?tab=history").text
    assert "Krystyna" not in page
    assert f"Anonim {krystyna.code.upper()}" in page
    assert admin.get(path).status_code == 404


def test_what_depends_on_a_person_refuses_with_reasons(desk: Desk):
    with pytest.raises(Refused) as refused:
        make(desk, f"u{desk.user_id('seller')}", None)
    assert {one.code for one in refused.value.blockers} == {"account_is_out_of_use", "customers_have_another_seller"}
    with pytest.raises(Refused) as refused:
        make(desk, f"u{desk.user_id('beta')}", None)
    assert [one.code for one in refused.value.blockers] == ["account_is_out_of_use", "no_open_ticket_depends_on_it"]
    with pytest.raises(Refused) as refused:
        make(desk, f"u{desk.user_id('admin')}", None)
    assert [one.code for one in refused.value.blockers] == ["person_is_somebody_else"]
    with pytest.raises(Refused):
        make(desk, desk.contact().code, None)
    with pytest.raises(Invalid):
        make(desk, f"u{desk.user_id('beta')}", "ktoś inny")


def test_of_two_at_once_one_makes_the_person_anonymous(desk: Desk):
    code, barrier, outcomes = retired(desk), Barrier(2), list[str]()

    def go() -> None:
        barrier.wait(10)
        try:
            outcomes.append(make(desk, code, None))
        except NotFound:
            outcomes.append("gone")

    both = [Thread(target=go) for _ in range(2)]
    for one in both:
        one.start()
    for one in both:
        one.join(20)
    assert sorted(outcomes) == [f"Anonim {code.upper()}", "gone"]
    with desk.database.reading() as session:
        assert session.scalar(select(func.count()).select_from(Anonymised)) == 1


@sqlite_only
def test_a_namesake_keeps_its_name(desk: Desk, api: Any):
    first, second = desk.contact(), desk.contact(email="inna@sieciechow.example", phone="")
    desk.decide(second, "sms", note="telefonicznie")
    make(desk, first.code, None)
    with desk.database.reading() as session:
        named = session.scalars(select(Event).where(Event.verb == "consent_give")).one()
        assert "Krystyna Zięba" in named.data
    assert second.code in api("admin").get(f"/customers/{desk.customer_id()}/consents").get_data(as_text=True)
