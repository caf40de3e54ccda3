"""One ticket of a file taken in: written if it is still what was shown, otherwise left out with the reason."""

from datetime import datetime

from sqlalchemy.orm import Session

from mikroserwis import access, companies, history
from mikroserwis.access import Actor
from mikroserwis.errors import Conflict, Invalid
from mikroserwis.models import Ticket
from mikroserwis.rulebook import RULES
from mikroserwis.tickets.importing.differences import Differences, differences
from mikroserwis.tickets.importing.plan import BAD, NEW, UNCHANGED, Planned, at_their_places, plan
from mikroserwis.tickets.importing.table import RowError
from mikroserwis.tickets.intake_form import TicketIn
from mikroserwis.tickets.offer import Dealers
from mikroserwis.tickets.operations.intake import add_subticket, create


def carry_out(session: Session, shown: Planned, dealers: Dealers, *, actor: Actor, now: datetime) -> Planned:
    """The ticket as it is found now; with errors it was left out and nothing of it was written."""
    present = plan(session, [shown.lines], now.astimezone(RULES.tz).date())[0]
    if present.verdict in {BAD, UNCHANGED}:
        return present
    if (present.verdict, dict(present.changes)) != (shown.verdict, dict(shown.changes)):
        return _left_out(present, [RowError(present.lines[0][0], "crm_id", "changed_since_the_check")])
    assert present.incoming is not None  # noqa: S101 - a ticket that can't be read is BAD
    try:
        with session.begin_nested():
            if present.verdict == NEW:
                create(session, present.incoming, source="file", actor=actor, now=now, dealers=dealers)
            else:
                _update(session, present, present.incoming, actor=actor, now=now)
    except Invalid as wrong:
        return _left_out(present, at_their_places(wrong, present.lines))
    except Conflict as conflict:
        return _left_out(present, [RowError(present.lines[0][0], "crm_id", conflict.code, conflict.params)])
    return present


def _left_out(planned: Planned, errors: list[RowError]) -> Planned:
    planned.verdict, planned.errors, planned.changes = BAD, errors, {}
    return planned


def _update(session: Session, planned: Planned, incoming: TicketIn, *, actor: Actor, now: datetime) -> None:
    """Raises Conflict if somebody changed the ticket between the look and its lock."""
    ticket = access.ticket(session, actor, incoming.crm_id or 0, "company.edit")
    found = differences(ticket, incoming, planned.lines)
    if found.errors or found.told() != planned.changes:
        raise Conflict("changed_since_the_check", number=ticket.number)
    _company(session, ticket, found, actor=actor, now=now)
    _points(session, ticket, found, actor=actor, now=now)
    ticket.intake_hash = incoming.digest()


def _company(session: Session, ticket: Ticket, found: Differences, *, actor: Actor, now: datetime) -> None:
    companies.keep(ticket.customer, {name: new for name, (_old, new) in found.company.items()})
    if found.company:
        session.flush()
        history.record(
            session, "company", actor=actor, now=now, ticket=ticket, customer=ticket.customer, changes=found.company
        )
        companies.recache(session, ticket.customer)


def _points(session: Session, ticket: Ticket, found: Differences, *, actor: Actor, now: datetime) -> None:
    for one in list(ticket.subtickets):
        texts, stations = found.points.get(one.point_id, {}), found.stations.get(one.point_id, {})
        for name, (_old, new) in texts.items():
            setattr(one.point, name, new)
        for name, (_old, new) in stations.items():
            setattr(one, name, int(new))
        if texts or stations:
            changes = texts | stations
            history.record(
                session, "file", actor=actor, now=now, ticket=ticket, subticket=one, point=one.point, changes=changes
            )
    for point in found.added:
        added = add_subticket(session, ticket, ticket.customer, point, actor)
        added.dealer_id = ticket.dealer_id
        session.flush()
        history.record(
            session,
            "file",
            actor=actor,
            now=now,
            ticket=ticket,
            subticket=added,
            point=added.point,
            changes={"point": ("", str(added.point_id))},
        )
