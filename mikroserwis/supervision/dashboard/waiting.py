"""What waits for a person: requests, deliveries and mails that failed; and how dealers stand today."""

from dataclasses import dataclass
from datetime import date, datetime

from sqlalchemy import bindparam, exists, func, select
from sqlalchemy.orm import Session, aliased

from mikroserwis.models import DeadlineExtension, Dealer, DealerAbsence, Delivery, OutboxItem, Ticket
from mikroserwis.supervision.dashboard.tickets import OPEN
from mikroserwis.tickets.extending import queries as extending

SHOWN = 5
# Of its capacity, from where a dealer is shown as nearly full.
NEARLY_FULL = 0.8
# Written into the statement: with values bound to it SQLite would not use the index of what failed.
_FAILED = OutboxItem.state.in_(bindparam("failed", ("stuck", "rejected"), expanding=True, literal_execute=True))


@dataclass(frozen=True)
class Failed:
    """A delivery to the backoffice that waits for a person; `state` is stuck or rejected."""

    number: int
    state: str
    purpose: str
    since: datetime
    error: str


@dataclass(frozen=True)
class Waiting:
    """`requests` for an extension with the moment of the oldest, and what failed: deliveries, mails, others."""

    requests: int
    oldest_request: datetime | None
    deliveries: int
    failed: list[Failed]
    mails: int
    others: int


@dataclass(frozen=True)
class Load:
    """A dealer with its open tickets and capacity."""

    id: int
    name: str
    open: int
    capacity: int
    active: bool


@dataclass(frozen=True)
class Absence:
    """A dealer that is offered no new tickets today."""

    dealer_id: int
    name: str
    last_day: date
    reason: str


def fetch(session: Session) -> Waiting:
    """Everything that a person has to look at."""
    count = extending.count_waiting(session)
    oldest = select(func.min(DeadlineExtension.asked_at)).where(DeadlineExtension.state == "asked")
    by_topic = dict(
        session.execute(select(OutboxItem.topic, func.count()).where(_FAILED).group_by(OutboxItem.topic)).all()
    )
    failed = _failed_deliveries(session)
    return Waiting(
        requests=count,
        oldest_request=session.scalar(oldest) if count else None,
        deliveries=len(failed),
        failed=failed[:SHOWN],
        mails=by_topic.pop("mail", 0),
        others=sum(number for topic, number in by_topic.items() if topic != "package"),
    )


def _failed_deliveries(session: Session) -> list[Failed]:
    """The newest first; one that a later delivery of the same ticket has made up for is no longer among them."""
    later = aliased(Delivery)
    made_up = exists().where(later.ticket_id == Delivery.ticket_id, later.id > Delivery.id)
    rows = session.execute(
        select(
            Ticket.number,
            OutboxItem.state,
            Delivery.purpose,
            func.coalesce(OutboxItem.done_at, Delivery.requested_at).label("since"),
            func.coalesce(Delivery.rejection, OutboxItem.last_error, "").label("error"),
        )
        .join(Delivery, Delivery.item_id == OutboxItem.id)
        .join(Ticket, Ticket.id == Delivery.ticket_id)
        .where(_FAILED, ~made_up)
        .order_by(OutboxItem.id.desc())
    )
    return [Failed(*row) for row in rows]


def loads(session: Session) -> list[Load]:
    """Every dealer, those that are fullest for their capacity first."""
    held = (Ticket.dealer_id == Dealer.id, Ticket.state.in_(OPEN))
    count = select(func.count()).where(*held).correlate(Dealer).scalar_subquery()
    rows = session.execute(select(Dealer.id, Dealer.name, count, Dealer.capacity, Dealer.active).order_by(Dealer.id))
    return sorted((Load(*row) for row in rows), key=lambda one: (-fullness(one), one.name, one.id))


def fullness(load: Load) -> float:
    """Of the capacity; whoever has none is full as soon as it has a ticket."""
    return load.open / load.capacity if load.capacity else float(load.open > 0)


def absences(session: Session, today: date) -> list[Absence]:
    """Those that hold today, the first to end first."""
    rows = session.execute(
        select(DealerAbsence.dealer_id, Dealer.name, DealerAbsence.last_day, DealerAbsence.reason)
        .join(Dealer, Dealer.id == DealerAbsence.dealer_id)
        .where(DealerAbsence.first_day <= today, DealerAbsence.last_day >= today)
        .order_by(DealerAbsence.last_day, Dealer.name_key, DealerAbsence.id)
    )
    return [Absence(*row) for row in rows]
