"""`mikroserwis sla recompute` in a process of its own."""

import json
from pathlib import Path

from sqlalchemy import update

from mikroserwis.db import Database, make_engine
from mikroserwis.models import Assignment, Ticket
from tests.cli.programs import call
from tests.operations.desk import Desk
from tests.support.app import sqlite_only
from tests.support.cast import ARKLITY, SAM


@sqlite_only
def test_what_would_move_is_shown_then_moved_then_nothing_is_left(database_url: str, tmp_path: Path):
    desk = Desk(database_url)
    right = desk.ticket(SAM).due_at
    database = Database(make_engine(database_url))
    with database.transaction() as session:
        session.execute(update(Ticket).where(Ticket.number == SAM).values(due_at=desk.later(days=99)))
        session.execute(update(Assignment).values(completion_due=None))
    command = ("--data", str(tmp_path), "sla", "recompute")
    dry = call(*command, "--dry-run", MIKROSERWIS_DATABASE_URL=database_url)
    assert dry.stdout.splitlines() == [
        "3 open tickets examined: 1 deadlines would move.",
        "  take: 1 earlier, 0 later",
        "  1 tickets would be mended in later stages or warnings only.",
    ], dry.stderr
    assert desk.ticket(SAM).due_at != right
    real = call(*command, "--json", MIKROSERWIS_DATABASE_URL=database_url)
    assert json.loads(real.stdout) == {
        "dry_run": False,
        "examined": 3,
        "moved": 1,
        "mended": 1,
        "earlier": {"take": 1},
        "later": {},
        "skipped": 0,
        "last": desk.ticket(max(SAM, ARKLITY, 300)).id,
    }
    assert desk.ticket(SAM).due_at == right
    again = call(*command, MIKROSERWIS_DATABASE_URL=database_url)
    assert again.stdout == "3 open tickets examined: 0 deadlines have moved.\n"
    assert desk.verbs(SAM).count("reclock") == 1
