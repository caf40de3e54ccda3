"""Which quotes there are, which one counts, and what keeps a new one from being made."""

from collections.abc import Sequence

from sqlalchemy import ColumnElement, bindparam, func, select
from sqlalchemy.orm import Session, selectinload

from mikroserwis.access import Actor
from mikroserwis.errors import Blocker
from mikroserwis.models import Quote, Ticket
from mikroserwis.rulebook import RULES
from mikroserwis.tickets.queries import papers_blockers


def label(ticket: int, number: int) -> str:
    """As it is printed: W/115/2."""
    return f"W/{ticket}/{number}"


def visible(session: Session, ticket: Ticket, actor: Actor) -> Sequence[Quote]:
    """The ticket's quotes that this actor may see, newest first; a dealer sees its own tenure's."""
    if actor.is_dealer:
        return session.scalars(_OF_DEALER, {"ticket": ticket.id, "dealer": actor.dealer_id}).all()
    return session.scalars(_EVERY, {"ticket": ticket.id}).all()


_EVERY = (
    select(Quote)
    .where(Quote.ticket_id == bindparam("ticket"))
    .order_by(Quote.number.desc())
    .options(selectinload(Quote.lines))
)
_OF_DEALER = _EVERY.where(Quote.dealer_id == bindparam("dealer"))


def present(session: Session, ticket: Ticket) -> Quote | None:
    """The version that counts for the dealer who has the ticket: issued, accepted or declined."""
    return session.scalars(
        select(Quote)
        .where(_of_tenure(ticket), Quote.state != "superseded")
        .order_by(Quote.number.desc())
        .options(selectinload(Quote.lines))
        .limit(1)
    ).first()


def accepted(session: Session, ticket: Ticket) -> Quote | None:
    """The accepted version of the dealer who has the ticket; the final invoice has to equal it."""
    return session.scalars(select(Quote).where(_of_tenure(ticket), Quote.state == "accepted")).one_or_none()


def newest_number(session: Session, ticket: Ticket) -> int:
    """Over all dealers; 0 if there is none yet."""
    query = select(func.coalesce(func.max(Quote.number), 0)).where(Quote.ticket_id == ticket.id)
    return session.scalars(query).one()


def blockers(ticket: Ticket) -> list[Blocker]:
    """Why no quote can be made now: the type has none, the ticket isn't worked on, the company isn't confirmed."""
    if not RULES.ticket_types[ticket.type].quote:
        return [Blocker("type_has_a_quote", {"type": ticket.type})]
    if ticket.state == "closed":
        return [Blocker("ticket_is_open", {"state": ticket.state})]
    return papers_blockers(ticket)


def _of_tenure(ticket: Ticket) -> ColumnElement[bool]:
    return (Quote.ticket_id == ticket.id) & (Quote.dealer_id == ticket.dealer_id)
