"""A file of tickets that a person looks at before it is taken in: checked, confirmed, then carried out in parts."""

import json
from collections.abc import Mapping, Sequence
from datetime import datetime, timedelta
from typing import Any, BinaryIO

from sqlalchemy import delete, select, update
from sqlalchemy.orm import Session, defer

from config import Settings
from mikroserwis import access, storage
from mikroserwis.access import Actor
from mikroserwis.errors import Blocker, FieldError, Invalid, NotFound, Refused
from mikroserwis.models import ImportDraft
from mikroserwis.rulebook import RULES
from mikroserwis.storage import Store, Stored
from mikroserwis.tickets.importing.plan import NEW, UPDATE, Planned, plan
from mikroserwis.tickets.importing.table import Lines, tickets_of
from mikroserwis.tickets.offer import Dealers
from mikroserwis.tickets.operations.import_ticket import carry_out
from mikroserwis.tickets.operations.intake import wait_turn

LEASE = timedelta(minutes=2)
KEPT = timedelta(days=30)
MOST_ATTEMPTS = 5
RECENT = 10
Entry = Mapping[str, Any]


def shelf(settings: Settings) -> Store:
    """Where the files lie: apart from the papers, which are never removed."""
    return storage.shelf(settings, "imports")


def check(
    session: Session, name: str, stored: Stored, content: BinaryIO, *, actor: Actor, now: datetime
) -> ImportDraft:
    """What the file would do, kept for the person who brought it. Raises Invalid if it is no table of tickets."""
    tickets, errors = tickets_of(name, content)
    if errors:
        raise Invalid([FieldError("file", one.code, {**one.params, "column": one.column}) for one in errors])
    planned = plan(session, tickets, now.astimezone(RULES.tz).date())
    draft = ImportDraft(
        user_id=actor.user_id,
        name=name[-255:],
        sha256=stored.sha256,
        size=stored.size,
        created_at=now,
        plan=_dumped(planned),
        state="checked",
        tickets_done=0,
        attempts=0,
    )
    session.add(draft)
    session.flush()
    return draft


def load(session: Session, actor: Actor, draft_id: int) -> ImportDraft:
    """One's own draft. Raises NotFound; Forbidden for somebody who may not import any more."""
    query = select(ImportDraft).where(ImportDraft.id == draft_id, ImportDraft.user_id == actor.user_id)
    draft = session.scalars(query).one_or_none()
    if draft is None:
        raise NotFound(record="import", id=draft_id)
    access.require("tickets.import", access.role_relations(actor))
    return draft


def recent(session: Session, actor: Actor) -> Sequence[ImportDraft]:
    """One's own newest drafts, without what they hold."""
    own = select(ImportDraft).where(ImportDraft.user_id == actor.user_id, ImportDraft.state != "discarded")
    without = (defer(ImportDraft.plan, raiseload=True), defer(ImportDraft.result, raiseload=True))
    return session.scalars(own.options(*without).order_by(ImportDraft.id.desc()).limit(RECENT)).all()


def entries(draft: ImportDraft) -> list[dict[str, Any]]:
    """What would become of each ticket; once it was carried out, what became of it."""
    planned: list[dict[str, Any]] = json.loads(draft.plan)
    result: list[dict[str, Any]] = json.loads(draft.result or "[]")
    return [*result, *planned[len(result) :]]


def to_take_in(of: Sequence[Entry]) -> int:
    """How many tickets a confirmation would write."""
    return sum(1 for one in of if one["verdict"] in {NEW, UPDATE})


def confirm(draft: ImportDraft, *, now: datetime) -> None:
    """What is good in the file is taken in from now on. Raises Refused if there is nothing, or it was discarded."""
    if draft.state in {"confirmed", "done"}:
        return
    if draft.state != "checked":
        raise Refused("import", [Blocker("import_is_open", {"state": draft.state})])
    if not to_take_in(json.loads(draft.plan)):
        raise Refused("import", [Blocker("something_to_take_in", {"state": draft.state})])
    draft.state, draft.confirmed_at, draft.lease_until = "confirmed", now, now


def discard(draft: ImportDraft, *, now: datetime) -> None:
    """The file isn't taken in. Raises Refused once it is being taken in."""
    if draft.state == "discarded":
        return
    if draft.state != "checked":
        raise Refused("discard", [Blocker("import_is_open", {"state": draft.state})])
    draft.state, draft.ended_at = "discarded", now


def waiting(session: Session, now: datetime) -> Sequence[int]:
    """Confirmed drafts that nobody works on, the oldest first."""
    free = select(ImportDraft.id).where(ImportDraft.state == "confirmed", ImportDraft.lease_until <= now)
    return session.scalars(free.order_by(ImportDraft.id).limit(5)).all()


def claim(session: Session, now: datetime) -> ImportDraft | None:
    """The next of those, leased by one conditional update."""
    for draft_id in waiting(session, now):
        taken = session.execute(
            update(ImportDraft)
            .where(ImportDraft.id == draft_id, ImportDraft.state == "confirmed", ImportDraft.lease_until <= now)
            .values(lease_until=now + LEASE, attempts=ImportDraft.attempts + 1, version=ImportDraft.version + 1)
            .execution_options(synchronize_session=False)
        )
        if taken.rowcount:  # type: ignore[attr-defined]
            return session.get_one(ImportDraft, draft_id, populate_existing=True)
    return None


def held(session: Session, draft_id: int, lease: datetime) -> ImportDraft | None:
    """The draft, locked, if this lease still is the one that counts."""
    draft = session.get_one(ImportDraft, draft_id, with_for_update=True)
    return draft if draft.state == "confirmed" and draft.lease_until == lease else None


def carry_on(session: Session, draft: ImportDraft, tickets: Sequence[Lines], *, actor: Actor, now: datetime) -> None:
    """Take these tickets of the file in, the next ones in its order; the last ones end it. The draft must be held."""
    wait_turn(session)
    shown, dealers = json.loads(draft.plan), Dealers(session, now)
    result: list[dict[str, Any]] = json.loads(draft.result or "[]")
    for lines, entry in zip(tickets, shown[draft.tickets_done :], strict=False):
        result.append(_taken_in(session, lines, entry, dealers, actor=actor, now=now))
    draft.result, draft.tickets_done = json.dumps(result, ensure_ascii=False), len(result)
    draft.lease_until, draft.attempts = now + LEASE, 1
    if len(result) == len(shown):
        draft.state, draft.ended_at = "done", now


def give_up(draft: ImportDraft, failure: str, *, now: datetime) -> None:
    """What wasn't taken in stays out."""
    draft.state, draft.ended_at, draft.failure = "done", now, failure


def _taken_in(
    session: Session, lines: Lines, entry: Entry, dealers: Dealers, *, actor: Actor, now: datetime
) -> dict[str, Any]:
    if entry["verdict"] not in {NEW, UPDATE}:
        return dict(entry)
    shown = Planned(lines, verdict=entry["verdict"], changes=entry["changes"])
    return carry_out(session, shown, dealers, actor=actor, now=now).put_down()


def _dumped(planned: Sequence[Planned]) -> str:
    return json.dumps([one.put_down() for one in planned], ensure_ascii=False)


def forget(session: Session, before: datetime) -> int:
    """Remove some drafts from before that moment that aren't being taken in; how many."""
    old = (ImportDraft.created_at < before, ImportDraft.state != "confirmed")
    some = select(ImportDraft.id).where(*old).limit(200)
    return len(session.scalars(delete(ImportDraft).where(ImportDraft.id.in_(some)).returning(ImportDraft.id)).all())


def is_named(session: Session, sha256: str) -> bool:
    """Whether a draft names the file."""
    return session.scalars(select(ImportDraft.id).where(ImportDraft.sha256 == sha256).limit(1)).first() is not None
