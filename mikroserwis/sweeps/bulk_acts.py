"""Acts on many tickets are carried out, some at a time, so that people write in between."""

from collections.abc import Callable
from datetime import datetime

from mikroserwis.edge import Parts
from mikroserwis.models import BulkAct
from mikroserwis.tickets.bulk import operations


def work(parts: Parts, now: Callable[[], datetime]) -> bool:
    """Carry one act out; False if there was none.

    A worker that dies loses at most its last part: whoever comes after the lease goes on behind what is written.
    """
    with parts.database.reading() as reading:
        if not operations.waiting(reading, now()):
            return False
    with parts.database.transaction() as session:
        act = operations.claim(session, now())
    if act is None:
        return False
    if act.attempts > operations.MOST_ATTEMPTS:
        with parts.database.transaction() as session:
            operations.give_up(session, session.get_one(BulkAct, act.id), "broken", now=now())
        return True
    lease = act.lease_until
    while lease is not None:
        lease = part(parts, act.id, lease, now())
    return True


def part(parts: Parts, act_id: int, lease: datetime, now: datetime) -> datetime | None:
    """The lease to go on with; None once the act has ended, or another worker has it."""
    with parts.database.transaction() as session:
        act = operations.held(session, act_id, lease)
        if act is None:
            return None
        actor = operations.actor_of(session, act)
        if actor is None:
            operations.give_up(session, act, "account", now=now)
            return None
        operations.carry_on(session, act, actor=actor, now=now)
        return act.lease_until
