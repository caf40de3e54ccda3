"""Confirmed files of tickets are taken in, some at a time, so that people write in between."""

from collections.abc import Callable, Sequence
from datetime import datetime, timedelta

from mikroserwis import access
from mikroserwis.edge import Parts
from mikroserwis.models import ImportDraft
from mikroserwis.tickets.importing.table import Lines, tickets_of
from mikroserwis.tickets.operations import import_drafts

AT_ONCE = 25
A_DAY = timedelta(days=1)


def take_in_one(parts: Parts, now: Callable[[], datetime], *, at_once: int = AT_ONCE) -> bool:
    """Carry one confirmed file out; False if there was none.

    A worker that dies loses at most its last part: whoever comes after the lease goes on behind what is written.
    """
    with parts.database.reading() as reading:
        if not import_drafts.waiting(reading, now()):
            return False
    with parts.database.transaction() as session:
        draft = import_drafts.claim(session, now())
    if draft is None:
        return False
    if draft.attempts > import_drafts.MOST_ATTEMPTS:
        with parts.database.transaction() as session:
            import_drafts.give_up(session.get_one(ImportDraft, draft.id), "broken", now=now())
        return True
    with import_drafts.shelf(parts.settings).open(draft.sha256) as content:
        tickets, _errors = tickets_of(draft.name, content)
    lease = draft.lease_until
    while lease is not None:
        lease = _part(parts, draft.id, lease, lambda done: tickets[done : done + at_once], now())
    return True


def _part(
    parts: Parts, draft_id: int, lease: datetime, next_ones: Callable[[int], Sequence[Lines]], now: datetime
) -> datetime | None:
    """The lease to go on with; None once the file has ended, or another worker has it."""
    with parts.database.transaction() as session:
        draft = import_drafts.held(session, draft_id, lease)
        if draft is None:
            return None
        actor = access.on_behalf_of(session, draft.user_id, "web")
        if actor is None or not access.may("tickets.import", access.role_relations(actor)):
            import_drafts.give_up(draft, "account", now=now)
            return None
        import_drafts.carry_on(session, draft, next_ones(draft.tickets_done), actor=actor, now=now)
        return draft.lease_until if draft.state == "confirmed" else None


def forget_old(parts: Parts, now: datetime) -> int:
    """Remove drafts that nobody needs any more, with what they would have done; how many. Then the files without one.

    Those are also the ones that were refused, or whose server was killed before it wrote the row.
    """
    store, forgotten = import_drafts.shelf(parts.settings), 0
    while True:
        with parts.database.transaction() as session:
            gone = import_drafts.forget(session, now - import_drafts.KEPT)
        forgotten += gone
        if not gone:
            break
    store.sweep_temporary(older_than=A_DAY, now=now)
    for sha256 in store.every():
        with parts.database.reading() as reading:
            named = import_drafts.is_named(reading, sha256)
        # One that was brought again just now may not have its row yet.
        if not named and store.age(sha256, now) > A_DAY:
            store.remove(sha256)
    return forgotten
