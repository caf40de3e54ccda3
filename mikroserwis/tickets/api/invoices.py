"""The final invoice. Amounts are texts such as 4206.60, in PLN."""

from datetime import date

from apiflask.fields import UploadFile
from pydantic import BaseModel, Field

from mikroserwis import edge
from mikroserwis.bodies import Body, Moment
from mikroserwis.models import FinalInvoice, Ticket
from mikroserwis.pricing import today
from mikroserwis.tickets.api import shown
from mikroserwis.tickets.api.base import QUOTES, TICKET, blueprint, load
from mikroserwis.tickets.api.outputs import BlockerOut, FileOut
from mikroserwis.tickets.invoicing import forms, operations, queries, receiving
from mikroserwis.tickets.settlement import settlement
from mikroserwis.tickets.wording import sentence


class NewInvoice(Body):
    """multipart/form-data"""

    number: str = Field(max_length=1000, examples=["FV/7/2026"])
    issued_on: str = Field(max_length=100, examples=["2026-05-27"], description="A date; 27.05.2026 is read too.")
    gross: str = Field(max_length=1000, examples=["4206.60"], description="PLN; 4 206,60 is read too.")
    file: UploadFile = Field(description="The invoice as PDF.")


class InvoiceOut(BaseModel):
    """`replaced_at` is null for the one that counts."""

    number: str
    issued_on: date
    gross: str
    quote: str = Field(examples=["W/115/2"], description="The quote that was accepted when it was given.")
    file: FileOut
    given_at: Moment
    given_by: str
    replaced_at: Moment | None


class Invoices(BaseModel):
    needed: bool = Field(description="Whether tickets of this type need one.")
    settled: bool
    why_not: str | None = Field(description="no_accepted_quote, missing, rejected or differs.")
    quote: str | None = Field(examples=["W/115/2"], description="The accepted quote.")
    expected_gross: str | None
    items: list[InvoiceOut]
    blockers: list[BlockerOut] = Field(description="Why none can be given now.")


@blueprint.get(f"{TICKET}/final-invoice")
@blueprint.output(Invoices)
@blueprint.doc(summary="The final invoice: what it has to equal, and those that were given, newest first", tags=QUOTES)
def final_invoice(number: int) -> Invoices:
    """A dealer sees those of its own tenure."""
    return _out(load(number, "quotes.see"))


@blueprint.post(f"{TICKET}/final-invoice")
@blueprint.input(NewInvoice, location="files")
@blueprint.output(Invoices, 201)
@blueprint.doc(
    summary="Give the final invoice, or one that replaces it; the ticket closes if it waited for it",
    responses={200: "The same was there already."},
    tags=QUOTES,
)
def give_final_invoice(number: int, files_data: NewInvoice) -> tuple[Invoices, int]:
    """422 differs_from_quote names both sums."""
    receiving.require(number)
    values = {name: getattr(files_data, name) for name in forms.FIELDS}
    wanted = forms.read(values, today(edge.now()))
    upload = receiving.receive(files_data.file)
    ticket = load(number, "invoice.give")
    _invoice, known = operations.give(edge.session(), ticket, wanted, upload, actor=edge.actor(), now=edge.now())
    return _out(ticket), 200 if known else 201


def _out(ticket: Ticket) -> Invoices:
    session = edge.session()
    found = settlement(session, ticket)
    return Invoices(
        needed=found.needed,
        settled=found.is_settled,
        why_not=found.why_not or None,
        quote=found.label or None,
        expected_gross=str(found.accepted.gross) if found.accepted else None,
        items=[_item(ticket, one) for one in queries.visible(session, ticket, edge.actor())],
        blockers=[BlockerOut(code=one.code, message=sentence(one)) for one in queries.blockers(ticket, found)],
    )


def _item(ticket: Ticket, one: FinalInvoice) -> InvoiceOut:
    return InvoiceOut(
        **{name: getattr(one, name) for name in ("number", "issued_on", "given_at", "given_by", "replaced_at")},
        gross=str(one.gross),
        quote=f"W/{ticket.number}/{one.quote.number}",
        file=shown.file(one.file),
    )
