"""The final invoice: equal to the accepted quote or refused, waited for, and the ticket's last step."""

from datetime import UTC, datetime, timedelta
from decimal import Decimal
from typing import Any

import pytest
from sqlalchemy import select
from sqlalchemy.orm import Session

from mikroserwis.access import SYSTEM
from mikroserwis.errors import FieldError, Invalid, Refused
from mikroserwis.messages.operations import choose
from mikroserwis.models import Delivery, DeliveryFile, File, FinalInvoice, Message, Notification, Quote, Ticket
from mikroserwis.pricing import today
from mikroserwis.tickets import queries as ticket_queries
from mikroserwis.tickets.facts import papers, ticket_facts
from mikroserwis.tickets.operations import closing, decisions, handover, pausing
from mikroserwis.tickets.operations.papers import reject
from mikroserwis.tickets.quoting import forms, operations, queries
from mikroserwis.tickets.settlement import GUARD, settlement
from tests.operations.desk import Desk
from tests.support.cast import ARKLITY, LICENCE, SAM

OTHER = 501


def codes(refused: pytest.ExceptionInfo[Refused]) -> list[str]:
    return [one.code for one in refused.value.blockers]


def errors(invalid: pytest.ExceptionInfo[Invalid]) -> dict[str, str]:
    return {one.field: one.code for one in invalid.value.errors}


def accepted(desk: Desk, number: int = SAM) -> Quote:
    found: Quote = desk.look(lambda session, ticket: settlement(session, ticket).accepted, number)
    return found


def invoices(desk: Desk, number: int = SAM) -> list[FinalInvoice]:
    return list(desk.rows(FinalInvoice, number))


def new_version(desk: Desk, quantity: str, number: int = SAM) -> None:
    """Issued and accepted."""

    def again(session: Session, ticket: Ticket, *, actor: Any, now: Any) -> None:
        wanted = forms.read({"lines": [{"item": LICENCE, "quantity": quantity}]}, today(now))
        operations.issue(session, ticket, wanted, actor=actor, now=now)
        quote = queries.present(session, ticket)
        assert quote is not None
        decisions.accept(session, ticket, quote, on=today(now), note="", actor=actor, now=now)

    desk.do(again, number, "alfa", "quotes.make")


def shops_done(desk: Desk, number: int = SAM) -> None:
    for one in desk.at_work(number, "alfa"):
        desk.close(one, "alfa")


def test_after_the_last_shop_the_ticket_waits_for_the_invoice_and_closes_the_moment_it_comes(desk: Desk):
    shops_done(desk)
    assert desk.ticket(SAM).state == "contract"
    assert desk.rows(Delivery, SAM)[-1].purpose == "scans"
    desk.invoice(SAM, "alfa")
    assert (desk.ticket(SAM).state, desk.ticket(SAM).outcome) == ("closed", "done")
    assert desk.verbs(SAM)[-2:] == ["invoice", "close"]
    package = desk.rows(Delivery, SAM)[-1]
    with desk.database.reading() as session:
        query = select(File.kind).join(DeliveryFile).where(DeliveryFile.delivery_id == package.id)
        assert package.purpose == "closing"
        assert "final_invoice" in set(session.scalars(query))


def test_an_invoice_given_before_the_last_shop_closes_lets_it_close_the_ticket(desk: Desk):
    (shop,) = desk.at_work(SAM, "alfa")
    desk.invoice(SAM, "alfa")
    assert desk.ticket(SAM).state == "contract"
    assert desk.look(lambda session, ticket: papers(session, ticket).to_export, SAM) == ()
    desk.close(shop, "alfa")
    assert desk.ticket(SAM).state == "closed"


@pytest.mark.parametrize("difference", ["0.01", "-0.01", "1000"])
def test_a_sum_that_differs_by_a_grosz_is_refused_with_both_sums(desk: Desk, difference: str):
    shops_done(desk)
    gross = accepted(desk).gross
    with pytest.raises(Invalid) as invalid:
        desk.invoice(SAM, "alfa", gross=gross + Decimal(difference))
    [error] = invalid.value.errors
    assert (error.field, error.code) == ("gross", "differs_from_quote")
    assert (error.params["expected"], error.params["given"]) == (gross, gross + Decimal(difference))
    assert error.params["quote"] == "W/115/1"
    assert (invoices(desk), desk.ticket(SAM).state) == ([], "contract")


def test_an_invoice_is_neither_older_than_the_quote_nor_of_tomorrow(desk: Desk):
    desk.contract(SAM, "alfa")
    day = accepted(desk).made_on
    with pytest.raises(Invalid) as invalid:
        desk.invoice(SAM, "alfa", issued_on=day - timedelta(days=1))
    assert errors(invalid) == {"issued_on": "before_the_quote"}
    assert desk.invoice(SAM, "alfa", issued_on=day) is not None


def test_the_same_number_on_another_ticket_of_the_dealer_is_refused_naming_it(desk: Desk):
    desk.intake(OTHER)
    for number in (SAM, OTHER):
        desk.contract(number, "alfa")
    desk.invoice(SAM, "alfa", number="FV 7/2026")
    with pytest.raises(Invalid) as invalid:
        desk.invoice(OTHER, "alfa", number="fv7/ 2026")
    [error] = invalid.value.errors
    assert error == FieldError("number", "invoice_number_taken", {"number": "fv7/ 2026", "ticket": SAM})
    assert desk.invoice(OTHER, "alfa", number="FV 8/2026") is not None


def test_a_number_that_was_put_on_the_wrong_ticket_is_free_again_once_it_is_replaced_there(desk: Desk):
    desk.intake(OTHER)
    for number in (SAM, OTHER):
        desk.contract(number, "alfa")
    desk.invoice(SAM, "alfa", number="FV/1")
    desk.invoice(SAM, "alfa", number="FV/2")
    assert desk.invoice(OTHER, "alfa", number="FV/1") is not None


def test_a_newer_invoice_replaces_the_former_which_stays_in_history(desk: Desk):
    desk.contract(SAM, "alfa")
    desk.invoice(SAM, "alfa", number="FV/1")
    desk.invoice(SAM, "operator", number="FV/1 K")
    former, newer = invoices(desk)
    assert (former.number, former.replaced_at, newer.number, newer.replaced_at) == ("FV/1", desk.now, "FV/1 K", None)
    files = [one for one in desk.rows(File, SAM) if one.kind == "final_invoice"]
    assert [(one.version, one.replaced_at is None) for one in files] == [(1, False), (2, True)]
    assert desk.verbs(SAM).count("invoice") == 2


def test_the_same_invoice_once_more_changes_nothing(desk: Desk):
    desk.contract(SAM, "alfa")
    for _ in range(2):
        desk.invoice(SAM, "alfa")
    assert len(invoices(desk)) == desk.verbs(SAM).count("invoice") == 1


def test_a_new_accepted_version_with_another_sum_unsettles_the_invoice_and_one_with_the_same_does_not(desk: Desk):
    (shop,) = desk.at_work(SAM, "alfa")
    desk.invoice(SAM, "alfa")
    new_version(desk, "2")
    desk.close(shop, "alfa")
    assert desk.ticket(SAM).state == "contract"
    found = desk.look(lambda session, ticket: settlement(session, ticket).params()[GUARD], SAM)
    assert (found["why"], found["quote"]) == ("differs", "W/115/2")
    assert Decimal(found["gross"]) != Decimal(found["invoice_gross"])
    new_version(desk, "1")
    assert desk.ticket(SAM).state == "closed"


def test_an_invoice_that_the_backoffice_rejects_has_to_be_given_anew(desk: Desk):
    (shop,) = desk.at_work(SAM, "alfa")
    invoice = desk.invoice(SAM, "alfa")
    assert invoice is not None

    def refuse(session: Session, ticket: Ticket, *, actor: Any, now: Any) -> None:
        reject(session, ticket, session.get_one(File, invoice.file_id), "Nieczytelna", actor=actor, now=now)

    desk.do(refuse, SAM, "operator", "files.reject")
    desk.close(shop, "alfa")
    assert desk.ticket(SAM).state == "contract"
    desk.invoice(SAM, "alfa", number="FV/115 duplikat")
    assert desk.ticket(SAM).state == "closed"


def test_without_an_accepted_quote_or_a_contract_no_invoice_can_be_given(desk: Desk):
    desk.contract(SAM, "alfa")
    day, gross = accepted(desk).made_on, accepted(desk).gross
    assert desk.invoice(SAM, "alfa") is not None

    def issue(session: Session, ticket: Ticket, *, actor: Any, now: Any) -> None:
        wanted = forms.read({"lines": [{"item": LICENCE, "quantity": "3"}]}, today(now))
        operations.issue(session, ticket, wanted, actor=actor, now=now)

    desk.do(issue, SAM, "alfa", "quotes.make")
    with pytest.raises(Refused) as refused:
        desk.give(SAM, "alfa", number="FV/9", issued_on=day, gross=gross)
    assert codes(refused) == ["quote_is_accepted"]
    desk.take(ARKLITY, "beta")
    with pytest.raises(Refused) as refused:
        desk.give(ARKLITY, "beta", number="FV/9", issued_on=day, gross=gross)
    assert codes(refused) == ["type_has_an_invoice"]


def test_a_closed_ticket_takes_no_invoice_and_a_reopened_one_asks_for_it_again_if_it_has_none(desk: Desk):
    desk.close_all(SAM, "alfa")
    invoice = invoices(desk)[0]
    with pytest.raises(Refused) as refused:
        desk.give(SAM, "alfa", number="FV/9", issued_on=invoice.issued_on, gross=invoice.gross)
    assert codes(refused) == ["ticket_is_open"]
    with desk.database.transaction() as session:
        session.delete(session.get_one(FinalInvoice, invoice.id))
    assert desk.ticket(SAM).state == "closed"
    desk.do(closing.reopen, SAM, "admin", "ticket.reopen", reason="Brak faktury")
    (shop,) = desk.subticket_ids(SAM)
    desk.close(shop, "alfa")
    assert desk.ticket(SAM).state == "contract"
    desk.invoice(SAM, "alfa")
    assert desk.ticket(SAM).state == "closed"


def test_an_invoice_comes_while_the_ticket_is_suspended_and_closes_it_on_resuming(desk: Desk):
    shops_done(desk)
    desk.do(pausing.suspend, SAM, "alfa", "ticket.suspend", note="Urlop")
    desk.invoice(SAM, "alfa")
    assert desk.ticket(SAM).state == "suspended"
    desk.do(pausing.resume, SAM, "alfa", "ticket.resume")
    assert desk.ticket(SAM).state == "closed"


def test_the_next_dealer_needs_an_invoice_of_its_own_and_sees_nothing_of_the_former(desk: Desk):
    shops_done(desk)
    desk.do(handover.reassign, SAM, "operator", "ticket.reassign", reason="Urlop", to=desk.actor("beta").dealer_id)
    desk.contract(SAM, "beta")
    assert desk.ticket(SAM).state == "contract"
    desk.invoice(SAM, "beta", number="B/1")
    assert desk.ticket(SAM).state == "closed"


def test_the_dealer_is_mailed_once_that_only_the_invoice_is_missing(desk: Desk):
    shops_done(desk)
    desk.do(pausing.suspend, SAM, "alfa", "ticket.suspend", note="Urlop")
    desk.do(pausing.resume, SAM, "alfa", "ticket.resume")
    (mail,) = [one for one in desk.rows(Message, SAM) if one.event == "invoice_missing"]
    assert mail.recipient == "alfa@dealer.example"
    assert "W/115/1" in mail.body
    blockers = desk.look(
        lambda session, ticket: ticket_queries.missing_for_closing(
            ticket_facts(session, ticket, desk.actor("alfa")), settlement(session, ticket)
        ),
        SAM,
    )
    assert [one.code for one in blockers] == [GUARD]
    assert blockers[0].params["why"] == "missing"


def test_where_no_mail_tells_it_the_dealer_reads_once_too_that_only_the_invoice_is_missing(desk: Desk):
    with desk.database.transaction() as session:
        choose(session, "invoice_missing", {"email": False}, version=None, actor=SYSTEM, now=datetime.now(UTC))
    shops_done(desk)
    desk.do(pausing.suspend, SAM, "alfa", "ticket.suspend", note="Urlop")
    desk.do(pausing.resume, SAM, "alfa", "ticket.resume")
    assert [one for one in desk.rows(Message, SAM) if one.event == "invoice_missing"] == []
    assert len([one for one in desk.rows(Notification, SAM) if one.event == "invoice_missing"]) == 1
