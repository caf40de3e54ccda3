"""Whether the final invoice equals the accepted quote: what closing waits for, on this ticket, in this tenure."""

from collections.abc import Iterable
from dataclasses import dataclass
from typing import Any

from sqlalchemy import bindparam, select
from sqlalchemy.orm import Session, joinedload

from mikroserwis.models import FinalInvoice, Quote, Ticket
from mikroserwis.rulebook import RULES

GUARD = "final_invoice_is_settled"


@dataclass(frozen=True)
class Settlement:
    """The accepted quote and the invoice of the dealer who has the ticket; the invoice with its file."""

    needed: bool
    number: int
    accepted: Quote | None = None
    invoice: FinalInvoice | None = None

    @property
    def is_settled(self) -> bool:
        if not self.needed:
            return True
        return self.accepted is not None and self.stands and self.invoice is not None and self._equal

    @property
    def stands(self) -> bool:
        """There is an invoice, and the backoffice hasn't rejected it."""
        return self.invoice is not None and self.invoice.file.rejected_at is None

    @property
    def _equal(self) -> bool:
        return self.accepted is not None and self.invoice is not None and self.invoice.gross == self.accepted.gross

    @property
    def label(self) -> str:
        """The accepted quote as it is printed: W/115/2; empty without."""
        return f"W/{self.number}/{self.accepted.number}" if self.accepted else ""

    @property
    def why_not(self) -> str:
        """no_accepted_quote, missing, rejected or differs; empty if it is settled."""
        if self.is_settled:
            return ""
        if self.accepted is None:
            return "no_accepted_quote"
        if self.invoice is None:
            return "missing"
        return "differs" if self.stands else "rejected"

    def params(self) -> dict[str, dict[str, Any]]:
        """What the blocker's sentence needs; amounts as texts such as 4206.60."""
        return {
            GUARD: {
                "why": self.why_not,
                "quote": self.label,
                "gross": str(self.accepted.gross) if self.accepted else None,
                "invoice": self.invoice.number if self.invoice else None,
                "invoice_gross": str(self.invoice.gross) if self.invoice else None,
            }
        }


def settlement(
    session: Session,
    ticket: Ticket,
    known: tuple[Iterable[Quote], Iterable[FinalInvoice]] | None = None,
) -> Settlement:
    """As it stands now; `known` are quotes and invoices, all that the ticket's dealer has, where they are at hand."""
    if not RULES.ticket_types[ticket.type].quote:
        return Settlement(False, ticket.number)
    if known is not None:
        quotes = (one for one in known[0] if one.dealer_id == ticket.dealer_id and one.state == "accepted")
        invoices = (one for one in known[1] if one.dealer_id == ticket.dealer_id and one.replaced_at is None)
        return Settlement(True, ticket.number, next(quotes, None), next(invoices, None))
    accepted = session.scalars(_ACCEPTED, _of(ticket)).one_or_none()
    return Settlement(True, ticket.number, accepted, present_invoice(session, ticket))


def present_invoice(session: Session, ticket: Ticket) -> FinalInvoice | None:
    """The newest one of the dealer who has the ticket, with its file."""
    return session.scalars(_INVOICE, _of(ticket)).one_or_none()


def _of(ticket: Ticket) -> dict[str, Any]:
    return {"ticket": ticket.id, "dealer": ticket.dealer_id}


_ACCEPTED = select(Quote).where(
    Quote.ticket_id == bindparam("ticket"), Quote.dealer_id == bindparam("dealer"), Quote.state == "accepted"
)
_INVOICE = (
    select(FinalInvoice)
    .where(
        FinalInvoice.ticket_id == bindparam("ticket"),
        FinalInvoice.dealer_id == bindparam("dealer"),
        FinalInvoice.replaced_at.is_(None),
    )
    .options(joinedload(FinalInvoice.file))
)
