"""What the guards look at, read from the records. The only reader of rows on the workflows' behalf."""

import json
from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from sqlalchemy import bindparam, select
from sqlalchemy.orm import Session

import workflows
from mikroserwis.access import Actor
from mikroserwis.errors import Blocker, Refused
from mikroserwis.models import (
    Assignment,
    Customer,
    Dealer,
    Delivery,
    DeliveryFile,
    File,
    OutboxItem,
    RetailPoint,
    Subticket,
    SubticketTenure,
    Ticket,
)
from mikroserwis.rulebook import RULES
from mikroserwis.tickets.settlement import settlement
from workflows import (
    SUBTICKET,
    TICKET,
    Connectivity,
    SubticketFacts,
    SubticketState,
    TicketFacts,
    TicketState,
    Workflow,
)

Sent = Collection[tuple[Any, ...]]  # of each file: its id, when the backoffice acknowledged it, the delivery's state
_NO_PARAMS: Mapping[str, Mapping[str, Any]] = {}
# The states in which somebody works on a ticket: files, papers and confirmations belong to a tenure.
AT_WORK = frozenset({"taken", "contract", "suspended"})
POINT_FIELDS = ("name", "street", "postal_code", "city")
COMPANY_FIELDS = ("name", "tax_id", "street", "postal_code", "city", "phone", "email", "representative")


@dataclass(frozen=True)
class Papers:
    """The present tenure's files by what they mean: current ones, and which of them the backoffice has or awaits."""

    current: tuple[File, ...]
    acknowledged: frozenset[int]
    under_way: frozenset[int]

    @property
    def valid(self) -> tuple[File, ...]:
        return tuple(file for file in self.current if file.rejected_at is None)

    @property
    def to_export(self) -> tuple[File, ...]:
        """What a new export would send; the final invoice goes with the closing package."""
        known = self.acknowledged | self.under_way
        return tuple(file for file in self.valid if file.id not in known and file.kind != "final_invoice")

    def kinds(self) -> frozenset[str]:
        return frozenset(file.kind for file in self.valid)

    def rejected(self) -> frozenset[str]:
        return frozenset(file.kind for file in self.current if file.rejected_at is not None)

    def acknowledges(self, kinds: frozenset[str]) -> bool:
        """Whether the backoffice has acknowledged the current file of each of these kinds."""
        return kinds <= {file.kind for file in self.valid if file.id in self.acknowledged}


def papers(session: Session, ticket: Ticket, files: Sequence[File] | None = None, sent: Sent | None = None) -> Papers:
    """The current files of the dealer who has the ticket; out of `files` and `sent` where they are at hand."""
    if files is None:
        current = session.scalars(_CURRENT, {"ticket": ticket.id, "dealer": ticket.dealer_id}).all()
    else:
        own = (one for one in files if one.dealer_id == ticket.dealer_id and one.replaced_at is None)
        current = sorted(own, key=lambda one: one.id)
    sent = sent if sent is not None else [*map(tuple, session.connection().execute(_SENT, {"ticket": ticket.id}))]
    rejected = {file.id for file in current if file.rejected_at is not None}
    return Papers(
        tuple(current),
        frozenset(file_id for file_id, receipt, _state in sent if receipt is not None) - rejected,
        frozenset(file_id for file_id, receipt, state in sent if receipt is None and state == "queued"),
    )


_CURRENT = (
    select(File)
    .where(File.ticket_id == bindparam("ticket"), File.dealer_id == bindparam("dealer"), File.replaced_at.is_(None))
    .order_by(File.id)
)
_SENT = (
    select(DeliveryFile.file_id, Delivery.acknowledged_at, OutboxItem.state)
    .join(Delivery, Delivery.id == DeliveryFile.delivery_id)
    .join(OutboxItem, OutboxItem.id == Delivery.item_id)
    .where(Delivery.ticket_id == bindparam("ticket"), Delivery.purpose == "scans")
)


def awaits_invoice(ticket: Ticket) -> bool:
    """Only where a ticket can still close the invoice is looked for: one that has closed without stays closed."""
    return ticket.state in {"contract", "suspended"}


def needed_documents(ticket: Ticket) -> frozenset[str]:
    return frozenset(RULES.ticket_types[ticket.type].documents)


def company_is_confirmed(ticket: Ticket) -> bool:
    """Confirmed, and not changed since."""
    return ticket.confirmed_version == ticket.customer.version


def ticket_facts(
    session: Session,
    ticket: Ticket,
    actor: Actor,
    *,
    papers_: Papers | None = None,
    settled: bool | None = None,
    note: str = "",
    reason: str = "",
) -> TicketFacts:
    """The ticket's facts as this actor would act on them; the ticket must be loaded with customer and sub-tickets.

    `papers_` and `settled` (whether the final invoice is) are given where they have been read already.
    """
    held = papers_ or papers(session, ticket)
    if settled is None:
        settled = not awaits_invoice(ticket) or settlement(session, ticket).is_settled
    active, certified = _dealer(session, actor, ticket.type)
    open_ones = [one for one in ticket.subtickets if one.state != "closed"]
    return TicketFacts(
        state=TicketState(ticket.state),
        suspended_from=TicketState(ticket.suspended_from) if ticket.suspended_from else None,
        dealer_is_active=active,
        dealer_is_certified=certified,
        dealer_has_given_it_up=_gave_up(session, ticket, actor),
        has_a_caretaker=ticket.dealer_id is not None,
        company_is_confirmed=company_is_confirmed(ticket),
        needs=needed_documents(ticket),
        on_file=held.kinds(),
        rejected=held.rejected(),
        has_something_to_export=bool(held.to_export),
        subtickets=len(ticket.subtickets),
        open_subtickets=len(open_ones),
        really_closed_subtickets=sum(1 for one in ticket.subtickets if one.outcome == "done"),
        final_invoice_is_settled=settled,
        has_note=bool(note.strip()),
        has_reason=bool(reason.strip()),
    )


def subticket_facts(
    session: Session,
    subticket: Subticket,
    actor: Actor,
    *,
    papers_: Papers | None = None,
    given_up: Collection[int] | None = None,
    connectivity: Connectivity | None = None,
    note: str = "",
    reason: str = "",
) -> SubticketFacts:
    """The sub-ticket's facts; without `connectivity` those of a page, which doesn't ask the platform.

    `papers_` and `given_up` (see `given_up_by`) spare their queries where many are looked at.
    """
    ticket = subticket.ticket
    gave_up = given_up_by(session, ticket, actor) if given_up is None else given_up
    active, certified = _dealer(session, actor, ticket.type)
    asked = RULES.ticket_types[ticket.type].connectivity
    shown = Connectivity.ASKED_ON_CLOSING if asked else Connectivity.NOT_NEEDED
    return SubticketFacts(
        state=SubticketState(subticket.state),
        ticket_state=TicketState(ticket.state),
        scans_are_acknowledged=(papers_ or papers(session, ticket)).acknowledges(needed_documents(ticket)),
        dealer_is_active=active,
        dealer_is_certified=certified,
        dealer_has_given_it_up=subticket.dealer_id != actor.dealer_id and subticket.id in gave_up,
        point_is_complete=not missing_of_point(subticket.point),
        point_is_saved=subticket.point_saved_at is not None,
        connectivity=connectivity or shown,
        other_subtickets_left=sum(
            1 for one in ticket.subtickets if one.id != subticket.id and one.outcome != "withdrawn"
        ),
        was_withdrawn=subticket.outcome == "withdrawn",
        has_note=bool(note.strip()),
        has_reason=bool(reason.strip()),
    )


def missing_of_point(point: RetailPoint) -> tuple[str, ...]:
    """Names of the fields without which a point isn't complete."""
    return tuple(name for name in POINT_FIELDS if not getattr(point, name).strip())


def missing_of_company(customer: Customer) -> tuple[str, ...]:
    """Names of the fields that contract and power of attorney need."""
    return tuple(name for name in COMPANY_FIELDS if not getattr(customer, name).strip())


def decide(
    workflow: Workflow[Any], trigger: str, facts: Any, params: Mapping[str, Mapping[str, Any]] = _NO_PARAMS
) -> Any:
    """The state after the trigger. Raises Refused with each blocker and its particulars."""
    try:
        return workflow.fire(trigger, facts)
    except workflows.Refused as refused:
        raise Refused(trigger, _blockers(workflow, trigger, refused.codes, facts, params)) from refused


def blockers(
    workflow: Workflow[Any], trigger: str, facts: Any, params: Mapping[str, Mapping[str, Any]] = _NO_PARAMS
) -> list[Blocker]:
    """What stands in the way of the trigger, with the particulars that the sentences need."""
    return _blockers(workflow, trigger, workflow.blockers(trigger, facts), facts, params)


def _blockers(
    workflow: Workflow[Any], trigger: str, codes: Sequence[str], facts: Any, params: Mapping[str, Mapping[str, Any]]
) -> list[Blocker]:
    sources = {state for move in workflow.moves if move.trigger == trigger for state in move.sources}
    needed = [str(state) for state in workflow.states if state in sources]
    common = {"state": str(facts.state), "of": workflow.name, "needed": needed}
    return [Blocker(code, {**common, **params.get(code, {})}) for code in codes]


def ticket_blockers(
    trigger: str, facts: TicketFacts, params: Mapping[str, Mapping[str, Any]] = _NO_PARAMS
) -> list[Blocker]:
    return blockers(TICKET, trigger, facts, params)


def subticket_blockers(trigger: str, facts: SubticketFacts, subticket: Subticket) -> list[Blocker]:
    return blockers(SUBTICKET, trigger, facts, point_params(subticket))


def point_params(subticket: Subticket) -> dict[str, dict[str, Any]]:
    """What the sentences about a point need."""
    return {
        "point_is_complete": {"fields": list(missing_of_point(subticket.point)), "point": subticket.point_id},
        "point_is_saved": {"point": subticket.point_id},
        "platform_knows_the_point": {"point": subticket.point_id},
    }


def last_check(subticket: Subticket) -> tuple[dict[str, Any], Blocker] | None:
    """The newest question to the platform that didn't open the gate: what was kept of it, and what it says."""
    if subticket.last_check is None:
        return None
    kept = json.loads(subticket.last_check)
    said = {"stations": kept["silent"], "failure": kept["failure"], "point": subticket.point_id}
    return kept, Blocker(_GATE.get(kept["verdict"], "platform_has_answered"), said)


_GATE = {
    Connectivity.STATIONS_SILENT: "every_station_reports",
    Connectivity.POINT_UNKNOWN: "platform_knows_the_point",
}


def _dealer(session: Session, actor: Actor, type_: str) -> tuple[bool, bool]:
    """Whether the acting dealer is active and certified; for others the question doesn't arise."""
    if not actor.is_dealer:
        return True, True
    dealer = session.get_one(Dealer, actor.dealer_id)
    return dealer.active, any(one.type == type_ for one in dealer.types)


def _gave_up(session: Session, ticket: Ticket, actor: Actor) -> bool:
    """A dealer who had a ticket that is not its own now."""
    if not actor.is_dealer or ticket.dealer_id == actor.dealer_id:
        return False
    query = select(Assignment.id).where(
        Assignment.ticket_id == ticket.id,
        Assignment.dealer_id == actor.dealer_id,
        Assignment.ended_by.is_distinct_from("undone"),
    )
    return session.scalars(query.limit(1)).first() is not None


def given_up_by(session: Session, ticket: Ticket, actor: Actor) -> frozenset[int]:
    """Ids of the ticket's sub-tickets that the actor's dealer has had and given up."""
    if not actor.is_dealer:
        return frozenset()
    ids = [one.id for one in ticket.subtickets]
    return frozenset(session.connection().scalars(_GIVEN_UP, {"ids": ids, "dealer": actor.dealer_id}))


_GIVEN_UP = select(SubticketTenure.subticket_id).where(
    SubticketTenure.subticket_id.in_(bindparam("ids", expanding=True)),
    SubticketTenure.dealer_id == bindparam("dealer"),
)
