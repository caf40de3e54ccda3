"""How long tickets have been open, and who used the time: read from assignments, history and deliveries."""

from collections import defaultdict
from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime, time, timedelta
from typing import NamedTuple

from sqlalchemy import BindParameter, bindparam, select
from sqlalchemy.orm import Session

from mikroserwis.access import Actor
from mikroserwis.models import Assignment, Dealer, Delivery, Event, OutboxItem, Ticket
from mikroserwis.rulebook import RULES
from mikroserwis.tickets.clock import Acts, read_pauses
from sla import Had, Pause, Share, shares

OTHER_DEALERS = "other_dealers"
_SHUT = frozenset({"close", "cancel"})
_VERBS = ("suspend", "resume", "resign", "reassign", "undo", "reopen", *_SHUT)


def ages(session: Session, ticket_ids: Collection[int], now: datetime) -> dict[int, list[Share]]:
    """Each ticket's age up to its closing or `now`, by who had it; four queries whatever number of tickets.

    So many ids as go into one statement: some thousands.
    """
    columns = (Ticket.id, Ticket.opened_on, Ticket.created_at, Ticket.closed_on)
    tickets = session.execute(select(*columns).where(Ticket.id.in_(ticket_ids)).order_by(Ticket.id)).all()
    of = _read(session, ticket_ids)
    return {id_: _split(of, id_, opened_at(opened_on, at), closed, now) for id_, opened_on, at, closed in tickets}


def age(session: Session, ticket: Ticket, now: datetime, of: "Records | None" = None) -> list[Share]:
    """The same for one; `of` is what has been read of it already."""
    opened = opened_at(ticket.opened_on, ticket.created_at)
    return _split(of or _read(session, (ticket.id,)), ticket.id, opened, ticket.closed_on, now)


def acts(session: Session, ticket: Ticket) -> Acts:
    """What moved the ticket as a whole, in order: verb and moment."""
    return _acts(session, (ticket.id,))[ticket.id]


@dataclass(frozen=True)
class Part:
    """A share as a reader may know it: `holder` is dealer (with whom), other_dealers, customer, backoffice, pool."""

    holder: str
    dealer: Dealer | None
    time: timedelta


def parts(session: Session, ticket: Ticket, actor: Actor, now: datetime, of: "Records | None" = None) -> list[Part]:
    """Staff see each dealer by name; a dealer sees itself, and all others as one."""
    times: dict[tuple[str, int | None], timedelta] = {}
    for share in age(session, ticket, now, of):
        other = actor.is_dealer and share.dealer_id not in {None, actor.dealer_id}
        who = (OTHER_DEALERS, None) if other else (share.holder.value, share.dealer_id)
        times[who] = times.get(who, timedelta()) + share.time
    return [
        Part(holder, session.get(Dealer, dealer_id) if dealer_id is not None else None, time)
        for (holder, dealer_id), time in times.items()
    ]


class Records(NamedTuple):
    """By ticket."""

    tenures: Mapping[int, Sequence[Had]]
    acts: Mapping[int, Acts]
    waiting: Mapping[int, Sequence[Pause]]


def records(ticket: Ticket, tenures: Sequence[Assignment], acts: Acts, deliveries: Sequence[Delivery]) -> Records:
    """Of one ticket, out of what its page has read: all of its tenures, acts and deliveries."""
    had = [Had(one.dealer_id, one.assigned_at, one.ended_at) for one in tenures]
    sent = sorted((one for one in deliveries if one.purpose == "scans"), key=lambda one: one.id)
    waiting = [Pause(one.requested_at, one.acknowledged_at or one.item.done_at) for one in sent]
    return Records({ticket.id: had}, {ticket.id: acts}, {ticket.id: waiting})


def _read(session: Session, ids: Collection[int]) -> Records:
    return Records(_tenures(session, ids), _acts(session, ids), _waiting(session, ids))


def _split(of: Records, ticket_id: int, opened: datetime, closed_on: date | None, now: datetime) -> list[Share]:
    acts = of.acts[ticket_id]
    closed = _closed(acts)
    return shares(
        opened,
        _until(closed_on, closed, now),
        tenures=of.tenures[ticket_id],
        suspended=read_pauses([one for one in acts if one[0] != "reopen"]),
        waiting=of.waiting[ticket_id],
        closed=closed,
    )


def opened_at(opened_on: date, created_at: datetime) -> datetime:
    """A ticket of an earlier day counts from that day's noon, as its first dealer's clock does."""
    if created_at.astimezone(RULES.tz).date() == opened_on:
        return created_at
    return min(datetime.combine(opened_on, time(12), RULES.tz), created_at)


def _until(closed_on: date | None, closed: Sequence[Pause], now: datetime) -> datetime:
    """Of a closing that history doesn't tell, the day's end is known."""
    if closed_on is None:
        return now
    if closed and closed[-1].end is None:
        return closed[-1].start
    return min(datetime.combine(closed_on + timedelta(days=1), time(), RULES.tz), now)


def _closed(acts: Acts) -> list[Pause]:
    """From each closing to the reopening after it; the last one has no end if the ticket is closed."""
    found: list[Pause] = []
    since: datetime | None = None
    for verb, at in acts:
        if verb in _SHUT:
            since = since or at
        elif verb == "reopen" and since is not None:
            found.append(Pause(since, at))
            since = None
    return [*found, Pause(since)] if since is not None else found


def _tenures(session: Session, ids: Collection[int]) -> dict[int, list[Had]]:
    found = defaultdict(list)
    for ticket_id, dealer_id, start, end in session.connection().execute(_TENURES, {"ids": ids}):
        found[ticket_id].append(Had(dealer_id, start, end))
    return found


def _acts(session: Session, ids: Collection[int]) -> dict[int, list[tuple[str, datetime]]]:
    found: dict[int, list[tuple[str, datetime]]] = defaultdict(list)
    for ticket_id, verb, at in session.connection().execute(_ACTS, {"ids": ids}):
        found[ticket_id or 0].append((verb, at))
    return found


def _waiting(session: Session, ids: Collection[int]) -> dict[int, list[Pause]]:
    """From each handing in of scans to the receipt or the final refusal; until then nobody can begin at a shop."""
    found = defaultdict(list)
    for ticket_id, start, receipt, done in session.connection().execute(_HANDED_IN, {"ids": ids}):
        found[ticket_id].append(Pause(start, receipt or done))
    return found


# Asked with every ticket's page: built once.
_IDS: BindParameter[int] = bindparam("ids", expanding=True)
_TENURES = (
    select(Assignment.ticket_id, Assignment.dealer_id, Assignment.assigned_at, Assignment.ended_at)
    .where(Assignment.ticket_id.in_(_IDS))
    .order_by(Assignment.id)
)
_ACTS = (
    select(Event.ticket_id, Event.verb, Event.at)
    .where(Event.ticket_id.in_(_IDS), Event.subticket_id.is_(None), Event.verb.in_(_VERBS))
    .order_by(Event.id)
)
_HANDED_IN = (
    select(Delivery.ticket_id, Delivery.requested_at, Delivery.acknowledged_at, OutboxItem.done_at)
    .join(OutboxItem, OutboxItem.id == Delivery.item_id)
    .where(Delivery.ticket_id.in_(_IDS), Delivery.purpose == "scans")
    .order_by(Delivery.id)
)
