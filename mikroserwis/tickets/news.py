"""News for dealers and staff: written with the act that makes them, gathered into mails afterwards (`news_mails`)."""

import json
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any

from sqlalchemy.dialects import postgresql, sqlite
from sqlalchemy.orm import Session

from mikroserwis.models import News

# What a dealer that has chosen the day's digest reads in it; all else can't wait.
DEADLINES = ("warning", "overdue")


@dataclass(frozen=True)
class Fact:
    """One row of news; `dealer_id` None: for staff. `data` is plain JSON; moments in it are ISO texts.

    kind       reader   key                         data
    lost       dealer   lost:{handover}             how (sweep, staff), stage, due, reason
    got        dealer   got:{assignment}            choice (offer.written)
    back       dealer   back:{handover}             reason; it lost the ticket, and the take-away was undone
    undone     dealer   undone:{handover}           reason; it got the ticket, and that was undone
    moved      staff    moved:{handover}            how, stage, due, was, to (dealers' names), choice, reason
    to_pool    staff    pool:{handover}             how, stage, due, was, choice, reason
    extended   dealer   extended:{extension}:{moment}   until, reason; taken back: shortened:{extension}:{moment}
    overdue    dealer   told:{assignment}:{stage}   stage, due; a breach that only tells
    overdue    staff    told:{assignment}:{stage}:staff   the same, and dealer (its name)
    warning    dealer   warning_key(…)              assignment, stage, extended, share
    """

    key: str
    dealer_id: int | None
    ticket_id: int
    kind: str
    at: datetime
    data: Mapping[str, Any] = field(default_factory=dict)


def add(session: Session, facts: Iterable[Fact]) -> None:
    """In the caller's transaction, many at once; a key that is there already stays as it is."""
    rows = [
        {
            "key": one.key,
            "dealer_id": one.dealer_id,
            "ticket_id": one.ticket_id,
            "kind": one.kind,
            "data": json.dumps(one.data),
            "at": one.at,
            "message_ids": "[]",
        }
        for one in facts
    ]
    dialect = postgresql if session.get_bind().dialect.name == "postgresql" else sqlite
    if rows:
        new = dialect.insert(News.__table__)
        session.execute(new.on_conflict_do_nothing(index_elements=["key"]), rows)


def warning_key(assignment_id: int, stage: str, extended: datetime | None, share: int) -> str:
    """One warning of one deadline: a stage's that was last extended at that moment in this tenure, at so many percent.

    An extension makes another deadline, of which is warned anew.
    """
    return f"warn:{assignment_id}:{stage}:{moment(extended)}:{share}"


def moment(at: datetime | None) -> str:
    """As it stands in news."""
    return at.isoformat() if at else ""


def spoken(keys: Iterable[str], assignment_id: int, stage: str, extended: datetime | None) -> int:
    """The highest share that one of these keys of news warns of for this deadline; 0: none."""
    prefix = warning_key(assignment_id, stage, extended, 0).removesuffix("0")
    return max((int(key.removeprefix(prefix)) for key in keys if key.startswith(prefix)), default=0)
