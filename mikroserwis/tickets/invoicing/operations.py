"""Giving the final invoice: the ticket's row is locked, so that of two only one is the newest."""

from datetime import datetime

from sqlalchemy import select
from sqlalchemy.exc import IntegrityError
from sqlalchemy.orm import Session

from mikroserwis import history
from mikroserwis.access import Actor
from mikroserwis.errors import FieldError, Invalid, Refused
from mikroserwis.models import File, FinalInvoice, Quote, Ticket
from mikroserwis.tickets.invoicing import queries
from mikroserwis.tickets.invoicing.forms import InvoiceIn
from mikroserwis.tickets.operations.automatic import try_close
from mikroserwis.tickets.operations.papers import Upload
from mikroserwis.tickets.settlement import Settlement, settlement

KIND = "final_invoice"


def require_possible(session: Session, ticket: Ticket) -> Settlement:
    """Raises Refused with why no invoice can be given now."""
    found = settlement(session, ticket)
    blockers = queries.blockers(ticket, found)
    if blockers:
        raise Refused("invoice", blockers)
    return found


def give(
    session: Session, ticket: Ticket, wanted: InvoiceIn, upload: Upload, *, actor: Actor, now: datetime
) -> tuple[FinalInvoice, bool]:
    """A newer one replaces the former; True if the same was there already. The ticket closes if it waited for it.

    Raises Refused while no quote is accepted, Invalid for a sum that isn't the quote's, a day before the quote, a
    number that this dealer has on another ticket, and pages of ours.
    """
    found = require_possible(session, ticket)
    former = found.invoice
    _check(session, ticket, wanted, upload, found)
    if former is not None and found.stands and _is_same(former, wanted, upload):
        return former, True
    invoice = _keep(session, ticket, wanted, upload, found, actor=actor, now=now)
    history.record(
        session,
        "invoice",
        actor=actor,
        now=now,
        ticket=ticket,
        about_dealer=ticket.dealer_id,
        number=invoice.number,
        gross=str(invoice.gross),
        quote=found.label,
        former=former.number if former else "",
    )
    try_close(session, ticket, actor=actor, now=now)
    return invoice, False


def _accepted(found: Settlement) -> Quote:
    if found.accepted is None:
        raise ValueError("no invoice is possible without an accepted quote")
    return found.accepted


def _check(session: Session, ticket: Ticket, wanted: InvoiceIn, upload: Upload, found: Settlement) -> None:
    errors, quote = [], _accepted(found)
    mark = next((one for one in upload.marks if one is not None), None)
    if mark is not None:
        errors.append(FieldError("file", "ours_not_an_invoice", {"name": upload.name, "kind": mark.paper}))
    if wanted.gross != quote.gross:
        sums = {"quote": found.label, "expected": quote.gross, "given": wanted.gross}
        errors.append(FieldError("gross", "differs_from_quote", sums))
    if wanted.issued_on < quote.made_on:
        errors.append(FieldError("issued_on", "before_the_quote", {"quote": found.label, "day": quote.made_on}))
    taken = _ticket_with(session, ticket, wanted.key)
    if taken is not None:
        errors.append(FieldError("number", "invoice_number_taken", {"number": wanted.number, "ticket": taken}))
    if errors:
        raise Invalid(errors)


def _ticket_with(session: Session, ticket: Ticket, key: str) -> int | None:
    """The number of another ticket of this dealer that has an invoice of this number."""
    return session.scalars(
        select(Ticket.number)
        .join(FinalInvoice, FinalInvoice.ticket_id == Ticket.id)
        .where(
            FinalInvoice.dealer_id == ticket.dealer_id,
            FinalInvoice.number_key == key,
            FinalInvoice.replaced_at.is_(None),
            FinalInvoice.ticket_id != ticket.id,
        )
    ).first()


def _is_same(former: FinalInvoice, wanted: InvoiceIn, upload: Upload) -> bool:
    said = (former.number, former.issued_on, former.gross, former.file.sha256)
    return said == (wanted.number, wanted.issued_on, wanted.gross, upload.sha256)


def _keep(
    session: Session,
    ticket: Ticket,
    wanted: InvoiceIn,
    upload: Upload,
    found: Settlement,
    *,
    actor: Actor,
    now: datetime,
) -> FinalInvoice:
    former = found.invoice
    if former is not None:
        former.replaced_at = former.file.replaced_at = now
        session.flush()
    file = _file(ticket, upload, former.file.version + 1 if former else 1, actor=actor, now=now)
    session.add(file)
    session.flush()
    invoice = FinalInvoice(
        ticket_id=ticket.id,
        dealer_id=ticket.dealer_id,
        quote_id=_accepted(found).id,
        file_id=file.id,
        number=wanted.number,
        number_key=wanted.key,
        issued_on=wanted.issued_on,
        gross=wanted.gross,
        given_at=now,
        given_by=actor.label,
    )
    try:
        with session.begin_nested():
            session.add(invoice)
    except IntegrityError as error:
        # On another of the dealer's tickets somebody was faster by a moment.
        taken = _ticket_with(session, ticket, wanted.key)
        params = {"number": wanted.number, "ticket": taken}
        raise Invalid([FieldError("number", "invoice_number_taken", params)]) from error
    session.refresh(invoice, ["file", "quote"])
    return invoice


def _file(ticket: Ticket, upload: Upload, version: int, *, actor: Actor, now: datetime) -> File:
    return File(
        ticket_id=ticket.id,
        dealer_id=ticket.dealer_id,
        kind=KIND,
        version=version,
        name=upload.name,
        sha256=upload.sha256,
        size=upload.size,
        content_type=upload.content_type,
        pages=upload.pages,
        uploaded_at=now,
        uploaded_by=actor.label,
    )
