"""The audit over the API, for admins."""

from typing import Any, Literal

from apiflask import APIBlueprint
from flask import request
from pydantic import BaseModel, Field

from mikroserwis import edge
from mikroserwis.bodies import Moment
from mikroserwis.models import Event
from mikroserwis.supervision.audit import presenting, queries
from mikroserwis.supervision.audit.wording import said, sentence

blueprint = APIBlueprint("audit_api", __name__, url_prefix="/api/v1", tag="Supervision")


class AuditQuery(BaseModel):
    """What can't be read in it is as if it weren't there."""

    q: str = Field("", description="Words, each of them in who, what, an old or a new value, or a ticket's number.")
    person: str = Field("", description="Part of the name of who did it.")
    act: str = Field("", description="The act's code, such as company or dealer_change.")
    kind: str = Field("", description="ticket, customer, point, dealer, contact, price, form, user, material or other.")
    record: str = Field("", description="With kind: the id of one record.")
    ticket: str = Field("", description="A ticket's number.")
    first: str = Field("", alias="from", description="First day in Warsaw.", examples=["2026-11-01"])
    to: str = Field("", description="Last day in Warsaw.", examples=["2026-11-30"])
    source: str = Field("", description="web, api, cli or system.")
    address: str = Field("", description="The beginning of an IP address.")
    size: str = Field("25", description="25, 50 or 100.")
    page: str = "1"


class AuditRow(BaseModel):
    """One act. `changes` are [old, new] by field; `data` is what else there is to say."""

    id: int
    at: Moment
    actor: str
    actor_id: int | None
    source: str = Field(examples=["web"])
    address: str
    act: str = Field(examples=["company"])
    text: str = Field(description="What was done, in words.")
    ticket: int | None
    subticket_id: int | None
    customer_id: int | None
    point_id: int | None
    dealer_id: int | None = Field(description="The dealer whose own record was changed.")
    vendor_contact_id: int | None
    price_item_id: int | None
    paper_form_id: int | None
    user_id: int | None
    client_id: int | None
    changes: dict[str, Any]
    data: dict[str, Any]


class AuditPage(BaseModel):
    """`total` is exact up to a bound; past it `total_is_bounded` is true."""

    items: list[AuditRow]
    total: int
    total_is_bounded: bool
    page: int
    pages: int


class ChainOut(BaseModel):
    """`hash` is the newest seal's: kept elsewhere, it proves later that the chain was neither cut off nor made anew.

    `proof` is how the last look at all of it ended, `proved_at` when.
    """

    seals: int
    sealed_at: Moment | None
    hash: str
    unsealed: int
    proof: Literal["whole", "broken", "running", "never"]
    proved_at: Moment | None
    error: str | None


@blueprint.get("/audit")
@blueprint.input(AuditQuery, location="query")
@blueprint.output(AuditPage)
@blueprint.doc(summary="Every change of every record, the newest first, by pages (admins)")
def audit(query_data: AuditQuery) -> AuditPage:  # noqa: ARG001 - documents what `queries.read` reads
    """Filtered as the address asks for."""
    edge.require("audit.see")
    page = queries.fetch(edge.session(), queries.read(request.args))
    items = [_row(one, page.numbers.get(one.ticket_id or 0)) for one in page.items]
    return AuditPage(items=items, total=page.total, total_is_bounded=page.bounded, page=page.page, pages=page.pages)


@blueprint.get("/audit/chain")
@blueprint.output(ChainOut)
@blueprint.doc(summary="How the chain that seals the history stands (admins)")
def audit_chain() -> ChainOut:
    """The newest seal, and the last proof."""
    edge.require("audit.see")
    found = queries.chain(edge.session())
    told = presenting.chain_state(found)
    return ChainOut(
        seals=found.seal.id if found.seal else 0,
        sealed_at=found.seal.sealed_at if found.seal else None,
        hash=found.seal.hash if found.seal else "",
        unsealed=found.unsealed,
        proof=told,
        proved_at=(found.proved.ended_at or found.proved.started_at) if found.proved else None,
        error=found.proved.error if found.proved else None,
    )


def _row(event: Event, number: int | None) -> AuditRow:
    told = said(event)
    plain = ("id", "at", "actor", "actor_id", "source", "address", "subticket_id", "customer_id", "point_id")
    records = ("vendor_contact_id", "price_item_id", "paper_form_id", "user_id", "client_id")
    return AuditRow(
        **{name: getattr(event, name) for name in (*plain, *records)},
        act=event.verb,
        text=sentence(event, told),
        ticket=number,
        dealer_id=event.about_dealer_id,
        changes=told["changes"],
        data={name: value for name, value in told.items() if name != "changes"},
    )
