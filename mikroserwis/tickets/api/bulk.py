"""Acts on many tickets, for programs: begun with numbers or a list's filter, told ticket by ticket, undone."""

import json
from datetime import date
from typing import Annotated, Any

from pydantic import BaseModel, Field

from mikroserwis import edge
from mikroserwis.bodies import Body, Moment, Whole
from mikroserwis.errors import FieldError, Invalid
from mikroserwis.models import BulkAct, BulkLine, Dealer
from mikroserwis.tickets.api.acts import receiver
from mikroserwis.tickets.api.base import blueprint
from mikroserwis.tickets.api.inputs import SaidWithAct, To
from mikroserwis.tickets.bulk import act_page, kept, operations, plan
from mikroserwis.tickets.bulk.wishes import EXTEND, POOL, REASSIGN, Chosen, Wish
from mikroserwis.tickets.operations.handover import NEXT
from mikroserwis.tickets.presenting.bulk_bar import MOST
from mikroserwis.tickets.wanted import from_query

BULK = ["Many tickets at once"]
ACT = "/bulk/<string(length=32):batch>"


class ChosenIn(Body):
    number: Whole = Field(examples=[115])
    version: Whole | None = Field(
        None, le=2**31 - 1, description="As it was read: changed since, it is left as it is. Optional."
    )


class Choice(Body):
    """Either `tickets` or `query`."""

    tickets: Annotated[list[ChosenIn], Field(max_length=MOST)] = Field([], description="At most 2000.")
    query: Annotated[str, Field(max_length=4000)] | None = Field(
        None, description="All that GET /tickets finds with this after its question mark.", examples=["state=open"]
    )
    reason: SaidWithAct = Field("", examples=["Dealer jest na urlopie."])


class BulkReassignment(Choice):
    to: To = Field("next", description="next (by the rules), pool, or a dealer's CRM id.", examples=["next"])


class BulkExtension(Choice):
    until: date = Field(description="The new last day.", examples=["2026-12-31"])


class BulkUndo(Body):
    number: Whole | None = Field(None, description="One ticket of it; left out: all.")
    reason: SaidWithAct = Field("", examples=["Dealer wrócił wcześniej."])


class BulkLineOut(BaseModel):
    """`state`: waiting, done, refused, undoing or undone; `codes` and `messages` say why it was not done or undone."""

    number: int
    state: str
    was: str | None
    to: str | None
    due: list[str] | None = Field(description="The deadline's last day before and after.")
    handover: int | None
    codes: list[str]
    messages: list[str]


class BulkOut(BaseModel):
    """`state`: running or done. `act`: reassign, pool or extend; reassign without `dealer_crm_id` is by the rules."""

    batch: str
    act: str
    dealer_crm_id: int | None
    until: date | None
    reason: str
    by: str
    state: str
    failure: str | None
    created_at: Moment
    ended_at: Moment | None
    total: int


class BulkWhole(BulkOut):
    lines: list[BulkLineOut]


class BulkActs(BaseModel):
    items: list[BulkOut]


@blueprint.post("/tickets/bulk-reassignments")
@blueprint.input(BulkReassignment)
@blueprint.output(BulkWhole, 202)
@blueprint.doc(summary="Give many tickets to other dealers or into the pool, with a reason (staff)", tags=BULK)
def reassign_many(json_data: BulkReassignment) -> tuple[BulkWhole, int]:
    """Each succeeds or fails alone. Up to 50 are done with the answer, more in the background."""
    _require()
    to = receiver(json_data.to)
    if isinstance(to, int):
        return _start(json_data, Wish(REASSIGN, to))
    return _start(json_data, Wish(REASSIGN if to == NEXT else POOL))


@blueprint.post("/tickets/bulk-extensions")
@blueprint.input(BulkExtension)
@blueprint.output(BulkWhole, 202)
@blueprint.doc(summary="Move the deadline of many tickets to a later day, with a reason (staff)", tags=BULK)
def extend_many(json_data: BulkExtension) -> tuple[BulkWhole, int]:
    """Each succeeds or fails alone. Up to 50 are done with the answer, more in the background."""
    _require()
    return _start(json_data, Wish(EXTEND, until=json_data.until))


@blueprint.get("/bulk")
@blueprint.output(BulkActs)
@blueprint.doc(summary="The newest acts on many tickets, whoever did them (staff)", tags=BULK)
def list_bulk() -> BulkActs:
    """Without their tickets."""
    acts = operations.recent(edge.session(), edge.actor())
    return BulkActs(items=[BulkOut(**_plain(one)) for one in acts])


@blueprint.get(ACT)
@blueprint.output(BulkWhole)
@blueprint.doc(summary="How far an act on many tickets is, and what became of each (staff)", tags=BULK)
def show_bulk(batch: str) -> BulkWhole:
    """Its lines in the order in which they are done."""
    return _whole(operations.load(edge.session(), edge.actor(), batch))


@blueprint.post(f"{ACT}/undo")
@blueprint.input(BulkUndo)
@blueprint.output(BulkWhole, 202)
@blueprint.doc(
    summary="Undo an act on many tickets within a day, or one ticket of it, with a reason (staff)", tags=BULK
)
def undo_bulk(batch: str, json_data: BulkUndo) -> tuple[BulkWhole, int]:
    """A ticket that its new dealer has taken, or that has gone on since, stays and says why."""
    session, actor, now = edge.session(), edge.actor(), edge.now()
    act = operations.load(session, actor, batch)
    operations.undo(session, act, reason=json_data.reason, number=json_data.number, actor=actor, now=now)
    return _whole(act), 202


def _require() -> None:
    edge.require("tickets.bulk")


def _start(given: Choice, wish: Wish) -> tuple[BulkWhole, int]:
    session, actor, now = edge.session(), edge.actor(), edge.now()
    act = operations.start(
        session, wish, _chosen(given), reason=given.reason, query=given.query or "", actor=actor, now=now
    )
    return _whole(act), 202


def _chosen(given: Choice) -> list[Chosen]:
    """What the list holds is read in this transaction, so that its versions are those of now."""
    if given.query is None:
        return [Chosen(one.number, one.version) for one in given.tickets]
    if given.tickets:
        raise Invalid([FieldError("query", "unknown_value")])
    session, now = edge.session(), edge.now()
    ids = plan.of_list(session, from_query(given.query), edge.actor(), now)
    return [Chosen(one.number, one.version) for one in plan.tickets(session, ids)]


def _plain(act: BulkAct) -> dict[str, Any]:
    names = set(BulkOut.model_fields) - {"by", "dealer_crm_id"}
    dealer = edge.session().get(Dealer, act.to_dealer_id) if act.to_dealer_id is not None else None
    values = {name: getattr(act, name) for name in names}
    return {**values, "by": act.user, "dealer_crm_id": dealer.crm_id if dealer else None}


def _whole(act: BulkAct) -> BulkWhole:
    return BulkWhole(**_plain(act), lines=[_line(one) for one in operations.lines(edge.session(), act)])


def _line(line: BulkLine) -> BulkLineOut:
    told = json.loads(line.told)
    problem = told.get("problem") or told.get("kept")
    return BulkLineOut(
        number=line.number,
        state=line.state,
        was=told.get("was"),
        to=told.get("to"),
        due=told.get("due"),
        handover=line.handover_id,
        codes=kept.codes(problem) if problem else [],
        messages=act_page.why(line),
    )
