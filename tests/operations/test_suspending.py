"""Suspension and resumption: the clock stands, the quote goes to the operations mailbox, and back to where it was."""

import json
from datetime import timedelta

import pytest

from mikroserwis.errors import Invalid, Refused
from mikroserwis.models import File, Note
from mikroserwis.rulebook import RULES
from mikroserwis.tickets import clock
from mikroserwis.tickets.operations import closing, pausing
from tests.operations.desk import Desk
from tests.support.cast import ARKLITY, SAM

TWO_SHOPS = [
    {"point": {"id": 741 + each, "name": "Sklep", "city": "Radom", "street": "Rynek", "postal_code": "26-600"},
     "stations_buy": 1}
    for each in range(2)
]  # fmt: skip


def suspend(desk: Desk, number: int, who: str = "alfa", note: str = "Remont do lata") -> None:
    desk.do(pausing.suspend, number, who, "ticket.suspend", note=note)


def resume(desk: Desk, number: int, who: str = "alfa") -> None:
    desk.do(pausing.resume, number, who, "ticket.resume")


def test_the_clock_stands_while_suspended_and_goes_on_with_what_was_left(desk: Desk):
    desk.contract(SAM, "alfa")
    before = desk.ticket(SAM).due_at
    desk.later(days=2)
    suspend(desk, SAM)
    standing = desk.ticket(SAM)
    assert (standing.state, standing.suspended_from) == ("suspended", "contract")
    assert (standing.due_at, standing.warn_at, standing.stage) == (None, None, None)
    desk.later(days=10)
    resume(desk, SAM)
    after = desk.ticket(SAM)
    assert (after.state, after.suspended_from, after.stage) == ("contract", None, "completion")
    assert before is not None
    assert after.due_at is not None
    assert after.due_at.astimezone(RULES.tz).date() == before.astimezone(RULES.tz).date() + timedelta(days=10)
    assert desk.look(lambda session, ticket: len(clock.pauses(session, ticket, ticket.created_at)), SAM) == 1


def test_it_goes_back_to_where_it_was(desk: Desk):
    desk.take(SAM, "alfa")
    desk.attach(SAM, "quote", "alfa")
    suspend(desk, SAM)
    resume(desk, SAM)
    assert (desk.ticket(SAM).state, desk.ticket(SAM).stage) == ("taken", "contract")


def test_the_quote_is_mailed_to_operations_under_the_manuals_subject(desk: Desk):
    desk.take(SAM, "alfa")
    quote, _known = desk.attach(SAM, "quote", "alfa")
    suspend(desk, SAM)
    (mail,) = desk.mails(SAM, "quote")
    assert (mail.recipient, mail.subject) == (RULES.contacts.operations_mailbox, "Wycena")
    assert json.loads(mail.files) == [quote.id]
    assert "Remont do lata" in mail.body
    assert "115" in mail.body
    (told,) = desk.mails(SAM, "suspended")
    assert (told.recipient, json.loads(told.files)) == ("ewa@office.example", [])


def test_the_newest_quote_is_mailed_not_one_that_was_replaced(desk: Desk):
    desk.take(SAM, "alfa")
    desk.attach(SAM, "quote", "alfa", "stara")
    newer, _known = desk.attach(SAM, "quote", "alfa", "nowa")
    suspend(desk, SAM)
    assert json.loads(desk.mails(SAM, "quote")[0].files) == [newer.id]


def test_a_type_without_a_quote_is_suspended_with_a_note_alone(desk: Desk):
    desk.take(ARKLITY, "beta")
    suspend(desk, ARKLITY, "beta")
    assert desk.ticket(ARKLITY).state == "suspended"
    assert desk.mails(ARKLITY, "quote") == []


def test_without_quote_and_note_both_are_asked_for(desk: Desk):
    desk.take(SAM, "alfa")
    with pytest.raises(Refused) as refused:
        suspend(desk, SAM, note=" \u200b ")
    assert [one.code for one in refused.value.blockers] == ["quote_is_uploaded", "note_is_given"]
    assert desk.ticket(SAM).state == "taken"


def test_a_note_of_any_length_or_signs_is_kept_readable_or_refused(desk: Desk):
    desk.take(ARKLITY, "beta")
    with pytest.raises(Invalid) as invalid:
        suspend(desk, ARKLITY, "beta", "x" * 10_000_000)
    assert [(one.field, one.code) for one in invalid.value.errors] == [("note", "too_long")]
    suspend(desk, ARKLITY, "beta", "Pierwsza\r\ndruga\x00\u202elinia\ud800 ąęł 🙂")
    (note,) = [one for one in desk.rows(Note, ARKLITY) if one.act == "suspend"]
    assert note.text == "Pierwsza\ndrugalinia ąęł 🙂"


def test_staff_suspend_and_resume_too(desk: Desk):
    desk.take(ARKLITY, "beta")
    suspend(desk, ARKLITY, "operator")
    resume(desk, ARKLITY, "operator")
    assert desk.verbs(ARKLITY)[-2:] == ["suspend", "resume"]


def test_papers_that_come_in_while_it_is_suspended_make_it_a_contract_on_resuming(desk: Desk):
    desk.take(SAM, "alfa")
    desk.attach(SAM, "quote", "alfa")
    suspend(desk, SAM)
    desk.confirm(SAM, "alfa")
    for kind in ("contract", "power_of_attorney"):
        desk.attach(SAM, kind, "alfa")
    assert desk.ticket(SAM).state == "suspended"
    assert len(desk.rows(File, SAM)) == 3
    resume(desk, SAM)
    assert desk.ticket(SAM).state == "contract"


def test_a_ticket_whose_last_open_shop_was_withdrawn_meanwhile_closes_on_resuming(desk: Desk):
    desk.intake(501, subtickets=TWO_SHOPS)
    shops = desk.ready(501, "alfa")
    desk.close(shops[0], "alfa")
    suspend(desk, 501)
    desk.do_sub(closing.withdraw_subticket, shops[1], "operator", "subticket.withdraw", reason="Nie powstanie")
    assert desk.ticket(501).state == "suspended"
    resume(desk, 501)
    assert (desk.ticket(501).state, desk.ticket(501).outcome) == ("closed", "done")


def test_a_sub_ticket_is_suspended_with_a_note_and_goes_on(desk: Desk):
    (shop,) = desk.ready(SAM, "alfa")
    with pytest.raises(Refused) as refused:
        desk.do_sub(pausing.suspend_subticket, shop, "alfa", "subticket.suspend", note="")
    assert [one.code for one in refused.value.blockers] == ["note_is_given"]
    desk.do_sub(pausing.suspend_subticket, shop, "alfa", "subticket.suspend", note="Brak prądu")
    due = desk.ticket(SAM).due_at
    assert desk.ticket(SAM).subtickets[0].state == "suspended"
    desk.later(days=1)
    desk.do_sub(pausing.resume_subticket, shop, "alfa", "subticket.resume")
    assert desk.ticket(SAM).subtickets[0].state == "taken"
    assert desk.ticket(SAM).due_at == due
