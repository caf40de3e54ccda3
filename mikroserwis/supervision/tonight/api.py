"""What a sweep would take away, over the API, for staff."""

from datetime import UTC
from typing import Literal

from apiflask import APIBlueprint
from flask import request
from pydantic import BaseModel, Field

from mikroserwis import edge
from mikroserwis.bodies import Moment
from mikroserwis.supervision.tonight import moments, presenting, queries
from mikroserwis.tickets.sweeping.planning import Move

blueprint = APIBlueprint("tonight_api", __name__, url_prefix="/api/v1", tag="Supervision")


class TonightQuery(BaseModel):
    at: str = Field(
        "",
        description="The sweep's moment, with its zone or in Warsaw. Left out: the next night's.",
        examples=["2026-12-01T00:15"],
    )
    sort: str = Field("due", description="due, ticket, dealer, to or stage; with - in front the other way round.")


class DealerCount(BaseModel):
    dealer_id: int
    name: str
    tickets: int


class PlannedMove(BaseModel):
    """`to` is empty for the pool; where the policy only tells, it is the dealer that keeps the ticket."""

    ticket: int
    company: str
    type: str
    stage: Literal["take", "contract", "completion"]
    due_at: Moment
    act: Literal["reassign", "pool", "tell"] = Field(description="What the policy does with it.")
    dealer: str
    to: str | None
    why: str


class Tonight(BaseModel):
    """`moves` are the first 500 of those planned; `total` is exact, the other counts are over what was planned."""

    at: Moment
    assumed: str = Field(description="What a look ahead has to suppose.")
    nights_before: int = Field(description="Sweeps that come before this one and are left aside.")
    total: int
    planned: int
    taken_away: int
    to_pool: int
    told: int
    losing: list[DealerCount]
    getting: list[DealerCount]
    moves: list[PlannedMove]


@blueprint.get("/supervision/tonight")
@blueprint.input(TonightQuery, location="query")
@blueprint.output(Tonight)
@blueprint.doc(summary="What the sweep would take away, from whom, to whom and why (staff)")
def tonight(query_data: TonightQuery) -> Tonight:  # noqa: ARG001 - documents what `moments.read` reads
    """Nothing is changed. Another moment than tonight's is planned as if until then nobody did anything."""
    edge.require("supervision.see")
    wanted = moments.read(request.args, edge.now())
    found = queries.preview(edge.session(), wanted)
    return Tonight(
        at=wanted.at.astimezone(UTC),
        assumed=presenting.assumed(),
        nights_before=wanted.nights_before,
        total=found.total,
        planned=len(found.moves),
        taken_away=found.away,
        to_pool=found.to_pool,
        told=found.told,
        losing=[DealerCount(dealer_id=id_, name=name, tickets=count) for id_, name, count in found.losing()],
        getting=[DealerCount(dealer_id=id_, name=name, tickets=count) for id_, name, count in found.getting()],
        moves=[_move(one) for one in found.moves[: presenting.SHOWN]],
    )


def _move(move: Move) -> PlannedMove:
    ticket = move.ticket
    return PlannedMove.model_validate(
        {
            "ticket": ticket.number,
            "company": ticket.company,
            "type": ticket.type,
            "stage": ticket.stage,
            "due_at": ticket.due_at,
            "act": move.act.value,
            "dealer": move.was,
            "to": move.to,
            "why": presenting.why(move),
        }
    )
