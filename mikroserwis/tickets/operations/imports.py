"""A file of tickets taken in at once, whole or not at all: every wrong cell is named before anything is written."""

from dataclasses import dataclass, field
from datetime import datetime
from typing import BinaryIO

from sqlalchemy.orm import Session

from mikroserwis.access import Actor
from mikroserwis.rulebook import RULES
from mikroserwis.tickets.importing.plan import NEW, UNCHANGED, UPDATE, counts, plan
from mikroserwis.tickets.importing.table import RowError, tickets_of
from mikroserwis.tickets.offer import Dealers
from mikroserwis.tickets.operations.import_ticket import carry_out
from mikroserwis.tickets.operations.intake import wait_turn


@dataclass
class Report:
    """What an import did, or would do in a dry run; with errors it did nothing."""

    created: int = 0
    updated: int = 0
    unchanged: int = 0
    subtickets: int = 0
    errors: list[RowError] = field(default_factory=list)


def import_file(
    session: Session, name: str, content: BinaryIO, *, actor: Actor, now: datetime, dry_run: bool = False
) -> Report:
    """All tickets of the file in this transaction. With errors the caller must roll back; a dry run writes nothing."""
    tickets, errors = tickets_of(name, content)
    planned = plan(session, tickets, now.astimezone(RULES.tz).date())
    wrong = [*errors, *(error for one in planned for error in one.errors)]
    if not wrong and not dry_run:
        wait_turn(session)
        dealers = Dealers(session, now)
        planned = [carry_out(session, one, dealers, actor=actor, now=now) for one in planned]
        wrong = [error for one in planned for error in one.errors]
    counted = counts(one.verdict for one in planned)
    return Report(
        created=counted[NEW],
        updated=counted[UPDATE],
        unchanged=counted[UNCHANGED],
        subtickets=sum(len(one.lines) for one in planned if one.verdict == NEW),
        errors=sorted(wrong, key=lambda error: error.line),
    )
