"""Two invoices at once, one number on two tickets at once, and a process that dies in the middle."""

from collections.abc import Callable

import pytest

from mikroserwis import access
from mikroserwis.errors import Invalid
from mikroserwis.models import File, FinalInvoice
from mikroserwis.tickets.invoicing import operations
from mikroserwis.tickets.invoicing.forms import InvoiceIn
from mikroserwis.tickets.operations.papers import Upload
from mikroserwis.tickets.settlement import settlement
from tests.operations.desk import Desk
from tests.operations.racing import at_once
from tests.support.cast import SAM

OTHER = 501


def attempt(act: Callable[[], object]) -> str:
    try:
        act()
    except Invalid as invalid:
        return invalid.errors[0].code
    return "given"


def test_of_two_invoices_given_at_once_one_counts_and_the_other_is_its_former(desk: Desk):
    desk.contract(SAM, "alfa")
    results = at_once(lambda index: attempt(lambda: desk.invoice(SAM, "alfa", number=f"FV/{index}")), 4)
    assert results == ["given"] * 4
    rows = desk.rows(FinalInvoice, SAM)
    assert len(rows) == 4
    assert [one.replaced_at is None for one in rows] == [False, False, False, True]
    assert sorted(one.version for one in desk.rows(File, SAM) if one.kind == "final_invoice") == [1, 2, 3, 4]


def test_one_number_given_on_two_tickets_at_once_is_kept_on_one(desk: Desk):
    desk.intake(OTHER)
    for number in (SAM, OTHER):
        desk.contract(number, "alfa")
    tickets = (SAM, OTHER)
    results = at_once(lambda index: attempt(lambda: desk.invoice(tickets[index], "alfa", number="FV/1")), 2)
    assert sorted(results) == ["given", "invoice_number_taken"]
    assert len(desk.rows(FinalInvoice, SAM)) + len(desk.rows(FinalInvoice, OTHER)) == 1


def test_what_is_cut_off_before_the_end_has_not_happened_at_all(desk: Desk):
    for one in desk.at_work(SAM, "alfa"):
        desk.close(one, "alfa")
    before = desk.verbs(SAM)

    def cut_off() -> None:
        with desk.database.transaction() as session:
            ticket = access.ticket(session, desk.actor("alfa"), SAM, "invoice.give")
            accepted = settlement(session, ticket).accepted
            assert accepted is not None
            wanted = InvoiceIn("FV/1", accepted.made_on, accepted.gross)
            upload = Upload("faktura.pdf", "a" * 64, 9, "application/pdf", 1)
            operations.give(session, ticket, wanted, upload, actor=desk.actor("alfa"), now=desk.now)
            assert ticket.state == "closed"
            raise KeyboardInterrupt

    with pytest.raises(KeyboardInterrupt):
        cut_off()
    assert (desk.ticket(SAM).state, desk.rows(FinalInvoice, SAM), desk.verbs(SAM)) == ("contract", [], before)
    desk.invoice(SAM, "alfa")
    assert desk.ticket(SAM).state == "closed"
