"""An act on many tickets: few are done at once, many in parts by a worker, so that people write in between."""

import json
from collections.abc import Sequence
from datetime import datetime, timedelta
from uuid import uuid4

from sqlalchemy import func, insert, select, update
from sqlalchemy.orm import Session

from mikroserwis import access
from mikroserwis.access import Actor
from mikroserwis.db import WRITE
from mikroserwis.errors import Blocker, FieldError, Invalid, NotFound, Refused
from mikroserwis.models import BulkAct, BulkLine, Ticket
from mikroserwis.tickets.bulk import carrying, kept
from mikroserwis.tickets.bulk.plan import Rules, ids_of
from mikroserwis.tickets.bulk.taking_back import UNDOABLE
from mikroserwis.tickets.bulk.wishes import Chosen, Wish, check, checked
from mikroserwis.tickets.operations.notes import words

# So many are done with the request itself, and so many in one of a worker's transactions.
AT_ONCE, A_PART = 50, 25
LEASE = timedelta(minutes=2)
MOST_ATTEMPTS = 5
RECENT = 50
OPEN = ("waiting", "undoing")


def start(
    session: Session, wish: Wish, chosen: Sequence[Chosen], *, reason: str, query: str = "", actor: Actor, now: datetime
) -> BulkAct:
    """Begin it, and do it at once if the tickets are few. Raises Forbidden, Invalid."""
    access.require("tickets.bulk", access.role_relations(actor))
    said, errors = words(reason, "reason"), check(session, wish, now)
    if not said:
        errors.append(FieldError("reason", "required"))
    if errors:
        raise Invalid(errors)
    each = checked(chosen)
    act = BulkAct(
        batch=uuid4().hex,
        act=wish.act,
        to_dealer_id=wish.to,
        until=wish.until,
        reason=said,
        query=query,
        user_id=actor.user_id,
        user=actor.label,
        source=actor.source,
        created_at=now,
        total=len(each),
    )
    session.add(act)
    session.flush()
    known = ids_of(session, [one.number for one in each], actor)
    if len(each) <= AT_ONCE:
        # A line's reference locks its ticket a little; two who then want it whole would wait for each other.
        access.hold(session, Ticket.id.in_(known.values()))
    session.execute(
        insert(BulkLine),
        [
            {
                "act_id": act.id,
                "place": place,
                "number": one.number,
                "ticket_id": known.get(one.number),
                "seen": one.version,
                "told": json.dumps({"shown": one.shown}),
            }
            for place, one in sorted(enumerate(each, start=1), key=lambda placed: known.get(placed[1].number, 0))
        ],
    )
    _begin(session, act, len(each), actor=actor, now=now)
    return act


def load(session: Session, actor: Actor, batch: str) -> BulkAct:
    """Any that staff have done; locked where it is to be written. Raises Forbidden, NotFound."""
    access.require("tickets.bulk", access.role_relations(actor))
    query = select(BulkAct).where(BulkAct.batch == batch)
    if session.info.get(WRITE):
        query = query.with_for_update()
    act = session.scalars(query).one_or_none() if batch.isalnum() else None
    if act is None:
        raise NotFound(record="bulk", id=batch)
    return act


def recent(session: Session, actor: Actor) -> Sequence[BulkAct]:
    """The newest, whoever did them. Raises Forbidden."""
    access.require("tickets.bulk", access.role_relations(actor))
    return session.scalars(select(BulkAct).order_by(BulkAct.id.desc()).limit(RECENT)).all()


def lines(session: Session, act: BulkAct) -> Sequence[BulkLine]:
    """In their order."""
    return session.scalars(select(BulkLine).where(BulkLine.act_id == act.id).order_by(BulkLine.place)).all()


def undo(
    session: Session, act: BulkAct, *, reason: str, number: int | None = None, actor: Actor, now: datetime
) -> None:
    """All that was done, or one ticket of it. Raises Refused while it is under way or late, Invalid, NotFound."""
    said = words(reason, "reason")
    if not said:
        raise Invalid([FieldError("reason", "required")])
    blockers = undo_blockers(act, now)
    if blockers:
        raise Refused("undo", blockers)
    which = [BulkLine.act_id == act.id, BulkLine.state == "done"]
    if number is not None:
        which.append(BulkLine.number == number)
    found = session.scalars(update(BulkLine).where(*which).values(state="undoing").returning(BulkLine.id)).all()
    if not found:
        raise Refused("undo", [Blocker("nothing_to_undo")])
    act.undo_reason, act.undo_user_id, act.undo_user = said, actor.user_id, actor.label
    act.state = "running"
    _begin(session, act, len(found), actor=actor, now=now)


def undo_blockers(act: BulkAct, now: datetime) -> list[Blocker]:
    """Why it can't be undone now."""
    if act.state == "running":
        return [Blocker("bulk_is_done")]
    if now - act.created_at > UNDOABLE:
        return [Blocker("undo_is_in_time")]
    return []


def carry_on(session: Session, act: BulkAct, *, actor: Actor, now: datetime, limit: int = A_PART) -> None:
    """The next tickets in their order, each alone; the last ones end it. The act must be held."""
    waiting = select(BulkLine).where(BulkLine.act_id == act.id, BulkLine.state.in_(OPEN)).order_by(BulkLine.place)
    part = session.scalars(waiting.limit(limit)).all()
    ids = [one.ticket_id for one in part if one.ticket_id is not None]
    access.hold(session, Ticket.id.in_(ids))
    doing = [one for one in part if one.state == "waiting"]
    rules = Rules(session, ids, now) if doing and carrying.by_rules(act) else None
    for one in part:
        if one.state == "waiting":
            carrying.do(session, act, one, rules, actor=actor, now=now)
        else:
            carrying.undo(session, one, reason=act.undo_reason, actor=actor, now=now)
    session.flush()
    act.lease_until, act.attempts = now + LEASE, 1
    if len(part) < limit or not session.scalar(select(func.count()).select_from(waiting.subquery())):
        act.state, act.ended_at, act.lease_until = "done", now, None


def waiting(session: Session, now: datetime) -> Sequence[int]:
    """Acts under way that nobody works on, the oldest first."""
    free = select(BulkAct.id).where(BulkAct.state == "running", BulkAct.lease_until <= now)
    return session.scalars(free.order_by(BulkAct.id).limit(5)).all()


def claim(session: Session, now: datetime) -> BulkAct | None:
    """The next of those, leased by one conditional update."""
    for act_id in waiting(session, now):
        taken = session.execute(
            update(BulkAct)
            .where(BulkAct.id == act_id, BulkAct.state == "running", BulkAct.lease_until <= now)
            .values(lease_until=now + LEASE, attempts=BulkAct.attempts + 1)
            .execution_options(synchronize_session=False)
        )
        if taken.rowcount:  # type: ignore[attr-defined]
            return session.get_one(BulkAct, act_id, populate_existing=True)
    return None


def held(session: Session, act_id: int, lease: datetime) -> BulkAct | None:
    """The act, locked, if this lease still is the one that counts."""
    act = session.get_one(BulkAct, act_id, with_for_update=True)
    return act if act.state == "running" and act.lease_until == lease else None


def actor_of(session: Session, act: BulkAct) -> Actor | None:
    """On whose behalf it goes on, with the rights of this moment; None if they don't suffice any more."""
    undoing = session.scalars(
        select(BulkLine.id).where(BulkLine.act_id == act.id, BulkLine.state == "undoing").limit(1)
    ).first()
    user_id = act.undo_user_id if undoing is not None and act.undo_user_id is not None else act.user_id
    actor = access.on_behalf_of(session, user_id, act.source)
    allowed = actor is not None and access.may("tickets.bulk", access.role_relations(actor))
    return actor if allowed else None


def give_up(session: Session, act: BulkAct, failure: str, *, now: datetime) -> None:
    """What wasn't reached stays as it is, and says so."""
    problem = kept.broken(failure)
    for line in session.scalars(select(BulkLine).where(BulkLine.act_id == act.id, BulkLine.state.in_(OPEN))):
        if line.state == "waiting":
            line.state, line.told = "refused", json.dumps({"problem": problem})
        else:
            line.state, line.told = "done", json.dumps({**json.loads(line.told), "kept": problem})
    act.state, act.ended_at, act.lease_until, act.failure = "done", now, None, failure


def _begin(session: Session, act: BulkAct, count: int, *, actor: Actor, now: datetime) -> None:
    act.state, act.ended_at, act.failure, act.attempts, act.lease_until = "running", None, None, 0, now
    if count <= AT_ONCE:
        carry_on(session, act, actor=actor, now=now, limit=AT_ONCE)
