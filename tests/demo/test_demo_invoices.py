"""The demo's finished tickets have their invoices, and one waits for its own."""

from sqlalchemy import select

from mikroserwis.edge import Parts
from mikroserwis.models import FinalInvoice, Message, Quote, Subticket, Ticket


def test_every_finished_ticket_with_a_quote_has_an_invoice_equal_to_it(loaded: Parts):
    with loaded.database.reading() as session:
        done = set(session.scalars(select(Ticket.id).where(Ticket.type == "insoft", Ticket.outcome == "done")))
        query = select(FinalInvoice.ticket_id, FinalInvoice.gross, Quote.gross, Quote.state)
        rows = session.execute(query.join(Quote, Quote.id == FinalInvoice.quote_id)).all()
    assert {row[0] for row in rows} == done
    assert len(done) >= 5
    assert all((invoice, state) == (quote, "accepted") for _ticket, invoice, quote, state in rows)


def test_one_ticket_waits_for_its_invoice_and_its_dealer_was_told(loaded: Parts):
    with loaded.database.reading() as session:
        open_shops = select(Subticket.ticket_id).where(Subticket.state != "closed")
        waiting = select(Ticket.id).where(Ticket.state == "contract", Ticket.id.not_in(open_shops))
        [ticket_id] = session.scalars(waiting)
        told = session.scalars(select(Message.ticket_id).where(Message.event == "invoice_missing"))
        assert ticket_id in set(told)
