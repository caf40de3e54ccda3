"""More time for a ticket: asked for by its dealer, answered or given unasked by staff."""

from datetime import date

from pydantic import BaseModel, Field

from mikroserwis import edge
from mikroserwis.bodies import Body, Moment
from mikroserwis.models import DeadlineExtension, Ticket
from mikroserwis.tickets.api.base import TICKET, TICKETS, blueprint, load
from mikroserwis.tickets.api.inputs import SaidWithAct, Words
from mikroserwis.tickets.api.outputs import BlockerOut
from mikroserwis.tickets.extending import forms, operations, queries
from mikroserwis.tickets.extending.queries import Days
from mikroserwis.tickets.wording import sentence

_REQUESTS = f"{TICKET}/extension-requests"
_REQUEST = f"{_REQUESTS}/<int(max={2**31 - 1}):request_id>"


class NewExtension(Body):
    """The last day of the present stage, and why."""

    until: str = Field(max_length=100, examples=["2026-06-02"], description="A date; 2.06.2026 is read too.")
    reason: Words = Field(examples=["Sklep jest w remoncie do końca miesiąca."])


class Grant(Body):
    until: str | None = Field(None, max_length=100, description="Another day than was asked for.")
    answer: SaidWithAct = Field("", examples=["Tyle wystarczy."])


class Refusal(Body):
    answer: Words = Field(examples=["Detalista nie może czekać."])


class ExtensionOut(BaseModel):
    """`state`: asked, granted, refused, withdrawn, lapsed. Of one that staff gave unasked `asked_by` gave it."""

    id: int
    ticket: int
    stage: str
    state: str
    until: date = Field(description="The day that was asked for.")
    granted_until: date | None
    reason: str
    answer: str
    asked_at: Moment
    asked_by: str
    decided_at: Moment | None
    decided_by: str | None


class DaysOut(BaseModel):
    """The present deadline's last day, and the first and last day that it may be moved to."""

    due: date
    first: date
    last: date


class Extensions(BaseModel):
    days: DaysOut | None = Field(description="null while nothing is owed; `blockers` say why.")
    blockers: list[BlockerOut]
    items: list[ExtensionOut]


class WaitingRequests(BaseModel):
    items: list[ExtensionOut]


@blueprint.get(f"{TICKET}/extensions")
@blueprint.output(Extensions)
@blueprint.doc(summary="Every request for more time and what became of it, newest first", tags=TICKETS)
def extensions(number: int) -> Extensions:
    """A dealer sees those of its own tenures."""
    session, ticket = edge.session(), load(number, "history.see")
    return Extensions(
        days=_days(queries.days(ticket, edge.now())),
        blockers=[BlockerOut(code=one.code, message=sentence(one)) for one in queries.blockers(ticket)],
        items=[_out(ticket, one) for one in queries.visible(session, ticket, edge.actor())],
    )


@blueprint.get("/extension-requests")
@blueprint.output(WaitingRequests)
@blueprint.doc(summary="Requests for more time that wait for an answer, the oldest first (staff)", tags=TICKETS)
def extension_requests() -> WaitingRequests:
    """Of all tickets."""
    edge.require("extension.decide")
    return WaitingRequests(items=[_out(one.ticket, one.request) for one in queries.waiting(edge.session())])


@blueprint.post(_REQUESTS)
@blueprint.input(NewExtension)
@blueprint.output(ExtensionOut, 201)
@blueprint.doc(summary="Ask for more time for the present stage", tags=TICKETS)
def ask_for_extension(number: int, json_data: NewExtension) -> ExtensionOut:
    """409 no_request_is_open while one waits for its answer."""
    session, ticket = edge.session(), load(number, "extension.ask")
    until, reason = forms.day(json_data.until), json_data.reason
    asked = operations.ask(session, ticket, until=until, reason=reason, actor=edge.actor(), now=edge.now())
    return _out(ticket, asked)


@blueprint.post(f"{_REQUEST}/withdrawal")
@blueprint.output(ExtensionOut)
@blueprint.doc(summary="Withdraw a request for more time", tags=TICKETS)
def withdraw_extension_request(number: int, request_id: int) -> ExtensionOut:
    """409 request_decided if it was answered meanwhile."""
    session, ticket = edge.session(), load(number, "extension.ask")
    asked = queries.request(session, ticket, edge.actor(), request_id)
    operations.withdraw(session, ticket, asked, actor=edge.actor(), now=edge.now())
    return _out(ticket, asked)


@blueprint.post(f"{_REQUEST}/grant")
@blueprint.input(Grant)
@blueprint.output(ExtensionOut)
@blueprint.doc(summary="Grant more time: the day that was asked for, or another (staff)", tags=TICKETS)
def grant_extension(number: int, request_id: int, json_data: Grant) -> ExtensionOut:
    """409 request_decided if it was answered, withdrawn or lapsed meanwhile."""
    session, ticket = edge.session(), load(number, "extension.decide")
    asked = queries.request(session, ticket, edge.actor(), request_id)
    until, answer = forms.day_or_none(json_data.until), json_data.answer
    operations.grant(session, ticket, asked, until=until, answer=answer, actor=edge.actor(), now=edge.now())
    return _out(ticket, asked)


@blueprint.post(f"{_REQUEST}/refusal")
@blueprint.input(Refusal)
@blueprint.output(ExtensionOut)
@blueprint.doc(summary="Refuse more time, with an answer for the dealer (staff)", tags=TICKETS)
def refuse_extension(number: int, request_id: int, json_data: Refusal) -> ExtensionOut:
    """409 request_decided if it was answered, withdrawn or lapsed meanwhile."""
    session, ticket = edge.session(), load(number, "extension.decide")
    asked = queries.request(session, ticket, edge.actor(), request_id)
    operations.refuse(session, ticket, asked, answer=json_data.answer, actor=edge.actor(), now=edge.now())
    return _out(ticket, asked)


@blueprint.post(f"{TICKET}/extensions")
@blueprint.input(NewExtension)
@blueprint.output(ExtensionOut, 201)
@blueprint.doc(summary="Move the present deadline, with a reason (staff)", tags=TICKETS)
def extend_deadline(number: int, json_data: NewExtension) -> ExtensionOut:
    """A request that waits is answered with it."""
    session, ticket = edge.session(), load(number, "extension.decide")
    until, reason = forms.day(json_data.until), json_data.reason
    given = operations.extend(session, ticket, until=until, reason=reason, actor=edge.actor(), now=edge.now())
    return _out(ticket, given)


def _days(of: Days | None) -> DaysOut | None:
    return DaysOut(due=of.due, first=of.first, last=of.last) if of else None


def _out(ticket: Ticket, of: DeadlineExtension) -> ExtensionOut:
    edge.session().flush()
    return ExtensionOut(ticket=ticket.number, **{name: getattr(of, name) for name in _FIELDS})


_FIELDS = tuple(name for name in ExtensionOut.model_fields if name != "ticket")
