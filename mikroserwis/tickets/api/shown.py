"""Records as the API shows them to an actor."""

from collections.abc import Iterable
from datetime import datetime

from sqlalchemy.orm import Session

from mikroserwis.access import Actor, may, subticket_relations, ticket_relations
from mikroserwis.companies import COMPANY_LENGTHS, POINT_LENGTHS
from mikroserwis.models import Dealer, File, Subticket, Ticket
from mikroserwis.rulebook import RULES
from mikroserwis.tickets import ages, queries
from mikroserwis.tickets.api.outputs import (
    ActionOut,
    BlockerOut,
    CheckOut,
    ChoiceOut,
    CompanyLine,
    CompanyOut,
    ContactOut,
    DeadlineOut,
    DealerOut,
    DueOut,
    FileOut,
    HolderOut,
    PointLine,
    PointOut,
    ShareOut,
    Stations,
    SubticketOut,
    TicketLine,
    TicketOut,
)
from mikroserwis.tickets.clock import present_assignment
from mikroserwis.tickets.facts import (
    company_is_confirmed,
    given_up_by,
    last_check,
    missing_of_company,
    papers,
    ticket_facts,
)
from mikroserwis.tickets.listing import Row
from mikroserwis.tickets.offer import choice_of, choice_words
from mikroserwis.tickets.presenting.undoing import last_undoable
from mikroserwis.tickets.wording import sentence
from sla import opened_days

ADDRESS = ("name", "street", "postal_code", "city")


def ticket(session: Session, of: Ticket, actor: Actor, now: datetime) -> TicketOut:
    """The whole ticket; what the actor may not see of it is left out: after resigning, whose it is now."""
    session.flush()
    held, given_up = papers(session, of), given_up_by(session, of, actor)
    contacts = queries.contacts_of_points(session, of)
    relations = ticket_relations(actor, of)
    present = present_assignment(session, of)
    dues = queries.deadlines(session, of, present, now) if may("company.see", relations) else []
    deadlines = [
        DeadlineOut(
            stage=one.stage.value,
            at=one.at,
            state=one.state,
            start=one.start,
            warn_from=one.warn_from,
            met_at=one.met_at,
            used=round(100 * one.used),
        )
        for one in dues
    ]
    return TicketOut(
        number=of.number,
        crm_id=of.crm_id,
        type=of.type,
        state=of.state,
        outcome=of.outcome,
        acquired_by_dealer=of.acquired_by_dealer,
        opened_on=of.opened_on,
        closed_on=of.closed_on,
        days=opened_days(of.opened_on, of.closed_on or now.astimezone(RULES.tz).date()),
        caretaker=dealer(of.dealer) if relations else None,
        company=CompanyLine(tax_id=of.customer.tax_id, name=of.customer.name, city=of.customer.city),
        due=next(
            (DueOut(stage=one.stage, at=one.at, state=one.state) for one in deadlines if one.stage == of.stage), None
        ),
        deadlines=deadlines,
        age=[_share(one) for one in ages.parts(session, of, actor, now)] if may("company.see", relations) else [],
        choice=_choice(session, of) if may("history.see", relations) else None,
        subtickets=[
            _subticket(one, actor, queries.subticket_actions(session, one, actor, held, given_up), contacts[one.id])
            for one in of.subtickets
            if may("subticket.see", subticket_relations(actor, one))
        ],
        files=[file(one) for one in queries.files(session, of, actor)] if may("files.see", relations) else [],
        actions=actions(queries.ticket_actions(of, actor, ticket_facts(session, of, actor, papers_=held))),
        undoable_handover=_undoable(session, of, now) if may("handover.undo", relations) else None,
        version=of.version,
    )


def _undoable(session: Session, of: Ticket, now: datetime) -> int | None:
    found = last_undoable(session, of, now)
    return found.id if found else None


def _share(of: ages.Part) -> ShareOut:
    return ShareOut(holder=of.holder, dealer=dealer(of.dealer), seconds=int(of.time.total_seconds()))


def _choice(session: Session, of: Ticket) -> ChoiceOut | None:
    chosen = choice_of(present_assignment(session, of))
    return ChoiceOut(**chosen, message=choice_words(chosen)) if chosen else None


def line(row: Row, now: datetime) -> TicketLine:
    return TicketLine(
        number=row.number,
        type=row.type,
        state=row.state,
        outcome=row.outcome,
        acquired_by_dealer=row.acquired,
        company=CompanyLine(tax_id=row.tax_id, name=row.company, city=row.city),
        caretaker=row.dealer,
        opened_on=row.opened_on,
        closed_on=row.closed_on,
        days=opened_days(row.opened_on, row.closed_on or now.astimezone(RULES.tz).date()),
        due_stage=row.stage,
        due_at=row.due_at,
    )


def subticket(session: Session, of: Subticket, actor: Actor) -> SubticketOut:
    session.flush()
    held, given_up = papers(session, of.ticket), given_up_by(session, of.ticket, actor)
    offered = queries.subticket_actions(session, of, actor, held, given_up)
    return _subticket(of, actor, offered, queries.contacts_of_points(session, of.ticket)[of.id])


def _subticket(of: Subticket, actor: Actor, offered: Iterable[queries.Action], people: queries.People) -> SubticketOut:
    return SubticketOut(
        id=of.id,
        ticket=of.ticket.number,
        state=of.state,
        outcome=of.outcome,
        point=PointLine(id=of.point_id, **{name: getattr(of.point, name) for name in ADDRESS}),
        stations=Stations(buy=of.stations_buy, exchange=of.stations_exchange),
        dealer=holder(of.dealer) if may("subticket.see", subticket_relations(actor, of)) else None,
        closed_at=of.closed_at,
        actions=actions(offered),
        contacts=[
            ContactOut(role=role, vendor=one.vendor, name=one.name, phone=one.phone, email=one.email)
            for role, one in people.items()
            if one is not None
        ],
        last_check=_check(of),
    )


def dealer(of: Dealer | None) -> DealerOut | None:
    return DealerOut(crm_id=of.crm_id, name=of.name) if of else None


def holder(of: Dealer | None) -> HolderOut | None:
    return HolderOut(crm_id=of.crm_id, name=of.name, phone=of.phone, email=of.email) if of else None


def actions(found: Iterable[queries.Action]) -> list[ActionOut]:
    return [
        ActionOut(
            trigger=one.trigger,
            allowed=one.allowed,
            needs=one.needs or None,
            blockers=[BlockerOut(code=each.code, message=sentence(each)) for each in one.blockers],
        )
        for one in found
    ]


def _check(of: Subticket) -> CheckOut | None:
    found = last_check(of)
    return CheckOut(**found[0], message=sentence(found[1])) if found else None


def company(of: Ticket) -> CompanyOut:
    customer = of.customer
    return CompanyOut(
        **{name: getattr(customer, name) for name in COMPANY_LENGTHS},
        version=customer.version,
        confirmed=company_is_confirmed(of),
        missing=list(missing_of_company(customer)),
    )


def point(of: Subticket) -> PointOut:
    return PointOut(
        id=of.point_id,
        **{name: getattr(of.point, name) for name in POINT_LENGTHS},
        version=of.point.version,
        subticket=of.id,
        saved_at=of.point_saved_at,
    )


def file(of: File) -> FileOut:
    return FileOut(
        **{
            name: getattr(of, name)
            for name in (
                "id",
                "kind",
                "version",
                "name",
                "size",
                "content_type",
                "pages",
                "sha256",
                "rejection",
                "source_name",
                "source_pages",
            )
        },
        uploaded_at=of.uploaded_at,
        uploaded_by=of.uploaded_by,
        state="rejected" if of.rejected_at else "replaced" if of.replaced_at else "current",
    )
