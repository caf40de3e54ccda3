"""Quotes: made from the price list, printed, accepted, declined. Amounts are texts such as 1290.00, in PLN."""

from collections.abc import Callable
from datetime import date
from typing import Annotated, Any, Literal

from apiflask.schemas import FileSchema
from flask import Response
from pydantic import BaseModel, Field

from mikroserwis import access, edge
from mikroserwis.bodies import Body, Moment
from mikroserwis.models import Quote, QuoteLine, Ticket
from mikroserwis.pricing import today
from mikroserwis.tickets import documents
from mikroserwis.tickets.api.base import QUOTES, TICKET, blueprint, load
from mikroserwis.tickets.api.outputs import BlockerOut
from mikroserwis.tickets.operations import decisions
from mikroserwis.tickets.quoting import forms, operations, papers, queries
from mikroserwis.tickets.quoting.sums import sums
from mikroserwis.tickets.wording import sentence

QUOTE = f"{TICKET}/quotes/<int(max={2**31 - 1}):version>"
BINARY = FileSchema(type="string", format="binary")
Text = Annotated[str, Field(max_length=1000)]
Long = Annotated[str, Field(max_length=4000)]


class Line(Body):
    """An `item` with `quantity`, the rest is the price list's; or labour with its own name, unit, net and VAT rate."""

    item: Text | None = Field(None, examples=["PCPOS-LIC"], description="The code of an item of the price list.")
    expected_net: Text | None = Field(
        None, description="The item's net price that you know: 422 price_changed if it is another now. Optional."
    )
    quantity: Text = Field(examples=["2"], description="More than 0, at most two decimals.")
    name: Text | None = Field(None, description="Of labour.")
    unit: Text | None = None
    net: Text | None = Field(None, description="PLN for one unit of labour.")
    vat_rate: Literal["23", "8", "5", "0", "zw"] | None = None


class NewQuote(Body):
    lines: list[Line] = Field(max_length=forms.MOST_LINES)
    valid_until: date | None = Field(None, description="Left out: in 30 days.", examples=["2026-12-21"])
    remark: Long | None = Field(None, description="Printed on the quote. Left out: the office's, if it wrote one.")
    based_on: Annotated[int, Field(strict=True, ge=0, le=2**31 - 1)] | None = Field(
        None, description="The newest version that you know, 0 for none: 409 if there is a newer one. Optional."
    )


class Decision(Body):
    """Declining needs a note with the reason: 409 note_is_given."""

    on: date | None = Field(None, description="The day on which the retailer decided. Left out: today.")
    note: Long = Field("", examples=["Telefonicznie, pani Bożena."])


class LineOut(BaseModel):
    position: int
    item: int | None = Field(description="The id of the price list's item; null for labour.")
    name: str
    unit: str
    quantity: str
    unit_net: str
    list_net: str | None = Field(description="The usual price, where a special offer holds.")
    offer: str
    vat_rate: str
    net: str


class VatTotalOut(BaseModel):
    rate: str
    net: str
    vat: str
    gross: str


class DecisionOut(BaseModel):
    on: date
    at: Moment
    by: str
    note: str


class QuoteOut(BaseModel):
    """`state`: issued, accepted, declined or superseded."""

    number: int
    label: str = Field(examples=["W/115/2"])
    state: str
    made_on: date
    valid_until: date
    currency: str
    lines: list[LineOut]
    vat_totals: list[VatTotalOut]
    net: str
    vat: str
    gross: str
    remark: str
    created_at: Moment
    created_by: str
    decision: DecisionOut | None
    file: int | None = Field(description="The upload of this version.")


class Quotes(BaseModel):
    items: list[QuoteOut]
    blockers: list[BlockerOut] = Field(description="Why no quote can be made now.")


@blueprint.get(f"{TICKET}/quotes")
@blueprint.output(Quotes)
@blueprint.doc(summary="The quotes, newest first", tags=QUOTES)
def quotes(number: int) -> Quotes:
    """A dealer sees those of its own tenure."""
    ticket = load(number, "quotes.see")
    return Quotes(
        items=[_out(ticket, one) for one in queries.visible(edge.session(), ticket, edge.actor())],
        blockers=[BlockerOut(code=one.code, message=sentence(one)) for one in queries.blockers(ticket)],
    )


@blueprint.post(f"{TICKET}/quotes")
@blueprint.input(NewQuote)
@blueprint.output(QuoteOut, 201)
@blueprint.doc(summary="Issue a quote; it takes the place of the former version", tags=QUOTES)
def make_quote(number: int, json_data: NewQuote) -> QuoteOut:
    """At the prices and special offers of today."""
    session, actor, now = edge.session(), edge.actor(), edge.now()
    ticket = load(number, "quotes.make")
    wanted = forms.read(_values(json_data), today(now))
    return _out(ticket, operations.issue(session, ticket, wanted, actor=actor, now=now))


@blueprint.get(QUOTE)
@blueprint.output(QuoteOut)
@blueprint.doc(summary="One version of the quote", tags=QUOTES)
def quote(number: int, version: int) -> QuoteOut:
    """As it was issued, with what the retailer said to it."""
    found, ticket = access.quote(edge.session(), edge.actor(), number, version, "quotes.see")
    return _out(ticket, found)


@blueprint.get(f"{QUOTE}.<any({', '.join(papers.FORMATS)}):ending>")
@blueprint.output(BINARY, content_type="application/octet-stream", description="The quote on the formal form.")
@blueprint.doc(summary="The quote to print, as DOCX, PDF or XLSX; a version is the same for ever", tags=QUOTES)
def quote_paper(number: int, version: int, ending: str) -> Response:
    """With the code on every page by which its scan files itself."""
    found, ticket = access.quote(edge.session(), edge.actor(), number, version, "quotes.see")
    return documents.quote_paper(ticket, found, ending).answer()


@blueprint.post(f"{QUOTE}/acceptance")
@blueprint.input(Decision)
@blueprint.output(QuoteOut, 200)
@blueprint.doc(summary="The retailer has accepted the quote", tags=QUOTES)
def accept_quote(number: int, version: int, json_data: Decision) -> QuoteOut:
    """On a day on which it was valid. The final invoice has to be equal to it."""
    return _decided(number, version, json_data, decisions.accept)


@blueprint.post(f"{QUOTE}/decline")
@blueprint.input(Decision)
@blueprint.output(QuoteOut, 200)
@blueprint.doc(summary="The retailer has declined the quote, with the reason", tags=QUOTES)
def decline_quote(number: int, version: int, json_data: Decision) -> QuoteOut:
    """Then the ticket is suspended, or a new version is issued."""
    return _decided(number, version, json_data, operations.decline)


def _decided(number: int, version: int, said: Decision, act: Callable[..., None]) -> QuoteOut:
    session, actor, now = edge.session(), edge.actor(), edge.now()
    found, ticket = access.quote(session, actor, number, version, "quotes.make")
    act(session, ticket, found, on=said.on or today(now), note=said.note, actor=actor, now=now)
    return _out(ticket, found)


def _values(body: NewQuote) -> dict[str, Any]:
    """As the form's reader wants them."""
    lines = [line.model_dump(exclude_none=True, exclude={"expected_net"}) for line in body.lines]
    for line, sent in zip(lines, body.lines, strict=True):
        line["seen"] = sent.expected_net or ""
    based_on = "" if body.based_on is None else str(body.based_on)
    until = body.valid_until.isoformat() if body.valid_until else ""
    return {"lines": lines, "valid_until": until, "remark": body.remark, "based_on": based_on}


def _out(ticket: Ticket, of: Quote) -> QuoteOut:
    names = ("number", "state", "made_on", "valid_until", "currency", "remark", "created_at", "created_by")
    return QuoteOut(
        **{name: getattr(of, name) for name in names},
        label=queries.label(ticket.number, of.number),
        lines=[_line(one) for one in of.lines],
        vat_totals=[
            VatTotalOut(rate=one.rate, net=str(one.net), vat=str(one.vat), gross=str(one.gross))
            for one in sums((line.vat_rate, line.net) for line in of.lines).vat_totals
        ],
        net=str(of.net),
        vat=str(of.vat),
        gross=str(of.gross),
        decision=_decision(of),
        file=of.file_id,
    )


def _line(of: QuoteLine) -> LineOut:
    amounts: dict[str, Any] = {name: str(getattr(of, name)) for name in ("quantity", "unit_net", "net")}
    words = {name: getattr(of, name) for name in ("position", "name", "unit", "offer", "vat_rate")}
    usual = str(of.list_net) if of.list_net is not None else None
    return LineOut(**amounts, **words, item=of.item_id, list_net=usual)


def _decision(of: Quote) -> DecisionOut | None:
    if of.decided_on is None or of.decided_at is None:
        return None
    return DecisionOut(on=of.decided_on, at=of.decided_at, by=of.decided_by or "", note=of.decision_note or "")
