"""Tickets coming in: once per CRM id, with company, shops and the first dealer; a file whole or not at all."""

from dataclasses import replace
from datetime import UTC, datetime, time

from sqlalchemy import select
from sqlalchemy.orm import Session

from mikroserwis import companies, history
from mikroserwis.access import Actor, hold, visible_tickets
from mikroserwis.errors import Conflict, FieldError, Invalid
from mikroserwis.models import Assignment, Customer, Dealer, RetailPoint, Subticket, Ticket
from mikroserwis.rulebook import RULES
from mikroserwis.tickets import notices
from mikroserwis.tickets.clock import reclock
from mikroserwis.tickets.intake_form import PointIn, TicketIn
from mikroserwis.tickets.offer import Dealers, as_text
from sla import Choice


def create(
    session: Session, incoming: TicketIn, *, source: str, actor: Actor, now: datetime, dealers: Dealers | None = None
) -> tuple[Ticket, bool]:
    """The ticket, and whether it is new: the same intake again changes nothing.

    `dealers` are those that a file of tickets is given out to, read once. Raises Conflict(number_taken) if the CRM id
    is known with other data, Invalid if it doesn't fit the records.
    """
    if actor.is_dealer:
        incoming = _own(incoming)
    wait_turn(session)
    known = _known(session, incoming)
    if known is not None:
        if known.intake_hash != incoming.digest():
            raise Conflict("number_taken", number=known.number)
        return known, False
    dealer = _named_dealer(session, incoming, actor)
    customer, filled = _customer(session, incoming, actor, now)
    ticket = _ticket(session, incoming, customer, source=source, now=now)
    for given in incoming.points:
        add_subticket(session, ticket, customer, given, actor)
    _place(session, ticket, dealer, dealers or Dealers(session, now), actor=actor, now=now)
    history.record(session, "create", actor=actor, now=now, ticket=ticket, customer=customer, via=source)
    if filled:
        history.record(session, "company", actor=actor, now=now, ticket=ticket, customer=customer, changes=filled)
        companies.recache(session, customer)
    return ticket, True


def wait_turn(session: Session) -> None:
    """One intake at a time: two that come in at once may bring the same CRM id, company or shop.

    Whoever also holds tickets waits here first, else two could wait for each other.
    """
    companies.lock(session, "intake")


def _own(incoming: TicketIn) -> TicketIn:
    """A dealer enters tickets that it acquired itself, and they are numbered by us."""
    if incoming.crm_id is not None:
        raise Invalid([FieldError("crm_id", "number_is_ours")])
    return replace(incoming, acquired_by_dealer=True)


def _known(session: Session, incoming: TicketIn) -> Ticket | None:
    if incoming.crm_id is None:
        return None
    known = session.scalars(select(Ticket).where(Ticket.number == incoming.crm_id)).one_or_none()
    if known is not None and known.crm_id is None:
        raise Conflict("number_taken", number=known.number)
    return known


def _named_dealer(session: Session, incoming: TicketIn, actor: Actor) -> Dealer | None:
    """The dealer who enters it; staff and the CRM may name one. It must be able to take the ticket."""
    if actor.is_dealer:
        dealer = session.get_one(Dealer, actor.dealer_id)
    elif incoming.dealer_crm_id is not None:
        found = session.scalars(select(Dealer).where(Dealer.crm_id == incoming.dealer_crm_id)).one_or_none()
        if found is None:
            raise Invalid([FieldError("dealer_crm_id", "no_such_dealer")])
        dealer = found
    elif incoming.acquired_by_dealer:
        raise Invalid([FieldError("dealer_crm_id", "required")])
    else:
        return None
    field = "type" if actor.is_dealer else "dealer_crm_id"
    if not dealer.active:
        raise Invalid([FieldError(field, "dealer_is_inactive", {"dealer": dealer.name})])
    if incoming.type not in {one.type for one in dealer.types}:
        raise Invalid([FieldError(field, "dealer_is_not_certified", {"dealer": dealer.name})])
    return dealer


def _free_number(session: Session) -> int:
    while True:
        number = companies.next_number(session, "ticket", RULES.numbers.own_tickets_from)
        if session.scalars(select(Ticket.id).where(Ticket.number == number)).first() is None:
            return number


def _may_know(session: Session, customer: Customer, actor: Actor) -> None:
    """A tax id alone doesn't open another dealer's customer: for such a one the back office enters the ticket."""
    if not actor.is_dealer:
        return
    query = visible_tickets(actor).where(Ticket.customer_id == customer.id, Ticket.dealer_id == actor.dealer_id)
    if session.scalars(query.limit(1)).first() is None:
        raise Invalid([FieldError("company.tax_id", "company_is_known")])


def _customer(
    session: Session, incoming: TicketIn, actor: Actor, now: datetime
) -> tuple[Customer, dict[str, tuple[str, str]]]:
    """By tax id; what is known of a company already isn't overwritten, only what was empty is filled: these fields."""
    same = Customer.tax_id == incoming.company["tax_id"]
    hold(session, Ticket.customer_id == select(Customer.id).where(same).scalar_subquery())
    customer = session.scalars(select(Customer).where(same).with_for_update()).one_or_none()
    filled: dict[str, tuple[str, str]] = {}
    if customer is None:
        customer = Customer(**incoming.company, created_at=now)
        companies.key(customer)
        session.add(customer)
    else:
        _may_know(session, customer, actor)
        empty = {name: value for name, value in incoming.company.items() if value and not getattr(customer, name)}
        filled = companies.keep(customer, empty)
    session.flush()
    return customer, filled


def _ticket(session: Session, incoming: TicketIn, customer: Customer, *, source: str, now: datetime) -> Ticket:
    ticket = Ticket(
        number=incoming.crm_id or _free_number(session),
        crm_id=incoming.crm_id,
        type=incoming.type,
        state="new",
        source=source,
        intake_hash=incoming.digest(),
        acquired_by_dealer=incoming.acquired_by_dealer,
        customer=customer,
        opened_on=incoming.opened_on or now.astimezone(RULES.tz).date(),
        created_at=now,
        subtickets=[],
    )
    companies.cache_company(ticket, customer)
    session.add(ticket)
    session.flush()
    return ticket


def add_subticket(session: Session, ticket: Ticket, customer: Customer, given: PointIn, actor: Actor) -> Subticket:
    """The work at one shop, which is entered if it isn't known. Raises Invalid for another company's."""
    point = session.get(RetailPoint, given.id) if given.id is not None else None
    own = point is not None and point.customer_id == customer.id
    if actor.is_dealer and given.id is not None and not own:
        # The same for a free number as for another company's: it tells nothing of what there is.
        raise Invalid([FieldError("subtickets", "point_number_is_ours", {"point": given.id})])
    if point is not None and not own:
        raise Invalid([FieldError("subtickets", "point_of_another_company", {"point": given.id})])
    if point is None:
        number = given.id if given.id is not None else companies.free_point_id(session)
        point = RetailPoint(id=number, customer_id=customer.id, **given.fields)
        session.add(point)
    subticket = Subticket(
        ticket=ticket,
        point=point,
        state="new",
        stations_buy=given.stations_buy,
        stations_exchange=given.stations_exchange,
    )
    session.add(subticket)
    return subticket


def _place(
    session: Session, ticket: Ticket, dealer: Dealer | None, dealers: Dealers, *, actor: Actor, now: datetime
) -> None:
    """The first dealer: the one that acquired it or was named, else the next by the rules, else the open pool."""
    choice = Choice(dealer_id=dealer.id) if dealer else dealers.next_for(ticket)
    ticket.dealer_id = choice.dealer_id
    for one in ticket.subtickets:
        one.dealer_id = choice.dealer_id
    if choice.dealer_id is not None:
        dealers.given(choice.dealer_id, _first_assignment(session, ticket, choice, now))
    if ticket.acquired_by_dealer:
        ticket.state = "taken"
    ticket.dealer = session.get(Dealer, choice.dealer_id) if choice.dealer_id is not None else None
    reclock(session, ticket, now)
    if ticket.dealer_id is None:
        notices.in_pool(session, ticket, now=now)
    elif not (actor.is_dealer and actor.dealer_id == ticket.dealer_id):
        notices.offered(session, ticket, now=now)


def _first_assignment(session: Session, ticket: Ticket, choice: Choice, now: datetime) -> datetime:
    """The first dealer's clock counts from the ticket's date, at noon, if that isn't today; returns that moment."""
    today = now.astimezone(RULES.tz).date()
    noon = datetime.combine(ticket.opened_on, time(12), RULES.tz).astimezone(UTC)
    assigned_at = now if ticket.opened_on == today else noon
    session.add(
        Assignment(
            ticket_id=ticket.id,
            dealer_id=choice.dealer_id,
            assigned_at=assigned_at,
            how="acquired" if ticket.acquired_by_dealer else "intake",
            choice=as_text(choice),
            taken_at=now if ticket.acquired_by_dealer else None,
        )
    )
    return assigned_at
